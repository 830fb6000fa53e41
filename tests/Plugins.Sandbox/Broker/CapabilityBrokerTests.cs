using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Sandbox.Tests.Broker;

public sealed class CapabilityBrokerTests
{
    [Fact]
    public async Task InvokeAsync_WithoutPermission_RefusesAndAuditsAndReachesNothing()
    {
        await using var door = DoorFixture.Open();

        var answer = await door.GetPodAsync(DoorFixture.Plugin());

        Assert.Equal(ErrorCode.PermissionDenied, answer.Error?.Code);
        Assert.Contains("get pods in namespace shop", answer.Error?.Message, StringComparison.Ordinal);
        Assert.Empty(door.Reached);
        var line = Assert.Single(await door.AuditedAsync());
        Assert.Equal((AuditDecision.Refused, "pods.get", "cart"), (line.Decision, line.Call, line.Target));
        Assert.StartsWith("permission-denied: ", line.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_WithPermission_AnswersAndCountsTheRead()
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin(verbs: "get");

        for (var i = 0; i < 3; i++) Assert.Null((await door.GetPodAsync(plugin)).Error);

        Assert.Equal(3, door.Reached.Count);
        var line = Assert.Single(await door.AuditedAsync());
        Assert.Equal((AuditDecision.Counted, 3), (line.Decision, line.Count));
    }

    [Fact]
    public async Task InvokeAsync_UnknownCall_IsNotFound()
    {
        await using var door = DoorFixture.Open();

        var answer = await door.CallAsync(DoorFixture.Plugin(), "plugin.active", "{}");

        Assert.Equal(ErrorCode.NotFound, answer.Error?.Code);
        // What the plugin made up never stands where the host's own words do.
        var line = Assert.Single(await door.AuditedAsync());
        Assert.Equal((AuditDecision.Refused, "(unknown)", "plugin.active"), (line.Decision, line.Call, line.Target));
    }

    [Theory]
    [InlineData("no.such.call", "{}")]
    [InlineData("pods.get", "{")]
    [InlineData("pods.get", """{"resource":"pods","namespace":"shop","name":"cart"}""")]
    public async Task InvokeAsync_CallsThatAreRefused_DrawOnTheQuotaToo(string call, string arguments)
    {
        await using var door = DoorFixture.Open(new SandboxLimits { HostCalls = new(PerSecond: 1, Burst: 3) });
        var plugin = DoorFixture.Plugin();
        for (var i = 0; i < 3; i++) Assert.NotEqual(ErrorCode.QuotaExceeded, (await door.CallAsync(plugin, call, arguments)).Error?.Code);

        Assert.Equal(ErrorCode.QuotaExceeded, (await door.CallAsync(plugin, call, arguments)).Error?.Code);
        Assert.Equal(1, door.Violations.CountsOf(plugin.Id).QuotaRefused);
    }

    [Fact]
    public async Task InvokeAsync_ManyBytesOfArguments_AreRefusedBeforeTheyAreRead()
    {
        await using var door = DoorFixture.Open(new SandboxLimits { ArgumentRate = new(PerSecond: 10, Burst: 100) });
        var plugin = DoorFixture.Plugin(verbs: "get");
        Assert.Equal(ErrorCode.Invalid, (await door.CallAsync(plugin, "pods.get", new string('[', 60))).Error?.Code);

        var refused = await door.CallAsync(plugin, "pods.get", new string('[', 60));

        Assert.Equal(ErrorCode.QuotaExceeded, refused.Error?.Code);
        Assert.Contains("argument bytes", refused.Error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resource":"pods","name":"cart","extra":1}""")]
    [InlineData("""{"resource":"pods"}""")]
    [InlineData("""{"resource":7,"name":"cart"}""")]
    [InlineData("""{"resource":"pods","name":"cart","name":"till"}""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    public async Task InvokeAsync_ArgumentsOfAnotherShape_IsInvalid(string arguments)
    {
        await using var door = DoorFixture.Open();

        var answer = await door.CallAsync(DoorFixture.Plugin(verbs: "get"), "pods.get", arguments);

        Assert.Equal(ErrorCode.Invalid, answer.Error?.Code);
        Assert.Empty(door.Reached);
    }

    [Fact]
    public async Task InvokeAsync_ArgumentsBeyondTheLimit_IsTooLarge()
    {
        await using var door = DoorFixture.Open(new SandboxLimits { ArgumentBytes = 10 });

        Assert.Equal(ErrorCode.TooLarge, (await door.GetPodAsync(DoorFixture.Plugin(verbs: "get"))).Error?.Code);
    }

    [Fact]
    public async Task InvokeAsync_AnswerBeyondTheLimit_IsTooLarge()
    {
        await using var door = DoorFixture.Open(new SandboxLimits { AnswerBytes = 50 });
        door.ReadHandler = _ => Task.FromResult(new string('x', 51));

        Assert.Equal(ErrorCode.TooLarge, (await door.GetPodAsync(DoorFixture.Plugin(verbs: "get"))).Error?.Code);
    }

    [Fact]
    public async Task InvokeAsync_WriteWithoutGesture_IsRefused()
    {
        await using var door = DoorFixture.Open();

        Assert.Equal(ErrorCode.GestureRequired, (await door.DeletePodAsync(DoorFixture.Plugin(verbs: "delete"))).Error?.Code);
        Assert.Empty(door.Reached);
    }

    [Fact]
    public async Task InvokeAsync_UnattendedWriteWithoutGesture_IsDone()
    {
        await using var door = DoorFixture.Open();

        Assert.Null((await door.DeletePodAsync(DoorFixture.Plugin(unattended: true, verbs: "delete"))).Error);
        Assert.Equal(["delete cart"], door.Reached);
    }

    [Fact]
    public async Task InvokeAsync_WriteInGesture_IsAuditedBeforeAndAfter()
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin(verbs: "delete");
        using var gesture = door.Gestures.Begin(plugin);

        Assert.Null((await door.DeletePodAsync(plugin, gesture.Token)).Error);

        Assert.Equal([AuditDecision.Intent, AuditDecision.Done], (await door.AuditedAsync()).Select(l => l.Decision));
    }

    [Fact]
    public async Task InvokeAsync_WriteAfterTheGestureEnded_IsRefusedWithoutViolation()
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin(verbs: "delete");
        var gesture = door.Gestures.Begin(plugin);
        gesture.Dispose();

        Assert.Equal(ErrorCode.GestureRequired, (await door.DeletePodAsync(plugin, gesture.Token)).Error?.Code);
        Assert.Empty(door.Consequences);
    }

    [Fact]
    public async Task InvokeAsync_WriteAfterTheGesturesLifetime_IsRefused()
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin(verbs: "delete");
        using var gesture = door.Gestures.Begin(plugin);
        door.Time.Advance(door.Limits.GestureLifetime + TimeSpan.FromTicks(1));

        Assert.Equal(ErrorCode.GestureRequired, (await door.DeletePodAsync(plugin, gesture.Token)).Error?.Code);
    }

    [Theory]
    [InlineData(AuditReads.Counts, "Counted")]
    [InlineData(AuditReads.All, "Done cart")]
    public async Task InvokeAsync_ARead_IsAuditedAsTheLogIsTold(AuditReads reads, string expected)
    {
        await using var door = DoorFixture.Open(reads: reads);

        await door.GetPodAsync(DoorFixture.Plugin(verbs: "get"));

        var line = Assert.Single(await door.AuditedAsync());
        Assert.Equal(expected, $"{line.Decision} {line.Target}".TrimEnd());
    }

    [Fact]
    public async Task InvokeAsync_ForgedToken_IsRefusedAndQuarantines()
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin(verbs: "delete");
        using var gesture = door.Gestures.Begin(plugin);
        var forged = new string(gesture.Token.Reverse().ToArray());

        Assert.Equal(ErrorCode.GestureRequired, (await door.DeletePodAsync(plugin, forged)).Error?.Code);
        Assert.IsType<Consequence.Quarantine>(Assert.Single(door.Consequences));
        Assert.Equal(1, door.Violations.CountsOf(plugin.Id).ForgedGesture);
        Assert.Empty(door.Reached);
    }

    [Fact]
    public async Task InvokeAsync_AnotherPluginsToken_IsRefusedAndQuarantines()
    {
        await using var door = DoorFixture.Open();
        using var gesture = door.Gestures.Begin(DoorFixture.Plugin("acme.owner", verbs: "delete"));
        var thief = DoorFixture.Plugin("acme.thief", verbs: "delete");

        Assert.Equal(ErrorCode.GestureRequired, (await door.DeletePodAsync(thief, gesture.Token)).Error?.Code);
        Assert.Equal(thief.Id, Assert.IsType<Consequence.Quarantine>(Assert.Single(door.Consequences)).Plugin);
    }

    [Fact]
    public async Task InvokeAsync_WriteInReadOnlySession_IsRefusedEvenUnattended()
    {
        await using var door = DoorFixture.Open();

        Assert.Equal(ErrorCode.PermissionDenied, (await door.DeletePodAsync(DoorFixture.Plugin(readOnly: true, unattended: true, verbs: "delete"))).Error?.Code);
        Assert.Empty(door.Reached);
    }

    [Fact]
    public async Task InvokeAsync_AfterTheSessionEnded_IsCancelled()
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin(verbs: "get");

        await door.Broker.EnterSessionAsync(DoorFixture.Session with { Epoch = 2 });

        Assert.Equal(ErrorCode.Cancelled, (await door.GetPodAsync(plugin)).Error?.Code);
        Assert.Null((await door.GetPodAsync(plugin with { Session = DoorFixture.Session with { Epoch = 2 } })).Error);
    }

    [Fact]
    public async Task EnterSessionAsync_WithACallInFlight_CancelsIt()
    {
        await using var door = DoorFixture.Open();
        var entered = new TaskCompletionSource();
        door.ReadHandler = async cancellationToken =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return "";
        };
        var call = door.GetPodAsync(DoorFixture.Plugin(verbs: "get"));
        await entered.Task;

        await door.Broker.EnterSessionAsync(DoorFixture.Session with { Epoch = 2 });

        Assert.Equal(ErrorCode.Cancelled, (await call).Error?.Code);
    }

    [Fact]
    public async Task InvokeAsync_HandlerThrows_AnswersInternalAndTellsTheBug()
    {
        await using var door = DoorFixture.Open();
        door.ReadHandler = _ => throw new InvalidOperationException("secret detail");

        var answer = await door.GetPodAsync(DoorFixture.Plugin(verbs: "get"));

        Assert.Equal(ErrorCode.Internal, answer.Error?.Code);
        Assert.DoesNotContain("secret detail", answer.Error?.Message, StringComparison.Ordinal);
        Assert.Equal("secret detail", Assert.Single(door.Bugs).Message);
        Assert.Contains(await door.AuditedAsync(), l => l.Decision == AuditDecision.Bug);
    }

    [Fact]
    public async Task InvokeAsync_AuditCannotBeWritten_DoesNotWrite()
    {
        await using var door = DoorFixture.Open(files: new FullDisk());

        Assert.Equal(ErrorCode.Unavailable, (await door.DeletePodAsync(DoorFixture.Plugin(unattended: true, verbs: "delete"))).Error?.Code);
        Assert.Empty(door.Reached);
        Assert.Equal("no space left", door.Audit.Failure);
    }

    [Fact]
    public async Task InvokeAsync_BeyondTheQuota_IsRefusedUntilTokensFlowIn()
    {
        await using var door = DoorFixture.Open(new SandboxLimits { Kubernetes = new(PerSecond: 2, Burst: 3) });
        var plugin = DoorFixture.Plugin(verbs: "get");
        for (var i = 0; i < 3; i++) Assert.Null((await door.GetPodAsync(plugin)).Error);

        var refused = await door.GetPodAsync(plugin);
        Assert.Equal(ErrorCode.QuotaExceeded, refused.Error?.Code);
        Assert.Contains("retry after 500 ms", refused.Error?.Message, StringComparison.Ordinal);
        Assert.Null((await door.GetPodAsync(DoorFixture.Plugin("acme.other", verbs: "get"))).Error);

        door.Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Null((await door.GetPodAsync(plugin)).Error);
    }

    [Fact]
    public async Task InvokeAsync_ManyPermissionRefusals_Suspend()
    {
        await using var door = DoorFixture.Open();
        for (var i = 0; i < door.Limits.PermissionRefusalsPerMinute; i++) await door.GetPodAsync(DoorFixture.Plugin());
        Assert.Empty(door.Consequences);

        await door.GetPodAsync(DoorFixture.Plugin());

        Assert.Contains("pods.get", Assert.IsType<Consequence.Suspend>(Assert.Single(door.Consequences)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_PermissionRefusalsSpreadOverTime_DoNotSuspend()
    {
        await using var door = DoorFixture.Open();
        for (var i = 0; i < 3 * door.Limits.PermissionRefusalsPerMinute; i++)
        {
            await door.GetPodAsync(DoorFixture.Plugin());
            door.Time.Advance(TimeSpan.FromSeconds(4));
        }
        Assert.Empty(door.Consequences);
    }

    [Fact]
    public async Task InvokeAsync_ManyQuotaRefusals_ThrottleTwiceAsLongEachTime()
    {
        await using var door = DoorFixture.Open(new SandboxLimits { Kubernetes = new(PerSecond: 0.001, Burst: 1), HostCalls = new(1000, 1000) });
        var plugin = DoorFixture.Plugin(verbs: "get");
        for (var i = 0; i < 1 + (2 * (door.Limits.QuotaRefusalsPerMinute + 1)); i++) await door.GetPodAsync(plugin);

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], door.Consequences.Cast<Consequence.Throttle>().Select(t => t.Pause));
    }

    private sealed class FullDisk : IAuditFiles
    {
        public IReadOnlyList<string> Names() => [];

        public Stream Create(string name) => throw new IOException("no space left");

        public Stream OpenRead(string name) => throw new IOException("nothing there");
    }

    [Fact]
    public async Task InvokeAsync_HandlerHasNoRoom_IsARefusalAndAViolationLikeTheDoorsOwn()
    {
        await using var door = DoorFixture.Open(new SandboxLimits { QuotaRefusalsPerMinute = 2 });
        var plugin = DoorFixture.Plugin();

        for (var i = 0; i < 3; i++) Assert.Equal(ErrorCode.QuotaExceeded, (await door.CallAsync(plugin, "old.full", "{}")).Error?.Code);

        Assert.Equal(3, door.Violations.CountsOf(plugin.Id).QuotaRefused);
        Assert.IsType<Consequence.Throttle>(Assert.Single(door.Consequences));
        Assert.Contains(await door.AuditedAsync(), line => (line.Call, line.Decision, line.Reason) == ("old.full", AuditDecision.Refused, ErrorCode.QuotaExceeded));
    }

    [Fact]
    public async Task InvokeAsync_DeprecatedCall_WorksIsCountedAndWarnsOnceAPackage()
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin();
        for (var i = 0; i < 3; i++) await door.CallAsync(plugin, "old.full", "{}");

        Assert.Equal("`old.full` is deprecated since host API 1.1 and is gone in 2.0: use `pods.get`", Assert.Single(door.Warnings));
        await door.CallAsync(plugin with { Digest = "sha256-01" }, "old.full", "{}");

        Assert.Equal((2, 4), (door.Warnings.Count, door.Broker.DeprecatedCallsOf(plugin.Id)));
        Assert.Equal(0, door.Broker.DeprecatedCallsOf(PluginId.Parse("acme.other")));
    }

    [Fact]
    public async Task InvokeAsync_SessionHasEnded_IsAudited()
    {
        await using var door = DoorFixture.Open();
        await door.Broker.EnterSessionAsync(DoorFixture.Session with { Epoch = 2 });
        var plugin = DoorFixture.Plugin(verbs: "get");

        Assert.Equal(ErrorCode.Cancelled, (await door.GetPodAsync(plugin)).Error?.Code);
        Assert.False(door.Broker.TryPermit(plugin, "hook", "delete pods/cart", new Demand.Kubernetes("", "pods", null, "get", "shop")));

        Assert.Equal(["hook", "pods.get"], (await door.AuditedAsync()).Where(line => line.Decision == AuditDecision.Refused).Select(line => line.Call).Order(StringComparer.Ordinal));
        Assert.Equal(0, door.Violations.CountsOf(plugin.Id).Total);
    }

    [Theory]
    [InlineData("pods.get", "pods.get", "")]
    [InlineData("process.run", "(unknown)", "process.run")]
    [InlineData("", "(unknown)", "")]
    public async Task Refuse_BeforeTheDoor_IsAuditedAsIfTheDoorHad(string call, string named, string target)
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin();

        var answer = door.Broker.Refuse(plugin, call, new CallError(ErrorCode.Unavailable, "not now"), Violation.QuotaRefused);

        Assert.Equal((ErrorCode.Unavailable, "not now"), (answer.Error?.Code, answer.Error?.Message));
        var line = Assert.Single(await door.AuditedAsync());
        Assert.Equal((AuditDecision.Refused, named, target, "unavailable: not now"), (line.Decision, line.Call, line.Target, line.Reason));
        Assert.Equal(1, door.Violations.CountsOf(plugin.Id).QuotaRefused);
    }

    [Fact]
    public async Task Refuse_WhatIsNoCallAtAll_IsQuarantinedAtOnce()
    {
        await using var door = DoorFixture.Open();
        var plugin = DoorFixture.Plugin();

        door.Broker.Refuse(plugin, "", new CallError(ErrorCode.Invalid, "no call"), Violation.BrokenEnvelope);

        Assert.Equal(1, door.Violations.CountsOf(plugin.Id).BrokenEnvelopes);
        Assert.Equal(plugin.Id, Assert.IsType<Consequence.Quarantine>(Assert.Single(door.Consequences)).Plugin);
    }
}
