namespace LazyOC.Wasi;

/// <content>Changes: each lands in the upper part.</content>
internal sealed partial class OverlayDirectory
{
    protected override Errno OpenFileCore(string name, Opening opening, out OpenFile opened)
    {
        opened = null!;
        if (Upper is { } upper && upper.Node.TryGet(name, out _))
            return upper.OpenFile(name, opening, out opened);
        var errno = FindLower(name, out var stat);
        if (errno == Errno.NoEntry && opening.HasFlag(Opening.Create))
        {
            errno = EnsureUpper(out upper);
            return errno == Errno.Success ? upper.OpenFile(name, opening, out opened) : errno;
        }
        if (errno != Errno.Success)
            return errno;
        if (opening.HasFlag(Opening.Create | Opening.Exclusive))
            return Errno.Exists;
        return OpenLowerFile(name, stat, opening.HasFlag(Opening.Truncate), out opened);
    }

    protected override Errno CreateDirectoryCore(string name)
    {
        var errno = PrepareNew(name, out var upper);
        return errno == Errno.Success ? upper.CreateDirectory(name) : errno;
    }

    protected override Errno CreateLinkCore(string name, string target)
    {
        var errno = PrepareNew(name, out var upper);
        return errno == Errno.Success ? upper.CreateLink(name, target) : errno;
    }

    protected override Errno LinkCore(string name, OpenDirectory to, string toName)
    {
        if (FindNode(name, out var node) is var errno and not Errno.Success)
            return errno == Errno.CrossDevice ? Errno.NotPermitted : errno;
        if (node is DirectoryNode)
            return Errno.NotPermitted;
        if (((OverlayDirectory)to).PrepareNew(toName, out var target) is var refused and not Errno.Success)
            return refused;
        return _system.Store.AddName(target.Node, toName, node);
    }

    protected override Errno RenameCore(string name, OpenDirectory to, string toName)
    {
        var target = (OverlayDirectory)to;
        if (Find(name, out var moved) is var errno and not Errno.Success)
            return errno;
        var found = target.Find(toName, out var replaced);
        if (found is not (Errno.Success or Errno.NoEntry))
            return found;
        if (found == Errno.Success && replaced.Inode == moved.Inode)
            return Errno.Success;
        if (EnsureUpper(out var upper) is var full and not Errno.Success)
            return full;
        if (target.EnsureUpper(out var targetUpper) is var alsoFull and not Errno.Success)
            return alsoFull;
        if (FindNode(name, out var node) is var unmovable and not Errno.Success)
            return unmovable;

        // A name, and one that hides the lower tree's on each side: all of it or nothing.
        var isNew = upper.Node.TryGet(name, out _);
        if (!(isNew && target.FindLower(toName, out _) != Errno.Success) && !_system.Store.HasRoom(entries: 3, bytes: 0))
            return Errno.NoSpace;
        if (found == Errno.Success && target.HideLower(toName, targetUpper, moved.Type == FileType.Directory) is var inTheWay and not Errno.Success)
            return inTheWay;
        return isNew ? upper.Rename(name, targetUpper, toName) : MoveFromLower(name, node, targetUpper, toName);
    }

    protected override Errno UnlinkCore(string name)
    {
        if (Find(name, out var stat) is var errno and not Errno.Success)
            return errno;
        return stat.Type == FileType.Directory ? Errno.IsDirectory : Remove(name);
    }

    protected override Errno RemoveDirectoryCore(string name)
    {
        if (Find(name, out var stat) is var errno and not Errno.Success)
            return errno;
        if (stat.Type != FileType.Directory)
            return Errno.NotDirectory;
        if (OpenDirectoryAt(name, out var removed) is var unopened and not Errno.Success)
            return unopened;
        using (removed)
        {
            var directory = (OverlayDirectory)removed;
            if (directory.GetIsEmpty(out var isEmpty) is var unread and not Errno.Success)
                return unread;
            if (!isEmpty)
                return Errno.NotEmpty;
            // So that descriptors of it know that it is gone.
            if (directory.EnsureUpper(out _) is var full and not Errno.Success)
                return full;
        }
        return Remove(name);
    }

    protected override Errno SetTimesCore(string name, FileTimes times)
    {
        if (Find(name, out var stat) is var errno and not Errno.Success)
            return errno;
        if (stat.Type == FileType.Directory)
        {
            if (OpenDirectoryAt(name, out var directory) is var unopened and not Errno.Success)
                return unopened;
            using (directory)
                return directory.SetTimes(times);
        }
        if (FindNode(name, out var node) is var uncopied and not Errno.Success)
            return uncopied;
        _system.Store.SetTimes(node, times);
        return Errno.Success;
    }

