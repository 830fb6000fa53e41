using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on the cluster and on what the user means to do with it.</summary>
[Collection(HostileCollection.Name)]
public sealed class ClusterTests
{
    private const string ReadEverything = """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"] }] }""";
    private const string ReadSecrets = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["list"] }] }""";
    private const string ReadPods = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"] }] }""";
    private const string ReadPodsInOne = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list"], "namespaces": ["bookstore"] }] }""";
    private const string Scale = """{ "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments/scale"], "verbs": ["update"] }] }""";
    private const string ScaleUnattended = """{ "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments/scale"], "verbs": ["update"], "unattended": true }] }""";
    private const string HearOfPods = """{ "events": { "subscribe": ["resource.pods"] } }""";
    private const string HearOfAndReadPods = """{ "events": { "subscribe": ["resource.pods"] }, "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get"] }] }""";

    [Fact]
    public Task SecretsThroughARuleForEverything() => new HostileCase("reads-secrets.js")
    {
        Permissions = ReadEverything,
        Failed = arena => arena.AssertPrinted("failed: permission-denied"),
        Audited = "kubernetes.list",
        GuardOff = c => c with { Permissions = ReadSecrets },
        Succeeded = arena => arena.AssertPrinted("stole "),
    }.RunAsync();

    [Fact]
    public Task ValuesOfObjectsInAColumn() => new HostileCase("reads-secret-as-column.js")
    {
        Attack = arena => arena.MeanwhileAsync(arena.Host.Extensions.ComputeAsync($"{Arena.Attacker}.column", [new ComputeRow { Object = HostFixture.Pod(), Values = ["s3cret"] }])),
        Failed = arena => arena.AssertPrinted("was handed [[]]"),
        Audited = null,
        GuardOff = c => c with { Permissions = ReadPods },
        Succeeded = arena => arena.AssertPrinted("""was handed [["s3cret"]]"""),
    }.RunAsync();

    [Fact]
    public Task ContentOfObjectsInAnEvent() => new HostileCase("reads-secret-as-event.js")
    {
        Permissions = HearOfPods,
        Attack = async arena =>
        {
            await arena.RenderAsync();
            while (!arena.Printed.Any(line => line.Contains("told ", StringComparison.Ordinal))) await arena.MeanwhileAsync(Task.FromResult(0));
        },
        Failed = arena => arena.AssertNotPrinted("created"),
        Audited = null,
        GuardOff = c => c with { Permissions = HearOfAndReadPods },
        Succeeded = arena => arena.AssertPrinted("told created group kind name namespace phase uid"),
    }.RunAsync();

    [Fact]
    public Task ForgedGesture() => (Scaling("forged-gesture.js") with
    {
        Attack = arena => arena.RenderAsync(),
        Failed = arena =>
        {
            AssertNotScaled(arena);
            Assert.Equal(PluginState.Quarantined, arena.State);
        },
    }).RunAsync();

    [Fact]
    public Task ReplayedGesture() => (Scaling("replayed-gesture.js") with
    {
        Attack = async arena =>
        {
            await arena.CommandAsync();
            await arena.RenderAsync();
        },
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
    }).RunAsync();

    [Fact]
    public Task GestureOfAnotherPlugin() => (Scaling("gesture-of-another.js") with
    {
        Setup = host => host.WithCode("leaky.plugin", "{}", """lazyoc.on("command", (payload, message) => { console.log(message.gesture); return new Promise(() => {}); });"""u8.ToArray()),
        Attack = async arena =>
        {
            var live = arena.Host.Extensions.RunCommandAsync("leaky.plugin.command");
            string? token = null;
            while ((token = arena.Host.LogLines.FirstOrDefault(line => line.StartsWith("leaky.plugin Info ", StringComparison.Ordinal))?["leaky.plugin Info ".Length..]) is null)
                await arena.MeanwhileAsync(Task.FromResult(0));
            using var view = arena.Host.Extensions.OpenTab($"{Arena.Attacker}.tab", HostFixture.Pod(token), 80, 20);
            await arena.UntilAsync(() => view.State is not ViewState.Pending);
            Assert.False(live.IsCompleted);
        },
        Failed = arena =>
        {
            AssertNotScaled(arena);
            Assert.Equal(PluginState.Quarantined, arena.State);
        },
    }).RunAsync();

    [Fact]
    public Task WriteWhileTheUserOnlyLooks() => (Scaling("unattended-write.js") with
    {
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c with { Permissions = ScaleUnattended },
    }).RunAsync();

    [Fact]
    public Task WriteInAReadOnlySession() => (Scaling("read-only-write.js") with
    {
        ReadOnly = true,
        Failed = arena =>
        {
            AssertNotScaled(arena);
            arena.AssertFailed("threw", "read-only");
        },
        GuardOff = c => c with { ReadOnly = false },
    }).RunAsync();

    [Fact]
    public Task ConfirmationCarriedOverASwitch() => (Scaling("confirm-then-scale.js") with
    {
        Attack = async arena =>
        {
            arena.User.Reply = null;
            var asked = arena.Host.Extensions.RunCommandAsync($"{Arena.Attacker}.command");
            await arena.User.Asked;
            await arena.Host.Host.SwitchSessionAsync(arena.Host.Session());
            arena.User.Answer.SetResult(JsonDocument.Parse("true").RootElement);
            arena.Note(await arena.MeanwhileAsync(asked));
        },
        Failed = arena =>
        {
            AssertNotScaled(arena);
            // The question's answer or the end of the instance, whichever is first.
            var failure = Assert.IsType<InvocationResult.Faulted>(arena.Ended).Failure;
            Assert.Contains(ErrorCode.Cancelled, $"{failure.Code}: {failure.Message}", StringComparison.Ordinal);
        },
        Audited = "plugin.enabled",
        Decision = AuditDecision.Transition,
        GuardOff = c => c with
        {
            Attack = async arena =>
            {
                arena.User.Reply = null;
                var asked = arena.CommandAsync();
                await arena.User.Asked;
                arena.User.Answer.SetResult(JsonDocument.Parse("true").RootElement);
                await asked;
            },
        },
    }).RunAsync();

    [Fact]
    public Task AnotherNamespace() => new HostileCase("other-namespace.js")
    {
        Permissions = ReadPodsInOne,
        Failed = arena =>
        {
            arena.AssertNotPrinted("listed ");
            Assert.Equal(5, arena.Printed.Count(line => line.Contains("failed: ", StringComparison.Ordinal)));
        },
        Audited = "kubernetes.list",
        GuardOff = c => c with { Permissions = ReadPods },
        Succeeded = arena => arena.AssertPrinted("""listed {"resource":"pods","namespace":"kube-system"}"""),
    }.RunAsync();

    [Fact]
    public Task NamesOfCallsThatAreNone() => new HostileCase("unknown-calls.js")
    {
        Failed = arena =>
        {
            arena.AssertNotPrinted("process.run answered");
            Assert.Equal(5, arena.Printed.Count(line => line.Contains("failed: not-found", StringComparison.Ordinal)));
        },
        Audited = "(unknown)",
        GuardOff = c => c,
        Succeeded = arena => arena.AssertPrinted("host.info answered"),
    }.RunAsync();

    [Fact]
    public Task ArgumentsOfWrongShape() => new HostileCase("invalid-arguments.js")
    {
        Permissions = ReadPods,
        Failed = arena =>
        {
            arena.AssertNotPrinted("Info answered");
            Assert.Equal(8, arena.Printed.Count(line => line.Contains("failed: invalid", StringComparison.Ordinal)));
        },
        Audited = "kubernetes.list",
        GuardOff = c => c,
        Succeeded = arena => arena.AssertPrinted("well-formed answered"),
    }.RunAsync();

    [Fact]
    public Task QuestionOutOfTheBlue() => new HostileCase("question-without-gesture.js")
    {
        Attack = arena => arena.RenderAsync(),
        Failed = arena =>
        {
            Assert.Empty(arena.User.Shown);
            arena.AssertFailed("threw", "gesture-required");
        },
        Audited = "ui.confirm",
        GuardOff = c => c with { Attack = arena => arena.CommandAsync() },
        Succeeded = arena => arena.AssertPrinted("confirmed true"),
    }.RunAsync();

    [Fact]
    public Task ViewsOfAnotherPlugin() => new HostileCase("view-of-another.js")
    {
        Attack = async arena =>
        {
            using var view = arena.Host.Extensions.OpenTab("good.plugin.tab", HostFixture.Pod(), 80, 20);
            await arena.UntilAsync(() => view.State is ViewState.Ready);
            await arena.CommandAsync();
            Assert.Equal("here", Assert.IsType<Contracts.Views.ViewNode.Badge>(Assert.IsType<ViewState.Ready>(view.State).Content).Label);
        },
        Failed = arena =>
        {
            arena.AssertNotPrinted("drew ");
            arena.AssertPrinted("failed: not-found");
        },
        Audited = null,
        GuardOff = c => c with
        {
            Attack = async arena =>
            {
                using var view = arena.Host.Extensions.OpenTab($"{Arena.Attacker}.tab", HostFixture.Pod(), 80, 20);
                await arena.UntilAsync(() => view.State is ViewState.Ready);
                await arena.CommandAsync();
            },
        },
        Succeeded = arena => arena.AssertPrinted("drew into view-"),
    }.RunAsync();

    private static HostileCase Scaling(string plugin) => new(plugin)
    {
        Permissions = Scale,
        Failed = arena =>
        {
            AssertNotScaled(arena);
            arena.AssertFailed("threw", "gesture-required");
        },
        Audited = "kubernetes.scale",
        GuardOff = c => c with { Attack = arena => arena.CommandAsync() },
        Succeeded = arena => Assert.Equal(7, arena.Host.ReplicasOf("catalog")),
    };

    private static void AssertNotScaled(Arena arena) => Assert.NotEqual(7, arena.Host.ReplicasOf("catalog"));
}
