using System.Net;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Network;
using LazyOC.Plugins.Sandbox.Tests.Network;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on servers, and by calls that reach beyond the plugin.</summary>
[Collection(HostileCollection.Name)]
public sealed class ReachTests
{
    [Fact]
    public async Task ServerThatNobodyAgreedTo()
    {
        await using var server = await TestServer.StartAsync();
        await (Fetching($"http://127.0.0.1:{server.Port}/") with
        {
            Failed = arena => AssertNotReached(arena, server, "failed: permission-denied"),
            GuardOff = c => c with { Permissions = Connect($"http://127.0.0.1:{server.Port}") },
            Succeeded = arena => arena.AssertPrinted("fetched 200"),
        }).RunAsync();
    }

    [Fact]
    public async Task NameOfThisComputer()
    {
        await using var server = await TestServer.StartAsync();
        await (Fetching($"http://rebound.example:{server.Port}/") with
        {
            Permissions = Connect($"http://rebound.example:{server.Port}"),
            // The name's owner lets it mean whatever he likes.
            Setup = host => host.Network = new NetworkOptions { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) },
            Failed = arena => AssertNotReached(arena, server, "failed: permission-denied"),
            GuardOff = c => c with { Setup = host => host.Network = new NetworkOptions { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), Permits = (_, _) => true } },
            Succeeded = arena => arena.AssertPrinted("fetched 200"),
        }).RunAsync();
    }

    [Fact]
    public async Task RedirectToAServerThatNobodyAgreedTo()
    {
        await using var inner = await TestServer.StartAsync();
        await using var outer = await TestServer.StartAsync(TestServer.RedirectTo($"http://127.0.0.1:{inner.Port}/"));
        await (Fetching($"http://127.0.0.1:{outer.Port}/") with
        {
            Permissions = Connect($"http://127.0.0.1:{outer.Port}"),
            Failed = arena => AssertNotReached(arena, inner, "failed: permission-denied"),
            GuardOff = c => c with { Permissions = $$"""{ "network": { "connect": ["http://127.0.0.1:{{outer.Port}}", "http://127.0.0.1:{{inner.Port}}"] } }""" },
            Succeeded = arena => arena.AssertPrinted("fetched 200"),
        }).RunAsync();
    }

    [Fact]
    public async Task MappedAddress()
    {
        await using var server = await TestServer.StartAsync();
        await (Fetching($"http://[::ffff:127.0.0.1]:{server.Port}/") with
        {
            Permissions = Connect($"http://*:{server.Port}"),
            Setup = host => host.Sandbox = host.Sandbox with { EscapeAttempts = int.MaxValue },
            Failed = arena => AssertNotReached(arena, server, "failed: permission-denied"),
            GuardOff = c => c with { Url = $"http://127.0.0.1:{server.Port}/", Permissions = Connect($"http://127.0.0.1:{server.Port}") },
            Succeeded = arena => arena.AssertPrinted("fetched 200"),
        }).RunAsync();
    }

    [Fact]
    public async Task AnotherRequestAfterTheDisguisedOne()
    {
        await using var server = await TestServer.StartAsync();
        await (Fetching($"http://[::ffff:127.0.0.1]:{server.Port}/") with
        {
            Failed = arena =>
            {
                Assert.Equal(PluginState.Quarantined, arena.State);
                Assert.Empty(server.Reached);
                Assert.Single(arena.User.Shown, shown => shown.Contains("is quarantined: `http.fetch`", StringComparison.Ordinal));
            },
            GuardOff = c => c with { Setup = host => host.Sandbox = host.Sandbox with { EscapeAttempts = int.MaxValue } },
            Succeeded = arena => Assert.Equal(PluginState.Active, arena.State),
        }).RunAsync();
    }

    [Fact]
    public async Task AnswerWithoutEnd()
    {
        await using var server = await TestServer.StartAsync(http => http.Response.WriteAsync(new string('x', 600_000)));
        await (Fetching($"http://127.0.0.1:{server.Port}/") with
        {
            Permissions = Connect($"http://127.0.0.1:{server.Port}"),
            Setup = host => host.Sandbox = host.Sandbox with { NetworkBodyBytes = 100_000 },
            Failed = arena => arena.AssertPrinted("failed: too-large"),
            Audited = "http.fetch",
            Decision = Audit.AuditDecision.Failed,
            GuardOff = c => c with { Setup = static _ => { } },
            Succeeded = arena => arena.AssertPrinted("fetched 200 600002"),
        }).RunAsync();
    }

    [Fact]
    public async Task SavedAnswerWithoutEnd()
    {
        await using var server = await TestServer.StartAsync(async http =>
        {
            var chunk = new byte[100_000];
            for (var i = 0; i < 30 && !http.RequestAborted.IsCancellationRequested; i++) await http.Response.Body.WriteAsync(chunk);
        });
        await new HostileCase("saves-answer.js")
        {
            Url = $"http://127.0.0.1:{server.Port}/",
            Permissions = Connect($"http://127.0.0.1:{server.Port}"),
            Setup = host => host.Sandbox = host.Sandbox with { NetworkSavedBytes = 2_000_000 },
            Failed = arena => arena.AssertPrinted("failed: too-large, 0 files"),
            Audited = "http.fetch",
            Decision = Audit.AuditDecision.Failed,
            GuardOff = c => c with { Setup = static _ => { } },
            Succeeded = arena => arena.AssertPrinted("saved 3000000, 1 files"),
        }.RunAsync();
    }

    [Fact]
    public async Task HeadersThatAreRequests()
    {
        await using var server = await TestServer.StartAsync();
        await new HostileCase("smuggles-headers.js")
        {
            Url = $"http://127.0.0.1:{server.Port}/",
            Permissions = Connect($"http://127.0.0.1:{server.Port}"),
            Failed = arena =>
            {
                arena.AssertNotPrinted("Info sent");
                Assert.Equal(5, arena.Printed.Count(line => line.Contains("failed: invalid", StringComparison.Ordinal)));
                Assert.All(server.Reached, request => Assert.Equal("GET /", request));
            },
            Audited = "http.fetch",
            GuardOff = c => c,
            Succeeded = arena => arena.AssertPrinted("a good one arrived"),
        }.RunAsync();
    }

    [Fact]
    public Task TimersWithoutEnd() => new HostileCase("timers-without-end.js")
    {
        Failed = arena => arena.AssertPrinted("""timers {"set":64,"quota-exceeded":36}"""),
        Audited = null,
        GuardOff = c => c with { Setup = host => host.Limits = host.Limits with { Timers = 1_000 } },
        Succeeded = arena => arena.AssertPrinted("""timers {"set":100}"""),
    }.RunAsync();

    [Fact]
    public Task ClipboardOutOfTheBlue() => new HostileCase("clipboard-out-of-the-blue.js")
    {
        Permissions = """{ "clipboard": "write" }""",
        Attack = arena => arena.RenderAsync(),
        Failed = arena =>
        {
            Assert.Empty(arena.User.Shown);
            arena.AssertFailed("threw", "gesture-required");
        },
        Audited = "clipboard.write",
        GuardOff = c => c with { Attack = arena => arena.CommandAsync() },
        Succeeded = arena => Assert.Contains(arena.User.Shown, shown => shown.Contains("curl evil", StringComparison.Ordinal)),
    }.RunAsync();

    [Fact]
    public Task AuditOfOthers() => new HostileCase("reads-audit.js")
    {
        Failed = arena => arena.AssertPrinted("failed: permission-denied"),
        Audited = "audit.read",
        GuardOff = c => c with { Permissions = """{ "audit": "read" }""" },
        Succeeded = arena => arena.AssertPrinted("Info read "),
    }.RunAsync();

    [Fact]
    public Task RandomnessWithoutEnd() => new HostileCase("random-without-end.js")
    {
        Failed = arena =>
        {
            arena.AssertNotPrinted("Info answered");
            Assert.Equal(3, arena.Printed.Count(line => line.Contains("failed: invalid", StringComparison.Ordinal)));
        },
        Audited = "crypto.random",
        GuardOff = c => c,
        Succeeded = arena => arena.AssertPrinted("a good one gave 24"),
    }.RunAsync();

    private static HostileCase Fetching(string url) => new("fetches.js")
    {
        Url = url,
        Failed = static _ => { },
        Audited = "http.fetch",
        GuardOff = c => c,
        Succeeded = static _ => { },
    };

    private static string Connect(string origin) => $$"""{ "network": { "connect": ["{{origin}}"] } }""";

    private static void AssertNotReached(Arena arena, TestServer server, string printed)
    {
        arena.AssertPrinted(printed);
        Assert.Empty(server.Reached);
    }
}
