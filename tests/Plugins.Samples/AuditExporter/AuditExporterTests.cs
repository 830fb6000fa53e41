using System.Globalization;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime;

namespace LazyOC.Plugins.Samples.Tests.AuditExporter;

/// <summary>The audit exporter against servers that fail in between: every line arrives, none twice, over restarts and swaps too.</summary>
public sealed class AuditExporterTests
{
    private const string Id = "lazyoc.audit-exporter";
    private const string Noisy = "acme.noisy";

    [Fact]
    public async Task Target_None_ReadsAndSendsNothing()
    {
        await using var sample = await Sample.CreateAsync("audit-exporter");
        AddNoisy(sample);
        await sample.StartAsync();
        await ActAsync(sample, 1);

        await NowAsync(sample);

        Assert.DoesNotContain(await sample.Fixture.AuditedAsync(Id), entry => entry.Call is "audit.read" or "http.fetch" or "files.write");
    }

    [Fact]
    public async Task Http_ServerThatFailsInBetween_GetsEveryLineOnceInOrder()
    {
        await using var collector = await Collector.StartAsync();
        await using var sample = await StartAsync(collector, "http", batchLines: 3);
        await ActAsync(sample, 4);
        foreach (var status in new[] { 503, 429, 204, 500 }) collector.Next.Enqueue(status);

        // Each round ends with the first batch that does not arrive.
        for (var i = 0; i < 5; i++) await NowAsync(sample);
        await ActAsync(sample, 2);
        await NowAsync(sample);

        await EqualAsync(sample, collector.Taken);
        Assert.Equal(["application/x-ndjson"], collector.Requests.Select(request => request.Type).Distinct());
        Assert.All(collector.Requests, request => Assert.InRange(Collector.Lines(request.Body).Count(), 1, 3));
        Assert.DoesNotContain(collector.Taken, line => line.GetProperty("plugin").GetString() == Id && line.GetProperty("decision").GetString() is "intent" or "done");
    }

    [Fact]
    public async Task Http_AnswerThatIsLost_IsSentAgainAsTheSameBatch()
    {
        await using var collector = await Collector.StartAsync();
        await using var sample = await StartAsync(collector, "http");
        await ActAsync(sample, 2);
        collector.Next.Enqueue(0);

        await NowAsync(sample);
        // More lines come before the batch is sent again: they must not get into it.
        await ActAsync(sample, 1);
        await NowAsync(sample);

        var requests = collector.Requests.ToArray();
        Assert.Equal((requests[0].Key, requests[0].Body), (requests[1].Key, requests[1].Body));
        await EqualAsync(sample, collector.Taken);
    }

    [Fact]
    public async Task Http_BatchThatIsTooLarge_IsHalvedUntilItIsTaken()
    {
        await using var collector = await Collector.StartAsync();
        await using var sample = await StartAsync(collector, "http");
        await ActAsync(sample, 4);
        foreach (var status in new[] { 413, 413 }) collector.Next.Enqueue(status);

        await NowAsync(sample);

        var counts = collector.Requests.Select(request => Collector.Lines(request.Body).Count()).ToArray();
        Assert.Equal([counts[0], (counts[0] - 1) / 2 + 1], counts[..2]);
        await EqualAsync(sample, collector.Taken);
    }

    [Fact]
    public async Task Failure_IsToldAndWaitedForLongerEachTime()
    {
        await using var collector = await Collector.StartAsync();
        await using var sample = await StartAsync(collector, "http");
        await ActAsync(sample, 1);
        foreach (var status in new[] { 401, 401 }) collector.Next.Enqueue(status);

        await NowAsync(sample);
        using var page = sample.Extensions.OpenPage($"{Id}.page", 80, 20);
        var shown = await sample.DrawnAsync(page);

        Assert.Matches("^audit http: [0-9]+ wait, http://127.0.0.1:[0-9]+/ answers with status 401$", sample.Status($"{Id}.status"));
        Assert.Contains(shown.Of<ViewNode.KeyValue>().Single().Items, item => item.Key == "Last try" && item.Value[1].Text == " (1 in a row)");
        shown = await sample.PressAsync(page, "now");
        Assert.Contains(shown.Of<ViewNode.KeyValue>().Single().Items, item => item.Key == "Last try" && item.Value[1].Text == " (2 in a row)");
        shown = await sample.PressAsync(page, "now");
        Assert.DoesNotContain(shown.Of<ViewNode.KeyValue>().Single().Items, item => item.Key == "Last try");
        Assert.Equal("audit → http", sample.Status($"{Id}.status"));
    }

