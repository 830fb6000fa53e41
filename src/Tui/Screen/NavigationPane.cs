using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;

namespace LazyOC.Tui.Screen;

/// <summary>What an entry of the navigation opens.</summary>
internal abstract record NavigationTarget
{
    private NavigationTarget() { }

    /// <summary>What the entry is known by: in the frame, and in the session that is restored.</summary>
    public abstract string Key { get; }

    /// <summary>The list of a kind.</summary>
    public sealed record List(ResourceKind Kind) : NavigationTarget
    {
        public override string Key => Kind.QualifiedName;
    }

    /// <summary>A page that a plugin contributes.</summary>
    public sealed record Page(string Id) : NavigationTarget
    {
        public override string Key => $"page:{Id}";
    }

    /// <summary>A view of a plugin in the place of a kind's list; it stands at the kind's entry.</summary>
    public sealed record ResourceView(ResourceKind Kind, string Id) : NavigationTarget
    {
        public override string Key => Kind.QualifiedName;
    }

    /// <summary>The cards of all plugins.</summary>
    public sealed record Dashboard : NavigationTarget
    {
        public override string Key => "dashboard";
    }
}

/// <summary>Where the user is in the navigation. Belongs to the loop.</summary>
internal sealed class NavigationPane
{
    private ImmutableArray<(string Title, ImmutableArray<(string Title, NavigationTarget Target)> Items)> _groups = [];
    private string? _cursor;

    /// <summary>All entries, top to bottom.</summary>
    public IEnumerable<(string Title, NavigationTarget Target)> Entries => _groups.SelectMany(g => g.Items);

    /// <summary>The entry under the cursor.</summary>
    public NavigationTarget? Current => Entries.Select(e => e.Target).FirstOrDefault(t => t.Key == _cursor);

    public void Show(ImmutableArray<(string Title, ImmutableArray<(string Title, NavigationTarget Target)> Items)> groups)
    {
        _groups = groups;
        if (Current is null)
            _cursor = Entries.FirstOrDefault().Target?.Key;
    }

    public void MoveTo(string key) => _cursor = key;

    public void MoveBy(int entries)
    {
        var keys = Entries.Select(e => e.Target.Key).ToList();
        if (keys.Count > 0)
            _cursor = keys[Math.Clamp(keys.IndexOf(_cursor ?? "") + entries, 0, keys.Count - 1)];
    }

    /// <param name="current">What is open in the middle.</param>
    /// <param name="countOf">How many objects a kind has.</param>
    public NavigationState Compose(string current, Func<ResourceKind, ObjectCount> countOf) => new(
        [.. _groups.Select(g => new NavigationGroup(g.Title, [.. g.Items.Select(i => new NavigationItem(
            i.Title, i.Target.Key, i.Target is NavigationTarget.List list ? countOf(list.Kind) : ObjectCount.Unknown))]))],
        current)
    {
        Cursor = _cursor,
    };
}
