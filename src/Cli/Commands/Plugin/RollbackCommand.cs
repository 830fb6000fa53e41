using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Cli.Control;
using LazyOC.Cli.Installing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin rollback</c>: one plugin, or all of them, as they were before, with their data of that time.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        id.Arity = ArgumentArity.ZeroOrOne;
        var number = new Option<int?>("--generation") { Description = "All plugins as they were in this set, of `lazyoc plugin history`", HelpName = "N" };
        var output = Output.Option();
        var command = new Command(
            "rollback",
            """
            Puts a plugin back to the version before, or all plugins back to an earlier set, with what they had stored at that
            time. What they have stored since stays until `lazyoc plugin gc`. Going back can be gone back on the same way.

            Examples:
              lazyoc plugin rollback acme.prometheus
              lazyoc plugin rollback --generation 3
            """) { id, number, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var current = store.Current().OrThrow(ExitCode.Failed);
            var isOne = parsed.GetResult(id) is { Tokens.Count: > 0 };
            if (isOne == parsed.GetValue(number) is not null) throw new UserError(ExitCode.Usage, "name one plugin, or a set with `--generation`", "`lazyoc plugin history` shows the sets");
            var (target, change) = isOne ? OnePlugin(store, current, parsed.GetRequiredValue(id)) : AllPlugins(store, current, parsed.GetValue(number)!.Value);
            RefuseWithdrawn(store, current, target);
            var (generation, running) = await StoreChange.MakeAsync(home, store, ChangedIn(current, target), change, ExitCode.Refused, cancellationToken: cancellationToken);
            Print(current, generation, running, parsed.GetValue(output));
            return ExitCode.Ok;
        });
        return command;
    }

    private static (Generation Target, Func<Outcome<Generation>> Change) OnePlugin(PluginStore store, Generation current, PluginId id)
    {
        PluginCommand.Installed(store, id);
        var before = store.Before(current, id);
        return (before is null ? current : current with { Plugins = [.. current.Plugins.Select(entry => entry.Id == id ? before : entry)] }, () => store.Rollback(id));
    }

    private static (Generation Target, Func<Outcome<Generation>> Change) AllPlugins(PluginStore store, Generation current, int number)
    {
        var target = store.History().FirstOrDefault(set => set.Number == number)
            ?? throw new UserError(ExitCode.NotFound, $"there is no set {number}", "`lazyoc plugin history` shows those there are");
        foreach (var entry in target.Plugins) store.Open(entry).OrThrow(ExitCode.Failed, $"set {number}");
        return (target, () => store.SwitchBack(current.Number, number));
    }

    /// <summary>It would be installed again, and not run.</summary>
    private static void RefuseWithdrawn(PluginStore store, Generation current, Generation target)
    {
        var withdrawn = store.Withdrawn().OrThrow(ExitCode.Failed);
        foreach (var id in ChangedIn(current, target))
            if (target.Find(id) is { } entry && withdrawn.FirstOrDefault(known => known.Digest == entry.Digest) is { } known)
                throw new UserError(ExitCode.Refused, $"{id} {entry.Version} does not run any more: {known.Registry} has withdrawn it: {known.Reason}", "`lazyoc plugin update` looks for a version that does") { Help = HelpPage.Withdrawn };
    }

    private static ImmutableArray<PluginId> ChangedIn(Generation before, Generation after) =>
        [.. before.Plugins.Concat(after.Plugins).Select(entry => entry.Id).Distinct().Where(id => before.Find(id) is not { } was || after.Find(id) is not { } now || !IsSame(was, now))];

    private static bool IsSame(InstalledEntry was, InstalledEntry now) => was.GivesTheSameAs(now) && was.Limits == now.Limits && was.Enabled == now.Enabled && was.StoreEpoch == now.StoreEpoch;

    private static void Print(Generation before, Generation after, ImmutableArray<RunningRow> running, OutputFormat output)
    {
        var changed = ChangedIn(before, after);
        if (output == OutputFormat.Json)
        {
            Output.Json(
                new InstalledReport
                {
                    Generation = after.Number,
                    Installed = [.. changed.Select(after.Find).OfType<InstalledEntry>().Select(entry => PluginRow.Of(entry))],
                    Removed = [.. changed.Where(id => after.Find(id) is null).Select(id => new RemovedRow(id, before.Find(id)!.Version.ToString(), Asked: true))],
                    Running = running,
                },
                PluginJson.Default.InstalledReport);
            return;
        }
        if (changed.IsEmpty) Console.WriteLine($"set {after.Number} is in force; no plugin is different in it");
        foreach (var id in changed)
        {
            Console.WriteLine((before.Find(id), after.Find(id)) switch
            {
                ({ } was, { } now) when was.Version != now.Version => $"{id} is {now.Version} again, in place of {was.Version}{(was.StoreEpoch != now.StoreEpoch ? ", with what it had stored then" : "")}",
                ({ } was, { } now) => $"{id} {now.Version} is {(was.Enabled == now.Enabled ? "as it was" : now.Enabled ? "enabled" : "disabled")} again",
                (null, { } now) => $"{id} {now.Version} is installed again",
                ({ } was, null) => $"{id} {was.Version} is uninstalled",
                _ => throw new InvalidOperationException($"{id} is in neither set"),
            });
            StoreChange.Print(id, running);
        }
    }
}
