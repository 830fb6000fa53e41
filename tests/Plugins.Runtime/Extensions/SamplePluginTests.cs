using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

/// <summary>
/// The plugins of the demo against the simulated cluster: from source, and as they were packed for the oldest host API that
/// still runs, which no change of the host may break.
/// </summary>
public sealed class SamplePluginTests
{
    /// <summary>The folder of packages that were made for the oldest host API of the history and are never made anew.</summary>
    private static string Oldest => $"tests/Plugins.Runtime/HostApi/{HostApiHistory.All[0].HostApi}";

    public static TheoryData<string> PodHealth => ["plugins/pod-health", $"{Oldest}/pod-health.lzp"];

    public static TheoryData<string> ClusterPulse => ["plugins/cluster-pulse", $"{Oldest}/cluster-pulse.lzp"];

    [Theory]
    [MemberData(nameof(PodHealth))]
    public async Task PodHealth_SectionOfASickPod_ListsItsLatestWarnings(string plugin)
    {
        await using var fixture = await StartAsync(plugin);
        var sick = PodsOf(fixture).First(name => name.StartsWith("recommendations-", StringComparison.Ordinal));

        var table = Assert.IsType<ViewNode.Table>(await DrawnAsync(fixture, fixture.Extensions.OpenSection("lazyoc.pod-health.warnings", HostFixture.Pod(sick), 80, 10)));

        Assert.Equal(["LAST SEEN", "REASON", "TIMES", "MESSAGE"], table.Header.Select(column => column.Title));
        Assert.InRange(table.Rows.Length, 1, 5);
        var times = table.Rows.Select(row => DateTimeOffset.Parse(row.Cells[0].Text, null)).ToArray();
        Assert.Equal(times.OrderDescending(), times);
    }

    [Theory]
    [MemberData(nameof(PodHealth))]
    public async Task PodHealth_SectionOfAPodWithoutWarnings_SaysSo(string plugin)
    {
        await using var fixture = await StartAsync(plugin);

        var drawn = await DrawnAsync(fixture, fixture.Extensions.OpenSection("lazyoc.pod-health.warnings", HostFixture.Pod("nobody"), 80, 10));

        Assert.Equal("No warnings about this pod", Assert.IsType<ViewNode.Empty>(drawn).Message);
    }

    [Theory]
    [MemberData(nameof(ClusterPulse))]
    public async Task ClusterPulse_CardAndPage_FollowThePods(string plugin)
    {
        await using var fixture = await StartAsync(plugin);
        using var card = fixture.Extensions.OpenCard("lazyoc.cluster-pulse.card", 30, 6);
        using var page = fixture.Extensions.OpenPage("lazyoc.cluster-pulse.page", 80, 30);
        await fixture.UntilAsync(() => card.State is ViewState.Ready && page.State is ViewState.Ready);
        var pods = fixture.Cluster.Store.List("v1", "Pod").Count;
        await fixture.UntilAsync(() => SummaryOf(card).StartsWith($"♥ {pods} pods", StringComparison.Ordinal) && SummaryOf(page) == SummaryOf(card) && StatusOf(fixture) == SummaryOf(card));

        fixture.Cluster.Store.Delete("v1", "Pod", "bookstore", PodsOf(fixture)[0]);

        await fixture.UntilAsync(() => SummaryOf(card).StartsWith($"♥ {pods - 1} pods", StringComparison.Ordinal) && SummaryOf(page) == SummaryOf(card) && StatusOf(fixture) == SummaryOf(card));
    }

    [Theory]
    [MemberData(nameof(ClusterPulse))]
    public async Task ClusterPulse_PodsThatAreThereAtFirst_CostNoCallEach(string plugin)
    {
        await using var fixture = await StartAsync(plugin);

        await fixture.Extensions.WhenSettledAsync();

        var pods = fixture.Cluster.Store.List("v1", "Pod").Count;
        Assert.StartsWith($"♥ {pods} pods", StatusOf(fixture), StringComparison.Ordinal);
        Assert.InRange(fixture.Status("lazyoc.cluster-pulse").Account.Calls, 1, pods / 2);
    }

    private static async Task<HostFixture> StartAsync(string plugin)
    {
        var fixture = await HostFixture.CreateAsync();
        if (plugin.EndsWith(".lzp", StringComparison.Ordinal)) fixture.WithPackage(plugin);
        else await fixture.WithSourceAsync(plugin);
        return await fixture.StartAsync();
    }

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
