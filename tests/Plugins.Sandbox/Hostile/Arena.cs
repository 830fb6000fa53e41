using System.Text;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>A host with a simulated cluster, a hostile plugin and one that means well and must notice nothing.</summary>
internal sealed class Arena : IAsyncDisposable
{
    public const string Attacker = "evil.plugin";
    private const string Bystander = "good.plugin";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly byte[] BystanderCode = Encoding.UTF8.GetBytes(
        """lazyoc.on("command", () => ({})); lazyoc.on("render", () => ({ type: "badge", label: "here" }));""");

    private Arena(HostFixture host) => Host = host;

    public HostFixture Host { get; }

    /// <summary>The user, who notes what is shown and says yes.</summary>
    public ScriptedUser User { get; } = new() { Reply = _ => System.Text.Json.JsonDocument.Parse("true").RootElement };

    /// <summary>Times that the other plugin answered while the attack went on.</summary>
    public int Answered { get; private set; }

    /// <summary>What became of the last attack that was a command.</summary>
    public InvocationResult? Ended { get; private set; }

    /// <summary>What became of the last attack that was a view.</summary>
    public ViewState? Shown { get; private set; }

    public PluginState State => Host.Status(Attacker).State;

    /// <summary>What the attacker printed, a line each.</summary>
    public IEnumerable<string> Printed => Host.LogLines.Where(line => line.StartsWith(Attacker, StringComparison.Ordinal)).Select(line => line[(Attacker.Length + 1)..]);

    public static async Task<Arena> StartAsync(HostileCase attack)
    {
        var host = await HostFixture.CreateAsync("bookstore");
        // The budgets of time are what some attacks are held against; all others have time enough, however busy the machine.
        host.Limits = host.Limits with { MessageDeadline = Patience, RenderDeadline = Patience, ActivateDeadline = Patience };
        attack.Setup(host);
        host.WithCode(Bystander, "{}", BystanderCode);
        var code = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Hostile", "Plugins", attack.Plugin));
        if (attack.Url.Length > 0) code = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(code).Replace("%URL%", attack.Url, StringComparison.Ordinal));
        host.WithCode(Attacker, attack.Permissions, code, attack.Plugin.EndsWith(".wasm", StringComparison.Ordinal) ? "main.wasm" : "main.js", attack.Activation, attack.Grant, attack.Manifest);
        await host.StartAsync(attack.ReadOnly);
        var arena = new Arena(host);
        host.Extensions.UserPrompts = arena.User;
        await arena.AskBystanderAsync();
        return arena;
    }

    /// <summary>The user starts the attacker's command.</summary>
    public async Task CommandAsync() => Ended = await MeanwhileAsync(Host.Extensions.RunCommandAsync($"{Attacker}.command"));

    /// <summary>What became of an attack that a test started itself.</summary>
    public void Note(InvocationResult ended) => Ended = ended;

    /// <summary>The user starts the attacker's action on an object.</summary>
    public async Task ActionAsync() => Ended = await MeanwhileAsync(Host.Extensions.RunActionAsync($"{Attacker}.action", [HostFixture.Pod()]));

    /// <summary>The user looks at the attacker's tab.</summary>
    public async Task RenderAsync()
    {
        using var view = Host.Extensions.OpenTab($"{Attacker}.tab", HostFixture.Pod(), 80, 20);
        do
        {
            await AskBystanderAsync();
            Answered++;
            await Task.Delay(1);
        }
        while (view.State is ViewState.Pending);
        Shown = view.State;
    }

    /// <summary>Waits for an attack, and asks the other plugin all the while.</summary>
    public async Task<T> MeanwhileAsync<T>(Task<T> attack)
    {
        do
        {
            await AskBystanderAsync();
            Answered++;
            await Task.Delay(1);
        }
        while (!attack.IsCompleted);
        return await attack;
    }

    public Task UntilAsync(Func<bool> condition) => Host.UntilAsync(condition);

    public async Task<IReadOnlyList<AuditEntry>> AuditedAsync() => await Host.AuditedAsync(Attacker);

    /// <summary>Asserts that the last attack ended as a failure of the attacker.</summary>
    /// <param name="code">The failure's code.</param>
    /// <param name="says">What its message must contain.</param>
    public void AssertFailed(string code, string says = "")
    {
        var failure = Ended is InvocationResult.Faulted ended ? ended.Failure : Assert.IsType<ViewState.Faulted>(Shown).Failure;
        Assert.Equal(code, failure.Code);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Asserts that the last command did what it was made for.</summary>
    public void AssertDone()
    {
        if (Ended is InvocationResult.Faulted { Failure: var failure }) Assert.Fail($"{failure.Code}: {failure.Message}");
        Assert.IsType<InvocationResult.Done>(Ended);
    }

    /// <summary>Asserts that the attacker printed a line that begins so.</summary>
    public void AssertPrinted(string line) => Assert.True(Printed.Any(printed => printed.Contains(line, StringComparison.Ordinal)), $"`{line}` was not printed; {string.Join(" | ", Printed)}");

    /// <summary>Asserts that the attacker printed no line that begins so.</summary>
    public void AssertNotPrinted(string line) => Assert.DoesNotContain(Printed, printed => printed.Contains(line, StringComparison.Ordinal));

    public string TextOfView() => Assert.IsType<ViewNode.Badge>(Assert.IsType<ViewState.Ready>(Shown).Content).Label;

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private async Task AskBystanderAsync()
    {
        var answer = await Host.Extensions.RunCommandAsync($"{Bystander}.command");
        Assert.True(answer is InvocationResult.Done, answer.ToString());
    }
}
