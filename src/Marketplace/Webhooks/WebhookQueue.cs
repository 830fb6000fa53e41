using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Webhooks;

/// <summary>Something that happened, for those who want to know.</summary>
/// <param name="Name">One of <see cref="WebhookEvents"/>.</param>
/// <param name="Publisher">Whose webhooks are told.</param>
/// <param name="Plugin">Which plugin; null when it is about none.</param>
internal sealed record WebhookEvent(string Name, string Publisher, PluginId? Plugin = null)
{
    public string? Version { get; init; }

    public ImmutableArray<string> Reasons { get; init; } = [];

    public string? Review { get; init; }

    public int? Stars { get; init; }

    /// <summary>Of a version of a plugin.</summary>
    public static WebhookEvent OfVersion(string name, PluginId plugin, string version, params ImmutableArray<string> reasons) => new(name, plugin.Publisher, plugin) { Version = version, Reasons = reasons };
}

/// <summary>Deliveries that wait. Who takes one has it for a time; then it is anybody's again.</summary>
internal sealed class WebhookQueue(Database database, TimeProvider time, MarketLimits limits)
{
    /// <summary>How long an attempt and what follows from it may take.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>Names this process among those that take from the queue.</summary>
    private readonly string _node = Guid.NewGuid().ToString("N");

    /// <summary>Tells an event to the webhooks that ask for it, in the transaction in which it happens: both are in the records, or neither.</summary>
    public static async Task AddAsync(Sql sql, TimeProvider time, MarketLimits limits, WebhookEvent happened, string? webhook = null)
    {
        foreach (var hook in await sql.ListAsync<HookRow>("SELECT id, events FROM webhooks WHERE publisher = @Publisher AND (@webhook = '' OR id = @webhook) ORDER BY id", new { happened.Publisher, webhook = webhook ?? "" }))
        {
            if (webhook is null && hook.Events.Length > 0 && !Stored.Lines(hook.Events).Contains(happened.Name, StringComparer.Ordinal)) continue;
            if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = @Id AND state = 'waiting'", hook) >= limits.MaxWebhookDeliveriesWaiting)
            {
                await sql.ExecuteAsync("UPDATE webhooks SET dropped = dropped + 1 WHERE id = @Id", hook);
                continue;
            }
            var (id, now) = (time.NewId(), time.Now());
            await sql.ExecuteAsync(
                "INSERT INTO webhook_deliveries (id, webhook_id, publisher, event, payload, created, state, next_attempt) VALUES (@id, @WebhookId, @Publisher, @Name, @Payload, @now, 'waiting', @now)",
                new { id, WebhookId = hook.Id, happened.Publisher, happened.Name, Payload = Write(id, happened, now, limits), now });
        }
    }

