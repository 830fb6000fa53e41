namespace LazyOC.Wasi;

/// <summary>A file of a <see cref="SharedFileSystem"/>.</summary>
internal sealed class SharedFile(SharedFileSystem system, OpenFile inner) : OpenFile(system)
{
    private readonly Lock _gate = system.Gate;

    public override Errno GetStat(out FileStat stat)
    {
        lock (_gate)
            return inner.GetStat(out stat);
    }

    public override Errno Sync(bool isDataOnly)
    {
        lock (_gate)
            return inner.Sync(isDataOnly);
    }

    public override Errno Read(ulong position, Span<byte> buffer, out int read)
    {
        lock (_gate)
            return inner.Read(position, buffer, out read);
    }

    public override void Dispose()
    {
        lock (_gate)
            inner.Dispose();
    }

    protected override Errno WriteCore(ulong position, ReadOnlySpan<byte> bytes, out int written)
    {
        lock (_gate)
            return inner.Write(position, bytes, out written);
    }

    protected override Errno AppendCore(ReadOnlySpan<byte> bytes, out ulong end, out int written)
    {
        lock (_gate)
            return inner.Append(bytes, out end, out written);
    }

    protected override Errno SetSizeCore(ulong size)
    {
        lock (_gate)
            return inner.SetSize(size);
    }

    protected override Errno AllocateCore(ulong offset, ulong length)
    {
        lock (_gate)
            return inner.Allocate(offset, length);
    }

    protected override Errno SetTimesCore(FileTimes times)
    {
        lock (_gate)
            return inner.SetTimes(times);
    }
}
