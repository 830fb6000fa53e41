using System.Text;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Tests.Events;

/// <summary>What plugins hear of the cluster: over a real connection that breaks, and over a switch of the context.</summary>
public sealed class ClusterEventsTests
{
    private const string Id = "acme.listener";
    private const string MayHear = """{ "events": { "subscribe": ["cluster.*"] } }""";

    private readonly Listener _listener = new("cluster.*");

    [Fact]
    public async Task Connection_LostAndBack_IsToldWithTheReason()
    {
        await using var fixture = await StartAsync(MayHear);
        await _listener.HearsAsync(1);
        var client = fixture.Session().Client;

        await client.Discovery.GetAsync(CancellationToken.None);
        await _listener.HearsAsync(2);
        fixture.Cluster.Disconnect();
        await Assert.ThrowsAnyAsync<ClusterException>(() => client.Resources.GetRawAsync("version", CancellationToken.None));
        await _listener.HearsAsync(3);
        fixture.Cluster.Reconnect();
        await client.Resources.GetRawAsync("version", CancellationToken.None);
        await _listener.HearsAsync(4);

        Assert.Equal(
            [
                """cluster.context {"state":"opened","context":"demo","namespace":"bookstore","readOnly":false}""",
                """cluster.connected {"context":"demo"}""",
                """cluster.disconnected {"context":"demo","reason":"unreachable","retry":true}""",
                """cluster.connected {"context":"demo"}""",
            ],
            _listener.Heard);
    }

    [Fact]
    public async Task Subscribe_WhileTheClusterIsAway_IsToldThatFirst()
    {
        var fixture = (await HostFixture.CreateAsync("empty")).With(Id, MayHear, _listener.ListenAsync);
        await using var started = await fixture.StartAsync();
        fixture.Cluster.Disconnect();
        await Assert.ThrowsAnyAsync<ClusterException>(() => fixture.Session().Client.Resources.GetRawAsync("version", CancellationToken.None));

        await fixture.Extensions.RunCommandAsync($"{Id}.command");

        await _listener.HearsAsync(2);
        Assert.Equal(["cluster.context", "cluster.disconnected"], _listener.Events.Select(told => told.Topic).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Switch_OfTheContext_ClosesOneAndOpensTheOther()
    {
        await using var fixture = await StartAsync(MayHear);
        await _listener.HearsAsync(1);
        var told = new List<string>();
        using var everybody = fixture.Host.Bus.Subscribe("cluster.*", happened => told.Add($"{happened.Topic} {Encoding.UTF8.GetString(happened.Data.Span)}"));
        told.Clear();

        await fixture.Host.SwitchSessionAsync(fixture.Session(readOnly: true) with { Context = "other", Namespace = "shop" });

        const string opened = """cluster.context {"state":"opened","context":"other","namespace":"shop","readOnly":true}""";
        await _listener.HearsAsync(heard => heard.Contains(opened));
        Assert.Equal(["""cluster.context {"state":"closed","context":"demo","namespace":"bookstore","readOnly":false}""", opened], told.Where(line => line.StartsWith("cluster.context", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Subscribe_WithoutPermission_IsRefused()
    {
        await using var fixture = await StartAsync(Permissions.None);

        Assert.Equal(ErrorCode.PermissionDenied, _listener.Refused?.Code);
        Assert.Empty(_listener.Heard);
    }

    private async Task<HostFixture> StartAsync(string permissions)
    {
        var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, permissions, _listener.ListenAsync, "onStartup").StartAsync();
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);
        return fixture;
    }
}
