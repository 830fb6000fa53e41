using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox;

/// <summary>Every bound the sandbox puts on one plugin, with its default.</summary>
public sealed record SandboxLimits
{
    /// <summary>Host calls of any kind.</summary>
    public QuotaRate HostCalls { get; init; } = new(PerSecond: 100, Burst: 200);

    /// <summary>Bytes of arguments of all calls.</summary>
    public QuotaRate ArgumentRate { get; init; } = new(PerSecond: 2 << 20, Burst: 8 << 20);

    /// <summary>Calls that reach the API server.</summary>
    public QuotaRate Kubernetes { get; init; } = new(PerSecond: 20, Burst: 50);

    /// <summary>Bytes of log lines, each <see cref="LogLineOverheadBytes"/> more than its text; 256 KiB a minute.</summary>
    public QuotaRate LogBytes { get; init; } = new(PerSecond: 256 * 1024 / 60.0, Burst: 256 * 1024);

    /// <summary>Calls that take the user's attention: notices and questions.</summary>
    public QuotaRate Attention { get; init; } = new(PerSecond: 1, Burst: 10);

    /// <summary>Events that a plugin publishes.</summary>
    public QuotaRate Events { get; init; } = new(PerSecond: 200, Burst: 400);

    /// <summary>Characters below which a secret is not kept: hiding it would tear holes into every text.</summary>
    public int MinSecretChars { get; init; } = 4;

    /// <summary>Characters of a secret.</summary>
    public int MaxSecretChars { get; init; } = 16 << 10;

    /// <summary>Bytes of the file of a plugin's secrets.</summary>
    public int SecretFileBytes { get; init; } = 4 << 20;

    /// <summary>Seconds of guest CPU: a fifth of a core, and the ten seconds' worth of it at once. Above it the plugin's mailbox is throttled.</summary>
    public QuotaRate Cpu { get; init; } = new(PerSecond: 0.2, Burst: 2);

    /// <summary>HTTP requests, each redirect included.</summary>
    public QuotaRate Network { get; init; } = new(PerSecond: 10, Burst: 20);

    /// <summary>Bytes of HTTP requests and answers on the wire; 64 MiB an hour.</summary>
    public QuotaRate NetworkBytes { get; init; } = new(PerSecond: (64 << 20) / 3600.0, Burst: 64 << 20);

    /// <summary>HTTP requests of one plugin at the same time.</summary>
    public int NetworkConcurrency { get; init; } = 4;

    /// <summary>Wall time of one HTTP request: names, connections, redirects and bodies.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Redirects that one HTTP request follows.</summary>
    public int NetworkRedirects { get; init; } = 5;

    /// <summary>Bytes of an HTTP body, of a request or of an answer, on the wire.</summary>
    public int NetworkBodyBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of an answer's body after decompression.</summary>
    public int NetworkDecodedBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of an answer's body that is saved to a file, on the wire and after decompression.</summary>
    public int NetworkSavedBytes { get; init; } = 16 << 20;

    /// <summary>Kibibytes of the headers of an HTTP request, and of those of an answer.</summary>
    public int NetworkHeadersKiB { get; init; } = 32;

    /// <summary>Headers that an HTTP request may have.</summary>
    public int NetworkHeaders { get; init; } = 64;

    /// <summary>Characters of a URL.</summary>
    public int NetworkUrlChars { get; init; } = 8 * 1024;

    /// <summary>Addresses of a name that are tried.</summary>
    public int NetworkAddresses { get; init; } = 8;

    /// <summary>How long a connection is reused: after that the name is resolved and the address checked again.</summary>
    public TimeSpan NetworkConnectionLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What a log line costs beside its text: a time, a level and a write.</summary>
    public int LogLineOverheadBytes { get; init; } = 64;

    /// <summary>Bytes of one log line in UTF-8; longer ones are cut.</summary>
    public int LogLineBytes { get; init; } = 8 * 1024;

    /// <summary>Bytes of one call's arguments.</summary>
    public int ArgumentBytes { get; init; } = Envelope.MaxBytes;

    /// <summary>Bytes of one call's answer; leaves room for what is put around it in a message of <see cref="Envelope.MaxBytes"/>.</summary>
    public int AnswerBytes { get; init; } = Envelope.MaxBytes - 1024;

    /// <summary>Longest life of a gesture, should its message not end before.</summary>
    public TimeSpan GestureLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Ended gestures remembered a plugin, to tell a late token from a forged one.</summary>
    public int EndedGestures { get; init; } = 1_024;

    /// <summary>Permission and gesture refusals a minute; above it the plugin is suspended.</summary>
    public int PermissionRefusalsPerMinute { get; init; } = 20;

    /// <summary>Quota refusals a minute; above it the plugin's mailbox is throttled.</summary>
    public int QuotaRefusalsPerMinute { get; init; } = 100;

    /// <summary>The attempt to get out of its files or its network at which a plugin is quarantined: the first.</summary>
    public int EscapeAttempts { get; init; } = 1;

    /// <summary>Reports of violations that nothing follows from yet, a plugin; the next one counts those between.</summary>
    public QuotaRate ViolationReports { get; init; } = new(PerSecond: 0.2, Burst: 5);

    /// <summary>First pause of a throttled mailbox; doubles up to <see cref="MaxThrottle"/>.</summary>
    public TimeSpan MinThrottle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause of a throttled mailbox.</summary>
    public TimeSpan MaxThrottle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a test takes away.</summary>
    internal GuardsOff Off { get; init; } = GuardsOff.None;

    /// <summary>The rate of a class.</summary>
    public QuotaRate RateOf(QuotaClass quota) => quota switch
    {
        QuotaClass.HostCalls => HostCalls,
        QuotaClass.ArgumentBytes => ArgumentRate,
        QuotaClass.Kubernetes => Kubernetes,
        QuotaClass.LogBytes => LogBytes,
        QuotaClass.Attention => Attention,
        QuotaClass.Events => Events,
        QuotaClass.Network => Network,
        QuotaClass.NetworkBytes => NetworkBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(quota), quota, "no rate is set for this class"),
    };
}
