using LazyOC.Plugins.Contracts.Messages;

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

    /// <summary>Characters of a notice, a question, a prompt's title or a progress.</summary>
    public int PromptChars { get; init; } = 2_000;

    /// <summary>Things in progress that one plugin may show.</summary>
    public int ProgressItems { get; init; } = 8;

    /// <summary>Wall time of <c>httpRequest</c>, and of the headers of the request it carries.</summary>
    public TimeSpan HttpRequestDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the payload of <c>httpRequest</c>; leaves room for what is put around it in a message of <see cref="Envelope.MaxBytes"/>.</summary>
    public int HttpRequestBytes { get; init; } = Envelope.MaxBytes - 1024;

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

    /// <summary>For one settled frame: waits longer for answers instead of showing late ones as faults.</summary>
    public static RuntimeLimits OneFrame { get; } = new()
    {
        ComputeDeadline = TimeSpan.FromSeconds(5),
        RenderDeadline = TimeSpan.FromSeconds(5),
    };
}
