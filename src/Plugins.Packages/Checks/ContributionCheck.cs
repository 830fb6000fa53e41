using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Packages;

/// <summary>What can be said of a plugin's contributions without running it, for its author.</summary>
public static class ContributionCheck
{
    /// <summary>The verb of an action that nobody can undo.</summary>
    private const string Delete = "delete";

    /// <summary>Contributions that are to be answered by code, and whose id does not stand in it: nothing would answer.</summary>
    /// <remarks>Only for JavaScript; what a module of WebAssembly compares ids with cannot be seen.</remarks>
    public static ImmutableArray<Problem> Unanswered(PluginPackage package)
    {
        var manifest = package.Manifest;
        if (!manifest.Main.EndsWith(".js", StringComparison.Ordinal) || package.Find(manifest.Main) is not { } main) return [];
        var code = Encoding.UTF8.GetString(main.Span);
        return
        [
            .. AnsweredByCode(manifest.Contributes)
                .Where(part => !code.Contains(part.Id, StringComparison.Ordinal))
                .Select(part => new Problem($"contributes.{part.Group}", $"names `{part.Id}`, which stands nowhere in `{manifest.Main}`", $"give it a handler: `definePlugin({{ {part.Group}: {{ \"{part.Id}\": … }} }})`")),
        ];
    }

    /// <summary>What a user cannot read or cannot take back.</summary>
    public static ImmutableArray<Problem> Unclear(PluginManifest manifest)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        for (var i = 0; i < manifest.Contributes.Actions.Length; i++)
        {
            var action = manifest.Contributes.Actions[i];
            if (action is { Verb: Delete, Danger: not DangerLevel.Destructive })
                problems.Add(new($"contributes.actions[{i}]", $"`{action.Title}` deletes, and is not marked as `destructive`", "set `danger` to `destructive`: then the host asks before it starts"));
        }
        foreach (var group in Titled(manifest.Contributes).GroupBy(part => (part.Group, part.Place, part.Title)).Where(group => group.Count() > 1))
            problems.Add(new($"contributes.{group.Key.Group}", $"has {group.Count()} with the title `{group.Key.Title}`, which nobody can tell apart", "give each a title of its own"));
        return problems.DrainToImmutable();
    }

    /// <summary>The contributions that a handler answers for, each with the member of <c>contributes</c> that it is in.</summary>
    public static ImmutableArray<(string Group, string Id)> AnsweredByCode(Contributions all) =>
    [
        .. all.Columns.Where(column => !column.Compute.IsEmpty).Select(column => ("columns", column.Id)),
        .. all.Tabs.Select(one => ("tabs", one.Id)),
        .. all.Sections.Select(one => ("sections", one.Id)),
        .. all.Pages.Select(one => ("pages", one.Id)),
        .. all.Cards.Select(one => ("cards", one.Id)),
        .. all.ResourceViews.Select(one => ("resourceViews", one.Id)),
        .. all.LogTransforms.Select(one => ("logTransforms", one.Id)),
        .. all.Hooks.Select(one => ("hooks", one.Id)),
        .. all.Actions.Select(one => ("actions", one.Id)),
        .. all.Commands.Select(one => ("commands", one.Id)),
    ];

    /// <summary>What is told apart by its title, with what it stands beside.</summary>
    private static IEnumerable<(string Group, string Place, string Title)> Titled(Contributions all) =>
    [
        .. all.Columns.Select(one => ("columns", one.Resource, one.Title)),
        .. all.Tabs.Select(one => ("tabs", one.Resource, one.Title)),
        .. all.Pages.Select(one => ("pages", one.Group ?? "", one.Title)),
        .. all.Actions.SelectMany(one => one.Resources.Select(resource => ("actions", resource, one.Title))),
        .. all.Commands.Select(one => ("commands", "", one.Title)),
    ];
}
