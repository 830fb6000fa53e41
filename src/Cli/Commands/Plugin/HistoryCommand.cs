using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin history</c>: the sets of plugins that were in force, and what made each.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var output = Output.Option();
        var command = new Command(
            "history",
            """
            Shows the sets of plugins that can be gone back to, and what made each.

            Examples:
              lazyoc plugin history
              lazyoc plugin rollback --generation 3
            """) { output };
        command.SetAction(parsed =>
        {
            var store = InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed));
            var current = store.Current().OrThrow(ExitCode.Failed);
            var rows = RowsOf(store.History(), current.Number);
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, PluginJson.Default.ImmutableArraySetRow);
            else if (rows.IsEmpty) Console.Error.WriteLine("No plugin was ever installed.");
            else Output.Rows(["GENERATION", "MADE", "BY", "CHANGES"], rows.Select(row => (string[])[$"{row.Generation}{(row.Current ? " *" : "")}", row.Made?.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "", row.Cause ?? "", string.Join(", ", row.Changes)]));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Each set, and how it differs from the one before it.</summary>
    public static ImmutableArray<SetRow> RowsOf(ImmutableArray<Generation> sets, int current)
    {
        var rows = ImmutableArray.CreateBuilder<SetRow>();
        var before = Generation.Empty;
        foreach (var set in sets)
        {
            rows.Add(new SetRow { Generation = set.Number, Current = set.Number == current, Made = set.Created, Cause = set.Cause, Changes = [.. ChangesOf(before, set)] });
            before = set;
        }
        return rows.ToImmutable();
    }

    private static IEnumerable<string> ChangesOf(Generation before, Generation after)
    {
        foreach (var entry in after.Plugins)
        {
            if (before.Find(entry.Id) is not { } old) yield return $"+{entry.Id} {entry.Version}";
            else if (old.Digest != entry.Digest) yield return $"{entry.Id} {old.Version} → {entry.Version}";
            else if (old.Enabled != entry.Enabled) yield return $"{entry.Id} {(entry.Enabled ? "enabled" : "disabled")}";
            else if (!old.GivesTheSameAs(entry)) yield return $"{entry.Id} permissions";
            else if (old.Limits != entry.Limits) yield return $"{entry.Id} limits";
        }
        foreach (var entry in before.Plugins)
            if (after.Find(entry.Id) is null) yield return $"-{entry.Id} {entry.Version}";
    }
}

/// <summary>One set of plugins of the history.</summary>
internal sealed record SetRow
{
    public required int Generation { get; init; }

    /// <summary>Whether it is in force.</summary>
    public required bool Current { get; init; }
    public DateTimeOffset? Made { get; init; }
    public string? Cause { get; init; }

    /// <summary>What is different from the set before, such as <c>+acme.lines 1.0.0</c>.</summary>
    public required ImmutableArray<string> Changes { get; init; }
}
