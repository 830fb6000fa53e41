namespace LazyOC.Plugins.Sandbox.Quotas;

/// <summary>A token bucket's size.</summary>
/// <param name="PerSecond">Tokens that flow in each second.</param>
/// <param name="Burst">Tokens the bucket holds; what a plugin that was quiet may use at once.</param>
public readonly record struct QuotaRate(double PerSecond, double Burst);

/// <summary>What a host call draws on, besides <see cref="HostCalls"/> and <see cref="ArgumentBytes"/>, which every call draws on.</summary>
public enum QuotaClass
{
    /// <summary>Host calls of any kind.</summary>
    HostCalls,

    /// <summary>Bytes of calls' arguments, which the host reads whatever they ask for.</summary>
    ArgumentBytes,

    /// <summary>Calls that reach the API server.</summary>
    Kubernetes,

    /// <summary>Bytes of log lines.</summary>
    LogBytes,

    /// <summary>Calls that take the user's attention.</summary>
    Attention,

    /// <summary>Events that are published.</summary>
    Events,

    /// <summary>HTTP requests, each redirect that is followed included.</summary>
    Network,

    /// <summary>Bytes that HTTP requests and their answers have on the wire.</summary>
    NetworkBytes,
}
