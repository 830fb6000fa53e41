using System.Text.Json;

namespace LazyOC.EndToEnd.Tests;

/// <summary>What the door refuses, as the user sees it: in the plugin's own tab and in the audit.</summary>
public sealed class DoorTests : IDisposable
{
    private const string PodTab = """{"tabs":[{"id":"acme.probe.tab","resource":"Pod","title":"Probe"}]}""";

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task KubernetesPermission_TakenOut_IsRefusedInTabAndAudit()
    {
        var pod = await DemoPods.SickAsync(_lazyoc);
        var plugin = PluginDirectory.CopyOf("pod-health", _lazyoc.PathOf("pod-health")).With(manifest => manifest["permissions"]!.AsObject().Remove("kubernetes"));
        await plugin.InstallInDemoAsync(_lazyoc);

        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48", "--view", $"pods/{pod}", "--tab", "Health");

        Assert.Contains("permission-denied", frame);
        Assert.Contains(await AuditAsync("lazyoc.pod-health"), entry => IsRefusal(entry, "kubernetes.get", "permission-denied"));
    }

    [Fact]
    public async Task KubernetesPermission_LeftIn_IsNotRefused()
    {
        // The control of the test above: the same plugin, packed and installed the same way, with its permission.
        var pod = await DemoPods.SickAsync(_lazyoc);
        await PluginDirectory.CopyOf("pod-health", _lazyoc.PathOf("pod-health")).With("version", "\"1.0.1\"").InstallInDemoAsync(_lazyoc);

        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48", "--view", $"pods/{pod}", "--tab", "Health");

        Assert.DoesNotContain("permission-denied", frame);
        Assert.Contains("RESTARTS", frame);
    }

    [Fact]
    public async Task Write_WithoutGesture_IsRefusedAndTheObjectStays()
    {
        var pod = await DemoPods.SickAsync(_lazyoc);
        await PluginDirectory.JavaScript(_lazyoc.PathOf("probe"), "acme.probe", """
            lazyoc.on("render", async ({ object }, message) => {
              await lazyoc.call("kubernetes.delete", { resource: "pods", namespace: object.namespace, name: object.name }, message.gesture);
              return { type: "text", spans: [{ text: "deleted it" }] };
            });
            """)
            .With("contributes", PodTab)
            .With("permissions", """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","delete"]}]}""")
            .InstallInDemoAsync(_lazyoc);

        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48", "--view", $"pods/{pod}", "--tab", "Probe");

        Assert.Contains("gesture-required", frame);
        Assert.DoesNotContain("deleted it", frame);
        Assert.Contains(await AuditAsync("acme.probe"), entry => IsRefusal(entry, "kubernetes.delete", "gesture-required"));
    }

    [Fact]
    public async Task EndlessLoop_InJavaScript_IsInterruptedAndTheNextMessageAnswered()
    {
        var pod = await DemoPods.SickAsync(_lazyoc);
        await PluginDirectory.JavaScript(_lazyoc.PathOf("probe"), "acme.probe", """
            lazyoc.on("compute", () => { for (;;) try { for (;;) ; } catch { } finally { continue; } });
            lazyoc.on("render", () => ({ type: "text", spans: [{ text: "still here" }] }));
            """)
            .With("contributes", """{"columns":[{"id":"acme.probe.column","resource":"Pod","title":"PROBE","compute":[".status.phase"]}],"tabs":[{"id":"acme.probe.tab","resource":"Pod","title":"Probe"}]}""")
            .With("permissions", """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}]}""")
            .InstallInDemoAsync(_lazyoc);

        var frame = await _lazyoc.OkAsync("--demo", "--size", "200x60", "--view", $"pods/{pod}", "--tab", "Probe");

        Assert.Contains("still here", frame);
        Assert.Contains("interrupted", frame, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"♥ \d+ pods", frame);
    }

