using LazyOC.Fuzz.Wasm;

namespace LazyOC.Wasm.Tests.Fuzzing;

/// <summary>A test that needs Node.js and wasm-opt; reported as skipped where one is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeersFactAttribute : FactAttribute
{
    public PeersFactAttribute() => Skip = Tools.NodeMissing ?? Tools.WasmOptMissing;
}
