using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks over the life of a plugin: on what others keep, on what is written about it, and on its own end.</summary>
[Collection(HostileCollection.Name)]
public sealed class LifeTests : IDisposable
{
    private const string Store = """{ "storage": "1MiB" }""";

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-hostile-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    /// <summary>There is no switch: a plugin's store is a file that only its own instance has opened. The control is its own data.</summary>
    [Fact]
    public Task DataOfAnotherPlugin() => new HostileCase("reads-data-of-another.js")
    {
        Permissions = Store,
        Setup = host =>
        {
            host.Data = Directory.CreateDirectory(Path.Combine(_home, Path.GetRandomFileName())).FullName;
            host.WithCode("rich.plugin", Store, """lazyoc.on("command", async () => { await lazyoc.call("storage.set", { key: "k", value: "treasure" }); });"""u8.ToArray());
        },
        Attack = async arena =>
        {
            await arena.Host.Extensions.RunCommandAsync("rich.plugin.command");
            await arena.CommandAsync();
        },
        Failed = arena =>
        {
            arena.AssertDone();
            arena.AssertPrinted("found 0");
        },
        Audited = "storage.get",
        Decision = AuditDecision.Counted,
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
        Succeeded = arena => arena.AssertPrinted("found mine"),
    }.RunAsync();

    /// <summary>The control is the same plugin as long as it is installed: then it goes on and on.</summary>
    [Fact]
    public async Task LifeAfterUninstall()
    {
        const int after = 20;
        var (before, later) = (0, 0);
        await new HostileCase("stays-after-uninstall.js")
        {
            Permissions = """{ "events": { "subscribe": ["resource.pods", "plugin.*"] } }""",
            Attack = async arena =>
            {
                await arena.CommandAsync();
                await arena.PrintedAsync("still here");
                await arena.Host.Host.ApplyAsync([arena.Host.Plugins[0]]);
                before = arena.Printed.Count();
                for (var i = 0; i < after; i++) await arena.AskBystanderAsync();
                later = arena.Printed.Count();
            },
            Failed = arena =>
            {
                Assert.Equal(before, later);
                Assert.DoesNotContain(arena.Host.Host.Plugins, plugin => plugin.Id.ToString() == Arena.Attacker);
            },
            Audited = "plugin.removed",
            Decision = AuditDecision.Transition,
            GuardOff = c => c with
            {
                Attack = async arena =>
                {
                    await arena.CommandAsync();
                    await arena.PrintedAsync("still here");
                    before = arena.Printed.Count();
                    await Arena.PollAsync(() => arena.Printed.Count() > before + after);
                },
            },
            Succeeded = arena => Assert.Equal(PluginState.Active, arena.State),
        }.RunAsync();
    }

    /// <summary>The control changes a byte of what was written, as whoever reaches the files could: that is found out.</summary>
    [Fact]
    public Task LinesOfItsOwnInTheAudit() => new HostileCase("writes-audit.js")
    {
        Permissions = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get"] }], "events": { "publish": ["evil.plugin.*"] }, "storage": "1MiB", "services": { "call": ["good.plugin/*"] } }""",
        Failed = arena =>
        {
            arena.AssertDone();
            var files = arena.Host.AuditFiles;
            Assert.All(AuditReader.Verify(files, new AuditLimits()), verdict => Assert.Null(verdict.Broken));
            Assert.DoesNotContain(AuditReader.Read(files, new AuditFilter(), new AuditLimits()), entry => entry.Call == "forged");
        },
        Audited = "(unknown)",
        AlsoAudited = ["events.publish", "kubernetes.get", "http.fetch"],
        GuardOff = c => c,
        Succeeded = arena => Assert.Contains(AuditReader.Verify(new ChangedFiles(arena.Host.AuditFiles), new AuditLimits()), verdict => verdict.Broken is not null),
    }.RunAsync();

    [Fact]
    public Task SleepInAMessage() => new HostileCase("sleeps.wasm")
    {
        Setup = host => host.Limits = host.Limits with { MessageDeadline = TimeSpan.FromMilliseconds(100) },
        IsOverAtOnce = true,
        Failed = arena => arena.AssertFailed("deadline"),
        Audited = "plugin.fault",
        Decision = AuditDecision.Fault,
        GuardOff = c => c with { Setup = static _ => { } },
        Succeeded = arena => arena.AssertDone(),
    }.RunAsync();

    /// <summary>There is no call to make of what is none, so the control is one that is: nothing follows from it.</summary>
    [Fact]
    public Task CallThatIsNone() => new HostileCase("breaks-envelope.wasm")
    {
        Failed = arena =>
        {
            Assert.Equal(PluginState.Quarantined, arena.State);
            Assert.Single(arena.User.Shown, shown => shown.Contains("is quarantined: what it sent in the place of a host call is none", StringComparison.Ordinal));
        },
        IsOverAtOnce = true,
        Audited = "(unknown)",
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
        Succeeded = arena => Assert.Equal(PluginState.Active, arena.State),
    }.RunAsync();

    /// <summary>The files with one byte of the last line changed.</summary>
    private sealed class ChangedFiles(AuditMemory files) : IAuditFiles
    {
        public IReadOnlyList<string> Names() => files.Names();

        public Stream Create(string name) => throw new NotSupportedException();

        public Stream OpenRead(string name)
        {
            using var whole = new MemoryStream();
            using (var file = files.OpenRead(name)) file.CopyTo(whole);
            var bytes = whole.ToArray();
            var at = bytes.AsSpan().LastIndexOf("evil"u8);
            if (at >= 0) bytes[at] = (byte)'l';
            return new MemoryStream(bytes);
        }
    }
}
