namespace LazyOC.Wasi;

/// <summary>
/// An open directory of an overlay. One of the lower tree shows its entries but for those that the upper part replaces
/// or hides; one that is new has the upper part only.
/// </summary>
internal sealed partial class OverlayDirectory : OpenDirectory
{
    /// <summary>
    /// Marks the cookies of the lower tree. Cookies count entries, and the C library of guests keeps 32 bits of one.
    /// </summary>
    private const ulong LowerCookies = 1UL << 30;

    private readonly OverlayFileSystem _system;
    private readonly OpenDirectory? _lower;
    private readonly FileStat _lowerStat;
    private readonly ulong _parentInode;
    private MemoryDirectory? _upper;

    private OverlayDirectory(OverlayFileSystem system, MemoryDirectory? upper, OpenDirectory? lower, FileStat lowerStat, ulong parentInode)
        : base(system)
    {
        _system = system;
        _upper = upper;
        _lower = lower;
        _lowerStat = lowerStat;
        _parentInode = parentInode;
    }

    /// <summary>What is new in it; <see langword="null"/> while nothing is.</summary>
    private MemoryDirectory? Upper
    {
        get
        {
            if (_upper is null && _system.CopyOf(_lowerStat) is DirectoryNode node)
                _upper = new MemoryDirectory(_system, _system.Store, node);
            return _upper;
        }
    }

    private ulong Inode => Upper?.Node.Inode ?? _lowerStat.Inode;

    /// <summary>Opens a directory of the lower tree; <paramref name="lower"/> is closed with it, or at once when that fails.</summary>
    public static Errno Open(OverlayFileSystem system, OpenDirectory lower, ulong? parentInode, out OpenDirectory opened)
    {
        var errno = lower.GetStat(out var stat);
        opened = null!;
        if (errno == Errno.Success)
            opened = new OverlayDirectory(system, upper: null, lower, stat, parentInode ?? stat.Inode);
        else
            lower.Dispose();
        return errno;
    }

    public override void Dispose() => _lower?.Dispose();

    public override Errno GetStat(out FileStat stat)
    {
        if (_lower is null)
            return Upper!.GetStat(out stat);
        if (_lower.GetStat(out stat) is var errno and not Errno.Success)
            return errno;
        stat = Merge(stat);
        return Errno.Success;
    }

    public override Errno Duplicate(out OpenDirectory opened)
    {
        opened = null!;
        OpenDirectory? lower = null;
        if (_lower is not null && _lower.Duplicate(out lower) is var errno and not Errno.Success)
            return errno;
        opened = new OverlayDirectory(_system, _upper, lower, _lowerStat, _parentInode);
        return Errno.Success;
    }

    public override Errno Find(string name, out FileStat stat)
    {
        if (Upper is { } upper && upper.Find(name, out stat) == Errno.Success)
            return Errno.Success;
        var errno = FindLower(name, out stat);
        if (errno == Errno.Success)
            stat = Merge(stat);
        return errno;
    }

    public override Errno OpenDirectoryAt(string name, out OpenDirectory opened)
    {
        opened = null!;
        if (Upper is { } upper && upper.Node.TryGet(name, out var node))
        {
            if (node is not DirectoryNode directory)
                return Errno.NotDirectory;
            opened = new OverlayDirectory(_system, new MemoryDirectory(_system, _system.Store, directory), lower: null, default, Inode);
            return Errno.Success;
        }
        if (IsHidden(name))
            return Errno.NoEntry;
        var errno = _lower!.OpenDirectoryAt(name, out var lower);
        return errno == Errno.Success ? Open(_system, lower, Inode, out opened) : errno;
    }

    public override Errno ReadLink(string name, out string target)
    {
        target = "";
        if (Upper is { } upper && upper.Node.TryGet(name, out _))
            return upper.ReadLink(name, out target);
        return IsHidden(name) ? Errno.NoEntry : _lower!.ReadLink(name, out target);
    }

    public override Errno ReadEntry(ulong cookie, out DirectoryEntry entry)
    {
        if (cookie < DirectoryNode.DotCookies)
        {
            entry = cookie == 0
                ? new DirectoryEntry(1, Inode, FileType.Directory, ".")
                : new DirectoryEntry(DirectoryNode.DotCookies, _lower is null ? (Upper!.Node.Parent ?? Upper.Node).Inode : _parentInode, FileType.Directory, "..");
            return Errno.Success;
        }
        if (cookie > uint.MaxValue)
        {
            entry = default;
            return Errno.Invalid;
        }
        if (cookie < LowerCookies)
        {
            if (Upper is { } upper && upper.Node.TryGetNext(cookie, out entry))
                return Errno.Success;
            cookie = LowerCookies;
        }
        entry = default;
        return _lower is null ? Errno.NoEntry : ReadLowerEntry(cookie & ~LowerCookies, out entry);
    }

    protected override Errno SetTimesCore(FileTimes times)
    {
        var errno = EnsureUpper(out var upper);
        return errno == Errno.Success ? upper.SetTimes(times) : errno;
    }

    private Errno ReadLowerEntry(ulong cookie, out DirectoryEntry entry)
    {
        while (true)
        {
            if (_lower!.ReadEntry(cookie, out entry) is var errno and not Errno.Success)
                return errno;
            cookie = entry.Next;
            if (entry.IsDot || IsHidden(entry.Name) || Upper?.Node.TryGet(entry.Name, out _) == true)
                continue;
            entry = entry with { Next = cookie | LowerCookies };
            return Errno.Success;
        }
    }

    /// <summary>Whether the lower tree's entry of this name, if it has one, is not seen.</summary>
    private bool IsHidden(string name) => _lower is null || Upper?.Node.Whiteouts?.Contains(name) == true;

    /// <summary>An entry of the lower tree that is seen unless the upper part has one of the same name.</summary>
    private Errno FindLower(string name, out FileStat stat)
    {
        stat = default;
        return IsHidden(name) ? Errno.NoEntry : _lower!.Find(name, out stat);
    }

    /// <summary>What a guest is told of an object of the lower tree.</summary>
    private FileStat Merge(in FileStat lower)
    {
        if (_system.CopyOf(lower) is not { } copy)
            return _system.Present(lower);
        var stat = _system.Store.StatOf(copy);
        return copy is DirectoryNode { IsRemoved: false } directory
            ? stat with { Links = lower.Links + directory.DirectoryCount - directory.HiddenDirectoryCount, Size = lower.Size }
            : stat;
    }

    /// <summary>The part of the directory that takes changes.</summary>
    private Errno EnsureUpper(out MemoryDirectory upper)
    {
        upper = Upper!;
        if (upper is not null)
            return Errno.Success;
        var node = _system.Store.MakeDirectory(parent: null, _lowerStat.Inode);
        var errno = _system.Replace(_lowerStat, node);
        upper = errno == Errno.Success ? Upper! : null!;
        return errno;
    }
}
