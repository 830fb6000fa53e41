using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

/// <summary>Hooks on the user's changes: each attack beside its control.</summary>
public sealed class HooksTests
{
    private const string Id = "acme.test";
    private const string Deny = """{"outcome":"deny","reason":"not on Fridays"}""";

    [Theory]
    [InlineData("""{"outcome":"allow"}""", 0, 0)]
    [InlineData("{}", 0, 0)]
    [InlineData("null", 0, 0)]
    [InlineData("""{"outcome":"warn","text":"it is Friday"}""", 0, 1)]
    [InlineData(Deny, 1, 0)]
    public async Task AskAsync_EachAnswer_IsTheVerdict(string answer, int denials, int warnings)
    {
        await using var fixture = await StartAsync(Says(answer));

        var verdict = await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "delete"));

        Assert.Equal((denials, warnings, 0), (verdict.Denials.Length, verdict.Warnings.Length, verdict.Unanswered.Length));
        Assert.All(verdict.Denials.Concat(verdict.Warnings), remark => Assert.Equal((Id, false), (remark.Plugin.ToString(), remark.FromHost)));
        Assert.Equal(denials + warnings == 0, verdict.IsFree);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"outcome":"warn"}""")]
    [InlineData("""{"outcome":"warn","text":"  "}""")]
    [InlineData("""{"outcome":"burn"}""")]
    [InlineData("""{"outcome":"deny","reason":"x","more":1}""")]
    public async Task AskAsync_AnswerThatIsNone_CountsAsAFaultAndNotAsAVerdict(string answer)
    {
        await using var fixture = await StartAsync(Says(answer));

        var verdict = await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "delete"));

        Assert.True(verdict.IsFree);
        Assert.Equal("invalid-answer", Assert.Single(verdict.Unanswered).Code);
        Assert.Equal(1, fixture.Status(Id).Account.Faults);
    }

    [Theory]
    [InlineData("""["warn"]""", false)]
    [InlineData("""["warn","deny"]""", true)]
    public async Task AskAsync_EffectThatWasNotGranted_IsRefusedCountedAndAudited(string granted, bool works)
    {
        // The manifest declares what it asks for; the user granted less.
        await using var fixture = await HostFixture.CreateAsync();
        var asked = fixture.Package(Id, "1.0.0", Rules("""["warn","deny"]"""), Says(Deny), more: Contributes());
        var grant = fixture.Package("acme.grant", "1.0.0", Rules(granted), Says("{}")).Entry.Granted;
        fixture.With(asked with { Entry = asked.Entry with { Granted = grant, GrantDigest = grant.ComputeDigest() } });
        await fixture.StartAsync();

        var verdict = await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "delete"));

        Assert.Equal(works, verdict.Denials.Length == 1);
        Assert.Equal(works ? 0 : 1, fixture.Status(Id).Account.Refused);
        var line = (await fixture.AuditedAsync(Id)).Single(entry => entry.Call == "hook");
        Assert.Equal((works ? AuditDecision.Done : AuditDecision.Refused, "delete deployments.apps/cart in bookstore"), (line.Decision, line.Target));
    }

    [Theory]
    [InlineData("configmaps", false)]
    [InlineData("secrets", true)]
    [InlineData("*", false)]
    public async Task Payload_OfASecret_HasItsDataOnlyForARuleThatNamesSecrets(string resources, bool reads)
    {
        var seen = new ConcurrentQueue<string>();
        await using var fixture = await StartAsync(
            turn =>
            {
                if (turn.Message.Type == MessageType.Hook) seen.Enqueue(turn.Payload.GetRawText());
                return Task.FromResult("{}");
            },
            $$"""{ "kubernetes": [{ "apiGroups": [""], "resources": ["{{resources}}"], "verbs": ["get"] }], "hooks": [{ "kinds": ["Secret"], "verbs": ["delete"] }] }""",
            Contributes("Secret", effects: "[]", verbs: """["delete"]"""));

        await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "delete", "secrets", "payment-gateway"));

        var payload = Assert.Single(seen);
        Assert.Contains("payment-gateway", payload, StringComparison.Ordinal);
        Assert.Equal(reads, payload.Contains("api-key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AskAsync_HookThatNeverReturns_IsCutAtItsDeadlineAndTheOthersCount(bool isCut)
    {
        using var release = new SemaphoreSlim(0);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = await HostFixture.CreateAsync();
        // The control has a deadline that does not come: then nothing else ends the wait.
        fixture.Limits = fixture.Limits with { HookDeadline = isCut ? TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(5), HookWait = isCut ? TimeSpan.FromSeconds(20) : TimeSpan.FromMinutes(5) };
        fixture.With("acme.slow", Rules("""["deny"]"""), async turn =>
        {
            if (turn.Message.Type != MessageType.Hook) return "{}";
            entered.SetResult();
            await release.WaitAsync(turn.CancellationToken);
            return "{}";
        }, more: Contributes(effects: """["deny"]"""));
        fixture.With(Id, Rules("""["warn","deny"]"""), Says("""{"outcome":"warn","text":"it is Friday"}"""), more: Contributes());
        await fixture.StartAsync();

        var asking = fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "delete"));
        await entered.Task;
        if (!isCut)
        {
            Assert.False(asking.IsCompleted);
            release.Release();
        }
        var verdict = await asking;

        Assert.Equal("it is Friday", Assert.Single(verdict.Warnings).Text);
        string[] silent = isCut ? ["acme.slow"] : [];
        Assert.Equal(silent, verdict.Unanswered.Select(failure => failure.Plugin.ToString()));
    }

    [Theory]
    [InlineData("deny", """["deny"]""", true)]
    [InlineData("allow", """["deny"]""", false)]
    public async Task AskAsync_HookThatFails_DoesWhatItsOnFailureSays(string onFailure, string effects, bool denies)
    {
        await using var fixture = await StartAsync(turn => turn.Message.Type == MessageType.Hook ? throw new GuestException("boom") : Task.FromResult("{}"), Rules(effects), Contributes(effects: effects, onFailure: onFailure));

        var verdict = await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "delete"));

        Assert.Equal(denies, verdict.Denials is [{ FromHost: true }]);
        Assert.Equal(denies, verdict.Unanswered.IsEmpty);
    }

    [Fact]
    public async Task AskAsync_Patch_ChangesTheObjectAndOnlyIt()
    {
        await using var fixture = await StartAsync(Patches("""[{"op":"test","path":"/spec/replicas","value":9},{"op":"replace","path":"/spec/replicas","value":5}]"""), Rules("""["patch"]"""), Contributes(effects: """["patch"]"""));

        var verdict = await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "scale") with { Replicas = 9, CanBePatched = true });

        Assert.Equal(5, verdict.Patched!.Value.GetProperty("spec").GetProperty("replicas").GetInt32());
        Assert.Equal(9, verdict.Unpatched!.Value.GetProperty("spec").GetProperty("replicas").GetInt32());
        Assert.Equal(Id, Assert.Single(verdict.PatchedBy).Plugin.ToString());
        Assert.Equal(2, fixture.ReplicasOf("cart"));
    }

    [Theory]
    [InlineData("""[{"op":"replace","path":"/metadata/name","value":"other"}]""", "metadata.name")]
    [InlineData("""[{"op":"replace","path":"/kind","value":"Secret"}]""", "kind")]
    [InlineData("""[{"op":"add","path":"/metadata/labels/x","value":"y"}]""", "spec.replicas")]
    [InlineData("""[{"op":"replace","path":"/spec/nothing","value":1}]""", "/spec/nothing")]
    [InlineData("""[{"op":"test","path":"/spec/replicas","value":1}]""", "test fails")]
    [InlineData("[]", "no operations")]
    public async Task AskAsync_PatchThatIsNotOfThisChange_IsAFault(string patch, string why)
    {
        await using var fixture = await StartAsync(Patches(patch), Rules("""["patch"]"""), Contributes(effects: """["patch"]"""));

        var verdict = await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "scale") with { Replicas = 9, CanBePatched = true });

        Assert.Null(verdict.Patched);
        Assert.Contains(why, Assert.Single(verdict.Unanswered).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_PatchOfAnObjectItMayNotGet_IsAFault()
    {
        await using var fixture = await StartAsync(
            Patches("""[{"op":"replace","path":"/spec/replicas","value":5}]"""), """{ "hooks": [{ "kinds": ["apps/Deployment"], "verbs": ["scale"], "effects": ["patch"] }] }""", Contributes(effects: """["patch"]""", verbs: """["scale"]"""));

        var verdict = await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "scale") with { Replicas = 9, CanBePatched = true });

        Assert.Null(verdict.Patched);
        Assert.Contains("not handed", Assert.Single(verdict.Unanswered).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"op":"add","path":"/metadata/labels/b","value":"2"}]""", false)]
    [InlineData("""[{"op":"add","path":"/metadata/labels/a","value":"2"}]""", true)]
    [InlineData("""[{"op":"replace","path":"/metadata/labels","value":{}}]""", true)]
    public async Task AskAsync_PatchesOfSeveral_GoTogetherOrTheChangeIsRefused(string second, bool conflict)
    {
        await using var fixture = await HostFixture.CreateAsync();
        fixture.With("acme.first", Rules("""["patch"]"""), Patches("""[{"op":"add","path":"/metadata/labels/a","value":"1"}]"""), more: Contributes(effects: """["patch"]"""));
        fixture.With("acme.second", Rules("""["patch"]"""), Patches(second), more: Contributes(effects: """["patch"]"""));
        await fixture.StartAsync();

        var verdict = await fixture.Extensions.AskHooksAsync(await ChangeAsync(fixture, "update") with { CanBePatched = true });

        Assert.Empty(verdict.Unanswered);
        Assert.Equal(conflict, verdict.Denials is [{ FromHost: true, Plugin: var who }] && who == PluginId.Parse("acme.second"));
        Assert.Equal(conflict, verdict.Patched is null);
        if (!conflict) Assert.Equal(["acme.first", "acme.second"], verdict.PatchedBy.Select(by => by.Plugin.ToString()));
    }

    [Fact]
    public async Task Tell_AfterAChange_ReachesTheHookAndNobodyWaits()
    {
        var told = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = await StartAsync(
            turn =>
            {
                if (turn.Message.Type == MessageType.Hook) told.TrySetResult(turn.Payload);
                return Task.FromResult(Deny);
            },
            more: Contributes(effects: "[]", phase: "after"));
        var change = await ChangeAsync(fixture, "delete");

        Assert.True((await fixture.Extensions.AskHooksAsync(change)).IsFree);
        fixture.Extensions.TellHooks(change);

        var payload = await told.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(("after", "delete", "admin"), (payload.GetProperty("phase").GetString(), payload.GetProperty("verb").GetString(), payload.GetProperty("user").GetString()));
    }

    private static Script Says(string answer) => turn => Task.FromResult(turn.Message.Type == MessageType.Hook ? answer : "{}");

    private static Script Patches(string patch) => Says($$"""{"outcome":"patch","patch":{{patch}}}""");

    private static string Rules(string effects) => $$"""
        { "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"] }], "hooks": [{ "kinds": ["apps/Deployment"], "verbs": ["update", "scale", "delete"], "effects": {{effects}} }] }
        """;

    private static string Contributes(string kind = "apps/Deployment", string effects = """["warn","deny"]""", string verbs = """["update","scale","delete"]""", string phase = "before", string onFailure = "allow") => $$"""
        , "hooks": [{ "id": "ID.hook", "title": "Hook", "phase": "{{phase}}", "resources": ["{{kind}}"], "verbs": {{verbs}}, "effects": {{effects}}, "onFailure": "{{onFailure}}" }]
        """;

    private static async Task<HostFixture> StartAsync(Script script, string? permissions = null, string? more = null) =>
        await (await HostFixture.CreateAsync()).With(Id, permissions ?? Rules("""["warn","deny"]"""), script, more: more ?? Contributes()).StartAsync();

    private static async Task<UserChange> ChangeAsync(HostFixture fixture, string verb, string resource = "deployments", string name = "cart")
    {
        var kind = (await fixture.Session().Client.Discovery.GetAsync()).Resolve(resource)!;
        return new UserChange { Kind = kind, Verb = verb, Reference = new ObjectReference { Group = kind.Group, Kind = kind.Kind, Namespace = "bookstore", Name = name } };
    }
}
