using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>
/// The append-only log of what plugins did and were refused: one hash chain a process, written by one task, synced in
/// batches. Thread safe.
/// </summary>
/// <remarks>
/// A chain alone shows changes by those who cannot recompute it. Its heads are sealed now and then, and when it ends, with a
/// key that plugins cannot reach: who has not the key can change only lines after the last seal, and cannot end a chain.
/// Lines that could not be written are taken back out of the file and the chain, and the next that can be are preceded by one of
/// <see cref="AuditEvent.Host"/> that counts them. Where they cannot be taken back the chain ends, and another,
/// <c>CHAINrNUMBER</c>, begins.
/// </remarks>
public sealed partial class AuditLog : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly IAuditFiles _files;
    private readonly AuditLimits _limits;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly AuditCounts _counts;
    private readonly AuditTails _tails;
    private readonly Channel<Item> _queue;
    private readonly ITimer _timer;
    private readonly Task _writer;
    private readonly ArrayBufferWriter<byte> _batch = new();
    private readonly string _firstChain;
    private readonly ReadOnlyMemory<byte> _sealKey;
    private readonly AuditReads _reads;
    private readonly ITimer _sealTimer;
    private AuditChain _chain;
    private int _resumed;
    private Stream? _file;
    private long _fileBytes;
    private long _dropped;
    private long _unwritten;
    private bool _ticking;
    private int _unsealed;
    private volatile bool _isSealDue;

    private AuditLog(IAuditFiles files, AuditLimits limits, TimeProvider time, string chain, ReadOnlyMemory<byte> sealKey, AuditReads reads)
    {
        _files = files;
        _limits = limits;
        _time = time;
        _firstChain = chain;
        _sealKey = sealKey;
        _reads = reads;
        _chain = new AuditChain(chain, limits, sealKey);
        _counts = new AuditCounts(time);
        _tails = new AuditTails(limits.TailLines, limits.RecentLines);
        _queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(limits.QueuedLines) { SingleReader = true });
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sealTimer = time.CreateTimer(_ => BeginSeal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _writer = Task.Run(WriteAllAsync);
    }

    /// <summary>Begins a chain; its first file is made with its first line.</summary>
    /// <param name="files">Where to.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Tells this process's chain from others begun at the same moment.</param>
    /// <param name="sealKey">Seals the chain's heads; without it they are not.</param>
    /// <param name="reads">What it says of permitted reads.</param>
    public static AuditLog Begin(IAuditFiles files, AuditLimits limits, TimeProvider time, RandomSource random, ReadOnlyMemory<byte> sealKey = default, AuditReads reads = AuditReads.Counts)
    {
        Span<byte> bits = stackalloc byte[4];
        random(bits);
        var began = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return new AuditLog(files, limits, time, $"{began}-{Convert.ToHexStringLower(bits)}", sealKey, reads);
    }

    /// <summary>Why the last batch could not be written; null when it was.</summary>
    public string? Failure { get; private set; }

    /// <summary>The latest lines of a plugin that this process has written, newest last, at most <see cref="AuditLimits.TailLines"/>.</summary>
    public ImmutableArray<AuditLine> TailOf(PluginId plugin) => _tails.Of(plugin);

    /// <summary>The oldest of the latest lines that this process has written, at most <see cref="AuditLimits.RecentLines"/> being kept.</summary>
    /// <param name="cursor">Of the page before; 0 for the first.</param>
    /// <param name="plugin">Only this plugin; null for all.</param>
    /// <param name="limit">How many lines.</param>
    public AuditPage ReadRecent(long cursor, PluginId? plugin, int limit) => _tails.After(cursor, plugin, limit);

    /// <summary>Queues a line; never waits. A full queue is counted, and the count written.</summary>
    public void Record(AuditEvent happened)
    {
        if (!_queue.Writer.TryWrite(new Item(happened, null))) Interlocked.Increment(ref _dropped);
    }

    /// <summary>Writes a line and waits until it is on the disk.</summary>
    /// <exception cref="IOException">It could not be written: what it announces must not happen.</exception>
    public async ValueTask RecordDurablyAsync(AuditEvent happened, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _queue.Writer.WriteAsync(new Item(happened, written), cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            throw new IOException("the audit log is closed", closed);
        }
        await written.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes everything that waits, counts of unfinished windows included.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Item(null, written), cancellationToken);
        await written.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete()) return;
        await _writer;
        await _timer.DisposeAsync();
        await _sealTimer.DisposeAsync();
        if (_file is not null) await _file.DisposeAsync();
    }

    /// <summary>A refusal or a fault: the first of its kind within a second gets a line, the others a count.</summary>
    public void RecordRefusal(AuditEvent refusal) => RecordFirst(refusal, _limits.RefusalsPerSecond);

    /// <summary>A permitted act that is not announced before: the first of its kind within a second gets a line, the others a count.</summary>
    public void RecordAct(AuditEvent act) => RecordFirst(act, _limits.ActsPerSecond);

    /// <summary>A permitted read: as <see cref="AuditReads"/> says.</summary>
    public void RecordRead(AuditEvent read)
    {
        if (_reads == AuditReads.All) RecordAct(read);
        else CountRead(read);
    }

    /// <summary>A permitted read: counted a call and minute, whatever is said of others.</summary>
    public void CountRead(AuditEvent read)
    {
        lock (_gate)
        {
            _counts.AddRead(read);
            StartTicking();
        }
    }

    private void RecordFirst(AuditEvent happened, int linesPerSecond)
    {
        bool first;
        lock (_gate)
        {
            first = _counts.IsFirst(happened, linesPerSecond);
            StartTicking();
        }
        if (first) Record(happened);
    }

    private void StartTicking()
    {
        if (_ticking) return;
        _ticking = true;
        _timer.Change(Tick, Timeout.InfiniteTimeSpan);
    }

    // A full queue needs no waking.
    private void Wake() => _queue.Writer.TryWrite(new Item(null, null));

    private void BeginSeal()
    {
        _isSealDue = true;
        Wake();
    }

    private async Task WriteAllAsync()
    {
        var items = new List<Item>();
        var lines = new List<AuditEvent>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            items.Clear();
            lines.Clear();
            while (items.Count < _limits.BatchLines && _queue.Reader.TryRead(out var item)) items.Add(item);
            Collect(items, lines);
            await WriteAsync(items, lines, isLast: false);
        }
        lines.Clear();
        lock (_gate) _counts.Drain(all: true, lines);
        await WriteAsync([], lines, isLast: true);
    }

    private void Collect(List<Item> items, List<AuditEvent> lines)
    {
        foreach (var item in items)
            if (item.Event is { } happened) lines.Add(happened);
        var flush = items.Exists(i => i.Event is null && i.Written is not null);
        lock (_gate)
        {
            _counts.Drain(flush, lines);
            _ticking = !_counts.IsEmpty;
            if (_ticking) _timer.Change(Tick, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task WriteAsync(List<Item> items, List<AuditEvent> lines, bool isLast)
    {
        var (unwritten, dropped) = (_unwritten, Interlocked.Read(ref _dropped));
        List<AuditEvent> losses = [];
        if (unwritten > 0) losses.Add(Lost(unwritten, $"lines that could not be written: {Failure}"));
        if (dropped > 0) losses.Add(Lost(dropped, "lines that found the audit's queue full"));
        try
        {
            if (losses.Count + lines.Count > 0 || (_unsealed > 0 && (isLast || _isSealDue)))
            {
                await AppendAsync([.. losses, .. lines], isLast);
                Failure = null;
                _unwritten = 0;
                Interlocked.Add(ref _dropped, -dropped);
            }
            foreach (var item in items) item.Written?.TrySetResult();
        }
#pragma warning disable CA1031 // Whatever it is, those who wait for the disk must hear of it, and the next lines are tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure = failure.Message;
            _unwritten += lines.Count;
            foreach (var item in items) item.Written?.TrySetException(new IOException($"the audit cannot be written: {failure.Message}", failure));
            lock (_gate) StartTicking();
        }
    }

    private static AuditEvent Lost(long count, string reason) => new()
    {
        Plugin = AuditEvent.Host,
        Version = "",
        Digest = "",
        Call = "audit.lost",
        Decision = AuditDecision.Counted,
        Reason = reason,
        Count = count,
    };

    private async Task AppendAsync(List<AuditEvent> lines, bool isLast)
    {
        var mark = _chain.Mark;
        var seals = isLast || _isSealDue || _unsealed + lines.Count >= _limits.UnsealedLines;
        var now = _time.GetUtcNow();
        try
        {
            _batch.ResetWrittenCount();
            foreach (var line in lines) _chain.Append(line, now, _batch);
            if (seals) _chain.AppendSeal(now, isLast, _batch);
            if (_file is not null && _fileBytes >= _limits.FileBytes) await CloseFileAsync();
            if (_file is null)
            {
                _file = _files.Create(_chain.NextFile());
                _fileBytes = 0;
            }
            await _file.WriteAsync(_batch.WrittenMemory);
            await _file.FlushAsync();
            _fileBytes += _batch.WrittenCount;
            CountUnsealed(seals, lines.Count);
        }
        catch
        {
            _chain.Rewind(mark);
            if (!TryTakeBack()) await BeginNextChainAsync();
            throw;
        }
        foreach (var line in lines) Tell(new AuditLine(now, line));
    }

    private void CountUnsealed(bool sealedNow, int lines)
    {
        var wasSealed = _unsealed == 0;
        _unsealed = sealedNow ? 0 : _unsealed + lines;
        if (sealedNow) _isSealDue = false;
        else if (wasSealed && !_sealKey.IsEmpty) _sealTimer.Change(_limits.UnsealedTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Removes from the file what of the last lines has reached it; a full disk allows that.</summary>
    private bool TryTakeBack()
    {
        if (_file is null) return true;
        try
        {
            _file.SetLength(_fileBytes);
            _file.Position = _fileBytes;
            return true;
        }
        catch (Exception failure) when (failure is IOException or NotSupportedException or ObjectDisposedException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // How much of the last lines the file holds is not known: nothing can follow them in this chain.
    private async Task BeginNextChainAsync()
    {
        _chain = new AuditChain($"{_firstChain}r{(++_resumed).ToString("D4", CultureInfo.InvariantCulture)}", _limits, _sealKey);
        _unsealed = 0;
        try
        {
            await CloseFileAsync();
        }
        catch (IOException)
        {
            // It was of no use before; the failure that led here is told.
        }
    }

    private async Task CloseFileAsync()
    {
        var file = _file;
        _file = null;
        if (file is not null) await file.DisposeAsync();
    }

    private readonly record struct Item(AuditEvent? Event, TaskCompletionSource? Written);
}
