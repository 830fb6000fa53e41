using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on the cluster and on what the user means to do with it.</summary>
[Collection(HostileCollection.Name)]
public sealed class ClusterTests
{
    private const string ReadEverything = """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"] }] }""";
    private const string ReadSecrets = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["list"] }] }""";
    private const string ReadPods = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"] }] }""";
    private const string ReadPodsInOne = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list"], "namespaces": ["bookstore"] }] }""";
    private const string ListEverything = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["*"], "verbs": ["list"], "namespaces": ["*"] }] }""";
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
        Attack = arena => arena.Host.Extensions.ComputeAsync($"{Arena.Attacker}.column", [new ComputeRow { Object = HostFixture.Pod(), Values = ["s3cret"] }]),
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
            await arena.PrintedAsync("told ");
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
        GuardOff = AnyToken,
    }).RunAsync();

    [Fact]
    public Task ReplayedGesture() => (Scaling("replayed-gesture.js") with
    {
        Attack = async arena =>
        {
            await arena.CommandAsync();
            await arena.RenderAsync();
        },
        GuardOff = AnyToken,
    }).RunAsync();

    [Fact]
    public Task GestureOfAnotherPlugin() => (Scaling("gesture-of-another.js") with
    {
        Setup = host => host.WithCode("leaky.plugin", "{}", """lazyoc.on("command", (payload, message) => { console.log(message.gesture); return new Promise(() => {}); });"""u8.ToArray()),
        Attack = async arena =>
        {
            var live = arena.Host.Extensions.RunCommandAsync("leaky.plugin.command");
            string? token = null;
            await Arena.PollAsync(() => (token = arena.Host.LogLines.FirstOrDefault(line => line.StartsWith("leaky.plugin Info ", StringComparison.Ordinal))?["leaky.plugin Info ".Length..]) is not null);
            using var view = arena.Host.Extensions.OpenTab($"{Arena.Attacker}.tab", HostFixture.Pod(token!), 80, 20);
            await arena.UntilAsync(() => view.State is not ViewState.Pending);
            Assert.False(live.IsCompleted);
        },
        Failed = arena =>
        {
            AssertNotScaled(arena);
            Assert.Equal(PluginState.Quarantined, arena.State);
        },
        GuardOff = AnyToken,
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
        SwitchesSession = true,
        // Its goodbye has time enough for the attempt.
        Setup = host => host.Limits = host.Limits with { DeactivateDeadline = TimeSpan.FromMinutes(1) },
        Attack = async arena =>
        {
            arena.User.Reply = null;
            var asked = arena.Host.Extensions.RunCommandAsync($"{Arena.Attacker}.command");
            await arena.User.Asked;
            await arena.Host.Host.SwitchSessionAsync(arena.Host.Session());
            arena.User.Answer.SetResult(JsonDocument.Parse("true").RootElement);
            arena.Note(await asked);
        },
        Failed = arena =>
        {
            AssertNotScaled(arena);
            arena.AssertPrinted("question: cancelled");
            arena.AssertPrinted("scale: cancelled");
        },
        GuardOff = c => c.Also(host => host.LeavesInstancesInOtherSessions = true),
    }).RunAsync();

    [Fact]
    public Task AnotherNamespace() => new HostileCase("other-namespace.js")
    {
        Permissions = ReadPodsInOne,
        Failed = arena =>
        {
            arena.AssertNotPrinted("listed ");
            Assert.Equal(2, arena.Printed.Count(line => line.Contains("failed: permission-denied", StringComparison.Ordinal)));
        },
        Audited = "kubernetes.list",
        GuardOff = c => c with { Permissions = ReadPods },
        Succeeded = arena =>
        {
            arena.AssertPrinted("""listed {"resource":"pods","namespace":"kube-system"}""");
            arena.AssertPrinted("""listed {"resource":"pods"}""");
        },
    }.RunAsync();

    [Fact]
    public Task NamesThatArePaths() => new HostileCase("names-that-are-paths.js")
    {
        Permissions = ListEverything,
        Failed = arena => Assert.Equal(3, arena.Printed.Count(line => line.Contains("failed: invalid", StringComparison.Ordinal))),
        Audited = "kubernetes.list",
        GuardOff = c => c.Also(UncheckedArguments),
        // They go on to the API server; that they lead nowhere there is the doing of another guard, which escapes them.
        Succeeded = arena =>
        {
            arena.AssertNotPrinted("failed: invalid");
            arena.AssertPrinted("failed: not-found");
        },
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
        GuardOff = c => c.Also(host => host.MoreCalls = [Run]),
        Succeeded = arena => arena.AssertPrinted("process.run answered"),
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
        GuardOff = c => c.Also(UncheckedArguments),
        Succeeded = arena =>
        {
            arena.AssertPrinted("""answered {"resource":"pods","verb":"delete"}""");
            arena.AssertPrinted("""answered {"resource":"pods","limit":1000000000}""");
        },
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
        GuardOff = c => c.Also(host => host.Sandbox = host.Sandbox with { Off = new GuardsOff { GestureNeeds = true } }),
        Succeeded = arena => Assert.Equal("confirmed true", arena.TextOfView()),
    }.RunAsync();

    [Fact]
    public async Task ViewsOfAnotherPlugin()
    {
        ViewNode? shown = null;
        await new HostileCase("view-of-another.js")
        {
            Attack = async arena =>
            {
                using var view = arena.Host.Extensions.OpenTab("good.plugin.tab", HostFixture.Pod(), 80, 20);
                await arena.UntilAsync(() => view.State is ViewState.Ready);
                await arena.CommandAsync();
                shown = Assert.IsType<ViewState.Ready>(view.State).Content;
            },
            Failed = arena =>
            {
                arena.AssertNotPrinted("drew ");
                arena.AssertPrinted("failed: not-found");
                Assert.Equal("here", Assert.IsType<ViewNode.Badge>(shown).Label);
            },
            Audited = null,
            GuardOff = c => c.Also(host => host.Limits = host.Limits with { AnybodyUpdatesViews = true }),
            Succeeded = _ => Assert.Equal("owned", Assert.IsType<ViewNode.Badge>(shown).Label),
        }.RunAsync();
    }

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

    private static HostileCase AnyToken(HostileCase attack) => attack.Also(host => host.Sandbox = host.Sandbox with { Off = new GuardsOff { GestureTokens = true } });

    private static void UncheckedArguments(HostFixture host) => host.Sandbox = host.Sandbox with { Off = new GuardsOff { ArgumentChecks = true } };

    /// <summary>What no plugin should be able to do.</summary>
    private static HostCallRow Run { get; } = new HostCallRow<HostInfoRequest, Nothing>
    {
        Name = "process.run",
        Description = "",
        Request = static () => ContractJson.Default.HostInfoRequest,
        Answer = static () => ContractJson.Default.Nothing,
        Handler = static (_, _, _) => ValueTask.FromResult<CallOutcome<Nothing>>(new Nothing()),
    };

    private static void AssertNotScaled(Arena arena) => Assert.NotEqual(7, arena.Host.ReplicasOf("catalog"));
}
