using System.Net;
using LazyOC.Marketplace.Protocol.Api;
using Microsoft.AspNetCore.Http;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Webhooks;

/// <summary>Webhooks lead nowhere that the server can reach and their owners cannot.</summary>
public sealed class WebhookAddressTests
{
    private static readonly MarketLimits Limits = new() { WebhookPollInterval = TimeSpan.FromMilliseconds(50), ApiRequestsPerMinute = 100_000, MaxWebhooks = 100, WebhookTime = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task Address_ThatIsNotPublic_IsRefusedWhenItIsSet()
    {
        await using var market = await MarketFixture.StartAsync(Limits, []);
        var owner = await market.OwnerAsync();
        foreach (var url in new[]
        {
            "https://127.0.0.1/hook",
            "https://localhost/hook",
            "https://2130706433/hook",
            "https://0x7f.1/hook",
            "https://[::1]/hook",
            "https://[::ffff:127.0.0.1]/hook",
            "https://10.0.0.1/hook",
            "https://192.168.1.1/hook",
            "https://[fd00::1]/hook",
            "https://169.254.169.254/latest/meta-data",
            "https://[64:ff9b::a9fe:a9fe]/hook",
            "https://0.0.0.0/hook",
            "http://hooks.example.com/hook",
            "https://user:password@hooks.example.com/hook",
            "https://hooks.example.com/hook#part",
            "https://hooks.example.com/ho ok",
            "file:///etc/passwd",
            "gopher://hooks.example.com",
            "/hook",
            "",
            "https://hooks.example.com/" + new string('x', 500),
        })
        {
            var result = await owner.CreateWebhookAsync("acme", new NewWebhook { Url = url }, default);
            Assert.False(result.TryGet(out _, out var problem), url);
            Assert.Equal((ProblemTypes.InvalidRequest, "url"), (problem.Kind, problem.Field));
        }

        // The control: one that is public is taken.
        Value(await owner.CreateWebhookAsync("acme", new NewWebhook { Url = "https://hooks.example.com/hook?a=b" }, default));
        Assert.Equal("events", Refusal(ProblemTypes.InvalidRequest, await owner.CreateWebhookAsync("acme", new NewWebhook { Url = "https://hooks.example.com/hook", Events = ["everything"] }, default)).Field);
    }

    /// <summary>A name that leads to a server on this machine. With the switch on it is sent to; with it off, it is not, and the server hears nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Name_ThatLeadsToThisMachine_IsSentToWithTheSwitchOnly(bool isAllowed)
    {
        await using var receiver = await Receiver.StartAsync();
        var port = new Uri(receiver.Url).Port;
        await using var market = await StartAsync(isAllowed, _ => [IPAddress.Loopback]);
        var owner = await market.OwnerAsync();
        // What the switch changes is where a name may lead, and here the record is as if it had been on when the webhook was made.
        var made = await MadeAsync(market, owner, $"http://hooks.example.com:{port}/hook");

        Value(await owner.PingWebhookAsync("acme", made, default));
        var delivery = await AttemptedAsync(owner, made);

        Assert.Equal(isAllowed ? DeliveryState.Delivered : DeliveryState.Waiting, delivery.State);
        Assert.Equal(isAllowed ? null : "its name leads to an address that is not public", delivery.Reason);
        Assert.Equal(isAllowed ? 1 : 0, receiver.Count);
    }

    [Fact]
    public async Task Name_ThatLeadsToANetworkOfTheServers_IsNotConnectedTo()
    {
        var address = "";
        await using var market = await StartAsync(isAllowed: false, _ => [IPAddress.Parse(address)]);
        var owner = await market.OwnerAsync();
        foreach (var inside in new[] { "10.1.2.3", "169.254.169.254", "::ffff:192.168.0.1", "fe80::1", "fd00::1", "127.0.0.2" })
        {
            address = inside;
            var made = Value(await owner.CreateWebhookAsync("acme", new NewWebhook { Url = "https://hooks.example.com/hook" }, default)).Info.Id;
            Value(await owner.PingWebhookAsync("acme", made, default));

            Assert.Equal("its name leads to an address that is not public", (await AttemptedAsync(owner, made)).Reason);
        }
    }

    /// <summary>The service that tells machines of clouds their credentials is nobody's webhook, whatever is allowed.</summary>
    [Fact]
    public async Task LinkLocalAddress_IsRefusedWithTheSwitchToo()
    {
        await using var market = await StartAsync(isAllowed: true, _ => [IPAddress.Parse("169.254.169.254")]);
        var owner = await market.OwnerAsync();

        Refusal(ProblemTypes.InvalidRequest, await owner.CreateWebhookAsync("acme", new NewWebhook { Url = "http://169.254.169.254/hook" }, default));
        var made = Value(await owner.CreateWebhookAsync("acme", new NewWebhook { Url = "http://hooks.example.com/hook" }, default)).Info.Id;
        Value(await owner.PingWebhookAsync("acme", made, default));

        Assert.Equal("its name leads to an address that is not public", (await AttemptedAsync(owner, made)).Reason);
    }

    /// <summary>A name that is public when it is looked at first and private afterwards wins nothing: each delivery resolves, and connects to what it has looked at.</summary>
    [Fact]
    public async Task Name_ThatLeadsElsewhereTheSecondTime_IsLookedAtAgain()
    {
        await using var receiver = await Receiver.StartAsync();
        var asked = 0;
        await using var market = await StartAsync(isAllowed: true, _ => [Interlocked.Increment(ref asked) == 1 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]);
        var owner = await market.OwnerAsync();
        var made = Value(await owner.CreateWebhookAsync("acme", new NewWebhook { Url = $"http://hooks.example.com:{new Uri(receiver.Url).Port}/hook" }, default)).Info.Id;

        Value(await owner.PingWebhookAsync("acme", made, default));
        Assert.Equal(DeliveryState.Delivered, (await AttemptedAsync(owner, made)).State);
        Value(await owner.PingWebhookAsync("acme", made, default));

        Assert.Equal("its name leads to an address that is not public", (await AttemptedAsync(owner, made, 2)).Reason);
        Assert.Equal((2, 1), (asked, receiver.Count));
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var inside = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = inside.Url;
            return Task.CompletedTask;
        };
        await using var market = await StartAsync(isAllowed: true, _ => [IPAddress.Loopback]);
        var owner = await market.OwnerAsync();
        var made = Value(await owner.CreateWebhookAsync("acme", new NewWebhook { Url = receiver.Url }, default)).Info.Id;
        Value(await owner.PingWebhookAsync("acme", made, default));

        Assert.Equal("it answered with a redirect (307), which is not followed", (await AttemptedAsync(owner, made)).Reason);
        Assert.Equal((1, 0), (receiver.Count, inside.Count));
    }

