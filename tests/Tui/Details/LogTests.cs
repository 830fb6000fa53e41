using System.Globalization;
using System.Text.RegularExpressions;
using LazyOC.Cluster.Resources;

namespace LazyOC.Tui.Tests.Details;

/// <summary>Logs that are followed over a real connection.</summary>
public sealed partial class LogTests : IAsyncLifetime
{
    private DetailsFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await DetailsFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Logs_NewLines_AppearWhileTheyAreFollowed()
    {
        var open = await _fixture.OpenAsync("pods", "cart", "Logs");
        await open.UntilAsync("● following");
        var last = await NewestAsync(open.Name);
        await open.UntilAsync(last);
        await _fixture.Cluster.AdvanceAsync(5);
        var next = await NewestAsync(open.Name);
        Assert.NotEqual(last, next);
        await open.UntilAsync(next);
    }

    [Fact]
    public async Task Logs_ConnectionLostAgainAndAgain_HaveEveryLineOnce()
    {
        var open = await _fixture.OpenAsync("pods", "storefront", "Logs");
        await open.UntilAsync("● following");
        for (var i = 0; i < 3; i++)
        {
            await _fixture.Cluster.AdvanceAsync(2);
            await open.UntilAsync(await NewestAsync(open.Name));
            _fixture.Cluster.Disconnect();
            await open.UntilAsync("▲ ");
            await _fixture.Cluster.AdvanceAsync(7);
            _fixture.Cluster.Reconnect();
            await open.UntilAsync(await NewestAsync(open.Name));
        }
        await open.UntilAsync(frame => !frame.Contains('▲', StringComparison.Ordinal));
        var shown = Lines(open.Details.WholeText!);
        var all = await AllAsync(open.Name);
        Assert.Equal(all[^shown.Count..], shown);
        Assert.True(shown.Count > 20, $"{shown.Count} lines");
    }

    [Fact]
    public async Task Logs_ScrolledUp_StayWhereTheyAreUntilFollowedAgain()
    {
        var open = await _fixture.OpenAsync("pods", "storefront", "Logs");
        await open.UntilAsync("● following");
        await open.UntilAsync(await NewestAsync(open.Name));
        open.Press("up", "up");
        var before = Body(open.Frame());
        await _fixture.Cluster.AdvanceAsync(20);
        var newest = await NewestAsync(open.Name);
        await _fixture.UntilAsync(() => open.Frame() is not null && open.Details.WholeText!.Contains(newest, StringComparison.Ordinal) ? open : null, open.Frame);
        Assert.Equal(before, Body(open.Frame()));
        open.Press("f");
        await open.UntilAsync(newest);
    }

    [Fact]
    public async Task Logs_OfAWorkload_NameEachPodAndMergeByTime()
    {
        var open = await _fixture.OpenAsync("deployments", "storefront", "Logs");
        await open.UntilAsync("3 pods");
        await _fixture.UntilAsync(() => open.Frame() is not null && PodNames(open.Details.WholeText ?? "").Count == 3 ? open : null, open.Frame);
        open.Press("t");
        open.Frame();
        var times = TimePattern().Matches(open.Details.WholeText!).Select(m => DateTimeOffset.Parse(m.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.True(times.Count > 100, $"{times.Count} lines");
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task Logs_OfAWorkload_FollowPodsThatComeLater()
    {
        var open = await _fixture.OpenAsync("deployments", "checkout", "Logs");
        await open.UntilAsync("2 pods");
        var kind = (await _fixture.Client.Discovery.GetAsync()).Resolve("deployments")!;
        await _fixture.Client.Resources.ScaleAsync(kind, "bookstore", "checkout", 3);
        await open.UntilAsync("3 pods");
        await _fixture.Cluster.AdvanceAsync(10);
        await _fixture.UntilAsync(() => open.Frame() is not null && PodNames(open.Details.WholeText!).Count == 3 ? open : null, open.Frame);
    }

    [Fact]
    public async Task Logs_PreviousRun_IsTheOneBeforeTheRestart()
    {
        var open = await _fixture.OpenAsync("pods", "recommendations", "Logs");
        await open.UntilAsync("● following");
        open.Press("p");
        await open.UntilAsync("previous run ·");
        await open.UntilAsync("FATAL start-up failed");
    }

    [Fact]
    public async Task Logs_NoPreviousRun_SaysWhy()
    {
        var open = await _fixture.OpenAsync("pods", "cart", "Logs");
        await open.UntilAsync("● following");
        open.Press("p");
        var frame = await open.UntilAsync("✗ ");
        Assert.Contains("previous terminated container", frame, StringComparison.Ordinal);
        Assert.Contains("hint: ", frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_PodDeleted_EndAndKeepTheirLines()
    {
        var open = await _fixture.OpenAsync("pods", "cart", "Logs");
        await open.UntilAsync("● following");
        var last = await NewestAsync(open.Name);
        await open.UntilAsync(last);
        _fixture.Cluster.Store.Delete("v1", "Pod", "bookstore", open.Name);
        await open.UntilAsync("✗ deleted");
        var frame = await open.UntilAsync("has ended ──");
        Assert.Contains(last, frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_NotAllowed_SayVerbAndResource()
    {
        await using var developer = await DetailsFixture.StartAsync(asDeveloper: true);
        var open = await developer.OpenAsync("pods", "cart", "Logs");
        developer.Cluster.Store.Apply("""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"view"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list","watch"]}]}
            """);
        var frame = await open.UntilAsync("✗ ");
        Assert.Contains("you may not get `pods/log`", frame, StringComparison.Ordinal);
        Assert.Contains("hint: ", frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_HostileLines_NeverBreakTheFrame()
    {
        var pod = _fixture.Pod("cart");
        pod["metadata"]!["annotations"] ??= new System.Text.Json.Nodes.JsonObject();
        pod["metadata"]!["annotations"]!["simulator.lazyoc.dev/log"] = "\u001b[31mred\u001b[0m and \u001b]0;title\u0007bell\nnul\0 c1\u009b2J bidi\u202eback\n字字字 e\u0301 👩‍👩‍👧 \ud83d\n" + new string('x', 100_000) + "\n\ttab\r";
        _fixture.Cluster.Store.Apply(pod.ToJsonString());
        var open = await _fixture.OpenAsync("pods", "cart", "Logs");
        var frame = await open.UntilAsync("red and bell");
        foreach (var wrap in (bool[])[false, true])
        {
            foreach (var line in open.Frame().Split('\n'))
                Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u202e' or '\u009b');
            open.Press("w", "home");
            open.Frame();
            open.Press("t", "pagedown", "pagedown", "end", "right");
        }
        Assert.DoesNotContain("[31m", frame, StringComparison.Ordinal);
    }

    private static string Body(string frame) => string.Join('\n', frame.Split('\n')[3..^2]);

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static HashSet<string> PodNames(string text) => [.. Lines(text).Where(l => !l.StartsWith("──", StringComparison.Ordinal)).Select(l => l.Split(' ')[0])];

    private async Task<string> NewestAsync(string pod) => (await AllAsync(pod))[^1];

    private async Task<List<string>> AllAsync(string pod)
    {
        var lines = new List<string>();
        await using var reader = _fixture.SecondClient();
        await foreach (var line in reader.Resources.LogsAsync("bookstore", pod, new LogOptions()))
            lines.Add(line);
        return lines;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex TimePattern();
}
