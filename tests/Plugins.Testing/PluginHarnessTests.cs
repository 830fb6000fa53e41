using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Testing.Tests;

public sealed class PluginHarnessTests
{
    private static readonly ObjectReference Cart = Deployment("cart");

    [Fact]
    public async Task Views_AreDrawnRefreshedAndOperated()
    {
        await using var harness = await StartAsync();

        using var page = await harness.OpenPageAsync("acme.sample.page");
        Assert.Equal("drawn 1\n[ More ]\n", page.Text);
        await page.RefreshAsync();
        Assert.Equal("drawn 2\n[ More ]\n", page.Text);
        await page.PressAsync("more");
        Assert.IsType<ViewNode.Text>(page.Content);
        Assert.Equal("pressed\n", page.Text);
        var error = await Assert.ThrowsAsync<PluginFailedException>(() => page.PressAsync("more"));
        Assert.Equal(ErrorCode.Invalid, error.Code);
        Assert.Equal("acme.sample.page", Assert.Single(harness.Driven));
    }

    [Fact]
    public async Task Swap_KeepsStateAndViews_AndWhatRanWhenItFails()
    {
        await using var harness = await StartAsync();
        using var page = await harness.OpenPageAsync("acme.sample.page");
        Assert.Equal("drawn 1\n[ More ]\n", page.Text);

        await harness.SwapAsync();
        // By the new instance, which goes on counting.
        Assert.Equal("drawn 2\n[ More ]\n", page.Text);
        await page.RefreshAsync();
        var error = await Assert.ThrowsAsync<PluginFailedException>(() => harness.SwapAsync());
        Assert.Contains("three are enough", error.Message, StringComparison.Ordinal);
        await page.RefreshAsync();
        Assert.Equal("drawn 4\n[ More ]\n", page.Text);
    }

