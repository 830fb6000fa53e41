using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Cli.Control;
using LazyOC.Cli.Installing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Tui.PluginsScreen;
using PackageFile = LazyOC.Cli.Commands.Plugin.PackageFile;

namespace LazyOC.Cli;

/// <summary>What the plugins page reads and does: the store of a home, and the plugins that run.</summary>
/// <remarks>It changes plugins the way the commands do, so every LazyOC of the home follows, this one too.</remarks>
internal sealed class ScreenPlugins(Home home, PluginStore store, PluginHost host)
{
    private readonly Lock _gate = new();
    private (long Generation, ImmutableArray<ListedPlugin> Plugins)? _listed;
    private ImmutableDictionary<PluginId, string> _updates = ImmutableDictionary<PluginId, string>.Empty;

    public PluginsBackend Backend(Action<string, Exception> bug) => new()
    {
        Installed = Installed,
        Statuses = () => host.Plugins,
        History = host.Meter.HistoryOf,
        Watch = host.Meter.Watch,
        Log = host.LogTail,
        Audit = plugin => [.. host.AuditTail(plugin).Select(LineOf)],
        ReadPackageAsync = (path, cancel) => Task.Run(() => Read(path), cancel),
        InstallAsync = InstallAsync,
        UninstallAsync = (plugin, cancel) => ChangeAsync(plugin, () => Uninstall(plugin), $"{plugin} is uninstalled", lifts: false, cancel),
        SwitchAsync = (plugin, enabled, cancel) => ChangeAsync(plugin, () => store.SetEnabled(plugin, enabled), $"{plugin} is {(enabled ? "enabled" : "disabled")}", lifts: enabled, cancel),
        Lift = host.Lift,
        Settings = host.SettingsOf,
        ChangeSettingsAsync = ChangeSettingsAsync,
        CheckAsync = cancel => CheckAsync(bug, cancel),
        Bug = error => bug("the plugins page", error),
    };

    /// <summary>Reads the store again only when another generation is current: the page asks with every frame.</summary>
    private ImmutableArray<ListedPlugin> Installed()
    {
        if (!store.Current().TryGet(out var generation, out _)) return [];
        lock (_gate)
        {
            if (_listed is not { } listed || listed.Generation != generation.Number)
                _listed = listed = (generation.Number, [.. generation.Plugins.Select(List).OfType<ListedPlugin>()]);
            // Changes with no generation; mostly there is none.
            if (!store.Withdrawn().TryGet(out var withdrawn, out _) || withdrawn.IsEmpty) return listed.Plugins;
            return [.. listed.Plugins.Select(plugin => plugin with { Withdrawn = withdrawn.FirstOrDefault(known => known.Digest == plugin.Digest) is { } known ? $"{known.Registry} has withdrawn it: {known.Reason}" : null })];
        }
    }

