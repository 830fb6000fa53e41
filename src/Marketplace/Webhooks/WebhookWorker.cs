namespace LazyOC.Marketplace.Webhooks;

/// <summary>Takes deliveries from the queue and sends them.</summary>
internal sealed partial class WebhookWorker(WebhookQueue queue, WebhookSender sender, MarketLimits limits, TimeProvider time, ILogger<WebhookWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, limits.MaxWebhooksAtOnce).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // The first claim is not to hold up the start.
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await queue.ClaimAsync(cancellationToken) is { } attempt) await queue.EndAsync(attempt, await sender.SendAsync(attempt, cancellationToken), cancellationToken);
                else await Task.Delay(limits.WebhookPollInterval, time, cancellationToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // It stays claimed until its time is over, and is tried again then.
                LogFailed(log, error);
                await Task.Delay(limits.WebhookPollInterval, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "a webhook could not be delivered to; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception error);
}
