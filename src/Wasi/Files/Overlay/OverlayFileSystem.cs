namespace LazyOC.Wasi;

/// <summary>
/// A tree that is only read, under one in memory that takes every change: guests may change and remove what they see,
/// and the lower tree stays as it is.
/// </summary>
/// <remarks>
/// A file is copied into memory when it is first changed. Directories of the lower tree cannot be renamed
/// (<c>EXDEV</c>, on which programs copy instead). The lower tree must not change meanwhile.
/// </remarks>
public sealed class OverlayFileSystem : VirtualFileSystem
{
    /// <summary>Inode numbers of what is new; numbers of the lower tree are kept, and are smaller in practice.</summary>
    private const ulong FirstInode = 1UL << 62;

    private readonly VirtualFileSystem _lower;

    /// <summary>What was changed of the lower tree, by its identity there: names do not matter.</summary>
    private readonly Dictionary<(ulong Device, ulong Inode), Node> _copies = [];

    /// <summary>How many names of a file of the lower tree were removed before it was copied.</summary>
    private readonly Dictionary<(ulong Device, ulong Inode), ulong> _removedNames = [];

    /// <summary>How often a file of the lower tree is open.</summary>
    private readonly Dictionary<(ulong Device, ulong Inode), int> _openCounts = [];

    /// <summary>Lays an empty tree in memory over another one.</summary>
    /// <param name="lower">What guests see at first. Nothing in it is changed, whether it is read-only or not.</param>
    /// <param name="limits">Limits on the changes.</param>
    /// <param name="timeProvider">Gives the times of what is new.</param>
    public OverlayFileSystem(VirtualFileSystem lower, VirtualFileSystemLimits? limits = null, TimeProvider? timeProvider = null)
        : base(isReadOnly: false)
    {
        _lower = lower;
        Store = new NodeStore(limits ?? VirtualFileSystemLimits.Default, timeProvider ?? TimeProvider.System, FirstInode);
    }

    /// <summary>Bytes of all files that are new or were changed, deleted ones that are still open included.</summary>
    public long UsedBytes => Store.UsedBytes;

    /// <summary>Number of names that are new or hide something, and of copies.</summary>
    public int EntryCount => Store.EntryCount;

    internal NodeStore Store { get; }

    internal override Errno OpenRoot(out OpenDirectory root)
    {
        root = null!;
        if (_lower.OpenRoot(out var lower) is var errno and not Errno.Success)
            return errno;
        return OverlayDirectory.Open(this, lower, parentInode: null, out root);
    }

    /// <summary>What replaced an object of the lower tree, if something did.</summary>
    internal Node? CopyOf(in FileStat lower) => _copies.GetValueOrDefault((lower.Device, lower.Inode));

    /// <summary>A node to put in the place of an object of the lower tree, with what is known of that; it is charged.</summary>
    internal Errno Replace(in FileStat lower, Node copy)
    {
        if (Store.Charge(entries: 1, copy.Length) is var errno and not Errno.Success)
            return errno;
        copy.AccessTime = lower.AccessTime;
        copy.ModificationTime = lower.ModificationTime;
        copy.ChangeTime = lower.ChangeTime;
        copy.Links = LinksOf(lower);
        copy.OpenCount = _openCounts.GetValueOrDefault((lower.Device, lower.Inode));
        _copies.Add((lower.Device, lower.Inode), copy);
        return Errno.Success;
    }

    /// <summary>A descriptor of a file of the lower tree holds it, or the copy that comes.</summary>
    internal void Hold(in FileStat lower)
    {
        var key = (lower.Device, lower.Inode);
        _openCounts[key] = _openCounts.GetValueOrDefault(key) + 1;
        if (_copies.TryGetValue(key, out var copy))
            copy.OpenCount++;
    }

    /// <summary>The end of <see cref="Hold"/>.</summary>
    internal void LetGo(in FileStat lower)
    {
        var key = (lower.Device, lower.Inode);
        if (--_openCounts[key] == 0)
            _openCounts.Remove(key);
        if (!_copies.TryGetValue(key, out var copy))
            return;
        copy.OpenCount--;
        Store.ReleaseIfUnused(copy);
    }

    /// <summary>One name of an object of the lower tree is hidden from now on.</summary>
    internal void DropName(in FileStat lower)
    {
        var key = (lower.Device, lower.Inode);
        if (_copies.TryGetValue(key, out var copy))
            Store.DropName(copy);
        else if (lower.Type != FileType.Directory)
            _removedNames[key] = _removedNames.GetValueOrDefault(key) + 1;
    }

    /// <summary>What a guest is told of an object of the lower tree that was not copied.</summary>
    internal FileStat Present(in FileStat lower) => lower with { Device = Store.Device, Links = LinksOf(lower) };

    private ulong LinksOf(in FileStat lower) =>
        lower.Links - Math.Min(lower.Links, _removedNames.GetValueOrDefault((lower.Device, lower.Inode)));
}
