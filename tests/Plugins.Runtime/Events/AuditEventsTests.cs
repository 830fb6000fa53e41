using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.Fuzz.Plugins.Simulation;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.Tests.Events;

/// <summary>What plugins that may read the audit hear of it, and that hearing of it is nothing to hear of.</summary>
public sealed class AuditEventsTests
{
    private const string Actor = "acme.actor";
    private const string Left = "acme.left";
    private const string Right = "acme.right";
    private const string MayHear = """{ "audit": "read", "events": { "subscribe": ["audit.*"] } }""";
    private const string MayHearAndScale = """{ "audit": "read", "events": { "subscribe": ["audit.*"] }, "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments/scale"], "verbs": ["update"], "unattended": true }] }""";
    private const string Scale = """{"group":"apps","resource":"deployments","namespace":"bookstore","name":"cart","replicas":2}""";

    [Theory]
    [InlineData(MayHear, false)]
    [InlineData("""{ "events": { "subscribe": ["audit.*"] } }""", true)]
    [InlineData("""{ "audit": "read" }""", true)]
    public async Task Subscribe_NeedsBothPermissions(string permissions, bool refused)
    {
        var listener = new Listener("audit.entry");
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Left, permissions, listener.ListenAsync, "onStartup").StartAsync();
        await fixture.UntilAsync(() => fixture.Status(Left).State == PluginState.Active);

        Assert.Equal(refused ? ErrorCode.PermissionDenied : null, listener.Refused?.Code);
    }

    [Fact]
    public async Task Refusal_OfAnother_IsToldAsItIsWritten()
    {
        var listener = new Listener("audit.*");
        await using var fixture = await StartAsync("empty", (Left, MayHear, listener));

        await RefuseAsync(fixture, "first");

        await listener.HearsAsync(heard => heard.Any(IsRefusal("first")));
        var told = listener.Events.Select(told => told.Data.Deserialize(ContractJson.Default.AuditTold)!).Single(told => told.Entry.Target == "pods/first in bookstore");
        Assert.Equal((Actor, "kubernetes.get", "refused"), (told.Entry.Plugin.ToString(), told.Entry.Call, told.Entry.Decision));
        Assert.DoesNotContain(listener.Events, told => told.Data.GetProperty("entry").GetProperty("plugin").GetString() == Left);
    }

    [Fact]
    public async Task ActsOfTwoThatHear_ForEveryLineThatTheyHear_AreNothingToHearOf()
    {
        var left = Scaling();
        var right = Scaling();
        await using var fixture = await StartAsync("bookstore", (Left, MayHearAndScale, left), (Right, MayHearAndScale, right));

        await RefuseAsync(fixture, "first");
        await left.HearsAsync(heard => heard.Any(IsRefusal("first")));
        await right.HearsAsync(heard => heard.Any(IsRefusal("first")));
        // Both have acted on it, or are about to; what is told of that comes before what happens now.
        await fixture.AuditedAsync(Left);
        await RefuseAsync(fixture, "last");
        await left.HearsAsync(heard => heard.Any(IsRefusal("last")));
        await right.HearsAsync(heard => heard.Any(IsRefusal("last")));

        Assert.All([left, right], listener => Assert.DoesNotContain(listener.Heard, line => line.Contains("kubernetes.scale", StringComparison.Ordinal)));
        Assert.Contains(await fixture.AuditedAsync(Left), line => line is { Call: "kubernetes.scale", Decision: AuditDecision.Done });
        Assert.Contains(await fixture.AuditedAsync(Right), line => line is { Call: "kubernetes.scale", Decision: AuditDecision.Done });
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    public async Task Lines_OfActsOfWhoHears_AreToldOnlyWithoutTheGuard(bool guards, int told)
    {
        var heard = new ConcurrentQueue<HostEvent>();
        await using var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
        var bus = new EventBus(TimeProvider.System);
        using var events = new AuditEvents(audit, bus, plugin => guards && plugin == PluginId.Parse(Left), perSecond: 100, TimeProvider.System);
        using var everybody = bus.Subscribe("audit.*", heard.Enqueue);

        audit.Record(Line(Left, AuditDecision.Intent));
        audit.Record(Line(Left, AuditDecision.Done));
        audit.Record(Line(Left, AuditDecision.Refused));
        await audit.FlushAsync();

        Assert.Equal(told + 1, heard.Count);
        Assert.All(heard, happened => Assert.Equal(PluginId.Parse(Left), happened.About));
    }

    [Fact]
    public async Task Lines_MoreThanASecondHolds_AreCounted()
    {
        var heard = new ConcurrentQueue<AuditTold>();
        var time = new SimulatedTime();
        await using var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
        var bus = new EventBus(time);
        using var events = new AuditEvents(audit, bus, _ => false, perSecond: 3, time);
        using var everybody = bus.Subscribe("audit.*", happened => heard.Enqueue(JsonSerializer.Deserialize(happened.Data.Span, ContractJson.Default.AuditTold)!));

        for (var i = 0; i < 10; i++) audit.Record(Line(Actor, AuditDecision.Refused));
        await audit.FlushAsync();
        Assert.Equal(3, heard.Count);
        using var second = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        time.Pass();
        audit.Record(Line(Actor, AuditDecision.Refused));
        await audit.FlushAsync();

        Assert.Equal([null, null, null, 7L], heard.Select(told => told.Skipped));
    }

    private static Listener Scaling() => new("audit.*") { OnEvent = async turn => await turn.TryCallAsync("kubernetes.scale", Scale, null) };

    private static Func<string, bool> IsRefusal(string target) => line => line.Contains($"\"pods/{target} in bookstore\",\"decision\":\"refused\"", StringComparison.Ordinal);

    private static AuditEvent Line(string plugin, AuditDecision decision) => new() { Plugin = PluginId.Parse(plugin), Version = "1.0.0", Digest = "", Call = "kubernetes.scale", Decision = decision };

    private static async Task<HostFixture> StartAsync(string scenario, params (string Id, string Permissions, Listener Listener)[] listeners)
    {
        var fixture = await HostFixture.CreateAsync(scenario);
        foreach (var (id, permissions, listener) in listeners) fixture.With(id, permissions, listener.ListenAsync, "onStartup");
        fixture.With(Actor, Permissions.None, async turn =>
        {
            if (turn.Message.Type == MessageType.Action)
                await turn.TryCallAsync("kubernetes.get", $$"""{"resource":"pods","namespace":"bookstore","name":"{{turn.Payload.GetProperty("objects")[0].GetProperty("name").GetString()}}"}""", null);
            return "{}";
        });
        await fixture.StartAsync();
        foreach (var (id, _, _) in listeners) await fixture.UntilAsync(() => fixture.Status(id).State == PluginState.Active);
        return fixture;
    }

    private static Task RefuseAsync(HostFixture fixture, string pod) => fixture.Extensions.RunActionAsync($"{Actor}.action", [HostFixture.Pod(pod)]);
}
