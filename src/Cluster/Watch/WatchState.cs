using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Watch;

/// <summary>Whether a watch or a connection is live.</summary>
public enum ConnectionPhase
{
    /// <summary>Nothing has arrived yet.</summary>
    Connecting,

    /// <summary>Live.</summary>
    Connected,

    /// <summary>Lost; what is shown is old and it is tried again.</summary>
    Reconnecting,
}

/// <summary>The state of a watch or of the whole connection.</summary>
/// <param name="Phase">Whether it is live.</param>
/// <param name="Since">Since when.</param>
/// <param name="Cause">Why it is not; null when it is.</param>
public sealed record ConnectionState(ConnectionPhase Phase, DateTimeOffset Since, ClusterException? Cause = null);
