using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

/// <summary>The plugins of the demo, from source, against the simulated cluster.</summary>
public sealed class SamplePluginTests
{
    [Fact]
    public async Task PodHealth_SectionOfASickPod_ListsItsLatestWarnings()
    {
        await using var fixture = await StartAsync("plugins/pod-health");
        var sick = PodsOf(fixture).First(name => name.StartsWith("recommendations-", StringComparison.Ordinal));

        var table = Assert.IsType<ViewNode.Table>(await DrawnAsync(fixture, fixture.Extensions.OpenSection("lazyoc.pod-health.warnings", HostFixture.Pod(sick), 80, 10)));

        Assert.Equal(["LAST SEEN", "REASON", "TIMES", "MESSAGE"], table.Header.Select(column => column.Title));
        Assert.InRange(table.Rows.Length, 1, 5);
        var times = table.Rows.Select(row => DateTimeOffset.Parse(row.Cells[0].Text, null)).ToArray();
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task PodHealth_SectionOfAPodWithoutWarnings_SaysSo()
    {
        await using var fixture = await StartAsync("plugins/pod-health");

        var drawn = await DrawnAsync(fixture, fixture.Extensions.OpenSection("lazyoc.pod-health.warnings", HostFixture.Pod("nobody"), 80, 10));

        Assert.Equal("No warnings about this pod", Assert.IsType<ViewNode.Empty>(drawn).Message);
    }

    [Fact]
    public async Task ClusterPulse_CardAndPage_FollowThePods()
    {
        await using var fixture = await StartAsync("plugins/cluster-pulse");
        using var card = fixture.Extensions.OpenCard("lazyoc.cluster-pulse.card", 30, 6);
        using var page = fixture.Extensions.OpenPage("lazyoc.cluster-pulse.page", 80, 30);
        await fixture.UntilAsync(() => card.State is ViewState.Ready && page.State is ViewState.Ready);
        var pods = fixture.Cluster.Store.List("v1", "Pod").Count;
        await fixture.UntilAsync(() => SummaryOf(card).StartsWith($"♥ {pods} pods", StringComparison.Ordinal) && SummaryOf(page) == SummaryOf(card) && StatusOf(fixture) == SummaryOf(card));

        fixture.Cluster.Store.Delete("v1", "Pod", "bookstore", PodsOf(fixture)[0]);

        await fixture.UntilAsync(() => SummaryOf(card).StartsWith($"♥ {pods - 1} pods", StringComparison.Ordinal) && SummaryOf(page) == SummaryOf(card) && StatusOf(fixture) == SummaryOf(card));
    }

    [Fact]
    public async Task ClusterPulse_PodsThatAreThereAtFirst_CostNoCallEach()
    {
        await using var fixture = await StartAsync("plugins/cluster-pulse");

        await fixture.Extensions.WhenSettledAsync();

        var pods = fixture.Cluster.Store.List("v1", "Pod").Count;
        Assert.StartsWith($"♥ {pods} pods", StatusOf(fixture), StringComparison.Ordinal);
        Assert.InRange(fixture.Status("lazyoc.cluster-pulse").Account.Calls, 1, pods / 2);
    }

    private static async Task<HostFixture> StartAsync(string folder) => await (await (await HostFixture.CreateAsync()).WithSourceAsync(folder)).StartAsync();

    private static string[] PodsOf(HostFixture fixture) => [.. fixture.Cluster.Store.List("v1", "Pod", "bookstore").Select(pod => (string)pod["metadata"]!["name"]!)];

    private static async Task<ViewNode> DrawnAsync(HostFixture fixture, ViewSession view)
    {
        using (view)
        {
            await fixture.UntilAsync(() => view.State is not ViewState.Pending);
            return Assert.IsType<ViewState.Ready>(view.State).Content;
        }
    }

    private static string SummaryOf(ViewSession view) => ((ViewNode.Text)((ViewNode.Stack)((ViewState.Ready)view.State).Content).Children[0]).Spans[0].Text;

    private static string StatusOf(HostFixture fixture) => fixture.Extensions.StatusItems.Single().State is StatusItemState.Set set ? set.Text : "";
}