    /// <summary>Takes the next one that is due; null when there is none. A publisher has one under way at a time, so that no other waits for its server.</summary>
    public async Task<WebhookAttempt?> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        // Most of the time there is nothing, and nobody has to wait for that to be found out.
        if (await database.ReadAsync(sql => sql.FirstAsync<string>("SELECT id FROM webhook_deliveries WHERE state = 'waiting' AND next_attempt <= @now AND claimed_until <= @now LIMIT 1", new { now }), cancellationToken) is null) return null;
        // What is due is said twice, so that of two that have found the same one, the second does not take it.
        return await database.WriteAsync<WebhookAttempt?>(async sql =>
        {
            if (await sql.FirstAsync<ClaimRow>(
                $"""
                UPDATE webhook_deliveries SET claimed_by = @_node, claimed_until = @Until, attempts = attempts + 1
                WHERE state = 'waiting' AND claimed_until <= @now AND id = (
                    SELECT d.id FROM webhook_deliveries d
                    WHERE d.state = 'waiting' AND d.next_attempt <= @now AND d.claimed_until <= @now
                      AND NOT EXISTS (SELECT 1 FROM webhook_deliveries o WHERE o.publisher = d.publisher AND o.claimed_until > @now)
                    ORDER BY d.next_attempt, d.id LIMIT 1 {sql.Dialect.SkipTaken})
                RETURNING id, webhook_id, event, payload, attempts
                """, new { _node, now, Until = now + (long)(limits.WebhookTime + Slack).TotalMilliseconds }) is not { } claimed) return null;
            var hook = await sql.FirstAsync<TargetRow>("SELECT url, salt FROM webhooks WHERE id = @WebhookId", claimed);
            return hook is null ? null : new WebhookAttempt(claimed.Id, claimed.WebhookId, claimed.Event, claimed.Payload, claimed.Attempts, hook.Url, hook.Salt);
        }, cancellationToken, WriteMode.Rows);
    }

    /// <summary>Writes down what came of an attempt: it is done, tried again later, or given up.</summary>
    public Task EndAsync(WebhookAttempt attempt, WebhookOutcome outcome, CancellationToken cancellationToken)
    {
        var state = outcome.Reason is null ? DeliveryState.Delivered : attempt.Attempts >= limits.MaxWebhookAttempts ? DeliveryState.Dead : DeliveryState.Waiting;
        var now = time.Now();
        return database.WriteAsync(async sql =>
        {
            await sql.ExecuteAsync(
                """
                UPDATE webhook_deliveries SET state = @State, next_attempt = @Next, claimed_by = NULL, claimed_until = 0, status = @Status, reason = @Reason, attempted = @now
                WHERE id = @Id AND claimed_by = @_node
                """,
                new { attempt.Id, _node, State = Stored.Name(state), Next = now + (long)PauseAfter(attempt.Attempts).TotalMilliseconds, outcome.Status, outcome.Reason, now });
            await sql.ExecuteAsync(
                """
                DELETE FROM webhook_deliveries WHERE webhook_id = @WebhookId AND state <> 'waiting'
                  AND id NOT IN (SELECT id FROM webhook_deliveries WHERE webhook_id = @WebhookId AND state <> 'waiting' ORDER BY id DESC LIMIT @MaxWebhookDeliveriesKept)
                """, new { attempt.WebhookId, limits.MaxWebhookDeliveriesKept });
        }, cancellationToken);
    }

    /// <summary>Twice as long after each attempt, and by chance up to a half less, so that not all come back at once.</summary>
    private TimeSpan PauseAfter(long attempts)
    {
        var full = Math.Min(limits.WebhookRetryTime.TotalMilliseconds * Math.Pow(2, attempts - 1), limits.MaxWebhookRetryTime.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (1 - (Random.Shared.NextDouble() / 2)));
    }

    private static string Write(string id, WebhookEvent happened, long now, MarketLimits limits)
    {
        var payload = new WebhookPayload
        {
            Id = id,
            Event = happened.Name,
            At = Stored.Time(now),
            Publisher = happened.Publisher,
            Plugin = happened.Plugin,
            Version = happened.Version,
            Reasons = happened.Reasons.IsEmpty ? null : happened.Reasons,
            Review = happened.Review,
            Stars = happened.Stars,
        };
        var text = JsonSerializer.Serialize(payload, ApiJson.Default.WebhookPayload);
        return Encoding.UTF8.GetByteCount(text) <= limits.MaxWebhookBodyBytes ? text : JsonSerializer.Serialize(payload with { Reasons = null }, ApiJson.Default.WebhookPayload);
    }

    private sealed record HookRow
    {
        public string Id { get; init; } = "";

        public string Events { get; init; } = "";
    }

    private sealed record ClaimRow
    {
        public string Id { get; init; } = "";

        public string WebhookId { get; init; } = "";

        public string Event { get; init; } = "";

        public string Payload { get; init; } = "";

        public long Attempts { get; init; }
    }

    private sealed record TargetRow
    {
        public string Url { get; init; } = "";

        public string Salt { get; init; } = "";
    }
}

/// <summary>A delivery that is being tried.</summary>
/// <param name="Id">Of the delivery.</param>
/// <param name="WebhookId">Whose it is.</param>
/// <param name="Event">Its name.</param>
/// <param name="Payload">The body.</param>
/// <param name="Attempts">How many, with this one.</param>
/// <param name="Url">Where it goes.</param>
/// <param name="Salt">What the secret is made from.</param>
internal sealed record WebhookAttempt(string Id, string WebhookId, string Event, string Payload, long Attempts, string Url, string Salt);

/// <summary>What came of an attempt.</summary>
/// <param name="Status">Of the answer; null when there was none.</param>
/// <param name="Reason">Why it failed; null when it did not.</param>
internal sealed record WebhookOutcome(int? Status, string? Reason);
