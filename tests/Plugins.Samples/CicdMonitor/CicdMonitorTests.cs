using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Samples.Tests.CicdMonitor;

/// <summary>What the packed CI/CD monitor shows of the simulated bookstore, tells of failures, and changes when its user says so.</summary>
public sealed class CicdMonitorTests
{
    private const string Id = "lazyoc.cicd-monitor";
    private const string Ci = "bookstore-ci";
    private const string Build = """{"apiVersion":"build.openshift.io/v1","kind":"Build","metadata":{"name":"NAME","namespace":"bookstore-ci","labels":{"buildconfig":"gifts"}},"spec":{},"status":{"phase":"PHASE","reason":"OutOfMemoryKilled"}}""";

    [Fact]
    public async Task Board_OfTheBookstore_ShowsWhatFailsAndRunsFirst()
    {
        await using var sample = await Sample.StartAsync("cicd-monitor");
        using var board = sample.Extensions.OpenPage($"{Id}.board", 120, 40);

        await ToldAllAsync(sample);
        await sample.Fixture.UntilAsync(() => board.State is ViewState.Ready { Content: var content } && content.Of<ViewNode.Table>().FirstOrDefault()?.Rows.Length == 6);

        var drawn = await sample.DrawnAsync(board);
        var rows = drawn.Of<ViewNode.Table>().First().Texts();
        Assert.Equal(["✗ failed", "✗ failed", "✗ failed", "● running", "✓ done", "✓ done"], rows.Select(row => row.Split(" | ")[0]));
        Assert.Equal(["Argo CD bookstore", "Argo CD bookstore-data", "Build catalog", "Build storefront", "Pipeline catalog-build", "Pipeline storefront-build"], rows.Select(row => string.Join(' ', row.Split(" | ")[1..3])).Order(StringComparer.Ordinal));
        Assert.Contains("DockerBuildFailed", rows.Single(row => row.Contains("storefront |", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(sample.User.Shown, shown => shown.Contains("has failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tab_OfAPipelineRun_ShowsItsGraphAndTheLogOfTheStepThatFailed()
    {
        await using var sample = await Sample.StartAsync("cicd-monitor");

        var drawn = await sample.LookAsync(sample.Extensions.OpenTab($"{Id}.pipeline", Sample.Reference("PipelineRun", "catalog-build-m4q9d", "tekton.dev", Ci), 120, 40));

        Assert.Equal(["clone", "lint", "unit-test", "· install", "▸ test", "build", "scan-image", "deploy", "notify"], drawn.Of<ViewNode.Table>().Single().Rows.Select(row => row.Cells[1].Text.Trim()));
        Assert.EndsWith("Tests: 1 failed, 214 passed, 215 total", drawn.Of<ViewNode.Code>().Single().Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rerun_Confirmed_MakesARunThatRuns_AndNotConfirmedNone()
    {
        await using var sample = await (await Sample.CreateAsync(new SimulatedClock(DateTimeOffset.UtcNow), "cicd-monitor")).StartAsync();
        var says = false;
        sample.User.Reply = _ => JsonSerializer.SerializeToElement(says);
        using var board = sample.Extensions.OpenPage($"{Id}.board", 120, 40);
        await sample.DrawnAsync(board);
        await ToldAllAsync(sample);
        var again = new ViewInput { Node = "lines", Event = ViewEvent.RowAction, Row = $"""["pipeline","{Ci}","catalog-build"]""", Action = "rerun" };
        HashSet<string> before = [.. Runs(sample)];

        await board.InputAsync(again);
        Assert.True(before.SetEquals(Runs(sample)));
        says = true;
        await board.InputAsync(again);

        var made = Assert.Single(Runs(sample).Except(before));
        Assert.Matches("^catalog-build-[a-z0-9]{5}$", made);
        Assert.Equal(2, sample.User.Shown.Count(shown => shown.StartsWith("CI/CD monitor: Run PipelineRun catalog-build-m4q9d again?", StringComparison.Ordinal)));
        Assert.Equal(["Intent", "Done"], (await sample.Fixture.AuditedAsync(Id)).Where(entry => entry.Call == "kubernetes.create").Select(entry => entry.Decision.ToString()));
        // The simulated Tekton runs it, the board follows, and its tests fail as they did before.
        await sample.Fixture.Cluster.AdvanceAsync(120);
        await sample.Fixture.UntilAsync(() => sample.User.Shown.Any(shown => shown.Contains($"PipelineRun {made} has failed: 1 of 4 tasks failed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Failure_IsToldOnce_OverASwapToo_AndPublished()
    {
        await using var sample = await Sample.CreateAsync("cicd-monitor");
        var heard = new List<string>();
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sample.Fixture.With("acme.listener", $$"""{ "events": { "subscribe": ["{{Id}}.failed"] } }""", async turn =>
        {
            if (turn.Message.Type == MessageType.Activate) await turn.CallAsync("events.subscribe", $$"""{"topics":["{{Id}}.failed"]}""");
            if (turn.Message.Type == MessageType.Event)
            {
                heard.Add(turn.Payload.GetProperty("data").GetProperty("object").GetProperty("name").GetString()!);
                if (heard.Count == 2) both.SetResult();
            }
            return "{}";
        }, "onStartup");
        await sample.StartAsync();
        await ToldAllAsync(sample);
        using var board = sample.Extensions.OpenPage($"{Id}.board", 120, 40);
        await sample.DrawnAsync(board);

        sample.Fixture.Cluster.Store.Apply(With("gifts-1", "Failed"));
        await sample.Fixture.UntilAsync(() => ToldOf(sample, "gifts-1") == 1);
        var package = sample.Fixture.Plugins.Single(plugin => plugin.Manifest.Id == PluginId.Parse(Id));
        var listener = sample.Fixture.Plugins.Single(plugin => plugin.Manifest.Id == PluginId.Parse("acme.listener"));
        var version = SemanticVersion.Parse("1.0.1");
        var changes = await sample.Fixture.Host.ApplyAsync([listener, package with { Manifest = package.Manifest with { Version = version }, Entry = package.Entry with { Version = version, Digest = Digest.Of("another"u8) } }]);
        Assert.IsType<PluginChange.Swapped>(changes.Single(change => change.Plugin == PluginId.Parse(Id)));

        // What the instance before knew is on the board before anything has been watched anew.
        Assert.Contains("gifts", string.Join('\n', (await sample.DrawnAsync(board)).Of<ViewNode.Table>().First().Texts()), StringComparison.Ordinal);
        sample.Fixture.Cluster.Store.Apply(With("gifts-2", "Failed"));
        await sample.Fixture.UntilAsync(() => ToldOf(sample, "gifts-2") == 1);
        Assert.Equal(1, ToldOf(sample, "gifts-1"));
        Assert.Equal(0, ToldOf(sample, "storefront-7"));
        await both.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(["gifts-1", "gifts-2"], heard);
    }

    /// <summary>Waits until the plugin has been told what there is: the board is drawn with a part of it when the rest takes long.</summary>
    private static Task ToldAllAsync(Sample sample) => sample.Fixture.UntilAsync(() => sample.Status($"{Id}.status") == "CI 3 failed, 1 running");

    private static int ToldOf(Sample sample, string build) => sample.User.Shown.Count(shown => shown.StartsWith($"CI/CD monitor: ✗ Build {build} has failed: OutOfMemoryKilled", StringComparison.Ordinal));

    private static string With(string name, string phase) => Build.Replace("NAME", name, StringComparison.Ordinal).Replace("PHASE", phase, StringComparison.Ordinal);

    private static IEnumerable<string> Runs(Sample sample) => sample.Fixture.Cluster.Store.List("tekton.dev/v1", "PipelineRun", Ci).Select(run => (string)((JsonObject)run)["metadata"]!["name"]!);
}
