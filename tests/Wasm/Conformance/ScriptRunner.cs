using System.Globalization;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>What became of one script's commands; those on modules in text were not run.</summary>
internal sealed record ScriptOutcome(int Passed, int TextModules, IReadOnlyList<string> Failures);

/// <summary>Runs the commands of one script against the engine's public surface.</summary>
internal sealed class ScriptRunner : IDisposable
{
    /// <summary>The largest memory of the scripts is the largest there is.</summary>
    private static readonly InstanceOptions Options = new() { MaxMemoryBytes = 4L << 30, MaxTableElements = 10_000_000, StackLimitBytes = 4 * 1024 * 1024 };

    private readonly WasmLinker _linker = SpectestHost.AddTo(new WasmLinker());
    private readonly Dictionary<string, WasmInstance> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _hostObjects = new(StringComparer.Ordinal);
    private readonly List<WasmInstance> _instances = [];
    private readonly List<string> _failures = [];
    private WasmInstance? _current;
    private int _passed;
    private int _textModules;

    private ScriptRunner()
    {
    }

    public static ScriptOutcome Run(Script script)
    {
        using var runner = new ScriptRunner();
        foreach (var command in script.Commands)
            runner.Run(command);
        return new ScriptOutcome(runner._passed, runner._textModules, runner._failures);
    }

    public void Dispose()
    {
        foreach (var instance in _instances)
            instance.Dispose();
    }

    private void Run(Command command)
    {
        if (command.IsText)
        {
            _textModules++;
            return;
        }
        string? problem;
        try
        {
            problem = Check(command);
        }
        catch (Exception exception)
        {
            problem = $"{exception.GetType().Name}: {exception.Message}";
        }
        if (problem is null)
            _passed++;
        else
            _failures.Add($"line {command.Line} {command.Kind}: {problem}");
    }

    /// <summary>What is wrong, or <see langword="null"/>.</summary>
    private string? Check(Command command) => command.Kind switch
    {
        "module" => Instantiate(command),
        "register" => Register(command),
        "action" => Act(command.Action!) is null ? "no results" : null,
        "assert_return" => CheckResults(command),
        "assert_trap" or "assert_exhaustion" => CheckTrap(command.Text, () => Act(command.Action!)),
        "assert_uninstantiable" => CheckTrap(command.Text, () => Load(command).Instantiate(_linker, Options)),
        "assert_unlinkable" => CheckUnlinkable(command),
        "assert_invalid" => CheckRefusal(command, WasmFormatError.Invalid),
        "assert_malformed" => CheckRefusal(command, WasmFormatError.Malformed),
        _ => "unknown command",
    };

    private string? Instantiate(Command command)
    {
        _current = null;
        _current = Load(command).Instantiate(_linker, Options);
        _instances.Add(_current);
        if (command.Name is { } name)
            _named[name] = _current;
        return null;
    }

    private string? Register(Command command)
    {
        _linker.DefineInstance(command.As!, InstanceOf(command.Name));
        return null;
    }

    private string? CheckResults(Command command)
    {
        var results = Act(command.Action!);
        if (results.Length != command.Expected.Length)
            return $"{results.Length} results instead of {command.Expected.Length}";
        for (var i = 0; i < results.Length; i++)
        {
            if (!Values.Matches(command.Expected[i], results[i], HostObject))
                return $"result {i} of `{command.Action!.Field}` is {results[i]}, expected {command.Expected[i]}";
        }
        return null;
    }

    private static string? CheckTrap(string text, Action action)
    {
        try
        {
            action();
            return $"no trap, expected: {text}";
        }
        catch (TrapException trap)
        {
            return IsCause(text, trap.Code) ? null : $"trap: {trap.Message}, expected: {text}";
        }
    }

    /// <summary>Whether the specification's interpreter and the engine name the same cause.</summary>
    private static bool IsCause(string text, TrapCode code) => text switch
    {
        "undefined element" => code == TrapCode.TableOutOfBounds,
        "uninitialized element" or "uninitialized element 2" => code == TrapCode.UninitializedElement,
        "out of bounds table access" => code == TrapCode.TableOutOfBounds,
        _ => string.Equals(new TrapException(code).Message, text, StringComparison.Ordinal),
    };

    private string? CheckUnlinkable(Command command)
    {
        try
        {
            Load(command).Instantiate(_linker, Options).Dispose();
            return "linked";
        }
        catch (WasmLinkException)
        {
            return null;
        }
    }

    private static string? CheckRefusal(Command command, WasmFormatError expected)
    {
        try
        {
            Load(command);
            return $"accepted, expected: {command.Text}";
        }
        catch (WasmFormatException refusal)
        {
            return refusal.Error == expected ? null : $"{refusal.Message}, expected: {command.Text}";
        }
    }

    private object?[] Act(ScriptAction action)
    {
        var instance = InstanceOf(action.Module);
        if (!action.IsInvoke)
            return [instance.GetGlobal(action.Field)!.Value];
        var arguments = action.Arguments.Select(argument => Values.ToArgument(argument, HostObject)).ToArray();
        return instance.GetFunction(action.Field)!.Invoke(arguments);
    }

    private WasmInstance InstanceOf(string? name) =>
        (name is null ? _current : _named[name]) ?? throw new InvalidOperationException("the module of this command was not instantiated");

    private object HostObject(string number)
    {
        if (!_hostObjects.TryGetValue(number, out var value))
            _hostObjects[number] = value = int.Parse(number, CultureInfo.InvariantCulture);
        return value;
    }

    private static WasmModule Load(Command command) => WasmModule.Load(File.ReadAllBytes(command.File));
}
