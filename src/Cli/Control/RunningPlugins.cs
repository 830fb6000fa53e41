using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;

namespace LazyOC.Cli.Control;

/// <summary>
/// The plugins of a running LazyOC: those that are installed and enabled, and in the place of some of them the packages that
/// their authors are working on. Thread safe.
/// </summary>
/// <param name="host">Runs them.</param>
/// <param name="store">Where they are installed.</param>
/// <param name="warn">Told of plugins that cannot be used; must return at once.</param>
/// <param name="runs">Which of the installed plugins run here; all when null.</param>
internal sealed class RunningPlugins(PluginHost host, PluginStore store, Action<string> warn, Func<PluginId, bool>? runs = null) : IDisposable
{
    private static readonly ControlLimits Limits = new();

    private readonly SemaphoreSlim _changing = new(1);
    private ImmutableDictionary<PluginId, DevPlugin> _dev = ImmutableDictionary<PluginId, DevPlugin>.Empty;

    /// <summary>Does what a client of the control socket asks.</summary>
    public async Task<ControlAnswer> HandleAsync(ControlRequest request, ControlConnection connection, CancellationToken cancellationToken)
    {
        switch (request)
        {
            case { Verb: ControlVerb.Reload } when !store.Current().TryGet(out _, out var damage):
                return ControlAnswer.Failed(Problem.Join(damage));
            case { Verb: ControlVerb.Reload }:
                return Answer(await ReloadAsync(request.Plugin, cancellationToken));
            case { Verb: ControlVerb.Status }:
                return new ControlAnswer { Plugins = host.Plugins };
            case { Verb: ControlVerb.Dev, File: { } file }:
                return await DevelopAsync(file, connection, cancellationToken);
            case { Verb: ControlVerb.DevError, Plugin: { } plugin }:
                return host.ReportBuildError(plugin, request.Message) ? new ControlAnswer() : ControlAnswer.Failed($"{plugin} does not run here");
            case { Verb: ControlVerb.Settings, Plugin: { } plugin }:
                host.ReloadSettings(plugin);
                return new ControlAnswer();
            case { Verb: ControlVerb.Logs, Plugin: { } plugin }:
                return new ControlAnswer { Lines = [.. host.LogTail(plugin).Where(line => request.After is not { } after || line.Time > after)] };
            case { Verb: ControlVerb.Permissions, Plugin: { } plugin }:
                return new ControlAnswer { Permissions = host.RecordPermissions(plugin) };
            case { Verb: ControlVerb.Profile, Plugin: { } plugin, Seconds: >= 1 and var seconds } when TimeSpan.FromSeconds(seconds) <= Limits.MaxProfile:
                return await host.ProfileAsync(plugin, TimeSpan.FromSeconds(seconds), cancellationToken) is { } profile
                    ? new ControlAnswer { Profile = profile }
                    : ControlAnswer.Failed($"{plugin} does not run here, or is being profiled already");
            default:
                return ControlAnswer.Failed($"`{request.Verb.ToString().ToLowerInvariant()}` lacks what it is about");
        }
    }

    /// <summary>Runs what is installed and enabled now.</summary>
    /// <param name="lift">The plugin whose quarantine the user has lifted.</param>
    /// <param name="cancellationToken">Ends the wait for another change.</param>
    public async Task<ImmutableArray<PluginChange>> ReloadAsync(PluginId? lift, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (lift is { } lifted) host.Lift(lifted);
            return await ApplyAsync(cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private async Task<ControlAnswer> DevelopAsync(string file, ControlConnection connection, CancellationToken cancellationToken)
    {
        if (!Open(file).TryGet(out var plugin, out var problems)) return ControlAnswer.Failed(Problem.Join(problems));
        var id = plugin.Manifest.Id;
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var before = _dev.GetValueOrDefault(id);
            _dev = _dev.SetItem(id, new DevPlugin(plugin, connection));
            var changes = await ApplyAsync(cancellationToken);
            if (before?.Owner != connection) connection.WhenClosed(() => EndDevelopmentAsync(id, connection));
            if (changes.OfType<PluginChange.SwapFailed>().FirstOrDefault(change => change.Plugin == id) is { } failed)
            {
                _dev = before is null ? _dev.Remove(id) : _dev.SetItem(id, before with { Owner = connection });
                host.ReportBuildError(id, $"{failed.To} could not take over: {failed.Reason}{(failed.Stack is null ? "" : "\n" + failed.Stack)}");
            }
            else
            {
                // Also when it is the very package that runs, because its author took back what was wrong.
                host.ReportBuildError(id, null);
            }
            return Answer(changes);
        }
        finally
        {
            _changing.Release();
        }
    }

    // By then another connection may have brought a package of its own.
    private async Task EndDevelopmentAsync(PluginId id, ControlConnection connection)
    {
        await _changing.WaitAsync();
        try
        {
            if (_dev.GetValueOrDefault(id)?.Owner != connection) return;
            _dev = _dev.Remove(id);
            host.ForgetPermissions(id);
            host.ReportBuildError(id, null);
            foreach (var change in await ApplyAsync(CancellationToken.None))
                if (change is PluginChange.SwapFailed failed) warn($"{id}: the installed {failed.To} cannot take over from the one under development: {failed.Reason}");
        }
        finally
        {
            _changing.Release();
        }
    }

    private Task<ImmutableArray<PluginChange>> ApplyAsync(CancellationToken cancellationToken)
    {
        var installed = InstalledPlugins.Read(store, warn).Where(plugin => !_dev.ContainsKey(plugin.Manifest.Id) && runs?.Invoke(plugin.Manifest.Id) is not false);
        return host.ApplyAsync([.. installed, .. _dev.Values.Select(dev => dev.Plugin)], cancellationToken);
    }

    private static Outcome<InstalledPlugin> Open(string file)
    {
        try
        {
            if (new FileInfo(file).Length > PackageLimits.Default.MaxPackedBytes) return new Problem(file, $"has more than the {PackageLimits.Default.MaxPackedBytes:N0} bytes that a package may have");
            return PluginPackage.Open(File.ReadAllBytes(file)).TryGet(out var package, out var problems) ? package.ForDevelopment() : problems;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new Problem("", $"the package cannot be read: {error.Message}");
        }
    }

    private static ControlAnswer Answer(ImmutableArray<PluginChange> changes) => new() { Changes = [.. changes.Select(ControlChange.Of).OfType<ControlChange>()] };

    private sealed record DevPlugin(InstalledPlugin Plugin, ControlConnection Owner);
}
