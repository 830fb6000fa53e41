using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Tui.Screen;

namespace LazyOC.Cli;

/// <summary>A cluster that is being looked at: the client, the plugins in its session, their audit and, in the demo, the cluster itself.</summary>
internal sealed class LiveCluster : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();

    private LiveCluster()
    {
    }

    /// <summary>What the screen shows.</summary>
    public ScreenSession Screen { get; private set; } = null!;

    /// <summary>
    /// The tab that the demo opens on when the user asks for nothing in particular: the first one that a plugin adds to
    /// pods, because that is what the demo is to show. Null on a real cluster.
    /// </summary>
    public string? ShowcaseTab { get; private set; }

    public static async Task<LiveCluster> OpenAsync(Connection connection, CancellationToken cancellationToken)
    {
        var live = new LiveCluster();
        try
        {
            await live.StartAsync(connection, cancellationToken);
            return live;
        }
        catch
        {
            await live.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var last)) await last.DisposeAsync();
    }

    private async Task StartAsync(Connection connection, CancellationToken cancellationToken)
    {
        var isDemo = connection.Scenario is not null;
        var home = Home.Locate(Environment.GetEnvironmentVariable, isDemo);
        // The cluster starts while the plugins are read: neither needs the other.
        var clock = isDemo ? new SimulatedClock() : TimeProvider.System;
        var simulating = isDemo ? SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = connection.Scenario!, TimeProvider = clock }, cancellationToken) : null;
        var installed = connection.Plugins ? InstalledPlugins.Read(InstalledPlugins.StoreOf(home)) : [];

        var simulated = simulating is null ? null : Own(await simulating);
        var options = simulated is null ? ResolveKubeconfig(connection) : OptionsOf(simulated);
        var session = new ClusterSession
        {
            Client = Own(new ClusterClient(options)),
            Context = options.Context,
            User = options.UserName,
            Namespace = connection.Namespace ?? options.Namespace,
            ReadOnly = connection.ReadOnly,
        };
        var plugins = installed.IsEmpty ? null : Own(await PluginHost.StartAsync(
            new PluginHostOptions
            {
                Plugins = installed,
                Session = session,
                Audit = Own(AuditLog.Begin(new AuditDirectory(home.Audit), new AuditLimits(), TimeProvider.System, Random)),
                Log = Own(new PluginLogs(home.Log, TimeProvider.System)).Write,
                Bug = (what, error) => Console.Error.WriteLine($"lazyoc: a fault of LazyOC itself in {what}: {error}"),
                Time = clock,
                Limits = RuntimeLimits.OneFrame,
                Quarantine = InstalledPlugins.QuarantineOf(home),
            },
            cancellationToken));
        if (isDemo) ShowcaseTab = plugins?.Extensions.Contributions.TabsFor(new GroupKind("", "Pod")).FirstOrDefault()?.Contribution.Title;
        Screen = new ScreenSession { Cluster = session, Extensions = plugins?.Extensions, AllNamespaces = connection.Namespace is null, Clock = clock, ShowLatency = !isDemo };
    }

    private static ClusterOptions OptionsOf(SimulatedCluster cluster) => new()
    {
        Server = cluster.Server,
        Context = "demo",
        ClusterName = "demo",
        UserName = "kubeadmin",
        CertificateAuthorityPem = cluster.CertificateAuthorityPem,
        Token = cluster.Token,
    };

    private static RandomSource Random => System.Security.Cryptography.RandomNumberGenerator.Fill;

    private static ClusterOptions ResolveKubeconfig(Connection connection)
    {
        if (connection.Kubeconfig is { } file) return Kubeconfig.Load([file]).Resolve(connection.Context);
        var paths = Kubeconfig.DefaultPaths(Environment.GetEnvironmentVariable("KUBECONFIG"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        var inCluster = connection.Context is null && !paths.Any(File.Exists)
            ? InCluster.Resolve(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"))
            : null;
        return inCluster ?? Kubeconfig.Load(paths).Resolve(connection.Context);
    }

    private T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Push(owned);
        return owned;
    }
}
