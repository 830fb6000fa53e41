using System.IO.Compression;

namespace LazyOC.Plugins.Packages;

/// <summary>
/// The packed bytes of one file. The last of them is given out alone, so that afterwards it is known whether the content
/// ended with it: <see cref="DeflateStream"/> itself passes over both what is missing at the end and what follows it.
/// </summary>
internal sealed class PackedStream(ReadOnlyMemory<byte> packed) : Stream
{
    private int _position;
    private bool _isReadBeyond;

    /// <summary>Whether every byte was read and none was missing.</summary>
    public bool IsReadExactly => _position == packed.Length && !_isReadBeyond;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var rest = packed.Length - _position;
        if (rest == 0) _isReadBeyond = true;
        var count = Math.Min(buffer.Length, rest > 1 ? rest - 1 : rest);
        packed.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
