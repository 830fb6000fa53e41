using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin tree</c> and <c>plugin why</c>: which plugin is there for which.</summary>
internal static class TreeCommand
{
    /// <summary>Ways to a plugin that are shown; among many plugins that need each other there are more than anybody reads.</summary>
    private const int MaxChains = 20;

    public static Command CreateTree()
    {
        var output = Output.Option();
        var command = new Command("tree", "Shows the installed plugins, each above those that it needs") { output };
        command.SetAction(parsed =>
        {
            var (current, needs) = Read(parsed);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Output.Json([.. current.Plugins.Select(entry => NodeOf(entry, needs))], PluginJson.Default.ImmutableArrayTreeRow);
                return ExitCode.Ok;
            }
            if (current.Plugins.IsEmpty) Console.Error.WriteLine("No plugin is installed.");
            foreach (var entry in current.Plugins)
                if (entry.Why == InstallReason.Requested) foreach (var line in Draw(entry, current, needs, [], [])) Console.WriteLine(line);
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command CreateWhy()
    {
        var id = PluginCommand.IdArgument();
        var output = Output.Option();
        var command = new Command(
            "why",
            """
            Says why a plugin is installed: because it was asked for, or which plugins need it.

            Example:
              lazyoc plugin why acme.timeseries
            """) { id, output };
        command.SetAction(parsed =>
        {
            var (current, needs) = Read(parsed);
            var plugin = parsed.GetRequiredValue(id);
            var entry = current.Find(plugin) ?? throw new UserError(ExitCode.NotFound, $"{plugin} is not installed", "`lazyoc plugin list` shows what is") { Help = HelpPage.NotInstalled };
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Output.Json(NodeOf(entry, needs), PluginJson.Default.TreeRow);
                return ExitCode.Ok;
            }
            if (entry.Why == InstallReason.Requested) Console.WriteLine($"{plugin} {entry.Version}: you asked for it{(entry.Requested is { } range ? $" as {range}" : "")}");
            foreach (var chain in ChainsTo(plugin, current, needs, [plugin]).Take(MaxChains)) Console.WriteLine(chain);
            return ExitCode.Ok;
        });
        return command;
    }

    private static (Generation Current, ImmutableSortedDictionary<PluginId, PluginManifest> Needs) Read(ParseResult parsed)
    {
        var store = InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed));
        var current = store.Current().OrThrow(ExitCode.Failed);
        return (current, current.Plugins.ToImmutableSortedDictionary(entry => entry.Id, entry => store.ManifestOf(entry).OrThrow(ExitCode.Failed, entry.Id.ToString())));
    }

    private static TreeRow NodeOf(InstalledEntry entry, ImmutableSortedDictionary<PluginId, PluginManifest> manifests) => new()
    {
        Id = entry.Id,
        Version = entry.Version.ToString(),
        Requested = entry.Why == InstallReason.Requested,
        Range = entry.Requested?.ToString(),
        Needs = [.. manifests[entry.Id].Dependencies.Select(pair => $"{pair.Key} {pair.Value}")],
        NeededBy = [.. manifests.Where(pair => pair.Value.Dependencies.ContainsKey(entry.Id)).Select(pair => pair.Key)],
    };

    private static IEnumerable<string> Draw(InstalledEntry entry, Generation current, ImmutableSortedDictionary<PluginId, PluginManifest> manifests, ImmutableList<bool> isLast, ImmutableHashSet<PluginId> above)
    {
        var indent = string.Concat(isLast.Take(Math.Max(0, isLast.Count - 1)).Select(last => last ? "   " : "│  "));
        yield return $"{indent}{(isLast.IsEmpty ? "" : isLast[^1] ? "└─ " : "├─ ")}{entry.Id} {entry.Version}{(entry.Enabled ? "" : " (disabled)")}{(above.Contains(entry.Id) ? ", see above" : "")}";
        if (above.Contains(entry.Id)) yield break;
        var needed = manifests[entry.Id].Dependencies.Keys.Select(current.Find).OfType<InstalledEntry>().ToArray();
        for (var i = 0; i < needed.Length; i++)
            foreach (var line in Draw(needed[i], current, manifests, isLast.Add(i == needed.Length - 1), above.Add(entry.Id))) yield return line;
    }

    /// <summary>Each way from a plugin that was asked for to another.</summary>
    private static IEnumerable<string> ChainsTo(PluginId id, Generation current, ImmutableSortedDictionary<PluginId, PluginManifest> manifests, ImmutableList<PluginId> chain)
    {
        foreach (var (needer, manifest) in manifests)
        {
            if (!manifest.Dependencies.TryGetValue(id, out var range) || chain.Contains(needer)) continue;
            var longer = chain.Insert(0, needer);
            if (current.Find(needer)!.Why == InstallReason.Requested)
                yield return string.Join(" → ", longer.Select((plugin, i) => i == 0 ? $"{plugin} {current.Find(plugin)!.Version}" : $"{plugin} {manifests[longer[i - 1]].Dependencies[plugin]} ({current.Find(plugin)!.Version})"));
            foreach (var more in ChainsTo(needer, current, manifests, longer)) yield return more;
        }
    }
}

/// <summary>An installed plugin among the others.</summary>
internal sealed record TreeRow
{
    public required PluginId Id { get; init; }
    public required string Version { get; init; }

    /// <summary>Whether the user asked for it.</summary>
    public required bool Requested { get; init; }

    /// <summary>The versions the user asked for; absent for any.</summary>
    public string? Range { get; init; }
    public required ImmutableArray<string> Needs { get; init; }
    public required ImmutableArray<PluginId> NeededBy { get; init; }
}
