namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>How a body ended.</summary>
internal enum BodyEnd
{
    /// <summary>The server says that this was all.</summary>
    Complete,

    /// <summary>The connection broke.</summary>
    CutOff,

    /// <summary>There is more than there may be.</summary>
    TooLong,

    /// <summary>It was given up; see <see cref="RegistryClientLimits.MinBytesPerSecond"/>.</summary>
    TooSlow,
}

/// <summary>Copies bodies of answers, bounded in bytes and time. Thread safe.</summary>
internal sealed class BodyCopy(RegistryClientLimits limits, TimeProvider time)
{
    private const int ChunkBytes = 1 << 16;

    /// <param name="response">Its body has not been read.</param>
    /// <param name="target">Given no byte beyond the limit.</param>
    /// <param name="maxBytes">A longer body is not read on.</param>
    /// <param name="progress">Told how many bytes were copied.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The target cannot be written.</exception>
    public async Task<BodyEnd> ToAsync(Stream target, HttpResponseMessage response, long maxBytes, Action<long> progress, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxBytes) return BodyEnd.TooLong;
        using var slow = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, cancellationToken);
        var (copied, before) = (0L, 0L);
        // Waited for at the end: it must not look at what is disposed then.
        await using var watch = time.CreateTimer(_ =>
        {
            var now = Interlocked.Read(ref copied);
            if (now - before < limits.MinBytesPerSecond * limits.RateWindow.TotalSeconds) slow.Cancel();
            before = now;
        }, null, limits.RateWindow, limits.RateWindow);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var chunk = new byte[ChunkBytes];
            while (true)
            {
                if (await ReadAsync(body, chunk, either.Token) is not { } read) return BodyEnd.CutOff;
                if (read == 0) return BodyEnd.Complete;
                if (copied + read > maxBytes) return BodyEnd.TooLong;
                await target.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
                progress(Interlocked.Add(ref copied, read));
            }
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return BodyEnd.TooSlow;
        }
    }

    /// <summary>Null when the connection broke, which is told apart from what goes wrong with the target.</summary>
    private static async Task<int?> ReadAsync(Stream body, byte[] chunk, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(chunk, cancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