    /// <summary>Asks the registries; offline nothing changes.</summary>
    private async Task<ImmutableArray<PluginId>> CheckAsync(Action<string, Exception> bug, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Outdated.FindAsync(home, store, static _ => { }, cancellationToken);
            var updates = found.Where(row => row.Update is not null).ToImmutableDictionary(row => row.Id, row => row.Update!);
            lock (_gate) (_updates, _listed) = (updates, null);
            return [.. updates.Keys.Order()];
        }
        catch (Exception error) when (error is UserError or IOException or UnauthorizedAccessException)
        {
            bug("asking the registries", error);
            return [];
        }
    }

    private ListedPlugin? List(InstalledEntry entry) => store.OpenInstalled(entry.Id).TryGet(out var plugin, out _)
        ? new ListedPlugin { Manifest = plugin.Manifest, Update = UpdateOf(entry), Digest = entry.Digest, Source = entry.Source, Granted = entry.Granted, Enabled = entry.Enabled, Unsigned = entry.IsUnsigned }
        : null;

    /// <summary>The version that the registries offered in place of an installed one; null when it is installed by now.</summary>
    private string? UpdateOf(InstalledEntry entry) => _updates.GetValueOrDefault(entry.Id) is { } update && update != entry.Version.ToString() ? update : null;

    private static PluginAuditLine LineOf(AuditLine line) => new(
        line.Time,
        line.Event.Decision.ToString().ToLowerInvariant(),
        line.Event.Decision switch { AuditDecision.Refused => TextStyle.Error, AuditDecision.Failed or AuditDecision.Fault => TextStyle.Warn, AuditDecision.Transition => TextStyle.Info, _ => TextStyle.Muted },
        line.Event.Call,
        line.Event.Target,
        line.Event.Reason,
        line.Event.Count ?? 1);

    private Outcome<PackageOffer> Read(string path)
    {
        try
        {
            var file = Path.GetFullPath(path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path);
            var package = PackageFile.Open(file);
            return TrustOf(file, package).TryGet(out var trusted, out var problems) ? new PackageOffer(package.Manifest, file, package.Digest, Unsigned: trusted.Signer.Key is null) : problems;
        }
        catch (UserError error)
        {
            return new Problem("", error.Message, error.Hint);
        }
    }

    private async Task<Outcome<string>> InstallAsync(PackageOffer offer, CancellationToken cancellationToken)
    {
        try
        {
            var package = PackageFile.Open(Path.GetFullPath(offer.Path));
            // The file may have been replaced while the user read what it asks for.
            if (package.Digest != offer.Digest) return new Problem(offer.Path, "is not the file any more that you agreed to", "open it again");
            if (!TrustOf(offer.Path, package).TryGet(out var trusted, out var problems)) return problems;
            if (!store.Current().TryGet(out var current, out problems)) return problems;
            foreach (var (id, range) in package.Manifest.Dependencies)
                if (current.Find(id) is not { } found || !range.Contains(found.Version)) return new Problem(offer.Manifest.Id.ToString(), $"needs {id} {range}", $"`lazyoc plugin install {offer.Path}` installs both");
            var folders = ChosenFolders.Read(offer.Folders.Select(chosen => $"{chosen.Key}={chosen.Value}"), home.Mounts(Environment.GetEnvironmentVariable));
            var installation = new Installation { Package = package, Grant = ChosenFolders.Into(package.Manifest.Permissions, folders, current.Find(offer.Manifest.Id)?.Granted), Source = Path.GetFileName(offer.Path), Signer = trusted.Signer.Key?.ToString() };
            Pins.Change(home.Trust, known => known.With(offer.Manifest.Id.Publisher, trusted.NewPins)).OrThrow(ExitCode.Failed);
            return await ChangeAsync(offer.Manifest.Id, () => store.Install(installation), $"{offer.Manifest.Id} {offer.Manifest.Version} is installed", lifts: false, cancellationToken);
        }
        catch (UserError error)
        {
            return new Problem("", error.Message, error.Hint);
        }
    }

    /// <summary>Who vouches for a package. The page itself asks about one that is not signed; for a fingerprint asks the command.</summary>
    private Outcome<TrustDecision.Trusted> TrustOf(string path, PluginPackage package)
    {
        if (!PackageFetcher.ReadSignatures(path).TryGet(out var envelopes, out var problems)) return problems;
        if (!Pins.Read(home.Trust).TryGet(out var pins, out problems)) return problems;
        var configured = new Registries(home, TimeProvider.System, static _ => { }).Read().Mode;
        // What was signed before is not replaced by what nobody signed, only because somebody said yes to what it asks for.
        var mode = configured == TrustMode.Default && envelopes.IsEmpty && pins.Of(package.Manifest.Id.Publisher).Keys.IsEmpty ? TrustMode.Dev : configured;
        return TrustPolicy.Decide(mode, new TrustRequest { Package = PackageIdentity.Of(package), Envelopes = envelopes, Pins = pins }) switch
        {
            TrustDecision.Trusted trusted => trusted,
            TrustDecision.Refused refused => refused.Problem,
            TrustDecision.KeyChanged => new Problem(Path.GetFileName(path), $"is NOT signed with the key that the packages of {package.Manifest.Id.Publisher} were signed with before", $"`lazyoc plugin install {path}` shows both keys"),
            _ => new Problem(Path.GetFileName(path), "is signed with a key that you have not trusted yet", $"`lazyoc plugin install {path}` asks for its fingerprint"),
        };
    }

    private Outcome<Generation> Uninstall(PluginId plugin)
    {
        if (!store.Current().TryGet(out var current, out var problems)) return problems;
        var needed = store.Unmet(current with { Plugins = [.. current.Plugins.Where(entry => entry.Id != plugin)] });
        return needed.IsEmpty ? store.Uninstall(plugin) : needed;
    }

    private async Task<Outcome<string>> ChangeSettingsAsync(PluginManifest manifest, IReadOnlyDictionary<string, JsonElement?> changes, CancellationToken cancellationToken)
    {
        if (host.Settings is not { } settings) return new Problem("", "this session has no settings to change");
        if (!settings.Change(manifest, changes).TryGet(out _, out var problems)) return problems;
        // This process is among them and finds nothing different any more.
        await RunningInstances.AskAsync(home, new ControlRequest { Verb = ControlVerb.Settings, Plugin = manifest.Id }, cancellationToken);
        return $"{manifest.Id}: {string.Join(", ", changes.Keys.Order(StringComparer.Ordinal))} saved";
    }

    private async Task<Outcome<string>> ChangeAsync(PluginId plugin, Func<Outcome<Generation>> change, string done, bool lifts, CancellationToken cancellationToken)
    {
        try
        {
            if (lifts) InstalledPlugins.QuarantineOf(home).Remove(plugin);
            await StoreChange.MakeAsync(home, store, [plugin], change, lifts: lifts, cancellationToken: cancellationToken);
            return done;
        }
        catch (UserError error)
        {
            return new Problem("", error.Message, error.Hint);
        }
    }
}
