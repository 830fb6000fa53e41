namespace LazyOC.Cli.Control;

/// <summary>Every bound of the control socket.</summary>
internal sealed record ControlLimits
{
    /// <summary>A line, in either direction.</summary>
    public int LineBytes { get; init; } = 1 << 20;

    /// <summary>A request's line; those who send more are hung up on.</summary>
    public int RequestBytes { get; init; } = 64 << 10;

    /// <summary>How long a connection may be silent, unless it keeps something alive, and how long a request may take to arrive.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client waits for an answer: a swap takes its time.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest profile.</summary>
    public TimeSpan MaxProfile { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Connections at once; more are hung up on.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Bytes of a Unix domain socket's path, the terminating zero included: <c>sun_path</c> in unix(7).</summary>
    public int PathBytes { get; init; } = OperatingSystem.IsLinux() ? 108 : 104;
}
