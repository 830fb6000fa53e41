using System.Collections.Immutable;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Screen;

namespace LazyOC.Cli.Installing;

/// <summary>A key that a plugin asks for and does not get.</summary>
/// <param name="Key">The key or chord.</param>
/// <param name="Command">The plugin's command or action.</param>
/// <param name="Has">Who has it: commands of other plugins, or LazyOC's own.</param>
/// <param name="Own">Whether it is LazyOC's own.</param>
internal sealed record KeyRow(string Key, string Command, ImmutableArray<string> Has, bool Own);

/// <summary>Says what has changed, and which keys of it are taken.</summary>
internal sealed class InstallReport(Home home, PluginStore store)
{
    public void Print(InstallPlan plan, Generation generation, ImmutableArray<RunningRow> running, OutputFormat output)
    {
        var keys = plan.Install.ToDictionary(planned => planned.Id, planned => KeysOf(generation, planned.Id));
        if (output == OutputFormat.Json)
        {
            Output.Json(
                new InstalledReport
                {
                    Generation = generation.Number,
                    Installed = [.. plan.Install.Select(planned => PluginRow.Of(generation.Find(planned.Id)!) with { Keys = keys[planned.Id] })],
                    Removed = [.. plan.Remove.Select(entry => new RemovedRow(entry.Id, entry.Version.ToString(), plan.Goal.Remove.Contains(entry.Id)))],
                    Running = running,
                },
                PluginJson.Default.InstalledReport);
            return;
        }
        foreach (var planned in plan.Install)
        {
            var entry = generation.Find(planned.Id)!;
            Console.WriteLine($"{entry.Id} {entry.Version} is installed{(planned.Before is { } before && before.Version != entry.Version ? $" in place of {before.Version}" : "")}{(entry.IsUnsigned ? ", unsigned" : "")}");
            if (PlannedRow.WarningOf(planned) is { } warning) Console.WriteLine(Output.Printable($"  ! {warning}"));
            StoreChange.Print(entry.Id, running);
        }
        foreach (var line in PlanReport.ReasonLines(plan)) Console.WriteLine(line);
        foreach (var entry in plan.Remove)
        {
            Console.WriteLine($"{entry.Id} {entry.Version} is uninstalled{(plan.Goal.Remove.Contains(entry.Id) ? "" : ": nothing needs it any more")}");
            StoreChange.Print(entry.Id, running);
        }
        foreach (var key in keys.Values.SelectMany(rows => rows)) Print(key);
    }

    private void Print(KeyRow key)
    {
        Console.WriteLine(Output.Printable(key.Own ? $"the key `{key.Key}` of {key.Command} is LazyOC's own, for {key.Has[0]}" : $"the key `{key.Key}` of {key.Command} is asked for by {string.Join(", ", key.Has)} as well; `?` on the screen shows who has it"));
        Console.WriteLine(Output.Printable($"hint: give it a key of its own in `{home.Keys}`: {{\"{key.Command}\": [\"f5\"]}}"));
    }

    /// <summary>Keys that a plugin asks for, and LazyOC or other enabled plugins do, too.</summary>
    private ImmutableArray<KeyRow> KeysOf(Generation generation, PluginId id)
    {
        var manifests = generation.Plugins.Where(entry => entry.Enabled).Select(entry => store.ManifestOf(entry).TryGet(out var manifest, out _) ? manifest : null).OfType<PluginManifest>().ToArray();
        var rows = ImmutableArray.CreateBuilder<KeyRow>();
        foreach (var conflict in KeyConflicts.Of(manifests))
        {
            if (conflict.Claimants.FirstOrDefault(claim => claim.Plugin == id) is not { } mine) continue;
            rows.Add(new KeyRow(conflict.Key, NameOf(mine.Contribution), [.. conflict.Claimants.Where(claim => claim != mine).Select(claim => NameOf(claim.Contribution))], Own: false));
        }
        if (manifests.FirstOrDefault(manifest => manifest.Id == id) is { } own)
            foreach (var clash in OwnKeys.ClashesOf(own, new UserKeys(home.Keys), warning => Console.Error.WriteLine($"lazyoc: {Output.Printable(warning)}"))) rows.Add(new KeyRow(clash.Key, clash.Claimant, [clash.Owner], Own: true));
        return rows.ToImmutable();
    }

    private static string NameOf(KeyContribution key) => key.Action ?? key.Command ?? "";
}

/// <summary>What a change of the plugins came to.</summary>
internal sealed record InstalledReport
{
    /// <summary>Number of the set that is in force now.</summary>
    public required int Generation { get; init; }
    public required ImmutableArray<PluginRow> Installed { get; init; }
    public required ImmutableArray<RemovedRow> Removed { get; init; }

    /// <summary>What the running LazyOCs made of it.</summary>
    public required ImmutableArray<RunningRow> Running { get; init; }
}
