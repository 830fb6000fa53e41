using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

/// <summary>Log lines through plugins: whatever a plugin does, every line is shown, or hidden on purpose.</summary>
public sealed class LogTransformsTests
{
    private const string Id = "acme.test";
    private const string Logs = """{ "logs": [{ "kinds": ["Pod"] }] }""";
    private const string More = """, "logTransforms": [{ "id": "ID.calm", "resource": "Pod", "title": "Calm" }]""";

    private const string Short = """{"text":"x"}""";

    private static readonly GroupKind Pod = new("", "Pod");

    [Fact]
    public async Task TransformLogAsync_StylesHidesAndLeavesAlone()
    {
        await using var fixture = await StartAsync(Lines(line => line switch
        {
            "noise" => "null",
            "bad" => """{"spans":[{"text":"BAD","style":"error"},{"text":"!"}]}""",
            _ => $$"""{"spans":[{"text":"{{line}}"}]}""",
        }));

        var shown = await TransformAsync(fixture, "noise", "bad", "plain");

        Assert.Empty(shown.Failures);
        Assert.True(shown.Lines[0].IsHidden);
        Assert.Equal([("BAD", TextStyle.Error), ("!", TextStyle.Plain)], shown.Lines[1].Spans.Select(span => (span.Text, span.Style)));
        Assert.True(shown.Lines[2] is { IsHidden: false, Spans.IsDefault: true });
    }

    [Fact]
    public async Task TransformLogAsync_ManyLines_GoInBatches()
    {
        var sizes = new ConcurrentQueue<int>();
        await using var fixture = await StartAsync(turn =>
        {
            if (turn.Message.Type == MessageType.LogLines) sizes.Enqueue(turn.Payload.GetProperty("lines").GetArrayLength());
            return Lines(line => $$"""{"spans":[{"text":"{{line}}!"}]}""")(turn);
        });

        var shown = await TransformAsync(fixture, [.. Enumerable.Range(0, 450).Select(i => $"line {i}")]);

        Assert.Equal([200, 200, 50], sizes);
        Assert.Equal("line 449!", shown.Lines[449].Spans[0].Text);
    }

    [Theory]
    [InlineData("""{"lines":[null]}""", "1 lines for 2")]
    [InlineData("""{"lines":[null,null,null]}""", "3 lines for 2")]
    [InlineData("""{"lines":[{"spans":[{"text":"a","colour":"red"}]},null]}""", "not one")]
    [InlineData("HUGE", "characters")]
    [InlineData("MANY", "spans")]
    [InlineData("THROW", "boom")]
    public async Task TransformLogAsync_AnswerThatIsNone_ShowsTheLinesAsTheyAre(string answer, string why)
    {
        await using var fixture = await StartAsync(turn => turn.Message.Type != MessageType.LogLines ? Task.FromResult("{}")
            : answer == "THROW" ? throw new GuestException("boom")
            : Task.FromResult(answer switch
            {
                "HUGE" => $$"""{"lines":[null,{"spans":[{"text":"{{new string('x', 9_000)}}"}]}]}""",
                "MANY" => $$"""{"lines":[null,{"spans":[{{string.Join(',', Enumerable.Repeat(Short, 65))}}]}]}""",
                _ => answer,
            }));

        var shown = await TransformAsync(fixture, "one", "two");

        Assert.All(shown.Lines, line => Assert.True(line is { IsHidden: false, Spans.IsDefault: true }));
        Assert.Contains(why, Assert.Single(shown.Failures).Message, StringComparison.Ordinal);
        // Left out for a while: the next lines do not wait for it again.
        Assert.Empty((await TransformAsync(fixture, "three")).Failures);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TransformLogAsync_PluginThatNeverAnswers_IsCutAtItsDeadline(bool isCut)
    {
        using var release = new SemaphoreSlim(0);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.Limits = fixture.Limits with { LogLinesDeadline = isCut ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromMinutes(5), LogLinesWait = isCut ? TimeSpan.FromSeconds(20) : TimeSpan.FromMinutes(5) };
        fixture.With(Id, Logs, async turn =>
        {
            if (turn.Message.Type != MessageType.LogLines) return "{}";
            entered.SetResult();
            await release.WaitAsync(turn.CancellationToken);
            return """{"lines":[null]}""";
        }, more: More);
        await fixture.StartAsync();

        var transforming = TransformAsync(fixture, "one");
        // The control has a deadline that does not come: nothing else ends the wait.
        await entered.Task;
        if (!isCut)
        {
            Assert.False(transforming.IsCompleted);
            release.Release();
        }
        var shown = await transforming;

        Assert.Equal(!isCut, shown.Lines[0].IsHidden);
        Assert.Equal(isCut ? 1 : 0, shown.Failures.Length);
    }

    [Theory]
    [InlineData(Logs, 1)]
    [InlineData(Permissions.None, 0)]
    public async Task TransformLogAsync_WithoutThePermission_SeesNoLine(string granted, int asked)
    {
        var seen = 0;
        await using var fixture = await HostFixture.CreateAsync("empty");
        var plugin = fixture.Package(Id, "1.0.0", Logs, turn =>
        {
            if (turn.Message.Type == MessageType.LogLines) Interlocked.Increment(ref seen);
            return Task.FromResult("""{"lines":[null]}""");
        }, more: More);
        var grant = fixture.Package("acme.grant", "1.0.0", granted, _ => Task.FromResult("{}")).Entry.Granted;
        await fixture.With(plugin with { Entry = plugin.Entry with { Granted = grant } }).StartAsync();

        var shown = await TransformAsync(fixture, "a password");

        Assert.Equal(asked, seen);
        Assert.Equal(asked == 1, shown.Lines[0].IsHidden);
    }

    [Fact]
    public async Task TransformLogAsync_Several_EachTakesWhatTheOneBeforeMade()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.With("acme.first", Logs, Lines(line => $$"""{"spans":[{"text":"{{line}} first","style":"ok"}]}"""), more: More);
        fixture.With("acme.second", Logs, Lines(line => line.StartsWith("keep", StringComparison.Ordinal) ? $$"""{"spans":[{"text":"{{line}}"}]}""" : $$"""{"spans":[{"text":"{{line}} second"}]}"""), more: More);
        await fixture.StartAsync();

        var shown = await TransformAsync(fixture, "a", "keep");

        Assert.Equal("a first second", shown.Lines[0].Spans[0].Text);
        Assert.Equal(("keep first", TextStyle.Ok), (shown.Lines[1].Spans[0].Text, shown.Lines[1].Spans[0].Style));
    }

    private static Script Lines(Func<string, string> line) => turn => Task.FromResult(turn.Message.Type == MessageType.LogLines
        ? $$"""{"lines":[{{string.Join(',', turn.Payload.GetProperty("lines").EnumerateArray().Select(text => line(text.GetString()!)))}}]}"""
        : "{}");

    private static async Task<HostFixture> StartAsync(Script script) => await (await HostFixture.CreateAsync("empty")).With(Id, Logs, script, more: More).StartAsync();

    private static Task<ShownLines> TransformAsync(HostFixture fixture, params ImmutableArray<string> lines) =>
        fixture.Extensions.TransformLogAsync(Pod, new WhenContext(), new LogLinesPayload { Transform = "", Object = HostFixture.Pod(), Pod = "cart", Container = "cart", Lines = lines });
}
