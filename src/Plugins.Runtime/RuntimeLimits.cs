namespace LazyOC.Plugins.Runtime;

/// <summary>Every bound the runtime puts on plugins and on itself.</summary>
public sealed record RuntimeLimits
{
    /// <summary>Wall time of <c>activate</c>.</summary>
    public TimeSpan ActivateDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Wall time of <c>compute</c>.</summary>
    public TimeSpan ComputeDeadline { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Wall time of <c>render</c>.</summary>
    public TimeSpan RenderDeadline { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Wall time of every other message.</summary>
    public TimeSpan MessageDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Wall time of <c>deactivate</c>, for which nobody should have to wait.</summary>
    public TimeSpan DeactivateDeadline { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Wall time of <c>dehydrate</c> and of <c>hydrate</c>.</summary>
    public TimeSpan StateDeadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The state that one instance hands to the next, in bytes of JSON.</summary>
    public int StateBytes { get; init; } = 512 << 10;

    /// <summary>How long a plugin must have had nothing to do before its instance is put to rest; infinite for never.</summary>
    public TimeSpan HibernateAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the state of an instance that has nothing to do is kept, if it had messages since, for the case that it fails; infinite for never.</summary>
    public TimeSpan StateInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Start images kept of all plugins; 0 for none.</summary>
    public int StartImages { get; init; } = 32;

    /// <summary>How long messages in flight may take to finish before their instance is replaced; then they are cancelled.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Host calls kept for an instance that has not taken over yet.</summary>
    public int StagedCalls { get; init; } = 256;

    /// <summary>How much longer than a message's deadline a guest may take to report it, before its instance counts as lost.</summary>
    public TimeSpan UnresponsiveGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an active plugin may leave a status item unset before nobody waits for it.</summary>
    public TimeSpan StatusItemDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Linear memory that a manifest may ask for.</summary>
    public long MaxGuestMemoryBytes { get; init; } = 512L << 20;

    /// <summary>Rows in one <c>compute</c> message.</summary>
    public int ComputeBatchRows { get; init; } = 200;

    /// <summary>Events waiting for one plugin.</summary>
    public int MailboxEvents { get; init; } = 1_024;

    /// <summary>Requests (render, compute, action, command) open or waiting for one plugin.</summary>
    public int MailboxRequests { get; init; } = 64;

    /// <summary>Views one plugin may have open.</summary>
    public int OpenViews { get; init; } = 32;

    /// <summary>Topics one plugin may subscribe to.</summary>
    public int Subscriptions { get; init; } = 32;

    /// <summary>How long a settled frame waits for the objects that a subscription begins with.</summary>
    public TimeSpan InitialEventsDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Shortest time between two updates of one view; later ones wait, the latest wins.</summary>
    public TimeSpan ViewUpdateInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Characters of a status item.</summary>
    public int StatusTextChars { get; init; } = 200;

    /// <summary>Latest log lines of each plugin that are kept in memory for whoever looks.</summary>
    public int LogTailLines { get; init; } = 500;

    /// <summary>Timers that one instance may have set.</summary>
    public int Timers { get; init; } = 64;

    /// <summary>Characters of a timer's id.</summary>
    public int TimerIdChars { get; init; } = 128;

    /// <summary>Shortest time until a timer is due.</summary>
    public TimeSpan MinTimerDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Random bytes of one call.</summary>
    public int RandomBytes { get; init; } = 64 << 10;

    /// <summary>Text for the clipboard, in bytes of UTF-8.</summary>
    public int ClipboardBytes { get; init; } = 64 << 10;

    /// <summary>Entries of the audit in one answer.</summary>
    public int AuditEntries { get; init; } = 500;

    /// <summary>Metrics that one plugin may record, by name.</summary>
    public int Metrics { get; init; } = 64;

    /// <summary>Characters of the name or unit of a metric, and of the name, a key or a value of a span.</summary>
    public int MeasureChars { get; init; } = 128;

    /// <summary>Attributes of a span.</summary>
    public int SpanAttributes { get; init; } = 16;

    /// <summary>Longest span.</summary>
    public TimeSpan MaxSpan { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Things that one profile holds; more are counted.</summary>
    public int ProfileEntries { get; init; } = 4_000;

    /// <summary>Latest messages of each plugin whose times are kept.</summary>
    public int TimedMessages { get; init; } = 512;

    /// <summary>How old a message's time may be to count.</summary>
    public TimeSpan TimedWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Characters of a notice, a question, a prompt's title or a progress.</summary>
    public int PromptChars { get; init; } = 2_000;

    /// <summary>Things in progress that one plugin may show.</summary>
    public int ProgressItems { get; init; } = 8;

    /// <summary>For one settled frame: waits longer for answers instead of showing late ones as faults.</summary>
    public static RuntimeLimits OneFrame { get; } = new()
    {
        ComputeDeadline = TimeSpan.FromSeconds(5),
        RenderDeadline = TimeSpan.FromSeconds(5),
    };
}
