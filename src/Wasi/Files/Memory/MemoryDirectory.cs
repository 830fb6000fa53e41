namespace LazyOC.Wasi;

/// <summary>An open directory that is in memory.</summary>
internal sealed class MemoryDirectory(VirtualFileSystem system, NodeStore store, DirectoryNode node) : OpenDirectory(system)
{
    public DirectoryNode Node { get; } = node;

    public override Errno GetStat(out FileStat stat)
    {
        stat = store.StatOf(Node);
        return Errno.Success;
    }

    public override Errno Duplicate(out OpenDirectory opened)
    {
        opened = new MemoryDirectory(System, store, Node);
        return Errno.Success;
    }

    public override Errno Find(string name, out FileStat stat)
    {
        var exists = Node.TryGet(name, out var found);
        stat = exists ? store.StatOf(found!) : default;
        return exists ? Errno.Success : Errno.NoEntry;
    }

    public override Errno OpenDirectoryAt(string name, out OpenDirectory opened)
    {
        opened = null!;
        if (!Node.TryGet(name, out var found))
            return Errno.NoEntry;
        if (found is not DirectoryNode directory)
            return Errno.NotDirectory;
        opened = new MemoryDirectory(System, store, directory);
        return Errno.Success;
    }

    public override Errno ReadLink(string name, out string target)
    {
        target = "";
        if (!Node.TryGet(name, out var found))
            return Errno.NoEntry;
        if (found is not LinkNode link)
            return Errno.Invalid;
        target = link.Target;
        return Errno.Success;
    }

    public override Errno ReadEntry(ulong cookie, out DirectoryEntry entry)
    {
        entry = cookie switch
        {
            0 => new DirectoryEntry(1, Node.Inode, FileType.Directory, "."),
            1 => new DirectoryEntry(DirectoryNode.DotCookies, (Node.Parent ?? Node).Inode, FileType.Directory, ".."),
            _ => default,
        };
        return cookie < DirectoryNode.DotCookies || Node.TryGetNext(cookie, out entry) ? Errno.Success : Errno.NoEntry;
    }

    /// <summary>Nothing is held but memory.</summary>
    public override void Dispose()
    {
    }

    protected override Errno OpenFileCore(string name, Opening opening, out OpenFile opened)
    {
        opened = null!;
        if (!Node.TryGet(name, out var found))
            return opening.HasFlag(Opening.Create) ? CreateFile(name, out opened) : Errno.NoEntry;
        if (opening.HasFlag(Opening.Create | Opening.Exclusive))
            return Errno.Exists;
        if (found is not FileNode file)
            return found is LinkNode ? Errno.Loop : Errno.IsDirectory;
        if (opening.HasFlag(Opening.Truncate) && store.Resize(file, 0) is var errno and not Errno.Success)
            return errno;
        opened = new MemoryFile(System, store, file);
        return Errno.Success;
    }

    protected override Errno CreateDirectoryCore(string name) =>
        Node.TryGet(name, out _) ? Errno.Exists : store.Add(Node, name, store.MakeDirectory(Node));

    protected override Errno CreateLinkCore(string name, string target) =>
        Node.TryGet(name, out _) ? Errno.Exists : store.Add(Node, name, store.MakeLink(target));

    protected override Errno LinkCore(string name, OpenDirectory to, string toName)
    {
        var target = ((MemoryDirectory)to).Node;
        if (!Node.TryGet(name, out var found))
            return Errno.NoEntry;
        if (found is DirectoryNode)
            return Errno.NotPermitted;
        return target.TryGet(toName, out _) ? Errno.Exists : store.AddName(target, toName, found);
    }

    protected override Errno RenameCore(string name, OpenDirectory to, string toName)
    {
        var target = ((MemoryDirectory)to).Node;
        if (!Node.TryGet(name, out var moved) || target.IsRemoved)
            return Errno.NoEntry;
        target.TryGet(toName, out var replaced);
        if (ReferenceEquals(moved, replaced))
            return Errno.Success;
        if (moved is DirectoryNode directory && Contains(directory, target))
            return Errno.Invalid;
        if (CanReplace(moved, replaced) is var errno and not Errno.Success)
            return errno;
        if (replaced is not null)
            store.Remove(target, toName, replaced);
        store.Move(Node, name, target, toName, moved);
        return Errno.Success;
    }

    protected override Errno UnlinkCore(string name)
    {
        if (!Node.TryGet(name, out var found))
            return Errno.NoEntry;
        if (found is DirectoryNode)
            return Errno.IsDirectory;
        store.Remove(Node, name, found);
        return Errno.Success;
    }

    protected override Errno RemoveDirectoryCore(string name)
    {
        if (!Node.TryGet(name, out var found))
            return Errno.NoEntry;
        if (found is not DirectoryNode directory)
            return Errno.NotDirectory;
        if (!directory.IsEmpty)
            return Errno.NotEmpty;
        store.Remove(Node, name, directory);
        return Errno.Success;
    }

    protected override Errno SetTimesCore(FileTimes times)
    {
        store.SetTimes(Node, times);
        return Errno.Success;
    }

    protected override Errno SetTimesCore(string name, FileTimes times)
    {
        if (!Node.TryGet(name, out var found))
            return Errno.NoEntry;
        store.SetTimes(found, times);
        return Errno.Success;
    }

    private Errno CreateFile(string name, out OpenFile opened)
    {
        var file = store.MakeFile();
        var errno = store.Add(Node, name, file);
        opened = errno == Errno.Success ? new MemoryFile(System, store, file) : null!;
        return errno;
    }

    private static Errno CanReplace(Node moved, Node? replaced) => (moved, replaced) switch
    {
        (_, null) => Errno.Success,
        (DirectoryNode, DirectoryNode { IsEmpty: true }) => Errno.Success,
        (DirectoryNode, DirectoryNode) => Errno.NotEmpty,
        (DirectoryNode, _) => Errno.NotDirectory,
        (_, DirectoryNode) => Errno.IsDirectory,
        _ => Errno.Success,
    };

    private static bool Contains(DirectoryNode ancestor, DirectoryNode? directory)
    {
        for (; directory is not null; directory = directory.Parent)
        {
            if (ReferenceEquals(directory, ancestor))
                return true;
        }
        return false;
    }
}
