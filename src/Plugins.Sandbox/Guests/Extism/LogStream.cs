using System.Text;
using LazyOC.Plugins.Contracts.Calls;

namespace LazyOC.Plugins.Sandbox.Guests.Extism;

/// <summary>A guest's standard output or error: each line goes to the plugin's log, cut at <see cref="GuestBounds.LogLineBytes"/>.</summary>
internal sealed class LogStream(PluginLogLevel level, Action<PluginLogLevel, string> log) : Stream
{
    private readonly byte[] _line = new byte[GuestBounds.LogLineBytes];
    private int _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var end = buffer.IndexOf((byte)'\n');
            var part = end < 0 ? buffer : buffer[..end];
            var kept = part[..Math.Min(part.Length, _line.Length - _length)];
            kept.CopyTo(_line.AsSpan(_length));
            _length += kept.Length;
            if (end < 0)
                return;
            WriteLine();
            buffer = buffer[(end + 1)..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>A line without an end stays until it has one.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void WriteLine()
    {
        log(level, Encoding.UTF8.GetString(_line.AsSpan(0, _length)));
        _length = 0;
    }
}
