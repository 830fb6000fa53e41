using System.Collections.Immutable;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Marketplace.Webhooks;

/// <summary>The webhooks of publishers. They are their owners' business: who may set one may have everything sent to himself.</summary>
internal sealed class WebhookStore(Database database, WebhookSecrets secrets, TimeProvider time, MarketLimits limits, MarketOptions options)
{
    private const string Select =
        """
        SELECT w.id, w.url, w.events, w.salt, w.created, w.dropped,
          (SELECT COUNT(*) FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting') AS waiting,
          (SELECT COUNT(*) FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'dead') AS dead
        FROM webhooks w
        """;

    public Task<Answer<WebhookList>> ListAsync(Caller caller, string publisher, CancellationToken cancellationToken) => database.ReadAsync<Answer<WebhookList>>(async sql =>
    {
        if (await LacksAsync(sql, caller, publisher) is { } refusal) return refusal;
        return new WebhookList([.. (await sql.ListAsync<Row>($"{Select} WHERE w.publisher = @publisher ORDER BY w.id", new { publisher })).Select(row => row.ToInfo())]);
    }, cancellationToken);

    public async Task<Answer<CreatedWebhook>> CreateAsync(Caller caller, string publisher, NewWebhook asked, CancellationToken cancellationToken)
    {
        if ((CheckUrl(asked.Url) ?? CheckEvents(asked.Events)) is { } bad) return bad;
        return await database.TryWriteAsync<CreatedWebhook>(async sql =>
        {
            if (await LacksAsync(sql, caller, publisher) is { } refusal) return refusal;
            if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM webhooks WHERE publisher = @publisher", new { publisher }) >= limits.MaxWebhooks)
                return new Refusal(ProblemTypes.QuotaExceeded, $"`{publisher}` has {limits.MaxWebhooks} webhooks already") { Hint = "take one away that nothing needs" };
            var (id, salt) = (time.NewId(), WebhookSecrets.NewSalt());
            await sql.ExecuteAsync("INSERT INTO webhooks (id, publisher, url, events, salt, created) VALUES (@id, @publisher, @Url, @Events, @salt, @Now)", new { id, publisher, asked.Url, Events = Stored.Lines(asked.Events.Distinct(StringComparer.Ordinal)), salt, Now = time.Now() });
            await AuditTrail.AddAsync(sql, time, caller.Name, "webhook.create", $"{publisher}/{id}", asked.Url);
            return await CreatedAsync(sql, id);
        }, cancellationToken);
    }

    /// <summary>Takes a webhook away, with what waits for it.</summary>
    public Task<Answer<WebhookInfo>> RemoveAsync(Caller caller, string publisher, string id, CancellationToken cancellationToken) => ChangeAsync<WebhookInfo>(caller, publisher, id, async (sql, row) =>
    {
        await sql.ExecuteAsync("DELETE FROM webhook_deliveries WHERE webhook_id = @Id", row);
        await sql.ExecuteAsync("DELETE FROM webhooks WHERE id = @Id", row);
        await AuditTrail.AddAsync(sql, time, caller.Name, "webhook.remove", $"{publisher}/{id}", row.Url);
        return row.ToInfo();
    }, cancellationToken);

    /// <summary>Gives it another secret; the one before is good for nothing any more.</summary>
    public Task<Answer<CreatedWebhook>> RenewSecretAsync(Caller caller, string publisher, string id, CancellationToken cancellationToken) => ChangeAsync<CreatedWebhook>(caller, publisher, id, async (sql, _) =>
    {
        await sql.ExecuteAsync("UPDATE webhooks SET salt = @Salt WHERE id = @id", new { id, Salt = WebhookSecrets.NewSalt() });
        await AuditTrail.AddAsync(sql, time, caller.Name, "webhook.secret", $"{publisher}/{id}");
        return await CreatedAsync(sql, id);
    }, cancellationToken);

    /// <summary>Has <c>ping</c> sent to it.</summary>
    public Task<Answer<WebhookInfo>> PingAsync(Caller caller, string publisher, string id, CancellationToken cancellationToken) => ChangeAsync<WebhookInfo>(caller, publisher, id, async (sql, row) =>
    {
        await WebhookQueue.AddAsync(sql, time, limits, new WebhookEvent(WebhookEvents.Ping, publisher), id);
        return row.ToInfo();
    }, cancellationToken);

