using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>Reads the view trees that guests send.</summary>
/// <remarks>Thread safe.</remarks>
public static class ViewReader
{
    /// <summary>Reads a view and holds it to its limits.</summary>
    /// <param name="utf8">The whole document; its size is held to <see cref="Messages.Envelope.MaxBytes"/>.</param>
    /// <param name="limits">The defaults of <see cref="ViewLimits"/> when null.</param>
    public static Outcome<ViewNode> Read(ReadOnlySpan<byte> utf8, ViewLimits? limits = null)
    {
        limits ??= new ViewLimits();
        var form = StrictJson.Read(utf8, ContractJson.Default.ViewNode, JsonLimitsFor(limits));
        if (!form.TryGet(out var view, out _)) return form;
        var problems = Check(view, limits);
        return problems.IsEmpty ? view : problems;
    }

    /// <summary>Holds a view that came inside another document to its limits.</summary>
    /// <param name="view">The tree.</param>
    /// <param name="limits">The defaults of <see cref="ViewLimits"/> when null.</param>
    /// <returns>Empty when all is well, otherwise the first problem met.</returns>
    public static ImmutableArray<Problem> Check(ViewNode view, ViewLimits? limits = null)
    {
        var rules = new ViewRules(limits ?? new ViewLimits());
        rules.Visit(view, "", 1);
        return rules.Problem is { } problem ? [problem] : [];
    }

    /// <summary>A node nests two levels of JSON, itself and its array of children; the deepest node holds arrays of objects.</summary>
    private static JsonLimits JsonLimitsFor(ViewLimits limits) => new(Messages.Envelope.MaxBytes, (2 * limits.MaxDepth) + 6);
}

/// <summary>Counts through a view; the first breach ends the walk, for a view is drawn whole or not at all.</summary>
internal sealed class ViewRules(ViewLimits limits)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private int _nodes;
    private int _samples;

    public Problem? Problem { get; private set; }

    public void Visit(ViewNode node, string path, int depth)
    {
        if (depth > limits.MaxDepth) Refuse(path, $"is nested deeper than {limits.MaxDepth} levels");
        Count(1, path);
        if (node.Id is { } id && !_ids.Add(id)) Refuse(Join(path, "id"), $"is `{id}`, which another node has", "ids are unique in a view");
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
            case ViewNode.Table table:
                VisitTable(table, path);
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

    private void Children(ImmutableArray<ViewNode> children, string path, int depth)
    {
        for (var i = 0; i < children.Length && Problem is null; i++) Visit(children[i], $"{Join(path, "children")}[{i}]", depth + 1);
    }

    private void VisitTable(ViewNode.Table table, string path)
    {
        Count(table.Rows.Length, path);
        var rows = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < table.Rows.Length && Problem is null; i++)
        {
            var (row, at) = (table.Rows[i], $"{Join(path, "rows")}[{i}]");
            if (row.Cells.Length != table.Header.Length) Refuse(at, $"has {row.Cells.Length} cells under {table.Header.Length} columns");
            if (!rows.Add(row.Id)) Refuse($"{at}.id", $"is `{row.Id}`, which another row has", "ids are unique in a table");
        }
    }

    private void VisitChart(ViewNode.Chart chart, string path)
    {
        Count(chart.Series.Length, path);
        foreach (var series in chart.Series) _samples += series.Values.Length;
        if (_samples > limits.MaxSamples) Refuse(Join(path, "series"), $"brings the view to {_samples:N0} samples; at most {limits.MaxSamples:N0} are allowed", "send fewer points");
        if (chart.Height is <= 0) Refuse(Join(path, "height"), $"is {chart.Height}; expected 1 or more");
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
