using System.Collections.Concurrent;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>Audit files that live and die with the process: trial runs, and tests.</summary>
public sealed class AuditMemory : IAuditFiles
{
    private readonly ConcurrentDictionary<string, SharedBytes> _files = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> Names() => [.. _files.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Stream Create(string name)
    {
        var bytes = new SharedBytes();
        return _files.TryAdd(name, bytes) ? new Appender(bytes) : throw new IOException($"`{name}` exists already");
    }

    /// <inheritdoc/>
    public Stream OpenRead(string name) => new MemoryStream(_files[name].ToArray(), writable: false);

    private sealed class SharedBytes
    {
        private readonly Lock _gate = new();
        private readonly List<byte> _bytes = [];

        public void Add(ReadOnlySpan<byte> bytes)
        {
            lock (_gate) _bytes.AddRange(bytes);
        }

        public byte[] ToArray()
        {
            lock (_gate) return [.. _bytes];
        }
    }

    private sealed class Appender(SharedBytes bytes) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => bytes.Add(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
