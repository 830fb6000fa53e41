using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks by what a plugin is handed to draw or to judge, and by what it gives to be drawn.</summary>
[Collection(HostileCollection.Name)]
public sealed class ScreenTests
{
    private const string Secret = "payment-gateway";
    private const string ReadAlmostEverything = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["*"], "verbs": ["get"] }], "hooks": [{ "kinds": ["Secret"], "verbs": ["delete"] }] }""";
    private const string ReadSecrets = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"] }], "hooks": [{ "kinds": ["Secret"], "verbs": ["delete"] }] }""";

    [Fact]
    public Task SecretInAHook() => new HostileCase("reads-secret-in-hook.js")
    {
        Permissions = ReadAlmostEverything,
        Manifest = WithHook,
        Attack = async arena => await arena.Host.Extensions.AskHooksAsync(await DeletionAsync(arena)),
        Failed = arena =>
        {
            arena.AssertPrinted("handed nothing");
            arena.AssertPrinted("failed: permission-denied");
        },
        Audited = "kubernetes.get",
        GuardOff = c => c with { Permissions = ReadSecrets },
        Succeeded = arena =>
        {
            arena.AssertPrinted("handed api-key");
            arena.AssertPrinted("got api-key");
        },
    }.RunAsync();

    [Fact]
    public Task SecretInAView() => new HostileCase("reads-secret-in-render.js")
    {
        Permissions = ReadAlmostEverything,
        Attack = async arena =>
        {
            using var view = arena.Host.Extensions.OpenTab($"{Arena.Attacker}.tab", new ObjectReference { Group = "", Kind = "Secret", Namespace = "bookstore", Name = Secret }, 80, 20);
            await Arena.PollAsync(() => view.State is not ViewState.Pending);
        },
        // Whatever it may read, it is handed the name and asks for the rest.
        Failed = arena =>
        {
            arena.AssertPrinted("handed height instance object view width and group kind name namespace");
            arena.AssertPrinted("failed: permission-denied");
        },
        Audited = "kubernetes.get",
        GuardOff = c => c with { Permissions = ReadSecrets },
        Succeeded = arena => arena.AssertPrinted("got api-key"),
    }.RunAsync();

    [Fact]
    public async Task HookThatNeverReturns()
    {
        HookVerdict? verdict = null;
        await new HostileCase("hangs-in-hook.js")
        {
            Permissions = ReadAlmostEverything,
            Manifest = WithHook,
            Setup = host => host.Limits = host.Limits with { HookDeadline = TimeSpan.FromMilliseconds(300), HookWait = TimeSpan.FromMinutes(1) },
            Attack = async arena => verdict = await arena.Host.Extensions.AskHooksAsync(await DeletionAsync(arena)),
            Failed = _ => Assert.Equal("deadline", Assert.Single(verdict!.Unanswered).Code),
            Audited = "plugin.fault",
            Decision = AuditDecision.Fault,
            GuardOff = c => (c with
            {
                Attack = async arena =>
                {
                    verdict = null;
                    using var enough = new CancellationTokenSource();
                    var asking = arena.Host.Extensions.AskHooksAsync(await DeletionAsync(arena), enough.Token);
                    await arena.PrintedAsync("asked");
                    for (var i = 0; i < 50; i++) await arena.AskBystanderAsync();
                    Assert.False(asking.IsCompleted);
                    await enough.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
                },
            }).Also(host => host.Limits = host.Limits with { HookDeadline = TimeSpan.FromHours(1), HookWait = TimeSpan.FromHours(1) }),
            Succeeded = _ => Assert.Null(verdict),
        }.RunAsync();
    }

    /// <summary>
    /// What the terminal would obey goes no farther than the one place where text becomes cells, which nothing switches off. The
    /// control looks at what was handed to it: there it is all still there.
    /// </summary>
    [Fact]
    public Task TextThatTheTerminalObeys() => new HostileCase("terminal-text.js")
    {
        Attack = arena => arena.RenderAsync(),
        Failed = arena =>
        {
            var frame = new CellBuffer(120, 200);
            var pane = new ViewPane();
            pane.Show(Assert.IsType<ViewState.Ready>(arena.Shown).Content);
            pane.Draw(new Canvas(frame), focused: true, DateTimeOffset.UnixEpoch);
            var text = string.Join('\n', Enumerable.Range(0, frame.Height).Select(y => string.Concat(frame.Row(y).ToArray().Select(cell => cell.Grapheme))));
            foreach (var word in (string[])["span", "title", "cell", "key", "value", "item", "label", "code", "heading"]) Assert.Contains(word, text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || IsBidirectional(c));
        },
        Audited = null,
        GuardOff = c => c,
        Succeeded = arena =>
        {
            var given = System.Text.Json.JsonSerializer.Serialize(Assert.IsType<ViewState.Ready>(arena.Shown).Content, ContractJson.Default.ViewNode);
            Assert.Contains("\\u001B[2J", given, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("\\u202E", given, StringComparison.OrdinalIgnoreCase);
        },
    }.RunAsync();

    // Unicode Standard Annex #9, explicit formatting characters.
    private static bool IsBidirectional(char c) => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' or '\u061c';

    private static PluginManifest WithHook(PluginManifest manifest) => manifest with
    {
        Contributes = manifest.Contributes with
        {
            Hooks = [new HookContribution { Id = $"{Arena.Attacker}.hook", Title = "Hook", Phase = HookPhase.Before, Resources = ["Secret"], Verbs = ["delete"] }],
        },
    };

    private static async Task<UserChange> DeletionAsync(Arena arena)
    {
        var kind = (await arena.Host.Session().Client.Discovery.GetAsync()).Resolve("secrets")!;
        return new UserChange { Kind = kind, Verb = "delete", Reference = new ObjectReference { Group = "", Kind = "Secret", Namespace = "bookstore", Name = Secret } };
    }
}
