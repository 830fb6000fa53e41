using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Overlays;
using FileAccess = LazyOC.Plugins.Contracts.Permissions.FileAccess;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>What the user does with plugins: each asks what it has to, has it done, and says what came of it. Thread safe.</summary>
internal sealed class PluginOperations(PluginsBackend backend, Dialogs dialogs)
{
    private const string Going = "plugins";
    private int _busy;

    /// <summary>Installs a plugin from a file the user names, after consent.</summary>
    public Task InstallAsync(CancellationToken cancellationToken) => OneAtATimeAsync(async () =>
    {
        if (await ReadAsync("Install a plugin", cancellationToken) is { } offer)
            await InstallAsync(offer, backend.Installed().FirstOrDefault(p => p.Manifest.Id == offer.Manifest.Id), cancellationToken);
    });

    /// <summary>Puts another version from a file in the place of an installed plugin, after consent.</summary>
    public Task UpdateAsync(ListedPlugin plugin, CancellationToken cancellationToken) => OneAtATimeAsync(async () =>
    {
        if (await ReadAsync($"Update {plugin.Manifest.Id}", cancellationToken) is not { } offer)
            return;
        if (offer.Manifest.Id == plugin.Manifest.Id)
            await InstallAsync(offer, plugin, cancellationToken);
        else
            await FailAsync($"Cannot update {plugin.Manifest.Id}", [new Problem("", $"{offer.Path} holds another plugin, {offer.Manifest.Id}", "`i` installs it beside this one")], cancellationToken);
    });

    /// <summary>Takes a plugin away, after a confirmation.</summary>
    public Task UninstallAsync(ListedPlugin plugin, CancellationToken cancellationToken) => OneAtATimeAsync(async () =>
    {
        var question = new Confirmation
        {
            Verb = "Uninstall",
            What = $"plugin {plugin.Manifest.Id}",
            Danger = DangerLevel.Destructive,
            Consequence = "What it adds to the screen goes away at once, and what you granted it is forgotten",
        };
        if (await dialogs.AskAsync(question, cancellationToken))
            await DoAsync($"Uninstalling {plugin.Manifest.Id}", $"Cannot uninstall {plugin.Manifest.Id}", backend.UninstallAsync(plugin.Manifest.Id, cancellationToken), cancellationToken);
    });

    /// <summary>Enables a disabled plugin, disables an enabled one.</summary>
    public Task SwitchAsync(ListedPlugin plugin, CancellationToken cancellationToken) => OneAtATimeAsync(() =>
    {
        var (going, cannot) = plugin.Enabled ? ("Disabling", "disable") : ("Enabling", "enable");
        return DoAsync($"{going} {plugin.Manifest.Id}", $"Cannot {cannot} {plugin.Manifest.Id}", backend.SwitchAsync(plugin.Manifest.Id, !plugin.Enabled, cancellationToken), cancellationToken);
    });

    /// <summary>Lets a stopped plugin run again.</summary>
    public void Lift(ListedPlugin plugin) => dialogs.Notify(backend.Lift(plugin.Manifest.Id)
        ? new Notice($"{plugin.Manifest.Id} may run again", TextStyle.Ok)
        : new Notice($"{plugin.Manifest.Id} is not stopped: there is nothing to lift", TextStyle.Info));

    /// <summary>Asks for a plugin's settings in a form that its schema makes, until they are accepted or the user gives up.</summary>
    public Task ChangeSettingsAsync(ListedPlugin plugin, CancellationToken cancellationToken) => OneAtATimeAsync(async () =>
    {
        var (id, settings) = (plugin.Manifest.Id, plugin.Manifest.Settings);
        if (settings.IsEmpty)
        {
            dialogs.Notify(new Notice($"{id} has no settings", TextStyle.Info));
            return;
        }
        var now = backend.Settings(plugin.Manifest);
        var form = new SettingsForm(settings, now);
        while (await dialogs.AskAsync(form.Prompt($"Settings of {id}"), cancellationToken) is { } filled)
        {
            form = form.With(filled);
            var outcome = form.Changes(filled);
            if (outcome.TryGet(out var changes, out var problems))
            {
                if (changes.IsEmpty)
                    return;
                var saved = await backend.ChangeSettingsAsync(plugin.Manifest, changes, cancellationToken);
                if (saved.TryGet(out var done, out problems))
                {
                    dialogs.Notify(new Notice(done, TextStyle.Ok));
                    return;
                }
            }
            await FailAsync("These settings are not accepted", problems, cancellationToken);
        }
    });

