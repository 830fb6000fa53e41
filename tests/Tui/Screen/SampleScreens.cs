using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Tests.Screen;

/// <summary>States that look like a day in a bookstore's project.</summary>
internal static class SampleScreens
{
    private static readonly PluginId PodHealth = PluginId.Parse("lazyoc.pod-health");
    private static readonly PluginId Pulse = PluginId.Parse("lazyoc.cluster-pulse");

    public static PluginFailure Denied { get; } = new(PodHealth, "Pod health", "permission-denied", "kubernetes.list of events needs the permission kubernetes: list events");

    public static ScreenState Pods { get; } = new()
    {
        Header = new HeaderState
        {
            Context = "demo",
            Namespace = "bookstore",
            User = "developer",
            IsOpenShift = true,
            ServerVersion = "v1.31.4",
            Connection = new ConnectionText("connected 12 ms", Tone.Ok),
        },
        Navigation = new NavigationState(
            [
                Group("Workloads", ("Pods", "pods", 14), ("Deployments", "deployments.apps", 6), ("StatefulSets", "statefulsets.apps", 1), ("DaemonSets", "daemonsets.apps", 0), ("Jobs", "jobs.batch", 3), ("CronJobs", "cronjobs.batch", 1)),
                Group("Networking", ("Services", "services", 7), ("Routes", "routes.route.openshift.io", 2), ("Ingresses", "ingresses.networking.k8s.io", 0)),
                Group("Config", ("ConfigMaps", "configmaps", 11), ("Secrets", "secrets", -2)),
                Group("Storage", ("PersistentVolumeClaims", "persistentvolumeclaims", 2)),
                Group("Builds", ("BuildConfigs", "buildconfigs.build.openshift.io", 2), ("Builds", "builds.build.openshift.io", 12), ("ImageStreams", "imagestreams.image.openshift.io", 4)),
                Group("Custom resources", ("PipelineRuns", "pipelineruns.tekton.dev", -1), ("Applications", "applications.argoproj.io", 3)),
                Group("Cluster", ("Nodes", "nodes", 5), ("Projects", "projects.project.openshift.io", 12_345), ("Events", "events", 184)),
            ],
            "pods"),
        List = new ListState
        {
            Title = "Pods · bookstore",
            Columns = [new("NAME", Priority: 0), new("READY", Priority: 2), new("STATUS"), new("RESTARTS", Align.End, 3), new("HEALTH", Priority: 4, Width: 9), new("NODE", Priority: 6), new("AGE", Align.End, 3)],
            Rows = new SampleRows([.. Enumerable.Range(0, 14).Select(PodRow)]),
            Selected = 4,
        },
        Details = new DetailsState
        {
            Title = "Pod · catalog-5c9f7d4b8-004zk",
            Tabs = ["Overview", "YAML", "Events", "Logs", "Health"],
            Current = 4,
            Content = new TabContent.View(Health),
        },
        Status = new StatusState(
            [new("↑↓", "move"), new("enter", "open"), new("tab", "panel"), new("/", "filter"), new(":", "command"), new("n", "namespace"), new("l", "logs"), new("d", "delete"), new("?", "keys"), new("q", "quit")],
            [Status(Pulse, "Cluster pulse", "Pulse", new StatusItemState.Set("3 warnings in 5 min", TextStyle.Warn))]),
    };

    public static ScreenState Faulted { get; } = Pods with
    {
        List = Pods.List with
        {
            Rows = new SampleRows([.. Enumerable.Range(0, 14).Select(i => PodRow(i).SetItem(4, new StyledText("!", Style.Error)))]),
            Notes = [new StyledText("! HEALTH: Pod health: interrupted: compute took longer than 500 ms", Style.Error)],
        },
        Details = Pods.Details! with { Content = new TabContent.Faulted(Denied) },
        Status = Pods.Status with { Items = [Pods.Status.Items[0] with { State = new StatusItemState.Faulted(new PluginFailure(Pulse, "Cluster pulse", "trapped", "unreachable executed")) }] },
    };

    private static ViewNode Health => new ViewNode.Stack
    {
        Gap = 1,
        Children =
        [
            new ViewNode.Text { Spans = [new() { Text = "Health " }, new() { Text = "38", Style = TextStyle.Error }, new() { Text = " of 100", Style = TextStyle.Muted }] },
            new ViewNode.Table
            {
                Header = [new() { Title = "CONTAINER" }, new() { Title = "STATE" }, new() { Title = "RESTARTS", Align = Alignment.End }, new() { Title = "IMAGE" }],
                Rows =
                [
                    new() { Id = "a", Cells = [new() { Text = "catalog", Style = TextStyle.Strong }, new() { Text = "CrashLoopBackOff", Style = TextStyle.Error }, new() { Text = "7", Style = TextStyle.Warn }, new() { Text = "quay.io/bookstore/catalog:2.4.1", Style = TextStyle.Muted }] },
                    new() { Id = "b", Cells = [new() { Text = "proxy", Style = TextStyle.Strong }, new() { Text = "running", Style = TextStyle.Ok }, new() { Text = "0" }, new() { Text = "quay.io/bookstore/proxy:1.0.9", Style = TextStyle.Muted }] },
                ],
            },
            new ViewNode.Chart
            {
                Kind = ChartKind.Sparkline, Title = "Events, last hour",
                Series = [new() { Style = TextStyle.Accent, Values = [.. Enumerable.Range(0, 30).Select(i => (double?)(i * 7 % 11))] }],
            },
        ],
    };

    private static ImmutableArray<StyledText> PodRow(int i)
    {
        var (status, tone) = (i % 7) switch { 4 => ("CrashLoopBackOff", Tone.Error), 6 => ("Pending", Tone.Warn), _ => ("Running", Tone.Ok) };
        var name = new[] { "basket-7d9c6b5f4", "catalog-5c9f7d4b8", "checkout-66b8c9d7f", "frontend-84d5f6c9b" }[i % 4];
        return
        [
            $"{name}-{i:000}zk", new(tone == Tone.Ok ? "2/2" : "1/2", new Style(tone == Tone.Ok ? Tone.Plain : Tone.Warn)), new(status, new Style(tone)),
            new(tone == Tone.Error ? "7 (2m ago)" : "0", new Style(tone == Tone.Error ? Tone.Warn : Tone.Plain)), new(tone == Tone.Ok ? "✓ 100" : "✗ 38", new Style(tone == Tone.Ok ? Tone.Ok : Tone.Error)),
            $"worker-{i % 3 + 1}.demo.lazyoc.dev", $"{i + 2}d",
        ];
    }

    private static NavigationGroup Group(string title, params ReadOnlySpan<(string Title, string Key, long Count)> items) =>
        new(title, [.. items.ToArray().Select(i => new NavigationItem(i.Title, i.Key, new ObjectCount(i.Count)))]);

    private static StatusItem Status(PluginId plugin, string name, string title, StatusItemState state) =>
        new(new Contributed<StatusItemContribution>(plugin, name, new StatusItemContribution { Id = $"{plugin}.item", Title = title }), state);
}

/// <summary>Rows that are there already.</summary>
internal sealed class SampleRows(ImmutableArray<ImmutableArray<StyledText>> rows) : ITableRows
{
    public int Count => rows.Length;

    public StyledText Cell(int row, int column) => rows[row][column];
}
