using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Guests;

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

    /// <summary>The bounds of a plugin's instances: those of all, with the memory that its user has set or its manifest asks for, as far as it may.</summary>
    /// <param name="plugin">Which plugin.</param>
    /// <param name="general">Those of all.</param>
    public GuestLimits GuestLimitsOf(InstalledPlugin plugin, GuestLimits general) =>
        (plugin.Entry.Limits?.MemoryBytes ?? (ByteSize.TryParse(plugin.Manifest.Limits.Memory, out var asked) ? asked : null)) is { } bytes ? general with { MemoryBytes = Math.Min(bytes, MaxGuestMemoryBytes) } : general;

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

    /// <summary>Lines of the audit that are told as events within a second; more are counted.</summary>
    public int AuditEventsPerSecond { get; init; } = 100;

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

    /// <summary>Different demands of one plugin that a record of its permissions holds.</summary>
    public int RecordedDemands { get; init; } = 2_000;

    /// <summary>Things that one profile holds; more are counted.</summary>
    public int ProfileEntries { get; init; } = 4_000;

    /// <summary>Least guest CPU between two samples of a profile.</summary>
    public TimeSpan ProfileInterval { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Samples that one profile holds; together with the entries they fit a line of the control socket.</summary>
    public int ProfileSamples { get; init; } = 8_000;

    /// <summary>Functions that one profile holds.</summary>
    public int ProfileFunctions { get; init; } = 1_000;

    /// <summary>Functions on all different stacks that one profile holds.</summary>
    public int ProfileStackFrames { get; init; } = 20_000;

    /// <summary>Characters of the names and files of a profile's functions.</summary>
    public int ProfileFunctionChars { get; init; } = 64 << 10;

    /// <summary>Latest messages of each plugin whose times are kept.</summary>
    public int TimedMessages { get; init; } = 512;

    /// <summary>How old a message's time may be to count.</summary>
    public TimeSpan TimedWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Characters of a notice, a question, a prompt's title or a progress.</summary>
    public int PromptChars { get; init; } = 2_000;

    /// <summary>Wall time of <c>service</c>: what a caller may wait at most, and a fault of the callee beyond.</summary>
    public TimeSpan ServiceDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Service calls that one plugin may have open.</summary>
    public int ServiceCalls { get; init; } = 16;

    /// <summary>Service calls that may wait for each other: a service may ask another.</summary>
    public int ServiceDepth { get; init; } = 8;

    /// <summary>JSON that one published event carries, in bytes.</summary>
    public int EventBytes { get; init; } = 64 << 10;

    /// <summary>Characters of a published topic, and of a key.</summary>
    public int TopicChars { get; init; } = 200;

    /// <summary>Different topics that one plugin may publish in a session.</summary>
    public int PublishedTopics { get; init; } = 64;

    /// <summary>The file of one plugin's settings, in bytes.</summary>
    public int SettingsBytes { get; init; } = 1 << 20;

    /// <summary>Things in progress that one plugin may show.</summary>
    public int ProgressItems { get; init; } = 8;

    /// <summary>Characters of a key in a plugin's store.</summary>
    public int StoredKeyChars { get; init; } = 256;

    /// <summary>Bytes of a value in a plugin's store, as JSON.</summary>
    public int StoredValueBytes { get; init; } = 256 << 10;

    /// <summary>Keys that one <c>storage.list</c> gives.</summary>
    public int StoredKeysListed { get; init; } = 1_000;

    /// <summary>Bytes of the values that one <c>storage.list</c> gives.</summary>
    public int StoredBytesListed { get; init; } = 512 << 10;

    /// <summary>Changes in one <c>storage.batch</c>.</summary>
    public int StoredBatch { get; init; } = 256;

    /// <summary>How long a call waits for another process that writes to the same store.</summary>
    public TimeSpan StoreBusy { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Wall time of one migration of stored data.</summary>
    public TimeSpan MigrateDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a plugin waits for the same migration in another process.</summary>
    public TimeSpan MigrationWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often it looks whether that has ended.</summary>
    public TimeSpan MigrationPoll { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Wall time of <c>hook</c>.</summary>
    public TimeSpan HookDeadline { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a change waits for its hooks in all, starts of their plugins included; those that have not answered then count as failed.</summary>
    public TimeSpan HookWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Operations in one patch of a hook.</summary>
    public int PatchOperations { get; init; } = 100;

    /// <summary>Objects and arrays that a patched object nests.</summary>
    public int PatchedDepth { get; init; } = 100;

    /// <summary>A patched object, in bytes of JSON: what a cluster stores at most.</summary>
    public int PatchedBytes { get; init; } = 3 << 20;

    /// <summary>Wall time of <c>logLines</c>.</summary>
    public TimeSpan LogLinesDeadline { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a batch of lines waits for one transform in all, the start of its plugin included.</summary>
    public TimeSpan LogLinesWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Lines in one <c>logLines</c> message.</summary>
    public int LogBatchLines { get; init; } = 200;

    /// <summary>Characters of a line that a plugin is handed or may answer; longer ones are shown as they are.</summary>
    public int LogLineChars { get; init; } = 8 << 10;

    /// <summary>Spans of a line that a plugin answers.</summary>
    public int LogLineSpans { get; init; } = 64;

    /// <summary>How long a transform that failed is left out of a log.</summary>
    public TimeSpan LogTransformPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Objects that a relation leads to; more are counted as more.</summary>
    public int RelatedObjects { get; init; } = 500;

    /// <summary>Characters of a selector or name that a relation makes.</summary>
    public int RelationChars { get; init; } = 1_000;

    /// <summary>JSONPaths in one call.</summary>
    public int Fields { get; init; } = 32;

    /// <summary>Log lines in one answer.</summary>
    public int LogLines { get; init; } = 10_000;

    /// <summary>Nesting of a cluster's OpenAPI document.</summary>
    public int SchemaDepth { get; init; } = 128;

    /// <summary>Watches that one plugin may have open, followed logs among them.</summary>
    public int Watches { get; init; } = 50;

    /// <summary>Changes that wait for a plugin in one watch; of one object only the latest waits.</summary>
    public int WatchEvents { get; init; } = 1_024;

    /// <summary>Lines that wait for a plugin in one followed log.</summary>
    public int FollowedLines { get; init; } = 10_000;

    /// <summary>Bytes of the changes or lines that wait for a plugin in one watch.</summary>
    public int WatchBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of the changes or lines in one message.</summary>
    public int WatchMessageBytes { get; init; } = 512 << 10;

    /// <summary>Words of a command in a container.</summary>
    public int ExecWords { get; init; } = 256;

    /// <summary>Longest run of a command in a container.</summary>
    public TimeSpan ExecDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of the body of a request to a service, and of its answer.</summary>
    public int ServiceBodyBytes { get; init; } = 1 << 20;

    /// <summary>Headers, and parameters, of one request to a service.</summary>
    public int ServiceHeaders { get; init; } = 64;

    /// <summary>Wall time of <c>httpRequest</c>, and of the headers of the request it carries.</summary>
    public TimeSpan HttpRequestDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the payload of <c>httpRequest</c>; leaves room for what is put around it in a message of <see cref="Envelope.MaxBytes"/>.</summary>
    public int HttpRequestBytes { get; init; } = Envelope.MaxBytes - 1024;

    /// <summary>How often a process looks whether the one that serves a plugin's ports has ended.</summary>
    public TimeSpan LeaderInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Ports one plugin may listen on.</summary>
    public int ListenPorts { get; init; } = 4;

    /// <summary>Connections to one port.</summary>
    public int ListenConnections { get; init; } = 32;

    /// <summary>Requests to one port that are answered at the same time.</summary>
    public int ListenRequests { get; init; } = 8;

    /// <summary>Bytes of the body of a request to a port.</summary>
    public int ListenBodyBytes { get; init; } = 512 << 10;

    /// <summary>Headers of a request to a port, and of its answer.</summary>
    public int ListenHeaders { get; init; } = 64;

    /// <summary>Bytes of the headers of a request to a port, of its first line, and of the headers of its answer.</summary>
    public int ListenHeaderBytes { get; init; } = 32 << 10;

    /// <summary>How long a connection to a port is kept without a request.</summary>
    public TimeSpan ListenIdleTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a view may hold.</summary>
    public ViewLimits Views { get; init; } = new();

    /// <summary>Reads a view; a test shows with a careless reader what the strict one is good for.</summary>
    internal Func<ReadOnlyMemory<byte>, Outcome<ViewNode>>? ReadsViewsBy { get; init; }

    /// <summary>Plugins change the views of others, to show what the check of their owner is good for; nothing but a test may.</summary>
    internal bool AnybodyUpdatesViews { get; init; }

    /// <summary>Plugins publish whatever their permission names, to show what the check of their id is good for; nothing but a test may.</summary>
    internal bool AnybodyPublishes { get; init; }

    /// <summary>Service calls may come back to who began them, to show what the look for the way back is good for; nothing but a test may.</summary>
    internal bool ServicesMayCycle { get; init; }

    /// <summary>For one settled frame: waits longer for answers instead of showing late ones as faults.</summary>
    public static RuntimeLimits OneFrame { get; } = new()
    {
        ComputeDeadline = TimeSpan.FromSeconds(5),
        RenderDeadline = TimeSpan.FromSeconds(5),
        LogLinesDeadline = TimeSpan.FromSeconds(5),
        LogLinesWait = TimeSpan.FromSeconds(10),
    };
}
