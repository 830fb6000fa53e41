using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Panels;

/// <summary>What one wants to know of any object at a glance, in the view vocabulary that plugins use too.</summary>
internal static class Overview
{
    public static ViewNode Of(JsonElement root, DateTimeOffset now, TuiLimits limits)
    {
        var parts = new List<ViewNode>
        {
            new ViewNode.Columns { Children = [Identity(root, now), new ViewNode.KeyValue { Items = [.. ObjectFacts.Of(root, now).Select(f => Fact(f, limits))] }] },
        };
        parts.AddRange(KindTables.Of(root, now, limits));
        if (Containers(root) is { } containers)
            parts.Add(containers);
        if (Conditions(root, now, limits) is { } conditions)
            parts.Add(conditions);
        AddMap(parts, "Data", root.Members("data").Concat(root.Members("binaryData")).Select(SizeOf), limits);
        AddMap(parts, "Labels", root.Members("metadata", "labels").Select(member => Entry(member, limits)), limits);
        AddMap(parts, "Annotations", Annotations(root).Select(member => Entry(member, limits)), limits);
        return new ViewNode.Stack { Children = [.. parts], Gap = 1 };
    }

    /// <summary>Without the whole object that <c>kubectl apply</c> keeps in one of them, which would show what a Secret holds.</summary>
    private static IEnumerable<JsonProperty> Annotations(JsonElement root) => root.Members("metadata", "annotations").Where(member => member.Name != YamlText.LastApplied);

    private static ViewNode.KeyValue Identity(JsonElement root, DateTimeOffset now)
    {
        var items = new List<KeyValueItem> { Item("Name", root.Text("metadata", "name"), TextStyle.Strong) };
        if (root.Text("metadata", "namespace") is { } ns)
            items.Add(Item("Namespace", ns));
        items.Add(Item("Kind", $"{root.Text("kind")} ({root.Text("apiVersion")})"));
        if (root.Time("metadata", "creationTimestamp") is { } created)
            items.Add(Item("Created", $"{HumanDuration.Format(now - created)} ago"));
        foreach (var owner in root.Items("metadata", "ownerReferences"))
            items.Add(Item("Owner", $"{owner.Text("kind")}/{owner.Text("name")}"));
        if (root.Time("metadata", "deletionTimestamp") is { } deleted)
            items.Add(Item("Deleting", $"since {HumanDuration.Format(now - deleted)}", TextStyle.Warn));
        return new ViewNode.KeyValue { Items = [.. items] };
    }

    private static ViewNode? Containers(JsonElement root)
    {
        var template = root.At("spec", "template", "spec") ?? root.At("spec");
        var statuses = root.Items("status", "containerStatuses").Concat(root.Items("status", "initContainerStatuses")).ToList();
        var rows = new List<TableRow>();
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            foreach (var container in template?.Items(list) ?? [])
                rows.Add(ContainerRow(container, statuses.Find(s => s.Text("name") == container.Text("name")), list == "initContainers"));
        }
        return rows.Count == 0 ? null : Table(["CONTAINER", "STATE", "RESTARTS", "IMAGE"], rows, endColumn: 2);
    }

    private static TableRow ContainerRow(JsonElement container, JsonElement status, bool init)
    {
        var (state, reason) = ("", "");
        foreach (var member in status.Members("state"))
            (state, reason) = (member.Name, member.Value.Text("reason") ?? "");
        var shown = reason.Length > 0 ? reason : state;
        var style = state == "running" ? TextStyle.Ok : StatusTone.Of(shown);
        var restarts = status.Text("restartCount") ?? "";
        var name = container.Text("name") ?? "";
        return new TableRow
        {
            Id = name,
            Cells = [Span(init ? name + " (init)" : name, TextStyle.Strong), Span(shown, style), Span(restarts, restarts is "" or "0" ? TextStyle.Plain : TextStyle.Warn), Span(container.Text("image") ?? "", TextStyle.Muted)],
        };
    }

    private static ViewNode? Conditions(JsonElement root, DateTimeOffset now, TuiLimits limits)
    {
        var rows = root.Items("status", "conditions").Take(limits.OverviewRows).Select(condition => new TableRow
        {
            Id = condition.Text("type") ?? "",
            Cells =
            [
                Span(condition.Text("type") ?? ""), Span(condition.Text("status") ?? "", TextStyle.Strong),
                Span(condition.Time("lastTransitionTime") is { } since ? HumanDuration.Format(now - since) : ""), Span(condition.Text("reason") ?? ""),
                Span(condition.Text("message") ?? "", TextStyle.Muted),
            ],
        }).ToList();
        return rows.Count == 0 ? null : Table(["CONDITION", "STATUS", "SINCE", "REASON", "MESSAGE"], rows, endColumn: 2);
    }

    private static void AddMap(List<ViewNode> parts, string title, IEnumerable<KeyValueItem> entries, TuiLimits limits)
    {
        var items = entries.Take(limits.Labels).ToImmutableArray();
        if (!items.IsEmpty)
            parts.Add(new ViewNode.Stack { Children = [new ViewNode.Text { Spans = [Span(title, TextStyle.Strong)] }, new ViewNode.KeyValue { Items = items }] });
    }

    private static KeyValueItem Entry(JsonProperty member, TuiLimits limits) => Item(member.Name, Short(member.Value.ToString(), limits));

    private static KeyValueItem Fact(ObjectFact fact, TuiLimits limits) => Item(fact.Title, Short(fact.Text, limits), fact.Style);

    private static string Short(string value, TuiLimits limits) => value.Length <= limits.ValueCharacters ? value
        : string.Create(CultureInfo.InvariantCulture, $"{value.AsSpan(0, limits.ValueCharacters)}… {value.Length - limits.ValueCharacters:N0} more characters, see YAML");

    /// <summary>Keys of a ConfigMap or Secret with the length of what they hold, which may be secret.</summary>
    private static KeyValueItem SizeOf(JsonProperty member) =>
        Item(member.Name, string.Create(CultureInfo.InvariantCulture, $"{member.Value.ToString().Length} characters"), TextStyle.Muted);

    private static ViewNode.Table Table(ReadOnlySpan<string> titles, List<TableRow> rows, int endColumn)
    {
        var header = ImmutableArray.CreateBuilder<TableColumn>();
        for (var i = 0; i < titles.Length; i++)
            header.Add(new TableColumn { Title = titles[i], Align = i == endColumn ? Alignment.End : Alignment.Start });
        return new ViewNode.Table { Header = header.ToImmutable(), Rows = [.. rows] };
    }

    private static KeyValueItem Item(string key, string? value, TextStyle style = TextStyle.Plain) => new() { Key = key, Value = [Span(value ?? "", style)] };

    private static Span Span(string text, TextStyle style = TextStyle.Plain) => new() { Text = text, Style = style };
}
