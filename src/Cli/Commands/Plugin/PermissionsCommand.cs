using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin permissions</c>: what a plugin asks for, what you granted, what the policy leaves of it; and changing the grant.</summary>
internal static class PermissionsCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var revoke = new Option<string[]>("--revoke") { Description = "Take a permission away, by its path or its group's, such as kubernetes[0] or network", HelpName = "PATH" };
        var restore = new Option<string?>("--restore") { Description = "Grant again what was taken away: one permission, a group, or all without a path", HelpName = "PATH", Arity = ArgumentArity.ZeroOrOne };
        var contexts = new Option<string?>("--contexts") { Description = "Kubeconfig contexts in which the cluster permissions hold, such as dev-*,test; * for all", HelpName = "GLOB,…" };
        var mounts = ChosenFolders.Option();
        var output = Output.Option();
        var command = new Command(
            "permissions",
            """
            Shows what a plugin may do: what it asks for, what you granted and what the administrator's policy leaves of it. A change
            holds at once in every LazyOC that is open.

            Examples:
              lazyoc plugin permissions acme.prometheus
              lazyoc plugin permissions acme.prometheus --revoke network.connect
              lazyoc plugin permissions acme.prometheus --contexts 'dev-*'
              lazyoc plugin permissions acme.prometheus --mount reports=~/reports
            """) { id, revoke, restore, contexts, mounts, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var plugin = parsed.GetRequiredValue(id);
            var entry = PluginCommand.Installed(store, plugin);
            var manifest = store.Open(entry).OrThrow(ExitCode.Failed).Manifest;
            var change = new GrantChange(manifest.Permissions, entry);
            foreach (var path in parsed.GetValue(revoke) ?? []) change.Revoke(path).OrThrow(ExitCode.Usage);
            if (parsed.GetResult(restore) is not null) change.Restore(parsed.GetValue(restore)).OrThrow(ExitCode.Usage);
            if (parsed.GetValue(contexts) is { } globs) change.SetContexts(globs);
            if (parsed.GetValue(mounts) is { Length: > 0 } given) change.SetFolders(ChosenFolders.Read(given, home.Mounts(Environment.GetEnvironmentVariable))).OrThrow(ExitCode.Usage);
            var running = ImmutableArray<Control.RunningRow>.Empty;
            if (change.IsChanged)
            {
                var (generation, rows) = await StoreChange.MakeAsync(home, store, [plugin], () => store.SetGrant(plugin, change.Grant, change.Contexts), cancellationToken: cancellationToken);
                (entry, running) = (generation.Find(plugin)!, rows);
            }
            var shown = PermissionsReport.Of(manifest, entry, PolicyFiles.Read(Environment.GetEnvironmentVariable)) with { Running = change.IsChanged ? running : null };
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(shown, PluginJson.Default.PermissionsReport);
            else Print(shown);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(PermissionsReport report)
    {
        Console.WriteLine($"{report.Id} {report.Version}: cluster permissions hold in {(report.Contexts is ["*"] ? "every context" : report.Contexts.IsEmpty ? "no context" : "the contexts " + string.Join(", ", report.Contexts.Select(Output.Printable)))}");
        if (report.Blocked is not null) Console.WriteLine($"It does not run: {Output.Printable(report.Blocked)}");
        if (report.Permissions.IsEmpty) Console.WriteLine("It asks for no permissions.");
        else
        {
            Output.Rows(["PATH", "GRANTED", "POLICY", "EFFECTIVE", "IT MAY", "WHY"], report.Permissions.Select(row => (string[])
            [
                row.Path,
                row.Granted ? "yes" : "no",
                row.LimitedBy is null ? "yes" : $"limited by {row.LimitedBy}",
                row.Effective,
                row.Text,
                row.Reason ?? "",
            ]));
        }
        if (report.Running is { } running) StoreChange.Print(report.Id, running);
    }
}

/// <summary>A change of what a plugin is granted: always some of the permissions that its manifest asks for, whole.</summary>
internal sealed class GrantChange(PermissionSet manifest, InstalledEntry entry)
{
    private ImmutableHashSet<string> _granted = [.. PermissionPath.Of(manifest).Where(path => PermissionPath.Select(manifest, other => other == path).IsWithin(entry.Granted))];

    private ImmutableSortedDictionary<string, string> _folders = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<string> Contexts { get; private set; } = entry.Contexts;

    /// <summary>Whether anything was asked for.</summary>
    public bool IsChanged { get; private set; }

    public PermissionSet Grant => ChosenFolders.Into(PermissionPath.Select(manifest, _granted.Contains), _folders, entry.Granted);

    /// <summary>Takes permissions away.</summary>
    public Outcome<GrantChange> Revoke(string path) => Change(path, named => _granted = _granted.Except(named));

    /// <summary>Gives permissions again; all that the manifest asks for when there is no path.</summary>
    public Outcome<GrantChange> Restore(string? path) => path is null
        ? Change(PermissionPath.Of(manifest), named => _granted = _granted.Union(named))
        : Change(path, named => _granted = _granted.Union(named));

    public void SetContexts(string globs)
    {
        Contexts = [.. globs.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        IsChanged = true;
    }

    /// <summary>Gives folders to mounts that the plugin has been granted.</summary>
    public Outcome<GrantChange> SetFolders(ImmutableSortedDictionary<string, string> folders)
    {
        var mounts = PermissionPath.Select(manifest, _granted.Contains).Files.Select(rule => rule.Mount).ToArray();
        foreach (var mount in folders.Keys)
            if (!mounts.Contains(mount)) return new Problem("", $"{entry.Id} has no mount `{mount}`", mounts.Length == 0 ? "it has been granted no files" : $"it has {string.Join(", ", mounts)}");
        (_folders, IsChanged) = (folders, true);
        return this;
    }

    private Outcome<GrantChange> Change(string path, Action<ImmutableArray<string>> change)
    {
        ImmutableArray<string> named = [.. PermissionPath.Of(manifest).Where(permission => PermissionPath.Names(path, permission))];
        return named.IsEmpty
            ? new Problem("", $"{entry.Id} asks for no permission `{path}`", $"it asks for {string.Join(", ", PermissionPath.Of(manifest))}")
            : Change(named, change);
    }

    private GrantChange Change(ImmutableArray<string> named, Action<ImmutableArray<string>> change)
    {
        change(named);
        IsChanged = true;
        return this;
    }
}