    [Fact]
    public async Task Column_IsComputedFromWhatTheClusterHolds()
    {
        await using var harness = await StartAsync();
        var fluent = harness.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart")!;
        fluent["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse("""{ "name": "side", "image": "side:1" }"""));
        harness.Cluster.Store.Apply(fluent.ToJsonString());

        var cells = await harness.ComputeAsync("acme.sample.images", [Cart, Deployment("search")]);

        Assert.Equal(["quay.io/bookstore/cart:1.9.2,side:1|", "quay.io/bookstore/search:4.2.0|"], cells.Select(cell => cell.Text));
        Assert.Equal(ErrorCode.Invalid, (await Assert.ThrowsAsync<PluginFailedException>(() => harness.ComputeAsync("acme.sample.replicas", [Cart]))).Code);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<PluginFailedException>(() => harness.ComputeAsync("acme.sample.images", [Deployment("none")]))).Code);
    }

    [Fact]
    public async Task Action_ActsOnTheCluster_OnlyWithItsPermission()
    {
        await using var granted = await StartAsync();
        await granted.RunActionAsync("acme.sample.delete", [Cart]);
        Assert.Null(granted.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart"));

        await using var withheld = await StartAsync(new HarnessOptions { Withheld = ["kubernetes[1]"] });
        var error = await Assert.ThrowsAsync<PluginFailedException>(() => withheld.RunActionAsync("acme.sample.delete", [Cart]));
        Assert.Equal(ErrorCode.PermissionDenied, error.Code);
        Assert.NotNull(withheld.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart"));
        Assert.Equal(("kubernetes.delete", ErrorCode.PermissionDenied), withheld.Calls.Select(call => (call.Name, call.Code)).Single());
        // The other rule was not withheld.
        using var tab = await withheld.OpenTabAsync("acme.sample.tab", Cart);
        Assert.Equal("cart wants 2\n", tab.Text);
    }

    [Fact]
    public async Task Command_MeetsTheUserAndTheSettings()
    {
        using var filled = JsonDocument.Parse("""{ "name": "Ada" }""");
        using var greeting = JsonDocument.Parse("\"good day\"");
        await using var harness = await StartAsync(new HarnessOptions { Confirms = true, Filled = filled.RootElement, Settings = System.Collections.Immutable.ImmutableDictionary<string, JsonElement>.Empty.Add("greeting", greeting.RootElement) });
        Assert.Null(harness.StatusOf("acme.sample.status"));

        await harness.RunCommandAsync("acme.sample.ask");

        Assert.Equal(["confirm good day", "prompt Name?", "notify true Ada"], harness.Shown.Select(shown => $"{shown.What} {shown.Text}"));
        Assert.Equal("asked", harness.StatusOf("acme.sample.status"));
        Assert.Contains("info: asked", harness.LogLines);
    }

    [Fact]
    public async Task Faults_ComeInThePlaceOfTheHost_AsOftenAsTheySay()
    {
        await using var harness = await StartAsync(new HarnessOptions { Faults = [new CallFault("kubernetes.get", ErrorCode.Unavailable, "away", Times: 1)] });

        var error = await Assert.ThrowsAsync<PluginFailedException>(() => harness.OpenTabAsync("acme.sample.tab", Cart));
        Assert.Equal((ErrorCode.Unavailable, "away"), (error.Code, error.Message));
        using var tab = await harness.OpenTabAsync("acme.sample.tab", Cart);
        Assert.Equal("cart wants 2\n", tab.Text);

        using var answer = JsonDocument.Parse("""{ "metadata": { "name": "made up" }, "spec": { "replicas": 9 } }""");
        await using var answered = await StartAsync(new HarnessOptions { Withheld = ["kubernetes"], Faults = [new CallFault("kubernetes.get", Answer: answer.RootElement)] });
        using var other = await answered.OpenTabAsync("acme.sample.tab", Cart);
        Assert.Equal("made up wants 9\n", other.Text);
    }

    [Fact]
    public async Task Hooks_SayWhatBecomesOfAChange()
    {
        await using var harness = await StartAsync();

        Assert.Equal("never", (await harness.AskHooksAsync("delete", Cart)).Denials.Single().Text);
        Assert.Equal("careful", (await harness.AskHooksAsync("delete", Deployment("search"))).Warnings.Single().Text);
        var patched = (await harness.AskHooksAsync("update", Cart)).Patched!.Value;
        Assert.Equal("yes", patched.GetProperty("metadata").GetProperty("labels").GetProperty("checked").GetString());
        Assert.Equal("acme.sample.hook", Assert.Single(harness.Driven));

        await using var withheld = await StartAsync(new HarnessOptions { Withheld = ["hooks"] });
        // It is not asked at all, and the user is not kept waiting.
        Assert.True((await withheld.AskHooksAsync("delete", Cart)).IsFree);
    }

    [Fact]
    public async Task LogLines_AreShownHiddenOrFail()
    {
        await using var harness = await StartAsync();
        var pod = new ObjectReference { Group = "", Kind = "Pod", Namespace = "bookstore", Name = "any" };

        var lines = await harness.TransformLogAsync(pod, ["a", "hide"]);
        Assert.Equal([(false, "A"), (true, null)], lines.Select(line => (line.IsHidden, line.IsHidden ? null : line.Spans.Single().Text)));
        var error = await Assert.ThrowsAsync<PluginFailedException>(() => harness.TransformLogAsync(pod, ["throw"]));
        Assert.Contains("no such line", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme.sample.tabb", "did you mean `acme.sample.tab`?")]
    [InlineData("other", "it has `acme.sample.tab`")]
    public async Task UnknownContribution_NamesTheNearest(string id, string hint)
    {
        await using var harness = await StartAsync();

        var error = await Assert.ThrowsAsync<PluginFailedException>(() => harness.OpenTabAsync(id, Cart));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Driven);
    }

    [Fact]
    public async Task Start_WithWhatThereIsNot_SaysWhatThereIs()
    {
        var scenario = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new HarnessOptions { Scenario = "nowhere" }));
        Assert.Contains("bookstore", scenario.Message, StringComparison.Ordinal);
        var withheld = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new HarnessOptions { Withheld = ["kubernetes[7]"] }));
        Assert.Contains("`kubernetes[1]`", withheld.Message, StringComparison.Ordinal);
        // It has no permission to store anything.
        using var value = JsonDocument.Parse("1");
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new HarnessOptions { Stored = System.Collections.Immutable.ImmutableDictionary<string, JsonElement>.Empty.Add("key", value.RootElement) }));
    }

    private static Task<PluginHarness> StartAsync(HarnessOptions? options = null) => PluginHarness.StartAsync(SamplePlugin.Package, options);

    private static ObjectReference Deployment(string name) => new() { Group = "apps", Kind = "Deployment", Namespace = "bookstore", Name = name };
}