    private async Task OneAtATimeAsync(Func<Task> operation)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            dialogs.Notify(new Notice("Plugins are being changed already; try again when that is done", TextStyle.Warn));
            return;
        }
        try
        {
            await operation();
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private async Task<PackageOffer?> ReadAsync(string title, CancellationToken cancellationToken)
    {
        var field = new FormField { Name = "path", Label = "Package", Kind = FieldKind.Text, Required = true, Help = "a file, NAME-VERSION.lzp; `lazyoc plugin pack DIR` makes one" };
        if (await dialogs.AskAsync(new Prompt(title, [field], "Read it"), cancellationToken) is not { } values)
            return null;
        var path = values.GetProperty("path").GetString() ?? "";
        var outcome = await GoingOnAsync($"Reading {path}", backend.ReadPackageAsync(path, cancellationToken));
        if (outcome.TryGet(out var offer, out var problems))
            return offer;
        await FailAsync("Cannot read the package", problems, cancellationToken);
        return null;
    }

    private async Task InstallAsync(PackageOffer offer, ListedPlugin? installed, CancellationToken cancellationToken)
    {
        var request = new ConsentRequest(offer.Manifest, offer.Path, offer.Digest)
        {
            Unsigned = offer.Unsigned,
            ThroughServices = ServiceReach.InWords(
                offer.Manifest.Id,
                installed is null ? offer.Manifest.Permissions : offer.Manifest.Permissions.Widening(installed.Granted),
                id => backend.Installed().FirstOrDefault(p => p.Manifest.Id == id)?.Granted),
            Installed = installed is null ? null : (installed.Manifest.Version.ToString(), installed.Granted),
        };
        if (await dialogs.AskAsync(new ConsentDialog(request), cancellationToken))
        {
            offer = offer with { Folders = await AskFoldersAsync(offer.Manifest, installed, cancellationToken) };
            await DoAsync($"Installing {offer.Manifest.Id} {offer.Manifest.Version}", $"Cannot install {offer.Manifest.Id}", backend.InstallAsync(offer, cancellationToken), cancellationToken);
        }
        else
        {
            dialogs.Notify(new Notice($"{offer.Manifest.Id} {offer.Manifest.Version} is not installed: you did not consent", TextStyle.Info));
        }
    }

    /// <summary>Asks which folders the plugin is to see below <c>/mnt</c>: those that it has been given before are not asked for again.</summary>
    private async Task<ImmutableSortedDictionary<string, string>> AskFoldersAsync(PluginManifest manifest, ListedPlugin? installed, CancellationToken cancellationToken)
    {
        var chosen = ImmutableSortedDictionary<string, string>.Empty;
        var missing = manifest.Permissions.Files.Where(rule => installed?.Granted.Files.Any(granted => granted.Mount == rule.Mount && granted.Host is not null) != true).ToArray();
        if (missing.Length == 0)
            return chosen;
        var fields = missing.Select(rule => new FormField
        {
            Name = rule.Mount,
            Label = $"/mnt/{rule.Mount}",
            Kind = FieldKind.Text,
            Help = $"a folder of yours that it may {(rule.Access == FileAccess.ReadWrite ? "read and write" : "read")}{(rule.Suggest is { } suggest ? $"; it suggests {suggest}" : "")}; empty for none for now",
        });
        if (await dialogs.AskAsync(new Prompt($"Which folders is {manifest.Id} to see?", [.. fields], "Give them"), cancellationToken) is not { } values)
            return chosen;
        foreach (var rule in missing)
            if (values.TryGetProperty(rule.Mount, out var folder) && folder.GetString() is { Length: > 0 } typed) chosen = chosen.Add(rule.Mount, typed);
        return chosen;
    }

    private async Task DoAsync(string going, string failed, Task<Outcome<string>> work, CancellationToken cancellationToken)
    {
        if ((await GoingOnAsync(going, work)).TryGet(out var done, out var problems))
            dialogs.Notify(new Notice(done, TextStyle.Ok));
        else
            await FailAsync(failed, problems, cancellationToken);
    }

    /// <summary>Says that something goes on for as long as it does.</summary>
    private async Task<T> GoingOnAsync<T>(string text, Task<T> work)
    {
        var notice = new Notice(text) { Id = Going, Lasts = true };
        dialogs.Notify(notice);
        try
        {
            return await work;
        }
        finally
        {
            dialogs.Board.Remove(notice.IsSame);
        }
    }

    private Task FailAsync(string title, ImmutableArray<Problem> problems, CancellationToken cancellationToken) => dialogs.AskAsync(
        new Message(title, string.Join("\n\n", problems.Select(p => new Problem(p.Where, p.Message).ToString())))
        {
            Hint = problems.Select(p => p.Hint).FirstOrDefault(hint => hint is { Length: > 0 }),
        },
        cancellationToken);
}
