using System.Net;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Network;
using LazyOC.Plugins.Sandbox.Quotas;
using LazyOC.Plugins.Sandbox.Tests.Network;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on servers, and by calls that reach beyond the plugin.</summary>
[Collection(HostileCollection.Name)]
public sealed class ReachTests
{
    private static readonly QuotaRate Unlimited = new(1e9, 1e9);

    /// <summary>Requests that had reached the server before the attack.</summary>
    private int _before;

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
    public async Task NameOfAServerThatThePolicyBlocks()
    {
        await using var server = await TestServer.StartAsync();
        await (Fetching($"http://harmless.example:{server.Port}/") with
        {
            Permissions = Connect($"http://harmless.example:{server.Port}"),
            // The policy names an address; the plugin has a name for it that no policy knows.
            Setup = host =>
            {
                host.Network = Leading(to: "127.0.0.1") with { Permits = (_, _) => true };
                host.Policy = PolicyInForce.None.And("policy.json", new HostPolicy { Network = new NetworkPolicy { Block = [OriginPattern.Parse($"http://127.0.0.1:{server.Port}")] } });
            },
            Failed = arena => AssertNotReached(arena, server, "failed: permission-denied `harmless.example` is at an address on the blocklist"),
            GuardOff = c => c.Also(host => host.Policy = PolicyInForce.None),
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
            // Nobody grants this without seeing what it is.
            GuardOff = c => c with { Permissions = Connect($"http://[::ffff:127.0.0.1]:{server.Port}") },
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
            GuardOff = c => c.Also(host => host.Sandbox = host.Sandbox with { Off = new GuardsOff { ArgumentChecks = true } }),
            Succeeded = arena => arena.AssertPrinted("sent internal"),
        }.RunAsync();
    }

    [Fact]
    public async Task RedirectToTheServiceThatTellsCredentials()
    {
        TestServer? server = null;
        await using var started = server = await TestServer.StartAsync(http => TestServer.RedirectTo($"http://metadata.example:{server!.Port}/latest/meta-data/")(http));
        await (Fetching($"http://127.0.0.1:{server.Port}/start") with
        {
            Permissions = $$"""{ "network": { "connect": ["http://127.0.0.1:{{server.Port}}", "http://metadata.example:{{server.Port}}"] } }""",
            Setup = host =>
            {
                host.Network = Leading(to: "169.254.169.254");
                host.Sandbox = host.Sandbox with { NetworkTimeout = TimeSpan.FromSeconds(3) };
            },
            Failed = arena =>
            {
                arena.AssertPrinted("failed: permission-denied `metadata.example` leads to a link-local address");
                Assert.All(server.Reached, request => Assert.Equal("GET /start", request));
            },
            GuardOff = c => c.Also(host => host.Network = host.Network with { Permits = (_, _) => true }),
            // It goes there; that nothing answers is this machine's doing.
            Succeeded = arena => Assert.True(arena.Printed.Any(line => line.Contains("failed: timeout", StringComparison.Ordinal) || line.Contains("failed: unavailable", StringComparison.Ordinal)), string.Join('|', arena.Printed)),
        }).RunAsync();
    }

    /// <summary>127.0.0.2 plays a public server, 127.0.0.1 the one inside.</summary>
    [Fact]
    public async Task NameThatMeansSomethingElseTheNextTime()
    {
        var outside = IPAddress.Parse("127.0.0.2");
        await using var honest = await TestServer.StartAsync(address: "127.0.0.2");
        await using var inside = await TestServer.StartAsync(port: honest.Port);
        Func<AddressReach, IPAddress, bool> onlyOutside = (_, address) => address.Equals(outside);
        await (Fetching($"http://evil.example:{honest.Port}/") with
        {
            Plugin = "fetches-twice.js",
            Permissions = Connect($"http://evil.example:{honest.Port}"),
            Setup = host =>
            {
                var asked = 0;
                // Its connection is not kept, so that the name is asked for each time.
                host.Sandbox = host.Sandbox with { NetworkConnectionLifetime = TimeSpan.Zero };
                host.Network = new NetworkOptions { Resolve = (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? outside : IPAddress.Loopback]), Permits = onlyOutside };
            },
            Failed = arena =>
            {
                arena.AssertPrinted("first 200");
                arena.AssertPrinted("second failed: permission-denied");
                Assert.Empty(inside.Reached);
            },
            GuardOff = c => c.Also(host => host.Network = host.Network with { Permits = (_, _) => true }),
            Succeeded = arena =>
            {
                arena.AssertPrinted("second 200");
                Assert.Single(inside.Reached);
            },
        }).RunAsync();
    }

