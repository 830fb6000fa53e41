using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

/// <summary>Attacks and honest calls through the whole way, from message to simulated cluster; each attack beside its control.</summary>
public sealed class DoorTests
{
    private const string Id = "acme.test";
    private const string ScaleTo7 = """{"resource":"deployments","namespace":"bookstore","name":"catalog","replicas":7}""";

    [Theory]
    [InlineData(Permissions.None, false)]
    [InlineData(Permissions.ReadPods, true)]
    public async Task List_InATab_IsAnsweredWithPermissionAndElseVisiblyRefusedAndAudited(string permissions, bool permitted)
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, permissions, async turn =>
        {
            if (turn.Message.Type != MessageType.Render) return "{}";
            var pods = await turn.CallAsync("kubernetes.list", """{"resource":"pods","namespace":"bookstore","fields":[".metadata.name"]}""");
            var names = string.Join(' ', pods.GetProperty("items").EnumerateArray().Select(p => p.GetProperty(".metadata.name").GetString()));
            return $$"""{"type":"badge","label":"{{names}}"}""";
        }).StartAsync();

        var state = await fixture.OpenTabAsync(Id);

        var refusals = (await fixture.AuditedAsync(Id)).Where(l => l.Decision == AuditDecision.Refused).ToArray();
        if (permitted)
        {
            var expected = string.Join(' ', fixture.Cluster.Store.List("v1", "Pod", "bookstore").Select(p => (string)p["metadata"]!["name"]!));
            Assert.Equal(expected, Assert.IsType<ViewNode.Badge>(Assert.IsType<ViewState.Ready>(state).Content).Label);
            Assert.Empty(refusals);
        }
        else
        {
            var failure = Assert.IsType<ViewState.Faulted>(state).Failure;
            Assert.Equal(("threw", "Plugin acme.test"), (failure.Code, failure.PluginName));
            Assert.Contains("permission-denied", failure.Message, StringComparison.Ordinal);
            Assert.Equal(("kubernetes.list", "pods in bookstore"), (Assert.Single(refusals).Call, refusals[0].Target));
        }
    }

    [Fact]
    public async Task Scale_OutsideAnAction_NeedsAGestureAndInsideScalesTheCluster()
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.ScaleDeployments, async turn =>
        {
            if (turn.Message.Type is MessageType.Render or MessageType.Action) await turn.CallAsync("kubernetes.scale", ScaleTo7);
            return """{"type":"empty","message":"scaled"}""";
        }).StartAsync();
        var before = fixture.ReplicasOf("catalog");
        Assert.NotEqual(7, before);

        var failure = Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure;
        Assert.Contains("gesture-required", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, fixture.ReplicasOf("catalog"));

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunActionAsync($"{Id}.action", []));
        Assert.Equal(7, fixture.ReplicasOf("catalog"));
        Assert.Equal(
            [AuditDecision.Refused, AuditDecision.Intent, AuditDecision.Done],
            (await fixture.AuditedAsync(Id)).Where(l => l.Call == "kubernetes.scale").Select(l => l.Decision));
    }

    [Fact]
    public async Task Scale_WithTheTokenOfAnEndedAction_IsRefused()
    {
        string? kept = null;
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.ScaleDeployments, async turn =>
        {
            kept ??= turn.Message.Gesture;
            if (turn.Message.Type == MessageType.Render) await turn.CallAsync("kubernetes.scale", ScaleTo7, kept);
            return """{"type":"empty","message":"scaled"}""";
        }).StartAsync();
        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunActionAsync($"{Id}.action", []));
        Assert.NotNull(kept);

        Assert.Contains("gesture-required", Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure.Message, StringComparison.Ordinal);
        Assert.NotEqual(7, fixture.ReplicasOf("catalog"));
        Assert.Equal(PluginState.Active, fixture.Status(Id).State);
    }

    [Fact]
    public async Task Scale_WithAForgedToken_IsRefusedAndQuarantinesAtOnce()
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.ScaleDeployments, async turn =>
        {
            if (turn.Message.Type == MessageType.Render) await turn.TryCallAsync("kubernetes.scale", ScaleTo7, new string('0', 32));
            return """{"type":"empty","message":"scaled"}""";
        }).StartAsync();

        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Quarantined && view.State is ViewState.Faulted { Failure.Code: ErrorCode.PermissionDenied });

        Assert.NotEqual(7, fixture.ReplicasOf("catalog"));
        Assert.Contains(await fixture.AuditedAsync(Id), l => l.Call == "plugin.quarantined" && l.Reason!.Contains("forged", StringComparison.Ordinal));
        Assert.IsType<InvocationResult.Faulted>(await fixture.Extensions.RunActionAsync($"{Id}.action", []));
    }

    [Fact]
    public async Task Scale_InAReadOnlySession_IsRefusedInsideAnAction()
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.ScaleDeployments, async turn =>
        {
            if (turn.Message.Type == MessageType.Action) await turn.CallAsync("kubernetes.scale", ScaleTo7);
            return "{}";
        }).StartAsync(readOnly: true);

        var failed = Assert.IsType<InvocationResult.Faulted>(await fixture.Extensions.RunActionAsync($"{Id}.action", []));

        Assert.Contains("read-only", failed.Failure.Message, StringComparison.Ordinal);
        Assert.NotEqual(7, fixture.ReplicasOf("catalog"));
    }

    [Theory]
    [InlineData("kubernetes.delete", """{"resource":"pods","namespace":"bookstore","name":".."}""", ErrorCode.Invalid)]
    [InlineData("kubernetes.delete", """{"resource":"pods","namespace":"bookstore","name":""}""", ErrorCode.Invalid)]
    [InlineData("kubernetes.get", """{"resource":"pods","namespace":"../..","name":"x"}""", ErrorCode.Invalid)]
    [InlineData("kubernetes.get", """{"resource":"pods/x/../../secrets","namespace":"bookstore","name":"x"}""", ErrorCode.Invalid)]
    [InlineData("kubernetes.get", """{"group":"apps in kube-system","resource":"deployments","namespace":"bookstore","name":"x"}""", ErrorCode.Invalid)]
    [InlineData("kubernetes.get", """{"resource":"pods","name":"cart"}""", ErrorCode.PermissionDenied)]
    [InlineData("kubernetes.list", """{"resource":"nodes","namespace":"bookstore"}""", ErrorCode.Invalid)]
    [InlineData("kubernetes.list", """{"resource":"secrets","namespace":"bookstore"}""", ErrorCode.PermissionDenied)]
    [InlineData("kubernetes.list", """{"resource":"Secrets","namespace":"bookstore"}""", ErrorCode.NotFound)]
    [InlineData("kubernetes.list", """{"resource":"pods"}""", ErrorCode.PermissionDenied)]
    [InlineData("kubernetes.list", """{"resource":"pods","namespace":"kube-system"}""", ErrorCode.PermissionDenied)]
    [InlineData("kubernetes.list", """{"resource":"pods","namespace":"bookstore","limit":501}""", ErrorCode.Invalid)]
    [InlineData("kubernetes.list", """{"resource":"pods","namespace":"bookstore","fields":["[["]}""", ErrorCode.Invalid)]
    [InlineData("kubernetes.get", """{"resource":"pods","namespace":"bookstore","name":"no-such-pod"}""", ErrorCode.NotFound)]
    public async Task Call_ThatReachesBeyondOneNamespace_IsRefused(string call, string arguments, string code)
    {
        const string everythingInOneNamespace = """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"], "namespaces": ["bookstore"] }] }""";
        Answer answer = default;
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, everythingInOneNamespace, async turn =>
        {
            if (turn.Message.Type == MessageType.Command) answer = await turn.TryCallAsync(call, arguments, turn.Message.Gesture);
            return "{}";
        }).StartAsync();

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        Assert.Equal(code, answer.Error?.Code);
        Assert.NotNull(fixture.Cluster.Store.Get("v1", "Namespace", null, "bookstore"));
    }

    [Fact]
    public async Task List_PageBeyondAMessage_IsAnsweredInShorterPages()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        for (var i = 0; i < 12; i++)
            fixture.Cluster.Store.Apply($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"big-{{{i:D2}}}","namespace":"default","labels":{"big":"yes"}},"data":{"x":"{{{new string('x', 200_000)}}}"}}""");
        var pages = new List<int>();
        await fixture.With(Id, """{ "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["list"] }] }""", async turn =>
        {
            for (string? token = ""; turn.Message.Type == MessageType.Command && token is not null;)
            {
                var page = await turn.CallAsync("kubernetes.list", $$"""{"resource":"configmaps","namespace":"default","labelSelector":"big=yes"{{(token.Length == 0 ? "" : $",\"continue\":\"{token}\"")}}}""");
                pages.Add(page.GetProperty("items").GetArrayLength());
                token = page.TryGetProperty("continue", out var next) ? next.GetString() : null;
            }
            return "{}";
        }).StartAsync();

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        Assert.Equal(12, pages.Sum());
        Assert.True(pages.Count > 1);
    }

    [Fact]
    public async Task Get_PathsThatSelectOneValueThousandsOfTimes_IsTooLargeNotManyGigabytes()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.Cluster.Store.Apply($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"big","namespace":"default"},"data":{"x":"{{{new string('x', 300_000)}}}"}}""");
        var ninetyTimes = string.Join(',', Enumerable.Repeat("'data'", 90));
        var fields = string.Join(',', Enumerable.Range(0, 32).Select(i => $"\"['metadata','data'][{ninetyTimes.Replace("data", "x", StringComparison.Ordinal)}]{new string(' ', i)}\""));
        Answer get = default, list = default;
        await fixture.With(Id, """{ "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"] }] }""", async turn =>
        {
            if (turn.Message.Type != MessageType.Command) return "{}";
            get = await turn.TryCallAsync("kubernetes.get", $$"""{"resource":"configmaps","namespace":"default","name":"big","fields":[{{fields}}]}""", null);
            list = await turn.TryCallAsync("kubernetes.list", $$"""{"resource":"configmaps","namespace":"default","fields":[{{fields}}]}""", null);
            return "{}";
        }).StartAsync();
        var before = GC.GetTotalAllocatedBytes();

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        Assert.Equal((ErrorCode.TooLarge, ErrorCode.TooLarge), (get.Error?.Code, list.Error?.Code));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1L << 30);
    }

    [Fact]
    public async Task Subscribe_MoreTopicsThanAPluginMayHave_IsInvalid()
    {
        Answer answer = default;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.HearOfPods, async turn =>
        {
            var topics = string.Join(',', Enumerable.Repeat("\"resource.pods\"", 33));
            if (turn.Message.Type == MessageType.Command) answer = await turn.TryCallAsync("events.subscribe", $$"""{"topics":[{{topics}}]}""", null);
            return "{}";
        }).StartAsync();

        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal(ErrorCode.Invalid, answer.Error?.Code);
    }

    [Fact]
    public async Task LogWrite_EmptyLines_DrawOnTheQuota()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.Sandbox = new() { LogBytes = new(PerSecond: 0.001, Burst: 200) };
        await fixture.With(Id, Permissions.None, async turn =>
        {
            for (var i = 0; turn.Message.Type == MessageType.Command && i < 20; i++) await turn.CallAsync("log.write", """{"message":""}""");
            return "{}";
        }).StartAsync();

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        Assert.Equal(3, fixture.LogLines.Count);
    }

    [Fact]
    public async Task LogWrite_LongLine_IsCut()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, async turn =>
        {
            if (turn.Message.Type == MessageType.Command) await turn.CallAsync("log.write", $$"""{"level":"warn","message":"{{new string('é', 10_000)}}"}""");
            return "{}";
        }).StartAsync();

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        Assert.Equal($"{Id} Warn {new string('é', 4_096)}…", Assert.Single(fixture.LogLines));
    }
}
