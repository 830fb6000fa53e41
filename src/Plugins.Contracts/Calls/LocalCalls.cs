using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>clipboard.write</c>: puts text on the user's clipboard.</summary>
public sealed record ClipboardWriteRequest
{
    /// <summary>At most 64 KiB of UTF-8; control characters other than tab and line feed are left out.</summary>
    public required string Text { get; init; }
}

/// <summary><c>audit.read</c>: what plugins did and were refused in this LazyOC, oldest first.</summary>
public sealed record AuditReadRequest
{
    /// <summary>The <c>cursor</c> of an answer, to go on after it; from the oldest that is kept when absent.</summary>
    public long? After { get; init; }

    /// <summary>Only this plugin.</summary>
    public PluginId? Plugin { get; init; }

    /// <summary>How many entries, 1 to 500; 100 when absent.</summary>
    public int? Limit { get; init; }
}

/// <summary>Answer of <c>audit.read</c>.</summary>
public sealed record AuditReadAnswer
{
    public required ImmutableArray<AuditReadEntry> Entries { get; init; }

    /// <summary>Where to go on.</summary>
    public required long Cursor { get; init; }

    /// <summary>Entries after the cursor given that were not kept long enough to be read, of all plugins.</summary>
    public required long Lost { get; init; }
}

/// <summary>One line of the audit.</summary>
public sealed record AuditReadEntry
{
    public required DateTimeOffset Time { get; init; }
    public required PluginId Plugin { get; init; }

    /// <summary>The plugin's version.</summary>
    public required string Version { get; init; }

    /// <summary>Name of the host call, or of the transition.</summary>
    public required string Call { get; init; }

    /// <summary>On what; never a body or a secret.</summary>
    public required string Target { get; init; }

    /// <summary><c>refused</c>, <c>intent</c>, <c>done</c>, <c>failed</c>, <c>counted</c>, <c>transition</c>, <c>fault</c> or <c>bug</c>.</summary>
    public required string Decision { get; init; }

    public string? Reason { get; init; }

    /// <summary>How many alike it stands for; absent for one.</summary>
    public long? Count { get; init; }
}
