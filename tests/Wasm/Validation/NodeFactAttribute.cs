using LazyOC.Fuzz.Wasm;

namespace LazyOC.Wasm.Tests.Validation;

/// <summary>A test that needs Node.js; reported as skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = Tools.NodeMissing;
}

/// <summary>A theory that needs Node.js; reported as skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = Tools.NodeMissing;
}
