using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>Whether what a user did is possible in a view. The view may have changed since it was drawn.</summary>
public static class InputRules
{
    /// <summary>Holds an input to the view it is for.</summary>
    /// <returns>Why it is not possible; null when it is.</returns>
    public static Problem? Check(ViewNode view, ViewInput input)
    {
        if (Find(view, input.Node) is not { } node) return new Problem("node", $"is `{input.Node}`, which no node of the view has");
        return (input.Event, node) switch
        {
            (ViewEvent.Press, ViewNode.Button) => null,
            (ViewEvent.Submit, ViewNode.Form form) => CheckValues(form, input),
            (ViewEvent.RowAction, ViewNode.Table table) => CheckRow(table, input) ?? CheckAction(table, input),
            (ViewEvent.Activate, ViewNode.Table { HasSelectableRows: true } table) => CheckRow(table, input),
            (ViewEvent.Activate, ViewNode.Tree tree) => input.Row is { } item && Has(tree.Nodes, item) ? null : new Problem("row", $"is `{input.Row}`, which no item of the tree has"),
            _ => new Problem("event", $"is `{input.Event}`, which cannot be done to `{input.Node}`"),
        };
    }

    /// <summary>The node with an id; null when none has it. Depth is bounded, for the tree is a checked view.</summary>
    private static ViewNode? Find(ViewNode node, string id)
    {
        if (node.Id == id) return node;
        var children = node switch
        {
            ViewNode.Stack stack => stack.Children,
            ViewNode.Columns columns => columns.Children,
            ViewNode.Tabs tabs => tabs.Children.Select(page => page.Content),
            _ => (IEnumerable<ViewNode>)[],
        };
        return children.Select(child => Find(child, id)).FirstOrDefault(found => found is not null);
    }

    private static Problem? CheckValues(ViewNode.Form form, ViewInput input) =>
        FormRules.CheckValues(form.Fields, input.Values) is [var problem, ..] ? problem with { Where = $"values.{problem.Where}".TrimEnd('.') } : null;

    private static Problem? CheckRow(ViewNode.Table table, ViewInput input) =>
        table.Rows.Any(row => row.Id == input.Row) ? null : new Problem("row", $"is `{input.Row}`, which no row of the table has");

    private static Problem? CheckAction(ViewNode.Table table, ViewInput input) =>
        table.RowActions.Any(action => action.Id == input.Action) ? null : new Problem("action", $"is `{input.Action}`, which the table does not offer");

    private static bool Has(ImmutableArray<TreeItem> items, string id) => items.Any(item => item.Id == id || Has(item.Children, id));
}
