using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Execution;

/// <summary>What this engine did with a module, before V8 has answered.</summary>
/// <param name="Bytes">The module.</param>
/// <param name="Plan">What another engine can repeat: the steps that ended by themselves.</param>
/// <param name="Execution">What happened; <see langword="null"/> when the module was refused or something is wrong.</param>
/// <param name="Refusal">Why the module was refused.</param>
/// <param name="Problem">What is wrong whatever V8 says.</param>
internal sealed record EngineRun(byte[] Bytes, CallPlan Plan, ModuleExecution? Execution, WasmFormatException? Refusal, string? Problem)
{
    private static readonly CallPlan Nothing = new([]);

    /// <summary>Whether V8 can be asked: not when the start function has no end.</summary>
    public bool IsRepeatable => Execution is not { CompletedSteps: < 0 };

    /// <summary>Whether the module imports something with vectors, which cannot cross into JavaScript.</summary>
    public bool TakesVectors { get; private init; }

    /// <summary>Loads and runs a module; every exception that is not documented becomes a <see cref="Problem"/>.</summary>
    /// <param name="bytes">The module.</param>
    /// <param name="run">What to do with it; says what it planned, and what is wrong.</param>
    public static EngineRun Of(byte[] bytes, Func<WasmModule, (CallPlan Plan, ModuleExecution Execution, string? Problem)> run)
    {
        try
        {
            var module = WasmModule.Load(bytes, features: V8Peer.Features);
            var (plan, execution, problem) = run(module);
            return new EngineRun(bytes, plan.Take(Math.Max(0, execution.CompletedSteps)), execution, null, problem)
            {
                TakesVectors = module.Imports.Any(import => import.Type is FunctionType type && CallPlan.HasVector(type)),
            };
        }
        catch (WasmFormatException refusal)
        {
            return new EngineRun(bytes, Nothing, null, refusal, null);
        }
        catch (Exception exception)
        {
            return new EngineRun(bytes, Nothing, null, null, $"{exception.GetType().Name}: {exception.Message}");
        }
    }
}