    private Errno OpenLowerFile(string name, in FileStat stat, bool isTruncated, out OpenFile opened)
    {
        opened = null!;
        if (_system.CopyOf(stat) is FileNode copy)
        {
            opened = new MemoryFile(_system, _system.Store, copy);
        }
        else
        {
            if (_lower!.OpenFile(name, Opening.None, out var file) is var errno and not Errno.Success)
                return errno;
            opened = new OverlayFile(_system, file, stat);
        }
        if (isTruncated && opened.SetSize(0) is var refused and not Errno.Success)
        {
            opened.Dispose();
            opened = null!;
            return refused;
        }
        return Errno.Success;
    }

    private Errno PrepareNew(string name, out MemoryDirectory upper)
    {
        upper = null!;
        return Find(name, out _) switch
        {
            Errno.Success => Errno.Exists,
            Errno.NoEntry => EnsureUpper(out upper),
            var errno => errno,
        };
    }

    /// <summary>The node of an entry that is about to change: a new one, or the copy of what the lower tree has.</summary>
    /// <returns><see cref="Errno.CrossDevice"/> for a directory of the lower tree.</returns>
    private Errno FindNode(string name, out Node node)
    {
        if (Upper is { } upper && upper.Node.TryGet(name, out node!))
            return Errno.Success;
        node = null!;
        if (FindLower(name, out var stat) is var errno and not Errno.Success)
            return errno;
        switch (stat.Type)
        {
            case FileType.Directory:
                return Errno.CrossDevice;
            case FileType.SymbolicLink:
                return CopyLink(name, stat, out node);
            case FileType.RegularFile:
                if (_lower!.OpenFile(name, Opening.None, out var file) is var unopened and not Errno.Success)
                    return unopened;
                using (file)
                {
                    var copied = OverlayFile.CopyUp(_system, file, stat, keepsContent: true, out var copy);
                    node = copy;
                    return copied;
                }
            default:
                return Errno.NotSupported;
        }
    }

    private Errno CopyLink(string name, in FileStat stat, out Node node)
    {
        node = _system.CopyOf(stat)!;
        if (node is not null)
            return Errno.Success;
        if (_lower!.ReadLink(name, out var target) is var errno and not Errno.Success)
            return errno;
        node = _system.Store.MakeLink(target, stat.Inode);
        return _system.Replace(stat, node);
    }

    /// <summary>Gives the copy of a file of the lower tree its new name, and hides the old one.</summary>
    private Errno MoveFromLower(string name, Node node, MemoryDirectory targetUpper, string toName)
    {
        if (targetUpper.Node.TryGet(toName, out var replaced))
        {
            if (replaced is DirectoryNode)
                return Errno.IsDirectory;
            _system.Store.Remove(targetUpper.Node, toName, replaced);
        }
        var errno = _system.Store.AddName(targetUpper.Node, toName, node);
        return errno == Errno.Success ? Hide(name, Upper!) : errno;
    }

    /// <summary>Hides what the lower tree has where something is moved to, if that may be replaced.</summary>
    private Errno HideLower(string name, MemoryDirectory upper, bool isReplacedByDirectory)
    {
        if (upper.Node.TryGet(name, out _) || FindLower(name, out var stat) != Errno.Success)
            return Errno.Success;
        if (stat.Type == FileType.Directory)
            return isReplacedByDirectory ? RemoveDirectory(name) : Errno.IsDirectory;
        return isReplacedByDirectory ? Errno.NotDirectory : Hide(name, upper);
    }

    /// <summary>Removes an entry from sight.</summary>
    private Errno Remove(string name)
    {
        if (EnsureUpper(out var upper) is var errno and not Errno.Success)
            return errno;
        if (!upper.Node.TryGet(name, out var node))
            return Hide(name, upper);
        _system.Store.Remove(upper.Node, name, node);
        return Errno.Success;
    }

    /// <summary>Hides an entry of the lower tree for good, whatever takes its name.</summary>
    private Errno Hide(string name, MemoryDirectory upper)
    {
        if (FindLower(name, out var stat) is var errno and not Errno.Success)
            return errno;
        if (_system.Store.Charge(entries: 1, bytes: 0) is var full and not Errno.Success)
            return full;
        (upper.Node.Whiteouts ??= new(StringComparer.Ordinal)).Add(name);
        upper.Node.HiddenDirectoryCount += stat.Type == FileType.Directory ? 1UL : 0;
        upper.Node.ModificationTime = upper.Node.ChangeTime = _system.Store.Now;
        _system.DropName(stat);
        return Errno.Success;
    }
}
