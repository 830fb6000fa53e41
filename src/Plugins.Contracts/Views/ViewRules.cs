using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>Counts through a view; the first breach ends the walk, for a view is drawn whole or not at all.</summary>
internal sealed class ViewRules(ViewLimits limits)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private int _nodes;
    private int _samples;

    public Problem? Problem { get; private set; }

    public void Visit(ViewNode node, string path, int depth)
    {
        CheckDepth(path, depth);
        Count(1, path);
        if (node.Id is { } id && !_ids.Add(id)) Refuse(Join(path, "id"), $"is `{id}`, which another node has", "ids are unique in a view");
        if (node.Id is null && IsOperable(node)) Refuse(Join(path, "id"), "is missing", "what the user operates needs an id, which its input names");
        if (Problem is not null) return;
        switch (node)
        {
            case ViewNode.Stack stack:
                if (stack.Gap < 0) Refuse(Join(path, "gap"), $"is {stack.Gap}; expected 0 or more");
                Children(stack.Children, path, depth);
                break;
            case ViewNode.Columns columns:
                if (!columns.Weights.IsEmpty && (columns.Weights.Length != columns.Children.Length || columns.Weights.Any(w => w <= 0)))
                    Refuse(Join(path, "weights"), $"must be {columns.Children.Length} positive numbers, one a child", "leave it out for equal widths");
                Children(columns.Children, path, depth);
                break;
            case ViewNode.Tabs tabs:
                VisitTabs(tabs, path, depth);
                break;
            case ViewNode.Table table:
                VisitTable(table, path);
                break;
            case ViewNode.Tree tree:
                VisitItems(tree.Nodes, Join(path, "nodes"), depth + 1, new HashSet<string>(StringComparer.Ordinal));
                break;
            case ViewNode.Form form:
                Count(form.Fields.Length + form.Fields.Sum(f => f.Options.Length), path);
                if (Problem is null && FormRules.CheckFields(form.Fields, Join(path, "fields")) is { } problem) Problem = problem;
                break;
            case ViewNode.KeyValue keyValue:
                Count(keyValue.Items.Length, path);
                break;
            case ViewNode.List list:
                Count(list.Items.Length, path);
                if (list.Items.Any(i => i.IsDefault)) Refuse(Join(path, "items"), "has a null entry");
                break;
            case ViewNode.Chart chart:
                VisitChart(chart, path);
                break;
            case ViewNode.Progress { Value: < 0 or > 1 } progress:
                Refuse(Join(path, "value"), $"is {progress.Value}; expected 0 to 1");
                break;
        }
    }

    /// <summary>Whether the user's input names the node.</summary>
    private static bool IsOperable(ViewNode node) => node is ViewNode.Button or ViewNode.Form or ViewNode.Tree or ViewNode.Table { HasSelectableRows: true } or ViewNode.Table { RowActions.IsEmpty: false };

    private void Children(ImmutableArray<ViewNode> children, string path, int depth)
    {
        for (var i = 0; i < children.Length && Problem is null; i++) Visit(children[i], $"{Join(path, "children")}[{i}]", depth + 1);
    }

    private void VisitTabs(ViewNode.Tabs tabs, string path, int depth)
    {
        if (tabs.Children.IsEmpty) Refuse(Join(path, "children"), "is empty");
        else if (tabs.Selected < 0 || tabs.Selected >= tabs.Children.Length) Refuse(Join(path, "selected"), $"is {tabs.Selected}; expected 0 to {tabs.Children.Length - 1}");
        var pages = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tabs.Children.Length && Problem is null; i++)
        {
            var (page, at) = (tabs.Children[i], $"{Join(path, "children")}[{i}]");
            if (page.Id is { } id && !pages.Add(id)) Refuse($"{at}.id", $"is `{id}`, which another tab beside it has");
            else Visit(page.Content, $"{at}.content", depth + 1);
        }
    }

    private void VisitTable(ViewNode.Table table, string path)
    {
        Count(table.Rows.Length + table.Header.Length + table.RowActions.Length, path);
        for (var i = 0; i < table.Header.Length; i++)
            if (table.Header[i].Type == ColumnType.Sparkline) Refuse($"{Join(path, "header")}[{i}].type", "is `sparkline`, which the columns of a view's table cannot be");
        if (table.Sort is { } sort && (sort.Column < 0 || sort.Column >= table.Header.Length)) Refuse(Join(path, "sort.column"), $"is {sort.Column}, but there are {table.Header.Length} columns");
        var rows = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < table.Rows.Length && Problem is null; i++)
        {
            var (row, at) = (table.Rows[i], $"{Join(path, "rows")}[{i}]");
            if (row.Cells.Length != table.Header.Length) Refuse(at, $"has {row.Cells.Length} cells under {table.Header.Length} columns");
            if (!rows.Add(row.Id)) Refuse($"{at}.id", $"is `{row.Id}`, which another row has", "ids are unique in a table");
        }
        VisitRowActions(table.RowActions, Join(path, "rowActions"));
    }

    private void VisitRowActions(ImmutableArray<RowAction> actions, string path)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < actions.Length && Problem is null; i++)
        {
            var (action, at) = (actions[i], $"{path}[{i}]");
            if (!ids.Add(action.Id)) Refuse($"{at}.id", $"is `{action.Id}`, which another action has", "ids are unique in a table");
            if (action.Key is { } key && !KeyText.IsValid(key)) Refuse($"{at}.key", $"is `{key}`; expected {KeyText.Grammar}");
        }
    }

    private void VisitItems(ImmutableArray<TreeItem> items, string path, int depth, HashSet<string> ids)
    {
        if (items.IsEmpty) return;
        CheckDepth(path, depth);
        Count(items.Length, path);
        for (var i = 0; i < items.Length && Problem is null; i++)
        {
            var at = $"{path}[{i}]";
            if (!ids.Add(items[i].Id)) Refuse($"{at}.id", $"is `{items[i].Id}`, which another item has", "ids are unique in a tree");
            else VisitItems(items[i].Children, $"{at}.children", depth + 1, ids);
        }
    }

    private void VisitChart(ViewNode.Chart chart, string path)
    {
        Count(chart.Series.Length + chart.Thresholds.Length, path);
        foreach (var series in chart.Series) _samples += series.Values.Length;
        if (_samples > limits.MaxSamples) Refuse(Join(path, "series"), $"brings the view to {_samples:N0} samples; at most {limits.MaxSamples:N0} are allowed", "send fewer points");
        if (chart.Height is <= 0) Refuse(Join(path, "height"), $"is {chart.Height}; expected 1 or more");
        if (chart is { Min: { } min, Max: { } max } && min > max) Refuse(Join(path, "min"), $"is {min}, above `max`, which is {max}");
    }

    private void CheckDepth(string path, int depth)
    {
        if (depth > limits.MaxDepth) Refuse(path, $"is nested deeper than {limits.MaxDepth} levels");
    }

    private void Count(int nodes, string path)
    {
        _nodes += nodes;
        if (_nodes > limits.MaxNodes) Refuse(path, $"brings the view to more than {limits.MaxNodes:N0} nodes, rows and items", "show a page of them");
    }

    private void Refuse(string path, string message, string? hint = null) =>
        Problem ??= new Problem(path, path.Length == 0 ? "the view " + message : message, hint);

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
