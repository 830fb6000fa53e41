using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Execution;

/// <summary>How an execution came to its end.</summary>
internal enum ExecutionEnd
{
    /// <summary>Every step was done.</summary>
    Finished,

    /// <summary>A call used up the stack; what would follow was left out.</summary>
    Stack,

    /// <summary>A call used up its fuel or was interrupted, or the code could not be generated; what would follow was left out.</summary>
    OwnLimit,
}

/// <summary>What a module did.</summary>
/// <param name="Lines">How its instantiation ended, then the outcome of each step.</param>
/// <param name="End">Why there are no more.</param>
/// <param name="FuelUsed">By all calls together; 0 when not metered.</param>
internal sealed record ModuleExecution(ImmutableArray<string> Lines, ExecutionEnd End, long FuelUsed)
{
    public const string Instantiated = "ok";

    public const string NotLinked = "link";

    /// <summary>A function that is within the limits of a module, but too large for the code generator.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The steps that ended by themselves, which another engine can repeat.</summary>
    public int CompletedSteps => End == ExecutionEnd.OwnLimit ? Lines.Length - 2 : Lines.Length - 1;
}

/// <summary>Runs modules in this engine, with stubs for their imports.</summary>
/// <remarks>Belongs on a <see cref="GuestThread"/>.</remarks>
internal sealed class EngineExecution
{
    /// <summary>As generous as V8, because a module sees how far its memory and tables grow.</summary>
    private static readonly InstanceOptions Options = new() { MaxMemoryBytes = 4L << 30, MaxTableElements = 10_000_000 };

    /// <summary>Logged values of one call that are kept one by one; the rest is counted.</summary>
    private const int MaxLoggedValues = 64;

    /// <summary>Memories beyond this size are not hashed, in bytes.</summary>
    private const long MaxHashedBytes = 64L * 1024 * 1024;

    private const uint MaxListedElements = 1_000;

    private readonly StringBuilder _logged = new();
    private readonly List<string> _lines = [];
    private readonly List<WasmMemory> _memories = [];
    private readonly WasmModule _module;
    private readonly long? _fuel;
    private readonly Watchdog? _watchdog;
    private int _loggedCount;
    private long _fuelUsed;

    private EngineExecution(WasmModule module, long? fuel, Watchdog? watchdog)
    {
        _module = module;
        _fuel = fuel;
        _watchdog = watchdog;
    }

    /// <summary>Instantiates the module and follows the plan.</summary>
    /// <param name="module">What to run.</param>
    /// <param name="plan">What to do with it.</param>
    /// <param name="fuel">Of each call; <see langword="null"/> for code that is not metered.</param>
    /// <param name="watchdog">Told of the instance.</param>
    public static ModuleExecution Run(WasmModule module, CallPlan plan, long? fuel = null, Watchdog? watchdog = null) =>
        new EngineExecution(module, fuel, watchdog).Run(plan);

    private ModuleExecution Run(CallPlan plan)
    {
        WasmInstance? instance = null;
        try
        {
            var end = Instantiate(out instance);
            for (var i = 0; i < plan.Steps.Length && instance is not null && end == ExecutionEnd.Finished; i++)
                end = plan.Steps[i] is { } call ? Call(instance, call) : Look(instance);
            return new ModuleExecution([.. _lines], end, _fuelUsed);
        }
        finally
        {
            _watchdog?.Guard(null);
            instance?.Dispose();
            foreach (var memory in _memories)
                memory.Dispose();
        }
    }

    private ExecutionEnd Instantiate(out WasmInstance? instance)
    {
        instance = null;
        try
        {
            instance = _module.Instantiate(Stubs(), Options with { Fuel = _fuel, OnCreated = created => _watchdog?.Guard(created) });
            return Add(ModuleExecution.Instantiated);
        }
        catch (WasmLinkException)
        {
            return Add(ModuleExecution.NotLinked);
        }
        catch (WasmFormatException refusal) when (refusal.Error == WasmFormatError.LimitExceeded)
        {
            Add(ModuleExecution.TooLarge);
            return ExecutionEnd.OwnLimit;
        }
        catch (TrapException trap)
        {
            return Add(trap);
        }
    }

