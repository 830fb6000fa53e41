using LazyOC.Wasi;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Wasm;

/// <summary>
/// Standard input of a program that runs in this process. A thread reads ahead no more than what was asked for, so that
/// a poll can tell whether there is something, an interrupt ends a wait, and what is not read is left to others.
/// </summary>
internal sealed class GuestInput(CancellationToken end) : Stream, IPolledInput
{
    private const int MaxBytes = 64 * 1024;

    // The reading thread may wait for input for ever: what it uses is left to it when this is disposed.
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly ManualResetEventSlim _arrived = new();
    private byte[] _buffer = [];
    private Thread? _reader;

    // Under the gate.
    private int _at;
    private int _length;
    private bool _isEnded;
    private bool _isReading;
    private int _wantedBytes;
    private IOException? _failure;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public long? ReadableBytes
    {
        get
        {
            lock (_gate)
            {
                if (_at < _length) return _length - _at;
                if (_isEnded) return 0;
            }
            Want(1);
            return null;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (true)
        {
            lock (_gate)
            {
                if (_failure is not null) throw _failure;
                if (_at < _length)
                {
                    var count = Math.Min(buffer.Length, _length - _at);
                    _buffer.AsSpan(_at, count).CopyTo(buffer);
                    _at += count;
                    return count;
                }
                if (_isEnded) return 0;
                _arrived.Reset();
            }
            Want(buffer.Length);
            try
            {
                _arrived.Wait(end);
            }
            catch (OperationCanceledException)
            {
                throw new TrapException(TrapCode.Interrupted);
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Has the thread read once, unless it does.</summary>
    private void Want(int bytes)
    {
        lock (_gate)
        {
            if (_isReading || _isEnded || _at < _length) return;
            _isReading = true;
            var size = Math.Min(bytes, MaxBytes);
            if (_buffer.Length < size) _buffer = new byte[size];
            _at = _length = 0;
            _wantedBytes = size;
        }
        if (_reader is null)
        {
            _reader = new Thread(ReadAhead) { IsBackground = true, Name = "standard input" };
            _reader.Start();
        }
        _wanted.Release();
    }

    private void ReadAhead()
    {
        using var input = Console.OpenStandardInput();
        while (true)
        {
            _wanted.Wait(CancellationToken.None);
            var count = 0;
            IOException? failure = null;
            try
            {
                count = input.Read(_buffer, 0, _wantedBytes);
            }
            catch (IOException broken)
            {
                failure = broken;
            }
            lock (_gate)
            {
                _length = count;
                _isEnded = count == 0;
                _failure = failure;
                _isReading = false;
                _arrived.Set();
            }
            if (count == 0) return;
        }
    }
}
