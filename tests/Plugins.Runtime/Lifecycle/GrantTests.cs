using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.Lifecycle;

public sealed class GrantTests
{
    private const string Id = "acme.test";
    private const string View = """{"type":"empty","message":"here"}""";
    private const string ListPods = """{"resource":"pods","namespace":"bookstore"}""";

    private HostCallHandler? _door;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Apply_OfANarrowerGrant_RefusesTheVeryNextCall(bool revokes)
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.ReadPods, Keep).StartAsync();
        await fixture.OpenTabAsync(Id);
        Assert.Null((await ListAsync()).Error);
        var door = _door;

        var plugin = fixture.Plugins[0];
        var next = revokes ? Granted(plugin, PermissionSet.None) : plugin;
        var changes = await fixture.Host.ApplyAsync([next]);

        // The guest that still runs, and the one that takes its place.
        Assert.Equal(revokes ? ErrorCode.PermissionDenied : null, (await ListAsync(door)).Error?.Code);
        await fixture.OpenTabAsync(Id);
        Assert.Equal(revokes ? ErrorCode.PermissionDenied : null, (await ListAsync()).Error?.Code);
        Assert.Equal(revokes, Assert.Single(changes) is PluginChange.Regranted);
    }

    [Fact]
    public async Task Apply_WhileAMessageIsHandled_RefusesItsNextCall()
    {
        var second = new TaskCompletionSource<Answer>();
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.ReadPods, async turn =>
        {
            if (turn.Message.Type == MessageType.Deactivate) second.TrySetResult(await turn.TryCallAsync("kubernetes.list", ListPods, null));
            return View;
        }).StartAsync();
        await fixture.OpenTabAsync(Id);

        await fixture.Host.ApplyAsync([Granted(fixture.Plugins[0], PermissionSet.None)]);

        Assert.Equal(ErrorCode.PermissionDenied, (await second.Task).Error?.Code);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("demo", true)]
    [InlineData("prod-*", false)]
    public async Task List_InAContext_IsPermittedWhereTheGrantHolds(string context, bool permitted)
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.ReadPods, Keep).StartAsync();
        var plugin = fixture.Plugins[0];
        await fixture.Host.ApplyAsync([plugin with { Entry = plugin.Entry with { Contexts = [context] } }]);
        await fixture.OpenTabAsync(Id);

        Assert.Equal(permitted ? null : ErrorCode.PermissionDenied, (await ListAsync()).Error?.Code);
    }

    [Theory]
    [InlineData("""{}""", null)]
    [InlineData("""{ "permissions": { "kubernetes": [] } }""", ErrorCode.PermissionDenied)]
    [InlineData("""{ "permissions": { "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list"], "namespaces": ["bookstore"] }] } }""", null)]
    public async Task List_UnderAPolicy_IsPermittedWithinIt(string policy, string? code)
    {
        await using var fixture = await HostFixture.CreateAsync();
        fixture.Policy = Policy(policy);
        await fixture.With(Id, Permissions.ReadPods, Keep).StartAsync();
        await fixture.OpenTabAsync(Id);

        Assert.Equal(code, (await ListAsync()).Error?.Code);
    }

    [Theory]
    [InlineData("""{ "plugins": { "deny": ["acme.*"] } }""")]
    [InlineData("""{ "plugins": { "allow": ["other.*"] } }""")]
    public async Task Start_OfAPluginThatThePolicyDenies_RunsNothingAndCannotBeLifted(string policy)
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.Policy = Policy(policy);
        await fixture.With(Id, Permissions.None, Keep, "onStartup").StartAsync();

        var failure = Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure;

        Assert.Contains("`policy.json`", failure.Message, StringComparison.Ordinal);
        Assert.Equal((PluginState.Blocked, failure.Message), (fixture.Status(Id).State, fixture.Status(Id).Reason));
        Assert.False(fixture.Host.Lift(PluginId.Parse(Id)));
        await fixture.Host.SwitchSessionAsync(fixture.Session());
        Assert.Equal(PluginState.Blocked, fixture.Status(Id).State);
        Assert.Empty(fixture.Starts);
    }

    [Fact]
    public async Task Start_WhenThePolicyCannotBeRead_RunsNothing()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.Policy = PolicyInForce.Unknown("no plugin runs: it is not readable");
        await fixture.With(Id, Permissions.None, Keep, "onStartup").StartAsync();

        Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id));

        Assert.Equal("no plugin runs: it is not readable", fixture.Status(Id).Reason);
        Assert.Empty(fixture.Starts);
    }

    [Theory]
    [InlineData(null, 512L << 20)]
    [InlineData("16MiB", 16L << 20)]
    [InlineData("1GiB", 512L << 20)]
    public void Capped_Options_LeaveNoMoreThanThePolicy(string? memory, long expected)
    {
        var policy = PolicyInForce.None.And("p", new HostPolicy { Limits = new() { Memory = memory, CpuPercent = 5, HostCallsPerSecond = 10 } });
        var options = new PluginHostOptions { Plugins = [], Session = null!, Audit = null!, Bug = (_, _) => { }, Log = (_, _, _) => { }, Policy = policy }.Capped();

        Assert.Equal((expected, Math.Min(expected, new GuestLimits().MemoryBytes)), (options.Limits.MaxGuestMemoryBytes, options.GuestLimits.MemoryBytes));
        Assert.Equal((0.05, 10.0, 20.0), (options.Sandbox.Cpu.PerSecond, options.Sandbox.HostCalls.PerSecond, options.Sandbox.Kubernetes.PerSecond));
        Assert.Equal(0.5, options.Sandbox.Cpu.Burst, 3);
    }

    [Theory]
    [InlineData(null, null, 100, 64L << 20)]
    [InlineData(400, null, 400, 256L << 20)]
    [InlineData(400, 150, 150, 128L << 20)]
    [InlineData(5, 150, 5, 128L << 20)]
    public async Task Limits_OfOnePlugin_AreItsUsersUpToThePolicy(int? own, int? cap, double perSecond, long memory)
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, Keep).StartAsync();
        var limits = own is null ? null : new UsageLimits { HostCallsPerSecond = own, CpuPercent = own > 100 ? 100 : own, Memory = "256MiB" };
        var policy = cap is null ? PolicyInForce.None : PolicyInForce.None.And("p", new HostPolicy { Limits = new() { HostCallsPerSecond = cap, Memory = "128MiB" } });
        var options = new PluginHostOptions { Plugins = [], Session = null!, Audit = null!, Bug = (_, _) => { }, Log = (_, _, _) => { }, Policy = policy }.Capped();
        var plugin = fixture.Plugins[0];
        plugin = plugin with { Entry = plugin.Entry with { Limits = limits } };

        var sandbox = options.SandboxOf(limits);

        Assert.Equal((perSecond, perSecond * 2), (sandbox.HostCalls.PerSecond, sandbox.HostCalls.Burst));
        Assert.Equal(own is null ? 0.2 : Math.Min(own.Value, 100) / 100.0, sandbox.Cpu.PerSecond);
        Assert.Equal(20, sandbox.Kubernetes.PerSecond);
        Assert.Equal(memory, options.Limits.GuestLimitsOf(plugin, options.GuestLimits).MemoryBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Apply_OfOtherLimits_HoldsThePluginToThem(bool limits)
    {
        const int Asked = 50;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, Keep).StartAsync();
        var plugin = fixture.Plugins[0];
        var change = Assert.Single(await fixture.Host.ApplyAsync([plugin with { Entry = plugin.Entry with { Limits = limits ? new UsageLimits { HostCallsPerSecond = 2 } : null } }]));
        await fixture.OpenTabAsync(Id);

        var refused = 0;
        for (var i = 0; i < Asked; i++)
            if ((await CallAsync("crypto.random", """{"bytes":1}""")).Error?.Code == ErrorCode.QuotaExceeded) refused++;

        Assert.Equal(limits, change is PluginChange.Limited);
        Assert.Equal(limits, refused > 0);
        // It was active before the first of these calls.
        Assert.NotNull(fixture.Status(Id).Start);
    }

    [Theory]
    [InlineData(true, ErrorCode.Conflict)]
    [InlineData(false, null)]
    public async Task Scale_Unattended_IsForOneProcessOfAHome(bool otherLeads, string? code)
    {
        var home = Directory.CreateTempSubdirectory("lazyoc-leader-");
        try
        {
            const string unattended = """{ "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments/scale"], "verbs": ["update"], "unattended": true }] }""";
            using var other = otherLeads ? LeaderLock.TryTake(home.FullName, PluginId.Parse(Id)) : null;
            await using var fixture = await HostFixture.CreateAsync();
            fixture.Data = home.FullName;
            await fixture.With(Id, unattended, Keep).StartAsync();
            await fixture.OpenTabAsync(Id);

            var answer = await CallAsync("kubernetes.scale", """{"resource":"deployments","namespace":"bookstore","name":"catalog","replicas":7}""");

            Assert.Equal(code, answer.Error?.Code);
            Assert.Equal(!otherLeads, fixture.ReplicasOf("catalog") == 7);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private Task<string> Keep(Turn turn)
    {
        _door = turn.Door;
        return Task.FromResult(View);
    }

    private ValueTask<Answer> ListAsync(HostCallHandler? door = null) => CallAsync("kubernetes.list", ListPods, door);

    private ValueTask<Answer> CallAsync(string name, string arguments, HostCallHandler? door = null) =>
        (door ?? _door!)(new HostCall(name, Encoding.UTF8.GetBytes(arguments), null), CancellationToken.None);

    private static InstalledPlugin Granted(InstalledPlugin plugin, PermissionSet grant) =>
        plugin with { Entry = plugin.Entry with { Granted = grant, GrantDigest = grant.ComputeDigest() } };

    private static PolicyInForce Policy(string json)
    {
        Assert.True(PolicyInForce.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var policy, out _));
        return PolicyInForce.None.And("policy.json", policy);
    }
}