    [Fact]
    public async Task RequestsWithoutEnd()
    {
        await using var server = await TestServer.StartAsync();
        await (FloodOf(server) with
        {
            Setup = host => host.Sandbox = host.Sandbox with { Network = new QuotaRate(PerSecond: 0.001, Burst: 5) },
            Failed = arena =>
            {
                arena.AssertPrinted("""requests {"answered":5,"quota-exceeded":25}""");
                Assert.Equal(5, server.Reached.Count - _before);
            },
        }).RunAsync();
    }

    [Fact]
    public async Task BytesWithoutEnd()
    {
        await using var server = await TestServer.StartAsync(http => http.Response.WriteAsync(new string('x', 1_000)));
        await (FloodOf(server) with
        {
            Setup = host => host.Sandbox = host.Sandbox with { Network = Unlimited, NetworkBytes = new QuotaRate(PerSecond: 0.001, Burst: 10_000) },
            Failed = arena =>
            {
                arena.AssertPrinted("\"quota-exceeded\":");
                arena.AssertNotPrinted("\"answered\":1");
            },
        }).RunAsync();
    }

    [Fact]
    public async Task RequestsAtTheSameTime()
    {
        var release = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async http =>
        {
            await release.Task;
            await http.Response.WriteAsync("at last");
        });
        await (Fetching($"http://127.0.0.1:{server.Port}/") with
        {
            Plugin = "fetches-at-once.js",
            Permissions = Connect($"http://127.0.0.1:{server.Port}"),
            Attack = async arena =>
            {
                (_before, release) = (server.Reached.Count, new TaskCompletionSource());
                var attacking = arena.CommandAsync();
                await Arena.PollAsync(() => server.Reached.Count - _before == 8 || arena.Printed.Count(line => line.Contains("refused", StringComparison.Ordinal)) == 4);
                release.SetResult();
                await attacking;
            },
            Failed = arena => arena.AssertPrinted("""at once {"answered":4,"quota-exceeded":4}"""),
            GuardOff = c => c.Also(host => host.Sandbox = host.Sandbox with { NetworkConcurrency = 8 }),
            Succeeded = arena => arena.AssertPrinted("""at once {"answered":8}"""),
        }).RunAsync();
    }

    [Fact]
    public Task TimeoutsByTheMillion() => new HostileCase("timeouts-by-the-million.js")
    {
        Spins = true,
        Failed = arena => arena.AssertFailed("interrupted"),
        Audited = "plugin.fault",
        AlsoAudited = [],
        Decision = Audit.AuditDecision.Fault,
        GuardOff = c => (c with { Spins = false }).Also(host =>
        {
            host.GuestLimits = new GuestLimits(TurnCpuMs: 600_000, CallsInFlight: int.MaxValue);
            host.Limits = host.Limits with { Timers = int.MaxValue };
            host.Sandbox = host.Sandbox with { HostCalls = Unlimited, ArgumentRate = Unlimited, Cpu = Unlimited };
        }) with
        { Size = 1_000 },
        Succeeded = arena => arena.AssertPrinted("all 1000 came"),
        Size = 1_000_000,
    }.RunAsync();

    [Fact]
    public Task TimersWithoutEnd() => new HostileCase("timers-without-end.js")
    {
        Failed = arena => arena.AssertPrinted("""timers {"set":64,"quota-exceeded":36}"""),
        Audited = "timers.set",
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
            Assert.Equal(4, arena.Printed.Count(line => line.Contains("failed: invalid", StringComparison.Ordinal)));
        },
        Audited = "crypto.random",
        GuardOff = c => c.Also(host => host.Limits = host.Limits with { RandomBytes = 1 << 20 }),
        Succeeded = arena => arena.AssertPrinted("answered 666668"),
    }.RunAsync();

    private static HostileCase Fetching(string url) => new("fetches.js")
    {
        Url = url,
        Failed = static _ => { },
        Audited = "http.fetch",
        GuardOff = c => c,
        Succeeded = static _ => { },
    };

    private HostileCase FloodOf(TestServer server) => Fetching($"http://127.0.0.1:{server.Port}/") with
    {
        Plugin = "fetch-flood.js",
        Permissions = Connect($"http://127.0.0.1:{server.Port}"),
        Attack = arena =>
        {
            _before = server.Reached.Count;
            return arena.CommandAsync();
        },
        GuardOff = c => c.Also(host => host.Sandbox = host.Sandbox with { Network = Unlimited, NetworkBytes = Unlimited }),
        Succeeded = arena => arena.AssertPrinted("""requests {"answered":30}"""),
    };

    private static NetworkOptions Leading(string to) => new() { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(to)]) };

    private static string Connect(string origin) => $$"""{ "network": { "connect": ["{{origin}}"] } }""";

    private static void AssertNotReached(Arena arena, TestServer server, string printed)
    {
        arena.AssertPrinted(printed);
        Assert.Empty(server.Reached);
    }
}
