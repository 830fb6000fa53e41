using System.Collections.Immutable;
using LazyOC.Cli.Control;
using LazyOC.Cluster;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Cli.Commands.Agent;

/// <summary>Runs plugins without a screen until it is told to end.</summary>
internal sealed class PluginAgent(Connection connection, Home home, AgentLog log)
{
    /// <summary>How often it is looked whether another process has left the lead of a plugin.</summary>
    private static readonly TimeSpan LeaderInterval = new RuntimeLimits().LeaderInterval;

    private readonly Dictionary<PluginId, PluginState> _states = [];
    private readonly Dictionary<PluginId, bool> _leads = [];

    /// <exception cref="UserError">There is nothing to run.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var store = InstalledPlugins.StoreOf(home);
        var installed = Chosen(store);
        await using var live = await LiveCluster.OpenAsync(connection, home, runs: true, Fault, log: log.Write, cancellationToken: cancellationToken);
        var host = live.Plugins!;
        host.Extensions.UserPrompts = new NobodyThere(log);
        await using var control = ControlSocket.Open(home, host, store, Warn, Fault, connection.Runs);
        var cluster = live.Screen.Cluster;
        cluster.Client.StateChanged += OnConnectionChanged;
        log.Write(PluginLogLevel.Info, $"{(installed is [_] ? "1 plugin" : $"{installed.Length} plugins")}, context {cluster.Context} as {cluster.User}{(cluster.ReadOnly ? ", read-only" : "")}");
        foreach (var plugin in installed) Introduce(plugin, cluster.ReadOnly);
        try
        {
            while (true)
            {
                var version = host.Extensions.Version;
                TellStates(host);
                Lead(host);
                using var next = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await await Task.WhenAny(host.Extensions.WaitForChangeAsync(version, next.Token), Task.Delay(LeaderInterval, next.Token));
                await next.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            log.Write(PluginLogLevel.Info, "told to end");
        }
        finally
        {
            cluster.Client.StateChanged -= OnConnectionChanged;
        }
        return ExitCode.Ok;
    }

    /// <summary>The plugins that are to run.</summary>
    private ImmutableArray<InstalledPlugin> Chosen(PluginStore store)
    {
        var all = InstalledPlugins.Read(store, static _ => { });
        if (connection.OnlyPlugins is { } only && only.Where(id => !all.Any(plugin => plugin.Manifest.Id == id)).ToArray() is [var missing, ..])
            throw new UserError(ExitCode.NotFound, $"{missing} is not installed, or not enabled", $"`lazyoc plugin list` shows what is; `lazyoc plugin install {missing}` installs it");
        var chosen = all.Where(plugin => connection.Runs(plugin.Manifest.Id)).ToImmutableArray();
        return chosen.IsEmpty ? throw new UserError(ExitCode.NotFound, "no plugin is installed and enabled", "`lazyoc plugin install` installs one; `lazyoc plugin list` shows what there is") : chosen;
    }

    /// <summary>Says what is to be expected of a plugin here.</summary>
    private void Introduce(InstalledPlugin plugin, bool readOnly)
    {
        var (id, granted) = (plugin.Manifest.Id, plugin.Entry.Granted);
        if (!plugin.Manifest.Activation.Any(activation => ActivationEvent.TryParse(activation, out var parsed) && parsed.Kind is ActivationKind.Startup or ActivationKind.Event))
            log.Write(id, PluginLogLevel.Warn, "nothing starts it without a screen: its activation has neither onStartup nor an event");
        foreach (var rule in granted.Kubernetes.Where(rule => rule.Unattended && !readOnly))
            log.Write(id, PluginLogLevel.Info, $"may do unattended: {string.Join(", ", rule.Verbs)} of {string.Join(", ", rule.Resources)} in {(rule.Namespaces.Contains("*") ? "every namespace" : string.Join(", ", rule.Namespaces))}");
    }

    private void TellStates(PluginHost host)
    {
        foreach (var plugin in host.Plugins)
        {
            if (_states.TryGetValue(plugin.Id, out var before) && before == plugin.State) continue;
            _states[plugin.Id] = plugin.State;
            var level = plugin.State switch
            {
                PluginState.Faulted => PluginLogLevel.Warn,
                PluginState.Suspended or PluginState.Blocked or PluginState.Quarantined => PluginLogLevel.Error,
                _ => PluginLogLevel.Info,
            };
            log.Write(plugin.Id, level, $"{plugin.Version} is {plugin.State.ToString().ToLowerInvariant()}{(plugin.Reason is { } reason ? $": {reason}" : "")}");
        }
    }

    private void Lead(PluginHost host)
    {
        foreach (var plugin in host.Plugins)
        {
            var leads = host.TryLead(plugin.Id);
            var isKnown = _leads.TryGetValue(plugin.Id, out var before);
            if (isKnown && before == leads) continue;
            _leads[plugin.Id] = leads;
            if (!leads) log.Write(plugin.Id, PluginLogLevel.Warn, "another LazyOC of this home does its unattended work; that is taken over here when it has ended");
            else if (isKnown) log.Write(plugin.Id, PluginLogLevel.Info, "its unattended work is done here");
        }
    }

    private void OnConnectionChanged(object? sender, EventArgs e)
    {
        if (sender is not ClusterClient { State: var state }) return;
        if (state.Phase == ConnectionPhase.Reconnecting) log.Write(PluginLogLevel.Warn, $"the cluster does not answer, and is tried again: {state.Cause?.Message}");
        else if (state.Phase == ConnectionPhase.Connected) log.Write(PluginLogLevel.Info, "the cluster answers");
    }

    private void Warn(string warning) => log.Write(PluginLogLevel.Warn, warning);

    private void Fault(string what, Exception bug) => log.Write(PluginLogLevel.Error, $"a fault of LazyOC itself in {what}: {bug}");
}
