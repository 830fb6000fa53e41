using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;

namespace LazyOC.Cluster;

/// <summary>One session with one cluster as one user. Connects on first use. Thread-safe; disposal ends every call and watch.</summary>
public sealed class ClusterClient : IAsyncDisposable
{
    /// <summary>Makes a session; nothing is sent yet.</summary>
    /// <param name="options">Where and as whom.</param>
    /// <param name="limits">Limits; null takes <see cref="ClusterLimits.Default"/>.</param>
    /// <param name="time">Clock; null takes the system's.</param>
    public ClusterClient(ClusterOptions options, ClusterLimits? limits = null, TimeProvider? time = null)
    {
        Options = options;
    }

    /// <summary>Where and as whom.</summary>
    public ClusterOptions Options { get; }

    /// <summary>What the server serves.</summary>
    public ApiDiscovery Discovery => throw new NotImplementedException();

    /// <summary>Objects.</summary>
    public ResourceClient Resources => throw new NotImplementedException();

    /// <summary>Who we are and what we may do.</summary>
    public AccessReviews Access => throw new NotImplementedException();

    /// <summary>Live collections.</summary>
    public Watches Watches => throw new NotImplementedException();

    /// <summary>Columns of each kind.</summary>
    public ResourceTable Columns => throw new NotImplementedException();

    /// <summary>Whether the server answers: set by every call's outcome.</summary>
    public ConnectionState State => throw new NotImplementedException();

    /// <summary>Raised after <see cref="State"/> changed, on the thread of the call that noticed: return at once.</summary>
    public event EventHandler? StateChanged { add { } remove { } }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
