namespace LazyOC.Wasi;

/// <summary>An open file of the lower tree; from the first change on, by whatever name, the copy of it in memory.</summary>
internal sealed class OverlayFile : OpenFile
{
    private readonly OverlayFileSystem _system;
    private readonly OpenFile _lower;
    private readonly FileStat _stat;
    private MemoryFile? _copy;
    private bool _isClosed;

    /// <summary>Opens a file of the lower tree.</summary>
    /// <param name="system">The overlay.</param>
    /// <param name="lower">The file, open; closed with this.</param>
    /// <param name="stat">What the lower tree says of it.</param>
    public OverlayFile(OverlayFileSystem system, OpenFile lower, FileStat stat)
        : base(system)
    {
        _system = system;
        _lower = lower;
        _stat = stat;
        system.Hold(stat);
    }

    private OpenFile Current => Copy() ?? _lower;

    /// <summary>Copies what a file of the lower tree holds into memory, unless that was done.</summary>
    /// <param name="system">The overlay.</param>
    /// <param name="lower">The file of the lower tree, open.</param>
    /// <param name="stat">What the lower tree says of it.</param>
    /// <param name="keepsContent">Whether its bytes are wanted; they are about to be cut otherwise.</param>
    /// <param name="copy">The copy.</param>
    public static Errno CopyUp(OverlayFileSystem system, OpenFile lower, in FileStat stat, bool keepsContent, out FileNode copy)
    {
        copy = (FileNode)system.CopyOf(stat)!;
        if (copy is not null)
            return Errno.Success;
        if (ReadContent(system, lower, keepsContent ? stat.Size : 0, out var content) is var unread and not Errno.Success)
            return unread;
        copy = system.Store.MakeFile(content, stat.Inode);
        return system.Replace(stat, copy);
    }

    public override Errno GetStat(out FileStat current)
    {
        if (Copy() is { } copy)
            return copy.GetStat(out current);
        var errno = _lower.GetStat(out current);
        current = _system.Present(current);
        return errno;
    }

    public override Errno Read(ulong position, Span<byte> buffer, out int read) => Current.Read(position, buffer, out read);

    public override void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _copy?.Dispose();
        _system.LetGo(_stat);
        _lower.Dispose();
    }

    protected override Errno WriteCore(ulong position, ReadOnlySpan<byte> bytes, out int written)
    {
        written = 0;
        var errno = EnsureCopy(keepsContent: true, out var copy);
        return errno == Errno.Success ? copy.Write(position, bytes, out written) : errno;
    }

    protected override Errno AppendCore(ReadOnlySpan<byte> bytes, out ulong end, out int written)
    {
        (end, written) = (0, 0);
        var errno = EnsureCopy(keepsContent: true, out var copy);
        return errno == Errno.Success ? copy.Append(bytes, out end, out written) : errno;
    }

    protected override Errno SetSizeCore(ulong size)
    {
        var errno = EnsureCopy(keepsContent: size > 0, out var copy);
        return errno == Errno.Success ? copy.SetSize(size) : errno;
    }

    protected override Errno AllocateCore(ulong offset, ulong length)
    {
        var errno = EnsureCopy(keepsContent: true, out var copy);
        return errno == Errno.Success ? copy.Allocate(offset, length) : errno;
    }

    protected override Errno SetTimesCore(FileTimes times)
    {
        var errno = EnsureCopy(keepsContent: true, out var copy);
        return errno == Errno.Success ? copy.SetTimes(times) : errno;
    }

    private MemoryFile? Copy()
    {
        if (_copy is null && _system.CopyOf(_stat) is FileNode node)
            _copy = new MemoryFile(_system, _system.Store, node);
        return _copy;
    }

    private Errno EnsureCopy(bool keepsContent, out MemoryFile copy)
    {
        copy = Copy()!;
        if (copy is not null)
            return Errno.Success;
        var errno = CopyUp(_system, _lower, _stat, keepsContent, out _);
        copy = errno == Errno.Success ? Copy()! : null!;
        return errno;
    }

    private static Errno ReadContent(OverlayFileSystem system, OpenFile lower, ulong size, out ReadOnlyMemory<byte> content)
    {
        content = default;
        if (size > (ulong)Array.MaxLength)
            return Errno.FileTooLarge;
        if (!system.Store.HasRoom(entries: 1, (long)size))
            return Errno.NoSpace;
        var buffer = new byte[size];
        var length = 0;
        while (length < buffer.Length)
        {
            if (lower.Read((ulong)length, buffer.AsSpan(length), out var read) is var errno and not Errno.Success)
                return errno;
            if (read == 0)
                break;
            length += read;
        }
        content = buffer.AsMemory(0, length);
        return Errno.Success;
    }
}
