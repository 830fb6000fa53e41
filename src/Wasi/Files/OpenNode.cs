namespace LazyOC.Wasi;

/// <summary>A file or directory that is held open. Every call answers with an error code and throws nothing.</summary>
internal abstract class OpenNode(VirtualFileSystem system) : IDisposable
{
    public VirtualFileSystem System { get; } = system;

    public abstract Errno GetStat(out FileStat stat);

    public Errno SetTimes(FileTimes times) => System.IsReadOnly ? Errno.ReadOnly : SetTimesCore(times);

    /// <summary>Waits until what was written is where it survives a crash, if there is such a place.</summary>
    /// <param name="isDataOnly">Whether what is known of it, such as its times, may be left out.</param>
    public virtual Errno Sync(bool isDataOnly) => Errno.Success;

    /// <summary>Closes it.</summary>
    public abstract void Dispose();

    protected abstract Errno SetTimesCore(FileTimes times);
}

/// <summary>An open file. Positions are bytes from its start; nothing here moves one.</summary>
internal abstract class OpenFile(VirtualFileSystem system) : OpenNode(system)
{
    /// <summary>Reads what there is at a position, up to the length of the buffer.</summary>
    public abstract Errno Read(ulong position, Span<byte> buffer, out int read);

    /// <summary>Writes at a position, which may lie beyond the end; the gap is zero.</summary>
    public Errno Write(ulong position, ReadOnlySpan<byte> bytes, out int written)
    {
        written = 0;
        return System.IsReadOnly ? Errno.ReadOnly : WriteCore(position, bytes, out written);
    }

    /// <summary>Writes behind the last byte, wherever that is by now.</summary>
    /// <param name="bytes">What to write.</param>
    /// <param name="end">The position behind what was written.</param>
    /// <param name="written">How much was written.</param>
    public Errno Append(ReadOnlySpan<byte> bytes, out ulong end, out int written)
    {
        end = 0;
        written = 0;
        return System.IsReadOnly ? Errno.ReadOnly : AppendCore(bytes, out end, out written);
    }

    /// <summary>Cuts or lengthens; new bytes are zero.</summary>
    public Errno SetSize(ulong size) => System.IsReadOnly ? Errno.ReadOnly : SetSizeCore(size);

    /// <summary>Makes sure that there is room for a range, and that the file reaches to its end.</summary>
    public Errno Allocate(ulong offset, ulong length) => System.IsReadOnly ? Errno.ReadOnly : AllocateCore(offset, length);

    protected abstract Errno WriteCore(ulong position, ReadOnlySpan<byte> bytes, out int written);

    protected abstract Errno AppendCore(ReadOnlySpan<byte> bytes, out ulong end, out int written);

    protected abstract Errno SetSizeCore(ulong size);

    protected abstract Errno AllocateCore(ulong offset, ulong length);
}