    [Fact]
    public async Task Restart_WithLinesThatHaveNotArrived_SendsThemAndGoesOn()
    {
        await using var collector = await Collector.StartAsync();
        var first = await StartAsync(collector, "http");
        await ActAsync(first, 2);
        collector.Next.Enqueue(503);
        await NowAsync(first);
        var before = await LinesAsync(first);
        Assert.Empty(collector.Taken);

        await using var second = await first.EndAsync("audit-exporter");
        AddNoisy(second);
        await second.StartAsync();
        await ActAsync(second, 1);
        await NowAsync(second);

        Assert.Equal([.. before, .. await LinesAsync(second)], NoisyOf(collector.Taken));
        Numbered(collector.Taken);
    }

    [Fact]
    public async Task Swap_WithLinesThatHaveNotArrived_LosesAndDoublesNone()
    {
        await using var collector = await Collector.StartAsync();
        await using var sample = await StartAsync(collector, "http");
        await ActAsync(sample, 2);
        await NowAsync(sample);
        await ActAsync(sample, 1);
        collector.Next.Enqueue(0);
        await NowAsync(sample);

        var package = Sample.Packed("audit-exporter");
        var noisy = sample.Fixture.Plugins.Single(plugin => plugin.Manifest.Id.ToString() == Noisy);
        var version = SemanticVersion.Parse("1.0.1");
        var changes = await sample.Fixture.Host.ApplyAsync([noisy, package with { Manifest = package.Manifest with { Version = version }, Entry = package.Entry with { Version = version, Digest = Contracts.Digest.Of("another"u8) } }]);
        Assert.Single(changes.OfType<PluginChange.Swapped>());
        await ActAsync(sample, 1);
        await NowAsync(sample);

        await EqualAsync(sample, collector.Taken);
    }

    [Fact]
    public async Task File_OverARestart_HasEveryLineOnce()
    {
        var first = await Sample.CreateAsync();
        var folder = Directory.CreateDirectory(Path.Combine(first.Home, "audit")).FullName;
        var package = Sample.WithFolder(Sample.Packed("audit-exporter"), "audit", folder);
        first.Fixture.With(package);
        AddNoisy(first);
        first.Set(Id, "target", "file");
        first.Set(Id, "intervalMs", 60_000);
        first.Set(Id, "batchLines", 2);
        await first.StartAsync();
        await ActAsync(first, 2);
        await NowAsync(first);
        var before = await LinesAsync(first);

        await using var second = await first.EndAsync();
        second.Fixture.With(package);
        AddNoisy(second);
        await second.StartAsync();
        await ActAsync(second, 1);
        await NowAsync(second);

        var lines = Collector.Lines(await File.ReadAllTextAsync(Path.Combine(folder, "audit.ndjson"))).ToList();
        Assert.Equal([.. before, .. await LinesAsync(second)], NoisyOf(lines));
        Numbered(lines);
    }

