using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Tests.Nodes;
using LazyOC.Marketplace.Tests.Web;
using LazyOC.Plugins.Contracts.Versions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Webhooks;

/// <summary>Events on their way to a real server: signed, tried again, given up.</summary>
[Trait(Pair.Trait, Pair.Both)]
public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly MarketLimits Limits = new() { WebhookPollInterval = TimeSpan.FromMilliseconds(50), ApiRequestsPerMinute = 100_000, MaxWebhookAttempts = 3, MaxWebhookDeliveriesKept = 3, MaxWebhookDeliveriesWaiting = 5, MaxWebhooks = 2 };

    private MarketFixture _market = null!;
    private MarketClient _owner = null!;
    private Receiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync(
            Limits, [new TestScanner("careful", (submission, _) => Task.FromResult(new ScanResult(submission.Package.Manifest.Id.ToString() == "acme.odd" ? Verdict.Hold : Verdict.Pass, [])))], change: options => options with { AllowsPrivateWebhooks = true });
        _owner = await _market.OwnerAsync();
        _receiver = await Receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _market.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Events_AreSent_SignedWithTheSecretThatWasToldOnce()
    {
        var made = Value(await _owner.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url }, default));
        Assert.Matches("^lzw_[0-9a-f]{64}$", made.Secret);

        await _market.LiveAsync(_owner, SamplePlugin.Package());
        var live = await NextAsync(made.Secret);
        Assert.Equal(WebhookEvents.VersionLive, live.Event);
        Assert.Equal(("acme", SamplePlugin.Id, "1.0.0"), (live.Publisher, live.Plugin!.Value, live.Version));

        var bob = await _market.RegisterAsync("bob");
        await _market.InstallAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), Value(await bob.CreateTokenAsync(new NewToken { Name = "t", Scopes = [TokenScope.Read] }, default)).Token);
        var review = Value(await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 4, Text = "a secret text" }, default));
        var written = await NextAsync(made.Secret);
        Assert.Equal((WebhookEvents.ReviewWritten, review.Id, 4), (written.Event, written.Review, written.Stars));
        Value(await _owner.ReplyAsync(review.Id, new NewReply { Text = "thanks" }, default));
        Assert.Equal(WebhookEvents.ReviewReplied, (await NextAsync(made.Secret)).Event);
        var moderator = await _market.ModeratorAsync();
        Value(await moderator.HideReviewAsync(review.Id, new Reason { Text = "it insults" }, default));
        var hidden = await NextAsync(made.Secret);
        Assert.Equal((WebhookEvents.ReviewHidden, "it insults"), (hidden.Event, Assert.Single(hidden.Reasons!.Value)));

        Value(await _owner.YankAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), new Reason { Text = "it loses data" }, default));
        var yanked = await NextAsync(made.Secret);
        Assert.Equal((WebhookEvents.VersionYanked, "it loses data"), (yanked.Event, Assert.Single(yanked.Reasons!.Value)));
        Value(await _owner.UnyankAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), default));
        Assert.Null((await NextAsync(made.Secret)).Reasons);
        Value(await _owner.DeprecateAsync(SamplePlugin.Id, new NewDeprecation { Reason = "no time" }, default));
        Assert.Equal(WebhookEvents.PluginDeprecated, (await NextAsync(made.Secret)).Event);
        Value(await moderator.QuarantineAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), new Reason { Text = "odd" }, default));
        Assert.Equal(WebhookEvents.VersionQuarantined, (await NextAsync(made.Secret)).Event);

        Assert.Equal(VersionState.Held, (await _market.SettleAsync(_owner, SamplePlugin.Package("acme.odd"))).State);
        Assert.Equal(WebhookEvents.VersionHeld, (await NextAsync(made.Secret)).Event);
        Value(await moderator.JudgeAsync(LazyOC.Plugins.Contracts.PluginId.Parse("acme.odd"), SemanticVersion.Parse("1.0.0"), new NewVerdict { Decision = HumanDecision.Reject, Reason = "it is odd" }, default));
        Assert.Equal(WebhookEvents.VersionRejected, (await NextAsync(made.Secret)).Event);

        // The log is bounded, and nothing that signs is in the records.
        await EndedAsync(made.Info.Id, 3);
        Assert.Equal(3, Value(await _owner.WebhookDeliveriesAsync("acme", made.Info.Id, null, default)).Deliveries.Length);
        var stored = await Database.ReadAsync(sql => sql.FirstAsync<string>("SELECT salt FROM webhooks"), default);
        Assert.DoesNotContain(stored!, made.Secret, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Secret, JsonSerializer.Serialize(Value(await _owner.WebhooksAsync("acme", default)), ApiJson.Default.WebhookList), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_GetsTheEventsItAsksFor_AndIsRemoved()
    {
        var made = Value(await _owner.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url, Events = [WebhookEvents.VersionYanked] }, default));
        await _market.LiveAsync(_owner, SamplePlugin.Package());
        Value(await _owner.YankAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), new Reason { Text = "it is broken" }, default));
        Assert.Equal(WebhookEvents.VersionYanked, (await NextAsync(made.Secret)).Event);
        Value(await _owner.PingWebhookAsync("acme", made.Info.Id, default));
        Assert.Equal(WebhookEvents.Ping, (await NextAsync(made.Secret)).Event);

        // Another secret, and the one before is good for nothing.
        var renewed = Value(await _owner.RenewWebhookSecretAsync("acme", made.Info.Id, default));
        Assert.NotEqual(made.Secret, renewed.Secret);
        Value(await _owner.PingWebhookAsync("acme", made.Info.Id, default));
        var received = await _receiver.NextAsync();
        Assert.True(WebhookSignature.IsGood(renewed.Secret, received.Headers[WebhookSignature.Header], received.Body, _market.Clock.GetUtcNow()));
        Assert.False(WebhookSignature.IsGood(made.Secret, received.Headers[WebhookSignature.Header], received.Body, _market.Clock.GetUtcNow()));

        Value(await _owner.RemoveWebhookAsync("acme", made.Info.Id, default));
        Assert.Empty(Value(await _owner.WebhooksAsync("acme", default)).Webhooks);
        Refusal(ProblemTypes.NotFound, await _owner.PingWebhookAsync("acme", made.Info.Id, default));
        Assert.Equal(0, await Database.ReadAsync(sql => sql.FirstAsync<long>("SELECT COUNT(*) FROM webhook_deliveries"), default));
    }

    [Fact]
    public async Task Delivery_ThatFails_IsTriedAgainLaterAndLater_AndGivenUpWithTheReason()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsync("nothing that is shown to anybody");
        };
        var made = Value(await _owner.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url }, default));
        Value(await _owner.PingWebhookAsync("acme", made.Info.Id, default));

        var ids = new List<string>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            ids.Add((await _receiver.NextAsync()).Headers[WebhookSignature.DeliveryHeader]);
            var delivery = await AttemptedAsync(made.Info.Id, attempt);
            Assert.Equal((503, "it answered 503"), (delivery.Status, delivery.Reason));
            if (attempt == 3) break;
            var pause = delivery.Next!.Value - delivery.Attempted!.Value;
            Assert.InRange(pause, Limits.WebhookRetryTime * Math.Pow(2, attempt - 1) / 2, Limits.WebhookRetryTime * Math.Pow(2, attempt - 1));
            Assert.Equal(attempt, _receiver.Count);
            _market.Clock.Advance(pause);
        }

        var dead = Assert.Single(Value(await _owner.WebhookDeliveriesAsync("acme", made.Info.Id, DeliveryState.Dead, default)).Deliveries);
        Assert.Equal((3L, "it answered 503", null), (dead.Attempts, dead.Reason, dead.Next));
        Assert.Equal(1, Assert.Single(Value(await _owner.WebhooksAsync("acme", default)).Webhooks).Dead);
        Assert.Single(ids.Distinct());
        using var browser = await new Browser(_market).SignInAsync("alice");
        var page = await browser.PageAsync($"/portal/publishers/acme/webhooks/{made.Info.Id}");
        Assert.Contains("given up", page, StringComparison.Ordinal);
        Assert.Contains("it answered 503", page, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing that is shown", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_ThatWasUnderWayWhenTheServerEnded_IsMadeByTheNext()
    {
        var arrived = new TaskCompletionSource();
        _receiver.Answer = async context =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        var made = Value(await _owner.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url }, default));
        Value(await _owner.PingWebhookAsync("acme", made.Info.Id, default));
        var first = await _receiver.NextAsync();
        await arrived.Task;

        _receiver.Answer = _ => Task.CompletedTask;
        await _market.RunAsync(Limits, new Marketplace.Publishing.RequiredScanners([TestScanner.Passing], _ => Marketplace.Publishing.PackageLooks.None), options => options with { AllowsPrivateWebhooks = true });
        _market.Clock.Advance(Limits.WebhookTime + TimeSpan.FromMinutes(2));

        var second = await _receiver.NextAsync();
        Assert.Equal(first.Headers[WebhookSignature.DeliveryHeader], second.Headers[WebhookSignature.DeliveryHeader]);
        Assert.True(WebhookSignature.IsGood(made.Secret, second.Headers[WebhookSignature.Header], second.Body, _market.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Events_BeyondWhatMayWait_AreNotTakenAndCounted()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var made = Value(await _owner.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url }, default));
        for (var i = 0; i < 8; i++) Value(await _owner.PingWebhookAsync("acme", made.Info.Id, default));

        var info = Assert.Single(Value(await _owner.WebhooksAsync("acme", default)).Webhooks);

        Assert.Equal((5, 3), (info.Waiting, info.Dropped));
        Value(await _owner.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url }, default));
        Refusal(ProblemTypes.QuotaExceeded, await _owner.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url }, default));
    }

    [Fact]
    public async Task Webhooks_AreTheirOwnersBusiness()
    {
        var made = Value(await _owner.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url }, default));
        var bob = await _market.RegisterAsync("bob");
        await _market.JoinAsync(_owner, bob, "bob", PublisherRole.Maintainer);
        var carol = await _market.OwnerAsync("other", "carol");
        var reader = _market.Client(Value(await _owner.CreateTokenAsync(new NewToken { Name = "t", Scopes = [TokenScope.Read, TokenScope.Publish] }, default)).Token);

        foreach (var (client, kind) in new[] { (bob, ProblemTypes.Forbidden), (carol, ProblemTypes.Forbidden), (reader, ProblemTypes.TokenScope), (_market.Client(), ProblemTypes.Unauthenticated) })
        {
            Refusal(kind, await client.WebhooksAsync("acme", default));
            Refusal(kind, await client.CreateWebhookAsync("acme", new NewWebhook { Url = _receiver.Url }, default));
            Refusal(kind, await client.WebhookDeliveriesAsync("acme", made.Info.Id, null, default));
            Refusal(kind, await client.RemoveWebhookAsync("acme", made.Info.Id, default));
        }
        // Whoever owns another publisher does not get at it by its id.
        Refusal(ProblemTypes.NotFound, await carol.RenewWebhookSecretAsync("other", made.Info.Id, default));
        Refusal(ProblemTypes.NotFound, await carol.WebhookDeliveriesAsync("other", made.Info.Id, null, default));
    }

    [Fact]
    public async Task Portal_MakesAWebhook_ShowsItsSecretOnce_AndRemovesIt()
    {
        using var browser = await new Browser(_market).SignInAsync("alice");
        const string Page = "/portal/publishers/acme/webhooks";
        Assert.Contains($"href=\"{Page}\"", await browser.PageAsync("/portal/publishers/acme"), StringComparison.Ordinal);

        using var made = await browser.SubmitAsync(Page, Page, ("url", _receiver.Url), ("event", WebhookEvents.VersionLive), ("event", WebhookEvents.ReviewWritten));
        Assert.Matches("lzw_[0-9a-f]{64}", await made.Content.ReadAsStringAsync());
        var list = await browser.PageAsync(Page);
        Assert.DoesNotContain("lzw_", list, StringComparison.Ordinal);
        Assert.Contains("version.live, review.written", list, StringComparison.Ordinal);
        var info = Assert.Single(Value(await _owner.WebhooksAsync("acme", default)).Webhooks);
        Assert.Contains("<code>ping</code>", await browser.DoAsync(Page, $"{Page}/{info.Id}/pings"), StringComparison.Ordinal);
        using var renewed = await browser.SubmitAsync(Page, $"{Page}/{info.Id}/secret");
        Assert.Matches("lzw_[0-9a-f]{64}", await renewed.Content.ReadAsStringAsync());
        using var bad = await browser.SubmitAsync(Page, Page, ("url", "ftp://example.com"));
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("Nowhere yet", await browser.DoAsync(Page, $"{Page}/{info.Id}/removal"), StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_IsOfTheBodyTheTimeAndTheSecret()
    {
        var (now, body) = (DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000), "{\"a\":1}"u8.ToArray());
        var header = WebhookSignature.Create("lzw_secret", now, body);

        // openssl dgst -sha256 -hmac lzw_secret of `1800000000.{"a":1}`
        Assert.Equal("t=1800000000,v1=b09987081526f1d2778e6ddadb5b18d2944158efbeef657dfe627a48be2edabb", header);
        Assert.True(WebhookSignature.IsGood("lzw_secret", header, body, now + WebhookSignature.Window));
        Assert.False(WebhookSignature.IsGood("lzw_secret", header, body, now + WebhookSignature.Window + TimeSpan.FromSeconds(1)));
        Assert.False(WebhookSignature.IsGood("lzw_secret", header, body, now - WebhookSignature.Window - TimeSpan.FromSeconds(1)));
        Assert.False(WebhookSignature.IsGood("lzw_other", header, body, now));
        Assert.False(WebhookSignature.IsGood("lzw_secret", header, "{\"a\":2}"u8, now));
        Assert.False(WebhookSignature.IsGood("lzw_secret", header.Replace("t=18", "t=17", StringComparison.Ordinal), body, now));
        Assert.False(WebhookSignature.IsGood("lzw_secret", null, body, now));
        Assert.False(WebhookSignature.IsGood("lzw_secret", "v1=,t=", body, now));
    }

    private Database Database => _market.Server.Services.GetRequiredService<Database>();

    /// <summary>The next delivery, which has to be signed and new.</summary>
    private async Task<WebhookPayload> NextAsync(string secret)
    {
        var received = await _receiver.NextAsync();
        Assert.True(WebhookSignature.IsGood(secret, received.Headers[WebhookSignature.Header], received.Body, _market.Clock.GetUtcNow()));
        Assert.Equal("application/json", received.Headers["Content-Type"]);
        var payload = JsonSerializer.Deserialize(received.Body, ApiJson.Default.WebhookPayload)!;
        Assert.Equal((payload.Event, payload.Id), (received.Headers[WebhookSignature.EventHeader], received.Headers[WebhookSignature.DeliveryHeader]));
        return payload;
    }

    /// <summary>The one delivery, once what came of an attempt is written down.</summary>
    private async Task<WebhookDelivery> AttemptedAsync(string webhook, int attempts)
    {
        while (true)
        {
            var delivery = Assert.Single(await DeliveriesAsync(webhook));
            if (delivery.Attempts == attempts && delivery.Attempted is not null && (delivery.State != DeliveryState.Waiting || delivery.Next > _market.Clock.GetUtcNow())) return delivery;
            await Task.Delay(250);
        }
    }

    private async Task EndedAsync(string webhook, int count)
    {
        while ((await DeliveriesAsync(webhook)) is var all && (all.Length > count || all.Any(delivery => delivery.State == DeliveryState.Waiting))) await Task.Delay(250);
    }

    private async Task<ImmutableArray<WebhookDelivery>> DeliveriesAsync(string webhook) => Value(await _owner.WebhookDeliveriesAsync("acme", webhook, null, default)).Deliveries;
}
