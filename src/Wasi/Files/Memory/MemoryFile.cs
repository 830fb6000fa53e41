namespace LazyOC.Wasi;

/// <summary>An open file whose bytes are in memory.</summary>
internal sealed class MemoryFile : OpenFile
{
    private readonly NodeStore _store;
    private readonly FileNode _node;
    private bool _isClosed;

    public MemoryFile(VirtualFileSystem system, NodeStore store, FileNode node)
        : base(system)
    {
        _store = store;
        _node = node;
        node.OpenCount++;
    }

    public override Errno GetStat(out FileStat stat)
    {
        stat = _store.StatOf(_node);
        return Errno.Success;
    }

    public override Errno Read(ulong position, Span<byte> buffer, out int read)
    {
        read = 0;
        if (!_node.TryGetContent(out var content))
            return Errno.InputOutput;
        var start = Math.Min(position, (ulong)content.Length);
        var available = content.Span[(int)start..];
        read = Math.Min(available.Length, buffer.Length);
        available[..read].CopyTo(buffer);
        return Errno.Success;
    }

    public override void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _node.OpenCount--;
        _store.ReleaseIfUnused(_node);
    }

    protected override Errno WriteCore(ulong position, ReadOnlySpan<byte> bytes, out int written)
    {
        var errno = _store.Write(_node, position, bytes);
        written = errno == Errno.Success ? bytes.Length : 0;
        return errno;
    }

    protected override Errno AppendCore(ReadOnlySpan<byte> bytes, out ulong end, out int written)
    {
        var errno = WriteCore((ulong)_node.Length, bytes, out written);
        end = (ulong)_node.Length;
        return errno;
    }

    protected override Errno SetSizeCore(ulong size) => _store.Resize(_node, size);

    protected override Errno AllocateCore(ulong offset, ulong length) =>
        offset + length <= (ulong)_node.Length ? Errno.Success : _store.Resize(_node, offset + length);

    protected override Errno SetTimesCore(FileTimes times)
    {
        _store.SetTimes(_node, times);
        return Errno.Success;
    }
}
