using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.Screen;

/// <summary>What the navigation lists: the cards of plugins, the kinds that the cluster serves, the pages of plugins.</summary>
internal static class NavigationEntries
{
    private const string PagesTitle = "Plugins";

    /// <param name="kinds">Kinds by group.</param>
    /// <param name="contributions">What plugins add; null for nothing.</param>
    public static ImmutableArray<(string Title, ImmutableArray<(string Title, NavigationTarget Target)> Items)> Of(
        ImmutableArray<(string Title, ImmutableArray<ResourceKind> Kinds)> kinds, ContributionIndex? contributions)
    {
        var groups = new List<(string Title, List<(string Title, NavigationTarget Target)> Items)>();
        if (contributions is { Cards.IsEmpty: false })
            groups.Add(("", [("Dashboard", new NavigationTarget.Dashboard())]));
        foreach (var (title, group) in kinds)
            groups.Add((title, [.. group.Select(kind => (ResourceGroups.TitleOf(kind), (NavigationTarget)new NavigationTarget.List(kind)))]));
        foreach (var page in contributions?.Pages ?? [])
        {
            var title = page.Contribution.Group is { Length: > 0 } own ? own : PagesTitle;
            var group = groups.FindIndex(g => g.Title == title);
            if (group < 0)
            {
                groups.Add((title, []));
                group = groups.Count - 1;
            }
            groups[group].Items.Add((page.Contribution.Title, new NavigationTarget.Page(page.Contribution.Id)));
        }
        return [.. groups.Select(g => (g.Title, g.Items.ToImmutableArray()))];
    }
}
