using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>
/// One attack: it fails, says why, the audit names it, others go on and nothing stays behind; and with the one guard off
/// it succeeds, which shows that the guard is what stopped it.
/// </summary>
/// <param name="Plugin">File in <c>Hostile/Plugins</c>.</param>
internal sealed record HostileCase(string Plugin)
{
    /// <summary>Its code, when that is made and no file; <see cref="Plugin"/> is its name then.</summary>
    public Func<byte[]>? Made { get; init; }

    /// <summary>Stands in its code for <c>%URL%</c>.</summary>
    public string Url { get; init; } = "";

    /// <summary>Stands in its code for <c>%SIZE%</c>.</summary>
    public int Size { get; init; }

    /// <summary>What it was granted.</summary>
    public string Permissions { get; init; } = "{}";

    /// <summary>What the user makes of the permissions that it asks for.</summary>
    public Func<PermissionSet, PermissionSet>? Grant { get; init; }

    /// <summary>What else its manifest says.</summary>
    public Func<PluginManifest, PluginManifest>? Manifest { get; init; }

    public string Activation { get; init; } = "onTab:ID.tab";

    public bool ReadOnly { get; init; }

    /// <summary>Prepares the host.</summary>
    public Action<HostFixture> Setup { get; init; } = static _ => { };

    /// <summary>What the user does.</summary>
    public Func<Arena, Task> Attack { get; init; } = static arena => arena.CommandAsync();

    /// <summary>It neither prints nor calls nor runs for long: it can be over before anybody else was asked.</summary>
    public bool IsOverAtOnce { get; init; }

    /// <summary>Its code takes the processor: others must answer while it does.</summary>
    public bool Spins { get; init; }

    /// <summary>Asserts that it failed, and how.</summary>
    public required Action<Arena> Failed { get; init; }

    /// <summary>The call that the audit names; null for an act that leaves no trace because it never leaves the guest.</summary>
    public required string? Audited { get; init; }

    public AuditDecision Decision { get; init; } = AuditDecision.Refused;

    /// <summary>Other calls that the audit names, with the same decision.</summary>
    public string[] AlsoAudited { get; init; } = [];

    /// <summary>The session is switched meanwhile: what the other plugin was asked then may end <c>cancelled</c>.</summary>
    public bool SwitchesSession { get; init; }

    /// <summary>The same attack with the one guard off.</summary>
    public required Func<HostileCase, HostileCase> GuardOff { get; init; }

    /// <summary>Asserts that it succeeded then.</summary>
    public required Action<Arena> Succeeded { get; init; }

    /// <summary>The same with something more of the host changed.</summary>
    public HostileCase Also(Action<HostFixture> change) => this with
    {
        Setup = host =>
        {
            Setup(host);
            change(host);
        },
    };

    public async Task RunAsync()
    {
        // What a process makes once must be there before anything is counted.
        await using (await Arena.StartAsync(this)) { }
        var before = await CountersAtRestAsync();
        await using (var arena = await Arena.StartAsync(this))
        {
            await arena.WhileOthersAnswerAsync(Attack);
            Failed(arena);
            Assert.True(IsOverAtOnce || arena.Answered > 0, "nobody else answered before the attack was over");
            Assert.True(!Spins || arena.AnsweredWhileItRan > 0, "nobody else answered while the attacker's code ran");
            var audit = await arena.AuditedAsync();
            foreach (var call in Audited is null ? AlsoAudited : [Audited, .. AlsoAudited])
                Assert.True(audit.Any(line => line.Call == call && line.Decision == Decision), $"`{call}` {Decision} is not among\n" + string.Join('\n', audit.Select(line => $"{line.Call} {line.Decision} {line.Target} {line.Reason}")));
            Assert.Empty(arena.Host.Bugs);
        }
        await before.AssertReachedAsync();

        var unguarded = GuardOff(this);
        await using (var control = await Arena.StartAsync(unguarded))
        {
            await control.WhileOthersAnswerAsync(unguarded.Attack);
            unguarded.Succeeded(control);
        }
        await before.AssertReachedAsync();
    }

    private static async Task<Counters> CountersAtRestAsync()
    {
        for (var before = Counters.Now; ; before = Counters.Now)
        {
            await Task.Delay(20);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (before == Counters.Now && before.BusyThreads == 0) return before;
        }
    }
}
