using System.Text.Json.Nodes;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Details;

/// <summary>Objects that want to break the screen, or to show what is hidden.</summary>
public sealed class HostileContentTests : IAsyncLifetime
{
    private const string Hostile = "\e[2J\e]0;x\a\u009b31m\u202ertl\u2066 \0\r\n\t字字 e\u0301\u0301\u0301 👩‍👩‍👧‍👦 \ufeff\ud83d";
    private DetailsFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await DetailsFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Tabs_HostileObjectAtAnySize_StayInsideTheFrame()
    {
        var name = new string('n', 253);
        Apply(name, Hostile, Hostile);
        Event(name, Hostile);
        foreach (var tab in (string[])["Overview", "YAML", "Events"])
        {
            var open = await _fixture.OpenAsync("configmaps", name, tab);
            await open.UntilAsync(_ => open.Details.Pending is null);
            foreach (var (width, height) in ((int, int)[])[(110, 34), (40, 12), (13, 6), (3, 3), (1, 1)])
            {
                open.Size = new FrameSize(width, height);
                open.Frame();
                foreach (var key in (string[])["down", "w", "pagedown", "end", "home", "right", "/", "e", "enter", "n", "escape"])
                {
                    open.Press(key);
                    AssertSound(open.Draw());
                    open.Frame();
                }
            }
        }
    }

    [Fact]
    public async Task Tabs_AnnotationOfAMebibyte_IsCutWhereItIsShownAndNotLost()
    {
        var large = new string('x', 1_000_000) + "END";
        Apply("large", "small", large);
        var open = await _fixture.OpenAsync("configmaps", "large");
        await open.UntilAsync("more characters, see YAML");
        open.Press("]");
        await open.UntilAsync("apiVersion: v1");
        Assert.Contains(large, open.Details.WholeText!, StringComparison.Ordinal);
        open.Press("w", "end");
        AssertSound(open.Draw());
        open.Press("/", "x", "x", "enter");
        await open.UntilAsync("1 of 1");
    }

    [Fact]
    public async Task Secret_ItsValues_AreHiddenEverywhereUntilAskedFor()
    {
        _fixture.Cluster.Store.Apply("""
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"vault","namespace":"bookstore","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"password\":\"aHVudGVyMg==\"}}"}},"type":"Opaque","data":{"password":"aHVudGVyMg=="}}
            """);
        var open = await _fixture.OpenAsync("secrets", "vault");
        await open.UntilAsync("password");
        Assert.DoesNotContain("aHVudGVyMg", open.Frame(), StringComparison.Ordinal);
        open.Press("]");
        var frame = await open.UntilAsync("password: \"••••••\" # 12 characters, hidden");
        Assert.Contains("x shows them", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVyMg", open.Details.WholeText!, StringComparison.Ordinal);
        open.Press("x");
        frame = await open.UntilAsync("hunter2");
        Assert.Contains("values of this Secret are shown", frame, StringComparison.Ordinal);
        open.Press("x");
        await open.UntilAsync(f => !f.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Yaml_ManagedFields_ComeOnRequest()
    {
        var kind = (await _fixture.Client.Discovery.GetAsync()).Resolve("deployments")!;
        await _fixture.Client.Resources.ScaleAsync(kind, "bookstore", "cart", 3);
        var open = await _fixture.OpenAsync("deployments", "cart", "YAML");
        await open.UntilAsync("apiVersion: apps/v1");
        Assert.DoesNotContain("managedFields", open.Details.WholeText!, StringComparison.Ordinal);
        open.Press("m");
        await open.UntilAsync(_ => open.Details.WholeText!.Contains("managedFields", StringComparison.Ordinal));
    }

    private static void AssertSound(CellBuffer frame)
    {
        var lines = Golden.Text(frame).Split('\n');
        Assert.InRange(lines.Length, frame.Height, frame.Height + 1);
        foreach (var line in lines)
            Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u202e' or '\u2066' or '\ufeff');
    }

    private void Apply(string name, string data, string annotation) => _fixture.Cluster.Store.Apply(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "bookstore", ["annotations"] = new JsonObject { ["note"] = annotation }, ["finalizers"] = new JsonArray("example.com/hold") },
        ["data"] = new JsonObject { ["key"] = data },
    }.ToJsonString());

    private void Event(string name, string message)
    {
        var uid = _fixture.Cluster.Store.Get("v1", "ConfigMap", "bookstore", name)!["metadata"]!["uid"]!.GetValue<string>();
        _fixture.Cluster.Store.Apply(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = "hostile.1", ["namespace"] = "bookstore" },
            ["type"] = message,
            ["reason"] = message,
            ["message"] = message,
            ["involvedObject"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["namespace"] = "bookstore", ["name"] = name, ["uid"] = uid },
        }.ToJsonString());
    }
}
