namespace LazyOC.Marketplace.Storage;

/// <summary>An object that is asked for when its first byte is read, from where that is.</summary>
/// <param name="size">Its size.</param>
/// <param name="open">Asks for it from a byte on.</param>
internal sealed class ObjectStream(long size, Func<long, CancellationToken, Task<Stream>> open) : ReadOnlyStream
{
    private Stream? _rest;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => size;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => size + offset };
        if (target != _position)
        {
            _rest?.Dispose();
            _rest = null;
        }
        return _position = target;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= size || buffer.IsEmpty) return 0;
        _rest ??= await open(_position, cancellationToken);
        var read = await _rest.ReadAsync(buffer[..(int)Math.Min(buffer.Length, size - _position)], cancellationToken);
        if (read == 0) throw new EndOfStreamException("the storage has fewer bytes than the records say");
        _position += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _rest?.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A stream that is read, and not by threads that wait.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