    private ExecutionEnd Call(WasmInstance instance, ExportCall call)
    {
        if (_fuel is { } fuel)
            instance.Fuel = fuel;
        try
        {
            var results = instance.GetFunction(call.Name)!.Invoke([.. call.Arguments]);
            return Add(string.Join(',', results.Select(Values.Text)));
        }
        catch (TrapException trap)
        {
            return Add(trap);
        }
        finally
        {
            if (_fuel is not null)
                _fuelUsed += _fuel.Value - instance.Fuel;
        }
    }

    private ExecutionEnd Add(TrapException trap)
    {
        Add(TrapKinds.Text(trap.Code));
        return trap.Code switch
        {
            TrapCode.StackExhausted => ExecutionEnd.Stack,
            TrapCode.FuelExhausted or TrapCode.Interrupted => ExecutionEnd.OwnLimit,
            _ => ExecutionEnd.Finished,
        };
    }

    private ExecutionEnd Add(string outcome)
    {
        if (_loggedCount > MaxLoggedValues)
            _logged.Append(" log+").Append(_loggedCount - MaxLoggedValues);
        _lines.Add(outcome + _logged);
        _logged.Clear();
        _loggedCount = 0;
        return ExecutionEnd.Finished;
    }

    /// <summary>Everything that is exported and is no function.</summary>
    private ExecutionEnd Look(WasmInstance instance)
    {
        var parts = new List<string>();
        foreach (var export in _module.Exports)
        {
            switch (export.Type)
            {
                case MemoryType:
                    var memory = instance.GetMemory(export.Name)!;
                    parts.Add($"memory {memory.PageCount} {(memory.SizeBytes <= MaxHashedBytes ? HashOf(memory) : "")}");
                    break;
                case TableType:
                    parts.Add($"table {TextOf(instance.GetTable(export.Name)!)}");
                    break;
                case GlobalType { Value: not ValType.V128 }:
                    parts.Add($"global {Values.Text(instance.GetGlobal(export.Name)!.Value)}");
                    break;
            }
        }
        return Add(string.Join(' ', parts));
    }

    private static string HashOf(WasmMemory memory) => Convert.ToHexStringLower(SHA256.HashData(memory.GetSpan(0, (int)memory.SizeBytes)));

    private static string TextOf(WasmTable table)
    {
        var text = new StringBuilder().Append(table.Length).Append(' ');
        for (var i = 0u; i < Math.Min(table.Length, MaxListedElements); i++)
            text.Append(table[i] is null ? '.' : 'x');
        return text.ToString();
    }

    private WasmLinker Stubs()
    {
        var linker = new WasmLinker();
        foreach (var import in _module.Imports)
        {
            _ = import.Type switch
            {
                FunctionType type => linker.Define(import.Module, import.Name, type, (_, arguments) => Stub(type, arguments)),
                TableType type => linker.Define(import.Module, import.Name, new WasmTable(type.Element, Math.Min(type.Limits.Minimum, 1_000), type.Limits.Maximum)),
                MemoryType type => linker.Define(import.Module, import.Name, StubMemory(type)),
                GlobalType type => linker.Define(import.Module, import.Name, new WasmGlobal(type.Value, type.IsMutable, type.Value == ValType.V128 ? Vector128<byte>.Zero : Values.One(type.Value))),
                _ => throw new NotSupportedException(),
            };
        }
        return linker;
    }

    private WasmMemory StubMemory(MemoryType type)
    {
        var memory = new WasmMemory(Math.Min(type.Limits.Minimum, 16), type.Limits.Maximum);
        _memories.Add(memory);
        return memory;
    }

    /// <summary>What a module passes to its host is part of the outcome.</summary>
    private object?[] Stub(FunctionType type, object?[] arguments)
    {
        if (_loggedCount++ < MaxLoggedValues)
            _logged.Append(" log:").AppendJoin(',', arguments.Select(Values.Text));
        return [.. type.Results.Select(Values.One)];
    }
}
