using System.Globalization;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Bench.Spec;

/// <summary>What became of one script's commands; those on modules in text were not run.</summary>
internal sealed record ScriptOutcome(int Passed, int TextModules, IReadOnlyList<string> Failures);

/// <summary>Runs the commands of one script against the engine's public surface.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private readonly WasmFeatures _features;
    private readonly InstanceOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly WasmLinker _linker = SpectestHost.AddTo(new WasmLinker());
    private readonly Dictionary<string, WasmInstance> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _hostObjects = new(StringComparer.Ordinal);
    private readonly List<WasmInstance> _instances = [];
    private readonly List<string> _failures = [];
    private WasmInstance? _current;
    private int _passed;
    private int _textModules;

    private ScriptRunner(WasmFeatures features, CancellationToken cancellationToken)
    {
        _features = features;
        _cancellationToken = cancellationToken;
        // The largest memory of the scripts is the largest there is.
        _options = new InstanceOptions
        {
            MaxMemoryBytes = 4L << 30,
            MaxTableElements = 10_000_000,
            StackLimitBytes = 4 * 1024 * 1024,
            OnCreated = Remember,
        };
    }

    /// <summary>Runs a script on a thread of its own.</summary>
    /// <param name="script">What to run; nothing of it throws, what does not hold is a failure.</param>
    /// <param name="cancellationToken">Interrupts the guest that runs.</param>
    public static Task<ScriptOutcome> RunAsync(SpecScript script, CancellationToken cancellationToken)
    {
        var outcome = new TaskCompletionSource<ScriptOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        GuestThread.Create(
            () =>
            {
                try
                {
                    outcome.SetResult(Run(script, cancellationToken));
                }
                catch (OperationCanceledException)
                {
                    outcome.SetCanceled(cancellationToken);
                }
                catch (Exception exception)
                {
                    outcome.SetException(exception);
                }
            },
            "script").Start();
        return outcome.Task;
    }

    public void Dispose()
    {
        foreach (var instance in _instances)
            instance.Dispose();
    }

    private static ScriptOutcome Run(SpecScript script, CancellationToken cancellationToken)
    {
        using var runner = new ScriptRunner(script.Features, cancellationToken);
        using var registration = cancellationToken.Register(runner.Interrupt);
        foreach (var command in script.Commands)
        {
            cancellationToken.ThrowIfCancellationRequested();
            runner.Run(command);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return new ScriptOutcome(runner._passed, runner._textModules, runner._failures);
    }

    private void Run(ScriptCommand command)
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
    private string? Check(ScriptCommand command) => command.Kind switch
    {
        "module" => Instantiate(command),
        "register" => Register(command),
        "action" => Act(command.Action!) is null ? "no results" : null,
        "assert_return" => CheckResults(command),
        "assert_trap" or "assert_exhaustion" => CheckTrap(command.Text, () => Act(command.Action!)),
        "assert_uninstantiable" => CheckTrap(command.Text, () => Load(command).Instantiate(_linker, _options)),
        "assert_unlinkable" => CheckUnlinkable(command),
        "assert_invalid" => CheckRefusal(command, WasmFormatError.Invalid),
        "assert_malformed" => CheckRefusal(command, WasmFormatError.Malformed),
        _ => "unknown command",
    };

    private string? Instantiate(ScriptCommand command)
    {
        _current = null;
        _current = Load(command).Instantiate(_linker, _options);
        if (command.Name is { } name)
            _named[name] = _current;
        return null;
    }

    private string? Register(ScriptCommand command)
    {
        _linker.DefineInstance(command.As!, InstanceOf(command.Name));
        return null;
    }

    private string? CheckResults(ScriptCommand command)
    {
        var results = Act(command.Action!);
        if (results.Length != command.Expected.Length)
            return $"{results.Length} results instead of {command.Expected.Length}";
        for (var i = 0; i < results.Length; i++)
        {
            if (!command.Expected[i].Matches(results[i], HostObject))
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

    private string? CheckUnlinkable(ScriptCommand command)
    {
        try
        {
            Load(command).Instantiate(_linker, _options).Dispose();
            return "linked";
        }
        catch (WasmLinkException refusal)
        {
            return SpecWording.Fits(refusal.Message, command.Text) ? null : $"{refusal.Message}, expected: {command.Text}";
        }
    }

    private string? CheckRefusal(ScriptCommand command, WasmFormatError expected)
    {
        try
        {
            Load(command);
            return $"accepted, expected: {command.Text}";
        }
        catch (WasmFormatException refusal)
        {
            return refusal.Error == expected && SpecWording.Fits(refusal.Message, command.Text) ? null : $"{refusal.Message}, expected: {command.Text}";
        }
    }

    private object?[] Act(ScriptAction action)
    {
        var instance = InstanceOf(action.Module);
        if (!action.IsInvoke)
            return [(instance.GetGlobal(action.Field) ?? throw new InvalidOperationException($"no global `{action.Field}` is exported")).Value];
        var function = instance.GetFunction(action.Field) ?? throw new InvalidOperationException($"no function `{action.Field}` is exported");
        return function.Invoke([.. action.Arguments.Select(argument => argument.ToArgument(HostObject))]);
    }

    private WasmInstance InstanceOf(string? name) =>
        (name is null ? _current : _named.GetValueOrDefault(name)) ?? throw new InvalidOperationException("the module of this command was not instantiated");

    private object HostObject(string number)
    {
        if (!_hostObjects.TryGetValue(number, out var value))
            _hostObjects[number] = value = int.Parse(number, CultureInfo.InvariantCulture);
        return value;
    }

    private WasmModule Load(ScriptCommand command) => WasmModule.Load(File.ReadAllBytes(command.File), features: _features);

    /// <summary>Called before an instance's start function runs, so that even that can be interrupted.</summary>
    private void Remember(WasmInstance instance)
    {
        lock (_instances)
        {
            _instances.Add(instance);
            if (_cancellationToken.IsCancellationRequested)
                instance.Interrupt();
        }
    }

    private void Interrupt()
    {
        lock (_instances)
        {
            foreach (var instance in _instances)
                instance.Interrupt();
        }
    }
}
