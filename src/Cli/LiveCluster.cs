using System.Collections.Immutable;
using LazyOC.Cluster.Auth;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Network;
using LazyOC.Tui.Screen;

namespace LazyOC.Cli;

/// <summary>A cluster that is being looked at: the client, the plugins in its session, their audit and, in the demo, the cluster itself.</summary>
internal sealed class LiveCluster : IAsyncDisposable
{
    private const string Showcase = "lazyoc.pod-health.health";

    private readonly Stack<IAsyncDisposable> _owned = new();
    private Sessions? _sessions;

    private LiveCluster()
    {
    }

    /// <summary>What the screen shows.</summary>
    public ScreenSession Screen { get; private set; } = null!;

    /// <summary>
    /// The tab that the demo opens on when the user asks for nothing in particular: what a plugin adds to pods, because that is
    /// what the demo is to show. Null on a real cluster, and without that plugin.
    /// </summary>
    public string? ShowcaseTab { get; private set; }

    /// <summary>Contexts one may switch to.</summary>
    public ImmutableArray<string> Contexts => _sessions!.Contexts;

    /// <summary>The plugins that run; null without.</summary>
    public PluginHost? Plugins { get; private set; }

    /// <param name="connection">What to look at.</param>
    /// <param name="home">Whose plugins run, and where their audit and logs are written.</param>
    /// <param name="runs">Whether it is looked at for longer than one frame.</param>
    /// <param name="bug">Told of faults of the program's own.</param>
    /// <param name="terminal">Lends the terminal to interactive credential plugins.</param>
    /// <param name="log">Told what plugins log, besides their files; must return at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<LiveCluster> OpenAsync(Connection connection, Home home, bool runs, Action<string, Exception> bug, BorrowTerminal? terminal = null, Action<PluginId?, PluginLogLevel, string>? log = null, CancellationToken cancellationToken = default)
    {
        var live = new LiveCluster();
        try
        {
            await live.StartAsync(connection, home, runs, bug, terminal, log, cancellationToken);
            return live;
        }
        catch
        {
            await live.DisposeAsync();
            throw;
        }
    }

    /// <summary>Goes on in another context: plugins start anew there, the client of the one before is closed.</summary>
    /// <exception cref="Cluster.Errors.ClusterException">The context cannot be used; nothing has changed.</exception>
    public async Task<ScreenSession> SwitchAsync(string context, CancellationToken cancellationToken)
    {
        var before = Screen.Cluster.Client;
        var session = await _sessions!.OpenAsync(context, cancellationToken);
        if (Plugins is { } plugins) await plugins.SwitchSessionAsync(session, cancellationToken);
        Screen = Screen with { Cluster = session };
        await before.DisposeAsync();
        return Screen;
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var last)) await last.DisposeAsync();
    }

    private async Task StartAsync(Connection connection, Home home, bool runs, Action<string, Exception> bug, BorrowTerminal? terminal, Action<PluginId?, PluginLogLevel, string>? log, CancellationToken cancellationToken)
    {
        var isDemo = connection.Scenario is not null;
        _sessions = Own(Sessions.Of(connection, runs, terminal));
        // The cluster starts while the plugins are read: neither needs the other.
        var opening = _sessions.OpenAsync(null, cancellationToken);
        var installed = connection.Plugins ? InstalledPlugins.Read(InstalledPlugins.StoreOf(home), warning => Console.Error.WriteLine($"lazyoc: {warning}")).RemoveAll(plugin => !connection.Runs(plugin.Manifest.Id)) : [];
        var session = await opening;
        // A screen that lives has plugins that may yet be installed.
        if (connection.Plugins && (runs || !installed.IsEmpty))
        {
            var files = Own(new PluginLogs(home.Log, TimeProvider.System));
            Plugins = Own(await PluginHost.StartAsync(
                new PluginHostOptions
                {
                    Plugins = installed,
                    Session = session,
                    Audit = Own(AuditLog.Begin(new AuditDirectory(home.Audit), new AuditLimits(), TimeProvider.System, Random, SealKeyOf(home), connection.AuditReads)),
                    Log = log is null ? files.Write : (plugin, level, line) =>
                    {
                        files.Write(plugin, level, line);
                        log(plugin, level, line);
                    },
                    Bug = bug,
                    Time = _sessions.Clock,
                    Limits = runs ? new RuntimeLimits() : RuntimeLimits.OneFrame,
                    Settings = InstalledPlugins.SettingsOf(home),
                    Policy = PolicyFiles.Read(Environment.GetEnvironmentVariable),
                    Quarantine = InstalledPlugins.QuarantineOf(home),
                    Data = new PluginStore(home.Plugins).Data,
                    Network = new NetworkOptions { Blocklist = BlockedServers.Read(home.BlockedServers) },
                    ListenAddress = connection.ListenAddress,
                    Mounts = home.Mounts(Environment.GetEnvironmentVariable),
                },
                cancellationToken));
        }
        if (isDemo) ShowcaseTab = Plugins?.Extensions.Contributions.TabsFor(new GroupKind("", "Pod")).FirstOrDefault(tab => tab.Contribution.Id == Showcase)?.Contribution.Title;
        Screen = new ScreenSession { Cluster = session, Extensions = Plugins?.Extensions, AllNamespaces = connection.Namespace is null, Clock = _sessions.Clock, ShowLatency = runs || !isDemo };
    }

    // An audit without seals is better than no screen; verifying says that it has none.
    private static ReadOnlyMemory<byte> SealKeyOf(Home home)
    {
        try
        {
            return AuditSealKey.ReadOrMake(home.AuditKey, Random);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"lazyoc: the audit is not sealed: {error.Message}");
            return default;
        }
    }

    private static RandomSource Random => System.Security.Cryptography.RandomNumberGenerator.Fill;

    private T Own<T>(T owned) where T : IAsyncDisposable
    {
        _owned.Push(owned);
        return owned;
    }
}
