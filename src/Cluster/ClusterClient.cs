using LazyOC.Cluster.Auth;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Transport;
using LazyOC.Cluster.Watch;

namespace LazyOC.Cluster;

/// <summary>One session with one cluster as one user. Connects on first use. Thread-safe; disposal ends every call and watch.</summary>
public sealed class ClusterClient : IAsyncDisposable
{
    private readonly ClusterConnection _connection;
    private readonly Random _random;

    /// <summary>Makes a session; nothing is sent yet.</summary>
    /// <param name="options">Where and as whom.</param>
    /// <param name="limits">Limits; null takes <see cref="ClusterLimits.Default"/>.</param>
    /// <param name="time">Clock; null takes the system's.</param>
    /// <param name="random">Spreads retries and watch lifetimes; null takes the shared one. Must be thread-safe.</param>
    /// <param name="terminal">Lends the terminal to an interactive credential plugin; null when there is none.</param>
    /// <exception cref="ClusterException">The options' certificates or keys cannot be used.</exception>
    public ClusterClient(ClusterOptions options, ClusterLimits? limits = null, TimeProvider? time = null, Random? random = null, BorrowTerminal? terminal = null)
    {
        Options = options;
        _connection = new ClusterConnection(options, limits ?? ClusterLimits.Default, time ?? TimeProvider.System, terminal);
        _connection.StateChanged += (_, _) => StateChanged?.Invoke(this, EventArgs.Empty);
        Discovery = new ApiDiscovery(_connection);
        Resources = new ResourceClient(_connection);
        Access = new AccessReviews(_connection);
        Services = new ServiceProxy(_connection);
        Commands = new PodCommands(_connection);
        _random = random ?? Random.Shared;
        Watches = new Watches(_connection, _random);
        Columns = new ResourceTable(Resources);
    }

    /// <summary>Where and as whom.</summary>
    public ClusterOptions Options { get; }

    /// <summary>The clock that <see cref="State"/> and the states of watches are told by.</summary>
    public TimeProvider Time => _connection.Time;

    /// <summary>What the server serves.</summary>
    public ApiDiscovery Discovery { get; }

    /// <summary>Objects.</summary>
    public ResourceClient Resources { get; }

    /// <summary>Who we are and what we may do.</summary>
    public AccessReviews Access { get; }

    /// <summary>HTTP to services of the cluster.</summary>
    public ServiceProxy Services { get; }

    /// <summary>Commands in containers.</summary>
    public PodCommands Commands { get; }

    /// <summary>Live collections.</summary>
    public Watches Watches { get; }

    /// <summary>Columns of each kind.</summary>
    public ResourceTable Columns { get; }

    /// <summary>The waits between tries of one that follows something.</summary>
    internal Backoff NewBackoff() => new(_connection.Limits, _random);

    /// <summary>Whether the server answers: set by every call's outcome.</summary>
    public ConnectionState State => _connection.State;

    /// <summary>Raised after <see cref="State"/> changed, on the thread of the call that noticed: return at once and do not throw.</summary>
    public event EventHandler? StateChanged;

    /// <summary>
    /// The token that the user's requests carry, for servers beside the API server that take it too; null when the user has
    /// none, or acts as somebody else, whose token nobody has.
    /// </summary>
    /// <exception cref="Errors.ClusterException">It cannot be had now.</exception>
    public async ValueTask<string?> BearerTokenAsync(CancellationToken cancellationToken = default) =>
        Options.Impersonate is null ? await _connection.BearerTokenAsync(cancellationToken) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Watches.CloseAsync();
        _connection.Dispose();
    }
}
