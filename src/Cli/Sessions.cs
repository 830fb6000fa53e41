using System.Collections.Immutable;
using LazyOC.Cluster;
using LazyOC.Cluster.Auth;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Runtime;

namespace LazyOC.Cli;

/// <summary>Opens sessions with clusters: the contexts of the kubeconfig, or the simulated clusters of the demo. One is open at a time.</summary>
internal sealed class Sessions : IAsyncDisposable
{
    private const string DemoContext = "demo";

    private readonly Connection _connection;
    private readonly bool _runs;
    private readonly Kubeconfig? _kubeconfig;
    private readonly BorrowTerminal? _terminal;
    private readonly Dictionary<string, SimulatedCluster> _simulated = new(StringComparer.Ordinal);
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _closing = new();
    private ClusterClient? _client;

    private Sessions(Connection connection, bool runs, Kubeconfig? kubeconfig, BorrowTerminal? terminal)
    {
        (_connection, _runs, _kubeconfig, _terminal) = (connection, runs, kubeconfig, terminal);
        // One frame of the demo is the same every time; a demo that runs has the time of day.
        Clock = connection.Scenario is null || runs ? TimeProvider.System : new SimulatedClock();
    }

    /// <summary>What ages are told by.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Contexts one may open.</summary>
    public ImmutableArray<string> Contexts => _kubeconfig is { } config ? [.. config.Contexts.Select(c => c.Name)]
        : _connection.Scenario is { } scenario ? [DemoContext, .. SimulatedCluster.ScenarioNames.Where(name => name != scenario).Select(name => $"{DemoContext}-{name}")]
        : [_client!.Options.Context];

    /// <param name="connection">What the command line says.</param>
    /// <param name="runs">Whether time passes in simulated clusters.</param>
    /// <param name="terminal">Lends the terminal to interactive credential plugins.</param>
    /// <exception cref="Cluster.Errors.ClusterException">There is no kubeconfig, or it cannot be used.</exception>
    public static Sessions Of(Connection connection, bool runs, BorrowTerminal? terminal = null)
    {
        if (connection.Scenario is not null)
            return new Sessions(connection, runs, null, terminal);
        if (connection.Kubeconfig is { } file)
            return new Sessions(connection, runs, Kubeconfig.Load([file]), terminal);
        var paths = Kubeconfig.DefaultPaths(Environment.GetEnvironmentVariable("KUBECONFIG"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        return new Sessions(connection, runs, connection.Context is null && !paths.Any(File.Exists) && OwnCluster() is not null ? null : Kubeconfig.Load(paths), terminal);
    }

    /// <summary>Opens a context; the client of the one before is the caller's to dispose once nothing uses it.</summary>
    /// <param name="context">Its name; null for the one to begin with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ClusterSession> OpenAsync(string? context, CancellationToken cancellationToken)
    {
        var options = _connection.Scenario is not null ? await SimulatedAsync(context ?? DemoContext, cancellationToken)
            : _kubeconfig?.Resolve(context ?? _connection.Context) ?? OwnCluster()!;
        _client = new ClusterClient(options, terminal: _terminal);
        return new ClusterSession
        {
            Client = _client,
            Context = options.Context,
            User = options.UserName,
            // A namespace on the command line is meant for the context on the command line.
            Namespace = (context is null ? _connection.Namespace : null) ?? options.Namespace,
            ReadOnly = _connection.ReadOnly,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        await _closing.CancelAsync();
        await Task.WhenAll(_running);
        _closing.Dispose();
        foreach (var cluster in _simulated.Values) await cluster.DisposeAsync();
    }

    private static ClusterOptions? OwnCluster() =>
        InCluster.Resolve(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));

    private async Task<ClusterOptions> SimulatedAsync(string context, CancellationToken cancellationToken)
    {
        if (!_simulated.TryGetValue(context, out var cluster))
        {
            var scenario = context == DemoContext ? _connection.Scenario! : context[(DemoContext.Length + 1)..];
            _simulated[context] = cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = scenario, TimeProvider = Clock }, cancellationToken);
            if (_runs) _running.Add(cluster.RunAsync(_closing.Token));
        }
        return new ClusterOptions
        {
            Server = cluster.Server,
            Context = context,
            ClusterName = context,
            UserName = "kubeadmin",
            CertificateAuthorityPem = cluster.CertificateAuthorityPem,
            Token = cluster.Token,
        };
    }
}
