namespace LazyOC.Marketplace.Operations;

/// <summary>
/// The time between being asked to stop and stopping: the server still answers, and says that it is not ready, so that whoever
/// sends it requests sends them elsewhere. What is under way when it stops is finished.
/// </summary>
internal sealed class Drain(MarketOptions options, IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    private volatile bool _isStopping;

    /// <summary>Whether it was asked to stop.</summary>
    public bool IsStopping => _isStopping || lifetime.ApplicationStopping.IsCancellationRequested;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return Task.Delay(options.DrainTime, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
