using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>Puts a node in the place of the one with an id.</summary>
public sealed record ViewPatch
{
    /// <summary>Of a node of the view.</summary>
    public required string Id { get; init; }

    /// <summary>What takes its place; it keeps the id when it brings none of its own.</summary>
    public required ViewNode Node { get; init; }

    /// <summary>The node as it takes its place.</summary>
    [JsonIgnore] public ViewNode Placed => Node with { Id = Node.Id ?? Id };

    /// <summary>
    /// Applies patches one after the other: all of them, or none when an id is not there. The result is not held to
    /// <see cref="ViewLimits"/>; <see cref="ViewReader.Check"/> does that.
    /// </summary>
    /// <returns>The new view, or the first patch whose id no node has, <see cref="Problem.Where"/> being its place among the patches.</returns>
    public static Outcome<ViewNode> Apply(ViewNode root, ImmutableArray<ViewPatch> patches)
    {
        for (var i = 0; i < patches.Length; i++)
        {
            var patched = Replace(root, patches[i]);
            if (ReferenceEquals(patched, root)) return new Problem($"patches[{i}].id", $"is `{patches[i].Id}`, which no node of the view has");
            root = patched;
        }
        return root;
    }

    /// <summary>The tree with one node replaced; itself when none has the id. Depth is bounded, for the tree is a checked view.</summary>
    private static ViewNode Replace(ViewNode node, ViewPatch patch)
    {
        if (node.Id == patch.Id) return patch.Placed;
        return node switch
        {
            ViewNode.Stack stack => Replace(stack.Children, patch) is { } children ? stack with { Children = children } : stack,
            ViewNode.Columns columns => Replace(columns.Children, patch) is { } children ? columns with { Children = children } : columns,
            ViewNode.Tabs tabs => Replace(tabs, patch),
            _ => node,
        };
    }

    private static ImmutableArray<ViewNode>? Replace(ImmutableArray<ViewNode> children, ViewPatch patch)
    {
        for (var i = 0; i < children.Length; i++)
        {
            var replaced = Replace(children[i], patch);
            if (!ReferenceEquals(replaced, children[i])) return children.SetItem(i, replaced);
        }
        return null;
    }

    private static ViewNode.Tabs Replace(ViewNode.Tabs tabs, ViewPatch patch)
    {
        for (var i = 0; i < tabs.Children.Length; i++)
        {
            var page = tabs.Children[i];
            var replaced = Replace(page.Content, patch);
            if (!ReferenceEquals(replaced, page.Content)) return tabs with { Children = tabs.Children.SetItem(i, page with { Content = replaced }) };
        }
        return tabs;
    }
}