    /// <summary>The latest deliveries, the newest first.</summary>
    public Task<Answer<WebhookDeliveryList>> DeliveriesAsync(Caller caller, string publisher, string id, DeliveryState? state, CancellationToken cancellationToken) => database.ReadAsync<Answer<WebhookDeliveryList>>(async sql =>
    {
        if (await LacksAsync(sql, caller, publisher) is { } refusal) return refusal;
        if (await FindAsync(sql, publisher, id) is null) return Missing;
        var rows = await sql.ListAsync<DeliveryRow>(
            "SELECT id, event, created, state, attempts, attempted, next_attempt, status, reason FROM webhook_deliveries WHERE webhook_id = @id AND (@State = '' OR state = @State) ORDER BY id DESC LIMIT @MaxPageEntries",
            new { id, State = state is null ? "" : Stored.Name(state.Value), limits.MaxPageEntries });
        return new WebhookDeliveryList([.. rows.Select(row => row.ToDelivery())]);
    }, cancellationToken);

    private static Refusal Missing => Refusal.NotFound("webhook of this id");

    private static Task<Refusal?> LacksAsync(Sql sql, Caller caller, string publisher) => PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner);

    private static Task<Row?> FindAsync(Sql sql, string publisher, string id) => sql.FirstAsync<Row>($"{Select} WHERE w.id = @id AND w.publisher = @publisher", new { id, publisher });

    private Task<Answer<T>> ChangeAsync<T>(Caller caller, string publisher, string id, Func<Sql, Row, Task<T>> change, CancellationToken cancellationToken)
        where T : class => database.TryWriteAsync<T>(async sql =>
    {
        if (await LacksAsync(sql, caller, publisher) is { } refusal) return refusal;
        return await FindAsync(sql, publisher, id) is { } row ? await change(sql, row) : Missing;
    }, cancellationToken);

    private async Task<CreatedWebhook> CreatedAsync(Sql sql, string id)
    {
        var row = (await sql.FirstAsync<Row>($"{Select} WHERE w.id = @id", new { id }))!;
        return new CreatedWebhook { Secret = secrets.Of(id, row.Salt), Info = row.ToInfo() };
    }

    private Refusal? CheckUrl(string text)
    {
        if (text.Length > limits.MaxWebhookUrlChars) return Refusal.Invalid("url", $"`url` has {text.Length:N0} characters; at most {limits.MaxWebhookUrlChars:N0} are allowed");
        if (text.Any(c => c is <= ' ' or > '~')) return Refusal.Invalid("url", "`url` has characters that no address has", "write them as `%XX`");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) return Refusal.Invalid("url", "`url` is no absolute address", "such as `https://hooks.example.com/lazyoc`");
        if (RequestRules.CheckUrl(url) is { } wrong) return Refusal.Invalid("url", $"`url` {wrong}");
        if (url.Fragment.Length > 0) return Refusal.Invalid("url", "`url` has a fragment, which is never sent");
        if (url.Scheme != Uri.UriSchemeHttps && !options.AllowsPrivateWebhooks) return Refusal.Invalid("url", "`url` is not protected by TLS", "an address that begins with `https://`");
        // Names are looked at when they are connected to, for each delivery; addresses are now, too.
        return AddressReaches.LiteralOf(OriginPattern.HostOf(url)) is { } addresses && addresses.Any(address => !AddressReaches.Permits(WebhookSender.RulesOf(options).Reach, address))
            ? Refusal.Invalid("url", "`url` leads to an address that is not public")
            : null;
    }

    private static Refusal? CheckEvents(ImmutableArray<string> events) => events.All(WebhookEvents.All.Contains)
        ? null
        : Refusal.Invalid("events", "`events` has one that there is not", $"known are {string.Join(", ", WebhookEvents.All.Select(known => $"`{known}`"))}");

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Url { get; init; } = "";

        public string Events { get; init; } = "";

        public string Salt { get; init; } = "";

        public long Created { get; init; }

        public long Dropped { get; init; }

        public long Waiting { get; init; }

        public long Dead { get; init; }

        public WebhookInfo ToInfo() => new() { Id = Id, Url = Url, Events = [.. Stored.Lines(Events)], Created = Stored.Time(Created), Waiting = Waiting, Dead = Dead, Dropped = Dropped };
    }

    private sealed record DeliveryRow
    {
        public string Id { get; init; } = "";

        public string Event { get; init; } = "";

        public long Created { get; init; }

        public string State { get; init; } = "";

        public long Attempts { get; init; }

        public long? Attempted { get; init; }

        public long NextAttempt { get; init; }

        public long? Status { get; init; }

        public string? Reason { get; init; }

        public WebhookDelivery ToDelivery()
        {
            var state = Stored.Named<DeliveryState>(State);
            return new WebhookDelivery
            {
                Id = Id,
                Event = Event,
                Created = Stored.Time(Created),
                State = state,
                Attempts = Attempts,
                Attempted = Stored.Time(Attempted),
                Next = state == DeliveryState.Waiting ? Stored.Time(NextAttempt) : null,
                Status = (int?)Status,
                Reason = Reason,
            };
        }
    }
}
