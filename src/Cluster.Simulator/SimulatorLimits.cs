namespace LazyOC.Cluster.Simulator;

/// <summary>Every bound the simulated API server enforces.</summary>
public sealed record SimulatorLimits
{
    /// <summary>Largest request body in bytes; a longer one is answered with 413.</summary>
    public int RequestBodyBytes { get; init; } = 3 * 1024 * 1024;

    /// <summary>Largest stored object in bytes after serialisation.</summary>
    public int ObjectBytes { get; init; } = 1536 * 1024;

    /// <summary>Deepest nesting of a JSON or YAML body.</summary>
    public int BodyDepth { get; init; } = 128;

    /// <summary>Operations in one JSON Patch.</summary>
    public int PatchOperations { get; init; } = 10_000;

    /// <summary>Objects in the whole cluster; creating one more is answered with 403, as over a quota.</summary>
    public int Objects { get; init; } = 200_000;

    /// <summary>Pods of one workload (<c>replicas</c>, <c>parallelism</c>, <c>completions</c>); a larger number is answered with 422.</summary>
    public int Replicas { get; init; } = 5_000;

    /// <summary>Watch events remembered per resource; older resource versions are compacted and answered with 410.</summary>
    public int HistoryEvents { get; init; } = 20_000;

    /// <summary>Consistent list snapshots kept alive for continue tokens; the oldest is dropped first and its tokens give 410.</summary>
    public int ListSnapshots { get; init; } = 64;

    /// <summary>Watches open at once; one more is answered with 429.</summary>
    public int Watches { get; init; } = 2_000;

    /// <summary>Events buffered for one slow watcher before its stream ends with 410.</summary>
    public int WatchBufferEvents { get; init; } = 8_192;

    /// <summary>Characters of one label or field selector.</summary>
    public int SelectorCharacters { get; init; } = 16 * 1024;

    /// <summary>Largest answer of a simulated service in bytes.</summary>
    public int ServiceAnswerBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Lines a container keeps in its log.</summary>
    public int LogLines { get; init; } = 2_000;

    /// <summary>Reconciliations after one write before the controllers are considered to disagree forever.</summary>
    public int ReconcilesPerWrite { get; init; } = 100_000;
}