    /// <summary>Neither a server that says nothing nor one that does not stop holds anything up.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Server_ThatIsSlowOrEndless_HoldsNobodyUp(bool saysNothing)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async context =>
        {
            if (saysNothing) await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            var block = new byte[64 << 10];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        };
        await using var market = await StartAsync(isAllowed: true, _ => [IPAddress.Loopback], Limits with { WebhookTime = TimeSpan.FromSeconds(1) });
        var owner = await market.OwnerAsync();
        var made = Value(await owner.CreateWebhookAsync("acme", new NewWebhook { Url = receiver.Url }, default)).Info.Id;
        Value(await owner.PingWebhookAsync("acme", made, default));

        var delivery = await AttemptedAsync(owner, made);

        Assert.Equal(saysNothing ? "it did not answer within 1 seconds" : null, delivery.Reason);
    }

    private static Task<MarketFixture> StartAsync(bool isAllowed, Func<string, IPAddress[]> resolve, MarketLimits? limits = null) => MarketFixture.StartAsync(
        limits ?? Limits, [], change: options => options with { AllowsPrivateWebhooks = isAllowed, ResolveWebhook = (host, _) => Task.FromResult(resolve(host)) });

    /// <summary>A webhook without TLS, which is not taken when the switch is off, put into the records then.</summary>
    private static async Task<string> MadeAsync(MarketFixture market, MarketClient owner, string url)
    {
        var made = Value(await owner.CreateWebhookAsync("acme", new NewWebhook { Url = "https://hooks.example.com/hook" }, default)).Info.Id;
        var database = (Marketplace.Data.Database)market.Server.Services.GetService(typeof(Marketplace.Data.Database))!;
        await database.WriteAsync(sql => sql.ExecuteAsync("UPDATE webhooks SET url = @url WHERE id = @made", new { url, made }), default);
        return made;
    }

    private static async Task<WebhookDelivery> AttemptedAsync(MarketClient owner, string webhook, int count = 1)
    {
        while (true)
        {
            var deliveries = Value(await owner.WebhookDeliveriesAsync("acme", webhook, null, default)).Deliveries;
            if (deliveries.Length == count && deliveries[0].Attempted is not null) return deliveries[0];
            await Task.Delay(250);
        }
    }
}
