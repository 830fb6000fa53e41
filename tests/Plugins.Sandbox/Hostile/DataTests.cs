using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on files, on storage and on other plugins.</summary>
[Collection(HostileCollection.Name)]
public sealed class DataTests : IDisposable
{
    private const string Mount = """{ "files": [{ "mount": "reports", "access": "readwrite" }] }""";
    private const string ReadOnlyMount = """{ "files": [{ "mount": "reports", "access": "read" }] }""";
    private const string CallFriend = """{ "services": { "call": ["friend.plugin/echo"] } }""";
    private const string Publish = """{ "events": { "publish": ["evil.plugin.*"] } }""";

    private const string Echo = """{ "services": { "echo": { "input": { "type": "object", "properties": { "depth": { "type": "integer" } } }, "output": { "type": "object", "properties": { "depth": { "type": "integer" } } } } } }""";

    private static readonly QuotaRate Unlimited = new(1e9, 1e9);

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-hostile-").FullName;

    public DataTests()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "mine.txt"), "mine");
        File.WriteAllText(Path.Combine(_home, "secret.txt"), "secret");
    }

    private string Folder => Path.Combine(_home, "reports");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    /// <summary>
    /// The check of paths as they are written is switched off for the control, which shows it by names that other systems read as
    /// paths. That none gets out then is the doing of the resolver, which walks from folder to folder and which nothing switches
    /// off: what it opens are the user's own files.
    /// </summary>
    [Fact]
    public Task PathsThatLeadOut() => new HostileCase("path-tricks.js")
    {
        Permissions = Mount,
        Grant = Mounted,
        // So that it tries them all.
        Setup = host => host.Sandbox = host.Sandbox with { EscapeAttempts = int.MaxValue, PermissionRefusalsPerMinute = 1_000_000, HostCalls = Unlimited },
        Failed = arena =>
        {
            arena.AssertNotPrinted(" did ");
            arena.AssertPrinted("tried 136, refused 136");
            Assert.Equal(["mine.txt"], Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName));
            Assert.Equal("secret", File.ReadAllText(Path.Combine(_home, "secret.txt")));
        },
        Audited = "files.read",
        AlsoAudited = ["files.write", "files.list", "files.stat", "files.delete", "files.rename", "http.fetch"],
        GuardOff = c => c.Also(host => host.Files = new FileLimits { TakesAnyPath = true }),
        Succeeded = arena =>
        {
            arena.AssertPrinted(@"files.write did /mnt/reports/CON\..\x");
            arena.AssertPrinted("files.write did tmp/x");
            arena.AssertNotPrinted("did /etc");
            Assert.Equal("secret", File.ReadAllText(Path.Combine(_home, "secret.txt")));
        },
    }.RunAsync();

    [Fact]
    public Task AnotherTryAfterThePathThatLedOut() => new HostileCase("tries-again.js")
    {
        Permissions = Mount,
        Grant = Mounted,
        Attack = TwiceAsync,
        Failed = AssertQuarantinedBy("`files.read`"),
        Audited = "plugin.violation",
        Decision = Audit.AuditDecision.Transition,
        GuardOff = c => c with { Setup = ManyEscapes },
        Succeeded = arena => arena.AssertPrinted("second try found 4"),
    }.RunAsync();

    [Fact]
    public Task AnotherTryOfACLibrary() => new HostileCase("opens-above.wasm")
    {
        Permissions = Mount,
        Grant = Mounted,
        Attack = TwiceAsync,
        Failed = AssertQuarantinedBy("`wasi.path`"),
        Audited = "wasi.path",
        GuardOff = c => c with { Setup = ManyEscapes },
        // It gives the errno of its second try, a name that is there: none.
        Succeeded = arena => arena.AssertDone(),
    }.RunAsync();

    [Fact]
    public async Task LinksThatLeadOut()
    {
        Directory.CreateSymbolicLink(Path.Combine(Folder, "link"), _home);
        File.CreateSymbolicLink(Path.Combine(Folder, "file-link"), Path.Combine(_home, "secret.txt"));
        await new HostileCase("follows-links.js")
        {
            Permissions = Mount,
            Grant = Mounted,
            // The resolver follows no link out of its tree, which nothing switches off.
            Failed = arena =>
            {
                arena.AssertNotPrinted("Info read ");
                arena.AssertNotPrinted("planted");
                Assert.False(File.Exists(Path.Combine(_home, "planted")));
            },
            Audited = "files.read",
            // The same names, but folders and files of their own in the place of the links.
            GuardOff = c => c with
            {
                Setup = _ =>
                {
                    Directory.Delete(Path.Combine(Folder, "link"));
                    Directory.CreateDirectory(Path.Combine(Folder, "link"));
                    File.WriteAllText(Path.Combine(Folder, "link", "secret.txt"), "other");
                },
            },
            Succeeded = arena =>
            {
                arena.AssertPrinted("read 5");
                arena.AssertPrinted("planted");
            },
        }.RunAsync();
    }

    [Fact]
    public Task FolderWithCredentials() => new HostileCase("reads-mount.js")
    {
        Permissions = Mount,
        Grant = Mounted,
        Setup = host => host.Mounts = new MountRules("", [Folder]),
        Failed = arena => arena.AssertNotPrinted("listed"),
        Audited = "files.list",
        Decision = Audit.AuditDecision.Failed,
        GuardOff = c => c with { Setup = static _ => { } },
        Succeeded = arena => arena.AssertPrinted("listed mine.txt"),
    }.RunAsync();

    [Fact]
    public Task ChangesOfWhatIsOnlyToBeRead() => new HostileCase("writes-read-only.js")
    {
        Permissions = ReadOnlyMount,
        Grant = Mounted,
        Failed = arena =>
        {
            arena.AssertNotPrinted("changed");
            Assert.Equal("mine", File.ReadAllText(Path.Combine(Folder, "mine.txt")));
        },
        Audited = "files.write",
        AlsoAudited = ["files.rename", "files.delete"],
        GuardOff = c => c with { Permissions = Mount },
        Succeeded = arena =>
        {
            foreach (var call in (string[])["files.write", "files.rename", "files.delete"]) arena.AssertPrinted($"{call} changed /mnt");
            Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
        },
    }.RunAsync();

    [Fact]
    public Task TemporaryFilesWithoutEnd() => new HostileCase("fills-tmp.js")
    {
        Setup = host => host.Files = new FileLimits { TemporaryBytes = 2 << 20 },
        Failed = arena => arena.AssertPrinted("refused quota-exceeded"),
        Audited = null,
        GuardOff = c => c with
        {
            Setup = host =>
            {
                host.Files = new FileLimits { TemporaryBytes = 32 << 20 };
                host.Sandbox = host.Sandbox with { ArgumentRate = Unlimited };
            },
        },
        Succeeded = arena => arena.AssertPrinted("wrote 20, refused none"),
    }.RunAsync();

    [Fact]
    public Task StorageWithoutEnd() => new HostileCase("storage-bomb.js")
    {
        Permissions = """{ "storage": "256KiB" }""",
        Setup = WithData,
        Failed = arena =>
        {
            arena.AssertPrinted("refused quota-exceeded");
            arena.AssertPrinted("whole");
        },
        Audited = null,
        GuardOff = c => c with { Permissions = """{ "storage": "5MiB" }""" },
        Succeeded = arena => arena.AssertPrinted("set 12, refused none, whole"),
    }.RunAsync();

    [Fact]
    public Task StorageThatNobodyAgreedTo() => new HostileCase("storage-without-permission.js")
    {
        Setup = WithData,
        Failed = arena => arena.AssertPrinted("failed: permission-denied"),
        Audited = "storage.set",
        GuardOff = c => c with { Permissions = """{ "storage": "1MiB" }""" },
        Succeeded = arena => arena.AssertPrinted("kept"),
    }.RunAsync();

    [Fact]
    public Task ServicesThatCallEachOther() => new HostileCase("service-cycle.js")
    {
        Permissions = CallFriend,
        Manifest = manifest => manifest with { Exports = JsonSerializer.Deserialize(Echo, ContractJson.Default.PluginManifest.Options.GetTypeInfo(typeof(PluginExports))) as PluginExports ?? throw new InvalidOperationException() },
        Setup = host => WithFriend(host, callsBack: true),
        // The friend gave up at its call back, and answered what it was given.
        Failed = arena => arena.AssertPrinted("answered 0"),
        Audited = "services.call",
        Decision = Audit.AuditDecision.Counted,
        // They go on until as many calls wait for each other as may.
        GuardOff = c => c.Also(host => host.Limits = host.Limits with { ServicesMayCycle = true }),
        Succeeded = arena => arena.AssertPrinted("answered 7"),
    }.RunAsync();

    [Fact]
    public Task ServiceThatNobodyAgreedTo() => new HostileCase("service-without-permission.js")
    {
        Setup = host => WithFriend(host, callsBack: false),
        Failed = arena => arena.AssertPrinted("failed: permission-denied"),
        Audited = "services.call",
        GuardOff = c => c with { Permissions = CallFriend },
        Succeeded = arena => arena.AssertPrinted("answered 1"),
    }.RunAsync();

    [Fact]
    public Task EventsInTheNameOfOthers() => new HostileCase("publishes-as-another.js")
    {
        Permissions = Publish,
        // The user granted all he could; that he could not grant this is what holds.
        Grant = asked => asked with { Events = asked.Events with { Publish = ["plugin.*", "resource.*", "audit.*", "good.plugin.*", "evil.plugin.*"] } },
        Failed = arena => Assert.Equal(["Info published evil.plugin.news"], arena.Printed.Where(line => line.Contains("published", StringComparison.Ordinal))),
        Audited = "events.publish",
        GuardOff = c => c.Also(host => host.Limits = host.Limits with { AnybodyPublishes = true }),
        Succeeded = arena =>
        {
            foreach (var topic in (string[])["plugin.active", "resource.pods", "good.plugin.news", "audit.refused"]) arena.AssertPrinted($"published {topic}");
        },
    }.RunAsync();

    [Fact]
    public Task StormOfEvents() => new HostileCase("event-storm.js")
    {
        Permissions = Publish,
        Setup = host => host.Sandbox = host.Sandbox with { HostCalls = Unlimited },
        Failed = arena => arena.AssertPrinted("refused quota-exceeded"),
        Audited = "events.publish",
        GuardOff = c => c with { Setup = host => host.Sandbox = host.Sandbox with { HostCalls = Unlimited, Events = Unlimited } },
        Succeeded = arena => arena.AssertPrinted("published 600, refused none"),
    }.RunAsync();

    private static void ManyEscapes(HostFixture host) => host.Sandbox = host.Sandbox with { EscapeAttempts = int.MaxValue };

    private static async Task TwiceAsync(Arena arena)
    {
        await arena.CommandAsync();
        await arena.CommandAsync();
    }

    private static Action<Arena> AssertQuarantinedBy(string call) => arena =>
    {
        Assert.Equal(PluginState.Quarantined, arena.State);
        arena.AssertFailed("permission-denied", $"{call} named what is out of its reach");
        arena.AssertNotPrinted("second try");
        Assert.Single(arena.User.Shown, shown => shown.Contains($"is quarantined: {call}", StringComparison.Ordinal));
    };

    private PermissionSet Mounted(PermissionSet asked) => asked with { Files = [asked.Files[0] with { Host = Folder }] };

    private void WithData(HostFixture host) => host.Data = Directory.CreateDirectory(Path.Combine(_home, $"data-{Path.GetRandomFileName()}")).FullName;

    private static void WithFriend(HostFixture host, bool callsBack) => host.WithJavaScript(
        "friend.plugin",
        $$"""
        "permissions": { "services": { "call": ["evil.plugin/echo"] } },
        "exports": {{Echo}},
        """,
        callsBack
            ? """lazyoc.on("service", async ({ input }) => { try { return (await lazyoc.call("services.call", { service: "evil.plugin/echo", input: { depth: input.depth + 1 } })).output; } catch { return { depth: input.depth }; } });"""
            : """lazyoc.on("service", ({ input }) => ({ depth: input.depth + 1 }));""");
}
