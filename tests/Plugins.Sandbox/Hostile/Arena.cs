using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>A host with a simulated cluster, a hostile plugin and one that means well and must notice nothing.</summary>
internal sealed class Arena : IAsyncDisposable
{
    public const string Attacker = "evil.plugin";
    private const string Bystander = "good.plugin";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly byte[] BystanderCode = Encoding.UTF8.GetBytes(
        """lazyoc.on("command", () => ({})); lazyoc.on("render", () => ({ type: "badge", label: "here" }));""");

    // Completes when the other plugin has answered once in the midst of the attack.
    private readonly TaskCompletionSource _answeredOnce = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRunning;
    private bool _mayBeCancelled;

    private Arena(HostFixture host) => Host = host;

    public HostFixture Host { get; }

    /// <summary>The user, who notes what is shown and says yes.</summary>
    public ScriptedUser User { get; } = new() { Reply = _ => System.Text.Json.JsonDocument.Parse("true").RootElement };

    /// <summary>Times that the other plugin was asked and had answered before the attack was over.</summary>
    public int Answered { get; private set; }

    /// <summary>Those of them in which the attacker's code was running all the while.</summary>
    public int AnsweredWhileItRan { get; private set; }

    /// <summary>What became of the last attack that was a command.</summary>
    public InvocationResult? Ended { get; private set; }

    /// <summary>What became of the last attack that was a view.</summary>
    public ViewState? Shown { get; private set; }

    /// <summary>Whether the attacker's code runs at this moment.</summary>
    public bool IsRunning => _isRunning;

    public PluginState State => Host.Status(Attacker).State;

    /// <summary>What the attacker printed, a line each.</summary>
    public IEnumerable<string> Printed => Host.LogLines.Where(line => line.StartsWith(Attacker, StringComparison.Ordinal)).Select(line => line[(Attacker.Length + 1)..]);

    public static async Task<Arena> StartAsync(HostileCase attack)
    {
        var host = await HostFixture.CreateAsync("bookstore");
        // The budgets of time are what some attacks are held against; all others have time enough, however busy the machine.
        host.Limits = host.Limits with { MessageDeadline = Patience, RenderDeadline = Patience, ActivateDeadline = Patience };
        attack.Setup(host);
        var arena = new Arena(host);
        var change = host.Guest;
        host.Guest = options => options.Name == Attacker ? arena.Watched(change(options)) : change(options);
        host.WithCode(Bystander, "{}", BystanderCode);
        arena._mayBeCancelled = attack.SwitchesSession;
        var code = attack.Made?.Invoke() ?? await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Hostile", "Plugins", attack.Plugin));
        if (attack.Plugin.EndsWith(".js", StringComparison.Ordinal))
            code = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(code).Replace("%URL%", attack.Url, StringComparison.Ordinal).Replace("%SIZE%", attack.Size.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        host.WithCode(Attacker, attack.Permissions, code, attack.Plugin.EndsWith(".wasm", StringComparison.Ordinal) ? "main.wasm" : "main.js", attack.Activation, attack.Grant, attack.Manifest);
        await host.StartAsync(attack.ReadOnly);
        host.Extensions.UserPrompts = arena.User;
        await arena.AskBystanderAsync();
        return arena;
    }

    /// <summary>
    /// Attacks, and asks the other plugin all the while. What the attacker prints or calls first is held back until that one has
    /// answered, so that the attack cannot be over before.
    /// </summary>
    public async Task WhileOthersAnswerAsync(Func<Arena, Task> attack)
    {
        var attacking = attack(this);
        while (!attacking.IsCompleted)
        {
            var wasRunning = _isRunning;
            if (!await AskBystanderAsync()) continue;
            if (attacking.IsCompleted) break;
            Answered++;
            if (wasRunning && _isRunning) AnsweredWhileItRan++;
            _answeredOnce.TrySetResult();
            await Task.Delay(1);
        }
        _answeredOnce.TrySetResult();
        await attacking;
        await AskBystanderAsync();
    }

    /// <summary>The user starts the attacker's command.</summary>
    public async Task CommandAsync() => Ended = await Host.Extensions.RunCommandAsync($"{Attacker}.command");

    /// <summary>What became of an attack that a test started itself.</summary>
    public void Note(InvocationResult ended) => Ended = ended;

    /// <summary>The user starts the attacker's action on an object.</summary>
    public async Task ActionAsync() => Ended = await Host.Extensions.RunActionAsync($"{Attacker}.action", [HostFixture.Pod()]);

    /// <summary>The user looks at the attacker's tab.</summary>
    public async Task RenderAsync()
    {
        using var view = Host.Extensions.OpenTab($"{Attacker}.tab", HostFixture.Pod(), 80, 20);
        await PollAsync(() => view.State is not ViewState.Pending);
        Shown = view.State;
    }

    /// <summary>Waits for what nobody tells of.</summary>
    public static async Task PollAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(1, patience.Token);
    }

    public Task PrintedAsync(string line) => PollAsync(() => Printed.Any(printed => printed.Contains(line, StringComparison.Ordinal)));

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

    private GuestOptions Watched(GuestOptions options) => options with
    {
        // Asked by the guest's engine as long as it runs.
        Sampler = () =>
        {
            _isRunning = true;
            return options.Sampler?.Invoke();
        },
        TurnEnded = (type, began) =>
        {
            _isRunning = false;
            options.TurnEnded?.Invoke(type, began);
        },
        Call = async (call, cancellationToken) =>
        {
            await _answeredOnce.Task.WaitAsync(cancellationToken);
            return await options.Call(call, cancellationToken);
        },
        Log = (level, line) =>
        {
            // On the guest's thread, which is taken as long as it would be by code that does not end.
            if (!_answeredOnce.Task.Wait(Patience)) throw new TimeoutException("the other plugin does not answer");
            options.Log(level, line);
        },
    };

    /// <summary>The user starts the other plugin's command, which must be answered; false when the switch of the session cancelled it.</summary>
    public async Task<bool> AskBystanderAsync()
    {
        var answer = await Host.Extensions.RunCommandAsync($"{Bystander}.command");
        if (_mayBeCancelled && answer is InvocationResult.Faulted { Failure.Code: ErrorCode.Cancelled }) return false;
        Assert.True(answer is InvocationResult.Done, answer.ToString());
        return true;
    }
}
