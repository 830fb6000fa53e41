namespace LazyOC.Marketplace.Protocol.Api;

/// <content>Webhooks of publishers, for their owners.</content>
public sealed partial class MarketClient
{
    public Task<ApiResult<WebhookList>> WebhooksAsync(string publisher, CancellationToken cancellationToken) => GetAsync(WebhooksPath(publisher), Json.WebhookList, cancellationToken);

    public Task<ApiResult<CreatedWebhook>> CreateWebhookAsync(string publisher, NewWebhook webhook, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, WebhooksPath(publisher), webhook, Json.NewWebhook, Json.CreatedWebhook, cancellationToken);

    /// <summary>Takes a webhook away, with what waits for it.</summary>
    public Task<ApiResult<Done>> RemoveWebhookAsync(string publisher, string webhook, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, WebhookPath(publisher, webhook), cancellationToken);

    /// <summary>Gives a webhook another secret; the one before is good for nothing any more.</summary>
    public Task<ApiResult<CreatedWebhook>> RenewWebhookSecretAsync(string publisher, string webhook, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"{WebhookPath(publisher, webhook)}/secret", null, Json.CreatedWebhook, _limits.AnswerTimeout, cancellationToken);

    /// <summary>Sends a webhook the event <c>ping</c>.</summary>
    public Task<ApiResult<Done>> PingWebhookAsync(string publisher, string webhook, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"{WebhookPath(publisher, webhook)}/pings", cancellationToken);

    /// <summary>The latest deliveries of a webhook.</summary>
    /// <param name="publisher">Whose it is.</param>
    /// <param name="webhook">Its id.</param>
    /// <param name="state">Only those in this state; all when null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApiResult<WebhookDeliveryList>> WebhookDeliveriesAsync(string publisher, string webhook, DeliveryState? state, CancellationToken cancellationToken) =>
        GetAsync($"{WebhookPath(publisher, webhook)}/deliveries{(state is null ? "" : $"?state={state.Value.ToString().ToLowerInvariant()}")}", Json.WebhookDeliveryList, cancellationToken);

    private static string WebhooksPath(string publisher) => $"publishers/{Escape(publisher)}/webhooks";

    private static string WebhookPath(string publisher, string webhook) => $"{WebhooksPath(publisher)}/{Escape(webhook)}";
}
