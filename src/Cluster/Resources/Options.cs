namespace LazyOC.Cluster.Resources;

/// <summary>What a list is narrowed to.</summary>
/// <param name="Labels">Label selector, such as <c>app=web,tier!=cache</c>.</param>
/// <param name="Fields">Field selector, such as <c>spec.nodeName=node-1</c>.</param>
public sealed record Selector(string? Labels = null, string? Fields = null)
{
    /// <summary>Everything.</summary>
    public static Selector All { get; } = new();
}

/// <summary>One page of a list.</summary>
public sealed record ListOptions
{
    /// <summary>What to list.</summary>
    public Selector Selector { get; init; } = Selector.All;

    /// <summary>Objects at most; null leaves it to the server.</summary>
    public int? Limit { get; init; }

    /// <summary><see cref="ResourcePage.Continue"/> of the page before.</summary>
    public string? Continue { get; init; }
}

/// <summary>How a write is done.</summary>
public sealed record WriteOptions
{
    /// <summary>Plain write.</summary>
    public static WriteOptions Default { get; } = new();

    /// <summary>Checks everything and stores nothing (<c>dryRun=All</c>).</summary>
    public bool DryRun { get; init; }

    /// <summary>Takes fields over from other managers; server-side apply only.</summary>
    public bool Force { get; init; }

    /// <summary>Who owns the written fields.</summary>
    public string FieldManager { get; init; } = "lazyoc";
}

/// <summary>How an object is deleted.</summary>
public sealed record DeleteOptions
{
    /// <summary>Delete with the server's defaults.</summary>
    public static DeleteOptions Default { get; } = new();

    /// <summary>What happens to dependents; null is the server's default.</summary>
    public Propagation? Propagation { get; init; }

    /// <summary>Seconds a pod gets to stop; null is its own.</summary>
    public int? GracePeriodSeconds { get; init; }

    /// <summary>Deletes only this very object, not a later one of the same name.</summary>
    public string? Uid { get; init; }

    /// <summary>Checks everything and deletes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What happens to the dependents of a deleted object.</summary>
public enum Propagation
{
    /// <summary>They are deleted afterwards.</summary>
    Background,

    /// <summary>They are deleted first.</summary>
    Foreground,

    /// <summary>They stay.</summary>
    Orphan,
}

/// <summary>Format of a patch.</summary>
public enum PatchType
{
    /// <summary>JSON merge patch, RFC 7396.</summary>
    Merge,

    /// <summary>JSON patch, RFC 6902.</summary>
    Json,

    /// <summary>Strategic merge patch; built-in kinds only.</summary>
    Strategic,

    /// <summary>Server-side apply; the body is the intended object.</summary>
    Apply,
}

/// <summary>Which log lines to read.</summary>
public sealed record LogOptions
{
    /// <summary>Container; null when the pod has one only.</summary>
    public string? Container { get; init; }

    /// <summary>Stay and deliver new lines until cancelled or the container ends.</summary>
    public bool Follow { get; init; }

    /// <summary>The log of the container's previous run.</summary>
    public bool Previous { get; init; }

    /// <summary>Start this many lines before the end; null from the beginning.</summary>
    public int? TailLines { get; init; }

    /// <summary>Only lines younger than this.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>
    /// Only lines written at this time or later; servers cut it to whole seconds. Takes the place of <see cref="Since"/>.
    /// </summary>
    public DateTimeOffset? SinceTime { get; init; }

    /// <summary>Prefix each line with its RFC 3339 time.</summary>
    public bool Timestamps { get; init; }
}