    [Fact]
    public async Task EndlessLoop_InWebAssembly_IsInterruptedAndTheOthersAreInTheFrame()
    {
        await PluginDirectory.WebAssembly(_lazyoc.PathOf("loop"), "acme.loop", "loop.wasm")
            .With("activation", """["onStartup"]""")
            .With("contributes", """{"statusItems":[{"id":"acme.loop.item","title":"Loop"}]}""")
            .InstallInDemoAsync(_lazyoc);

        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48");

        Assert.Contains("interrupted", frame, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("HEALTH", frame);
        Assert.Contains("●●●●● 100", frame);
        Assert.Matches(@"♥ \d+ pods", frame);
    }

    [Fact]
    public async Task ForgedGesture_QuarantinesUntilThePluginIsEnabledAgain()
    {
        var pod = await DemoPods.SickAsync(_lazyoc);
        await PluginDirectory.JavaScript(_lazyoc.PathOf("forger"), "acme.probe", """
            lazyoc.on("render", async ({ object }) => {
              await lazyoc.call("kubernetes.delete", { resource: "pods", namespace: object.namespace, name: object.name }, "0123456789abcdef0123456789abcdef");
            });
            """)
            .With("contributes", PodTab)
            .With("permissions", """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","delete"]}]}""")
            .InstallInDemoAsync(_lazyoc);

        Assert.Contains("quarantined", await _lazyoc.OkAsync("--demo", "--size", "160x48", "--view", $"pods/{pod}", "--tab", "Probe"));
        Assert.Contains("quarantined", await _lazyoc.OkAsync("plugin", "list", "--demo"));

        Assert.Contains("lifted", await _lazyoc.OkAsync("plugin", "enable", "acme.probe", "--demo"));
        Assert.DoesNotContain("quarantined", await _lazyoc.OkAsync("plugin", "list", "--demo"));
    }

    [Theory]
    [InlineData("throws", """throw new TypeError("no such thing");""", "no such thing")]
    [InlineData("garbage", "return 42;", "invalid")]
    [InlineData("huge", """return { type: "code", content: "x".repeat(2_000_000) };""", "1048576")]
    [InlineData("escape", """return { type: "text", spans: [{ text: "\u001b[31mred\u0007" }] };""", "[31mred")]
    public async Task BadAnswer_OfATab_IsShownInItsPanelAndTheRestGoesOn(string name, string body, string expected)
    {
        var pod = await DemoPods.SickAsync(_lazyoc);
        await PluginDirectory.JavaScript(_lazyoc.PathOf(name), "acme.probe", $$"""lazyoc.on("render", () => { {{body}} });""")
            .With("contributes", PodTab)
            .InstallInDemoAsync(_lazyoc);

        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48", "--view", $"pods/{pod}", "--tab", "Probe");

        Assert.Contains(expected, frame, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u001b', frame);
        Assert.Matches(@"♥ \d+ pods", frame);
    }

    [Fact]
    public async Task NeverAnswering_Tab_EndsAtItsDeadline()
    {
        var pod = await DemoPods.SickAsync(_lazyoc);
        await PluginDirectory.JavaScript(_lazyoc.PathOf("never"), "acme.probe", """lazyoc.on("render", () => new Promise(() => {}));""")
            .With("contributes", PodTab)
            .InstallInDemoAsync(_lazyoc);

        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48", "--view", $"pods/{pod}", "--tab", "Probe");

        Assert.Contains("deadline", frame, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"♥ \d+ pods", frame);
    }

    private async Task<IEnumerable<JsonElement>> AuditAsync(string plugin) =>
        (await _lazyoc.JsonAsync("plugin", "audit", "--demo", "--plugin", plugin)).EnumerateArray();

    private static bool IsRefusal(JsonElement entry, string call, string code) =>
        entry.GetProperty("call").GetString() == call
        && entry.GetProperty("decision").GetString() == "refused"
        && entry.GetProperty("reason").GetString()!.Contains(code, StringComparison.Ordinal);
}
