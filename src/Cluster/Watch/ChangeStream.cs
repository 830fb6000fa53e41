namespace LazyOC.Cluster.Watch;

/// <summary>
/// A subscriber's bounded queue of changes. When it is full the oldest is dropped and counted. One reader at a time;
/// dispose to unsubscribe.
/// </summary>
public sealed class ChangeStream : IDisposable
{
    /// <summary>How many changes were dropped since the last call.</summary>
    public long TakeLost() => throw new NotImplementedException();

    /// <summary>Changes as they come; ends when the stream or its watch is disposed.</summary>
    public IAsyncEnumerable<ResourceChange> ReadAllAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
