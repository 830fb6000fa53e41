using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.Details;

/// <summary>Log lines that plugins transform, down to the cells.</summary>
public sealed class TransformedLogTests : IAsyncLifetime
{
    private const string Manifest = """
        "permissions": { "logs": [{ "kinds": ["Pod"] }] },
        "contributes": { "logTransforms": [{ "id": "acme.hooked.calm", "resource": "Pod", "title": "Calm" }] }
        """;

    private DetailsFixture _fixture = null!;
    private PluginFixture _plugins = null!;
    private Func<string, string> _line = line => $$"""{"spans":[{"text":{{Quoted(line)}} }]}""";
    private Func<string, string>? _answer;

    public async Task InitializeAsync()
    {
        _fixture = await DetailsFixture.StartAsync();
        _plugins = await PluginFixture.StartAsync(_fixture.Session.Cluster, Manifest, (message, _, _) =>
        {
            if (message.Type != MessageType.LogLines)
                return Task.FromResult("{}");
            using var payload = JsonDocument.Parse(message.Payload);
            var lines = payload.RootElement.GetProperty("lines").EnumerateArray().Select(line => _line(line.GetString()!));
            var answer = $$"""{"lines":[{{string.Join(',', lines)}}]}""";
            return Task.FromResult(_answer?.Invoke(answer) ?? answer);
        });
        _fixture.Session = _fixture.Session with { Extensions = _plugins.Host.Extensions };
        foreach (var pod in _fixture.Cluster.Store.List("v1", "Pod", "bookstore").Where(p => p["metadata"]!["labels"]?["app"]?.GetValue<string>() == "cart"))
        {
            pod["metadata"]!["annotations"] = new JsonObject { ["simulator.lazyoc.dev/log"] = "first line\nsecond line" };
            _fixture.Cluster.Store.Apply(pod.ToJsonString());
        }
    }

    public async Task DisposeAsync()
    {
        await _fixture.DisposeAsync();
        await _plugins.DisposeAsync();
    }

    [Fact]
    public async Task Logs_Transformed_ShowSpansInTheirStyleAndNotWhatIsHidden()
    {
        _line = line => line.StartsWith("first", StringComparison.Ordinal) ? "null" : """{"spans":[{"text":"SECOND","style":"error"},{"text":" shown"}]}""";
        var open = await _fixture.OpenAsync("pods", "cart", "Logs");
        var frame = await open.UntilAsync("SECOND shown");
        Assert.DoesNotContain("first line", frame, StringComparison.Ordinal);
        var cells = open.Draw();
        var (x, y) = Find(cells, "SECOND");
        Assert.Equal(Tone.Error, cells.Row(y)[x].Style.Tone);
    }

    [Theory]
    [InlineData("\u001b[31mRED\u001b[0m\u001b]0;title\u0007", "RED")]
    [InlineData("a\u202Ereversed\u2066 \u200Fb", "reversed")]
    [InlineData("one\r\n\ttwo\u0000", "two")]
    public async Task Logs_HostileSpans_LoseWhatATerminalWouldObey(string text, string seen)
    {
        _line = _ => $$"""{"spans":[{"text":{{Quoted(text)}} }]}""";
        var open = await _fixture.OpenAsync("pods", "cart", "Logs");
        var frame = await open.UntilAsync(seen);
        // The control: what the plugin said has all of it.
        Assert.Contains(text, c => char.IsControl(c) || c is '\u202E' or '\u2066' or '\u200F');
        Assert.DoesNotContain(frame, c => (char.IsControl(c) && c != '\n') || c is '\u202E' or '\u2066' or '\u200F');
        Assert.DoesNotContain("[31m", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("title", frame, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"lines":[]}""")]
    [InlineData("HUGE")]
    [InlineData("garbage")]
    public async Task Logs_AnswerThatIsNone_ShowTheLinesAsTheyAreAndSaySoOnce(string answer)
    {
        _answer = given => answer == "HUGE" ? given.Replace("line", new string('x', 20_000), StringComparison.Ordinal) : answer;
        var open = await _fixture.OpenAsync("pods", "cart", "Logs");
        var frame = await open.UntilAsync("second line");
        Assert.Contains("first line", frame, StringComparison.Ordinal);
        Assert.Single(frame.Split('\n'), line => line.Contains("plugin Hooked (acme.hooked) failed on some lines", StringComparison.Ordinal));
    }

    private static string Quoted(string text) => JsonValue.Create(text)!.ToJsonString();

    private static (int X, int Y) Find(CellBuffer cells, string text)
    {
        var lines = Golden.Text(cells).Split('\n');
        var y = Array.FindIndex(lines, line => line.Contains(text, StringComparison.Ordinal));
        return (lines[y].IndexOf(text, StringComparison.Ordinal), y);
    }
}
