namespace LazyOC.Cluster.Tests.Peer;

/// <summary>A test whose peer is a shell script.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs /bin/sh" : null;
}

/// <summary>A theory whose peer is a shell script.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "needs /bin/sh" : null;
}
