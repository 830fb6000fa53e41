using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Data;

namespace LazyOC.Marketplace.Registry;

/// <summary>Signs documents anew before they expire, and forgets what is over.</summary>
internal sealed partial class Renewal(Database database, SignedDocuments documents, AccountStore accounts, TimeProvider time, ILogger<Renewal> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Signs all documents anew that are half through their time.</summary>
    public async Task<int> RenewAsync(CancellationToken cancellationToken)
    {
        var renewed = 0;
        while (true)
        {
            // Batches, so that others may write in between.
            var count = await database.WriteAsync(documents.RenewAsync, cancellationToken);
            if (count == 0) return renewed;
            renewed += count;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await RenewAsync(stoppingToken) is > 0 and var count) LogRenewed(log, count);
                await accounts.ForgetAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Tried again long before anything expires; an operator sees it in the log.
                LogFailed(log, error);
            }
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "signed {Count} documents anew")]
    private static partial void LogRenewed(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "documents could not be signed anew")]
    private static partial void LogFailed(ILogger log, Exception error);
}