    [Fact]
    public async Task Loki_GetsItsPushFormat()
    {
        await using var collector = await Collector.StartAsync();
        await using var sample = await StartAsync(collector, "loki");
        await ActAsync(sample, 3);

        await NowAsync(sample);

        var request = Assert.Single(collector.Requests);
        Assert.Equal(("/loki/api/v1/push", "application/json"), (request.Path, request.Type));
        var streams = JsonDocument.Parse(request.Body).RootElement.GetProperty("streams").EnumerateArray().ToArray();
        Assert.All(streams, stream => Assert.Equal("lazyoc-audit", stream.GetProperty("stream").GetProperty("job").GetString()));
        Assert.Equal(streams.Length, streams.Select(stream => stream.GetProperty("stream").GetRawText()).Distinct().Count());
        foreach (var stream in streams)
        {
            var times = stream.GetProperty("values").EnumerateArray().Select(value => long.Parse(value[0].GetString()!, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(times.Distinct().Order(), times);
            Assert.All(times, time => Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(time / 1_000_000), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow));
        }
        await EqualAsync(sample, [.. streams.SelectMany(stream => stream.GetProperty("values").EnumerateArray()).Select(value => JsonSerializer.Deserialize<JsonElement>(value[1].GetString()!)).OrderBy(line => line.GetProperty("seq").GetInt32())]);
    }

    [Fact]
    public async Task Syslog_GetsMessagesOfRfc5424()
    {
        await using var collector = await Collector.StartAsync();
        await using var sample = await StartAsync(collector, "syslog");
        await ActAsync(sample, 1);

        await NowAsync(sample);

        var lines = Assert.Single(collector.Requests).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches("""^<(10[4-9]|11[01])>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d) - lazyoc - [A-Z]+ \[audit@32473( [a-z]+="([^"\\\]]|\\["\\\]])*")+\] .+$""", line));
        Assert.Contains(lines, line => line.Contains("""plugin="acme.noisy" version="1.0.0" call="kubernetes.scale" decision="done" """.TrimEnd(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Timer_SendsByItself()
    {
        await using var collector = await Collector.StartAsync();
        await using var sample = await StartAsync(collector, "http", intervalMs: 100);
        await ActAsync(sample, 1);

        const int Attempts = 150;
        for (var i = 0; i < Attempts && NoisyOf(collector.Taken).Length < 2; i++) await Task.Delay(50);

        await EqualAsync(sample, collector.Taken);
    }

    private static async Task<Sample> StartAsync(Collector collector, string target, int batchLines = 200, int intervalMs = 60_000)
    {
        var sample = await Sample.CreateAsync("audit-exporter");
        AddNoisy(sample);
        sample.Set(Id, "target", target);
        sample.Set(Id, "url", collector.Url);
        sample.Set(Id, "batchLines", batchLines);
        sample.Set(Id, "intervalMs", intervalMs);
        return await sample.StartAsync();
    }

    /// <summary>A plugin whose every command leaves two lines: what it is about to do, and that it is done.</summary>
    private static void AddNoisy(Sample sample)
    {
        var replicas = 0;
        sample.Fixture.With(Noisy, """{ "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments/scale"], "verbs": ["update"] }] }""", async turn =>
        {
            if (turn.Message.Type == MessageType.Command) await turn.CallAsync("kubernetes.scale", $$"""{"group":"apps","resource":"deployments","namespace":"bookstore","name":"cart","replicas":{{++replicas}}}""");
            return "{}";
        }, "onCommand:ID.command");
    }

    private static async Task ActAsync(Sample sample, int times)
    {
        for (var i = 0; i < times; i++) await sample.RunAsync($"{Noisy}.command");
        // What is written is what is read.
        await sample.Fixture.AuditedAsync(Noisy);
    }

    private static Task NowAsync(Sample sample) => sample.RunAsync($"{Id}.now");

    private static async Task<string[]> LinesAsync(Sample sample) => [.. (await sample.Fixture.AuditedAsync(Noisy)).Where(entry => entry.Call == "kubernetes.scale").Select(entry => $"{entry.Decision.ToString().ToLowerInvariant()} {entry.Target}")];

    private static string[] NoisyOf(IEnumerable<JsonElement> lines) => [.. lines.Where(line => line.GetProperty("plugin").GetString() == Noisy && line.GetProperty("call").GetString() == "kubernetes.scale").Select(line => $"{line.GetProperty("decision").GetString()} {line.GetProperty("target").GetString()}")];

    /// <summary>The lines of the noisy plugin are those of the audit, in its order, and no number is missing or there twice.</summary>
    private static async Task EqualAsync(Sample sample, List<JsonElement> lines)
    {
        var audited = await LinesAsync(sample);
        Assert.NotEmpty(audited);
        Assert.Equal(audited, NoisyOf(lines));
        Numbered(lines);
    }

    private static void Numbered(List<JsonElement> lines)
    {
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.GetProperty("seq").GetInt32()));
        Assert.Single(lines.Select(line => line.GetProperty("stream").GetString()).Distinct());
    }
}
