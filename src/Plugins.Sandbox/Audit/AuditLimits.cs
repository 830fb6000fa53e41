namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>Bounds of an audit log.</summary>
public sealed record AuditLimits
{
    /// <summary>A file is closed and the next begun when it is at least this long.</summary>
    public long FileBytes { get; init; } = 8L << 20;

    /// <summary>Characters of a target or a reason; longer ones are cut.</summary>
    public int TextChars { get; init; } = 512;

    /// <summary>Bytes of one line; a longer one is not ours.</summary>
    public int LineBytes { get; init; } = 16 * 1024;

    /// <summary>Lines waiting to be written; more are counted and the count written.</summary>
    public int QueuedLines { get; init; } = 4_096;

    /// <summary>Lines written with one sync.</summary>
    public int BatchLines { get; init; } = 256;

    /// <summary>Lines after which a chain's head is sealed again.</summary>
    public int UnsealedLines { get; init; } = 256;

    /// <summary>Time after which a chain's head is sealed again, when it has grown.</summary>
    public TimeSpan UnsealedTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Different refusals a plugin may make in a second with a line each; the rest share one line.</summary>
    public int RefusalsPerSecond { get; init; } = 20;

    /// <summary>Different permitted acts of a plugin that are not announced (files opened by its own C library, reads when each is logged) in a second with a line each; the rest share one line.</summary>
    public int ActsPerSecond { get; init; } = 200;

    /// <summary>Latest lines of each plugin that are kept in memory for whoever looks.</summary>
    public int TailLines { get; init; } = 200;

    /// <summary>Latest lines of all plugins that are kept in memory for plugins that may read them.</summary>
    public int RecentLines { get; init; } = 4_096;
}
