using System.Text;

namespace LazyOC.Wasi;

/// <summary>Makes and changes nodes in memory, within the quota.</summary>
/// <param name="limits">The quota.</param>
/// <param name="timeProvider">Gives the nodes' times.</param>
/// <param name="firstInode">Inode numbers from here on are this store's.</param>
internal sealed class NodeStore(VirtualFileSystemLimits limits, TimeProvider timeProvider, ulong firstInode = 1)
{
    /// <summary>Devices of the host are smaller.</summary>
    private const ulong FirstDevice = 1UL << 63;

    private static ulong _lastDevice = FirstDevice;

    private ulong _nextInode = firstInode;

    /// <summary>Tells this store from every other one.</summary>
    public ulong Device { get; } = Interlocked.Increment(ref _lastDevice);

    public long UsedBytes { get; private set; }

    public int EntryCount { get; private set; }

    /// <summary>In whole milliseconds, so that the times of files are no finer clock than a guest is given.</summary>
    public ulong Now => (ulong)Math.Max(0, timeProvider.GetUtcNow().ToUnixTimeMilliseconds()) * WasiTime.NanosecondsPerMillisecond;

    public DirectoryNode MakeDirectory(DirectoryNode? parent, ulong? inode = null) => new(inode ?? _nextInode++, Now, parent);

    public FileNode MakeFile(ReadOnlyMemory<byte> content = default, ulong? inode = null) => new(inode ?? _nextInode++, Now, content);

    public FileNode MakeFile(FetchedFile file) => new(_nextInode++, Now, file);

    public LinkNode MakeLink(string target, ulong? inode = null) => new(inode ?? _nextInode++, Now, target, Encoding.UTF8.GetByteCount(target));

    public FileStat StatOf(Node node)
    {
        var links = node is DirectoryNode { IsRemoved: false } directory ? 2 + directory.DirectoryCount : node.Links;
        return new FileStat(Device, node.Inode, node.Type, links, (ulong)node.Length, node.AccessTime, node.ModificationTime, node.ChangeTime);
    }

    public bool HasRoom(int entries, long bytes) => entries <= limits.Entries - EntryCount && bytes <= limits.TotalBytes - UsedBytes;

    /// <summary>Takes a part of the quota, or nothing.</summary>
    public Errno Charge(int entries, long bytes)
    {
        if (!HasRoom(entries, bytes))
            return Errno.NoSpace;
        EntryCount += entries;
        UsedBytes += bytes;
        return Errno.Success;
    }

    /// <summary>Names a new node, which is charged.</summary>
    public Errno Add(DirectoryNode directory, string name, Node node)
    {
        if (directory.IsRemoved)
            return Errno.NoEntry;
        if (Charge(entries: 1, node.Length) is var errno and not Errno.Success)
            return errno;
        Attach(directory, name, node);
        return Errno.Success;
    }

    /// <summary>Gives a node that exists one more name.</summary>
    public Errno AddName(DirectoryNode directory, string name, Node node)
    {
        if (directory.IsRemoved)
            return Errno.NoEntry;
        if (Charge(entries: 1, bytes: 0) is var errno and not Errno.Success)
            return errno;
        Attach(directory, name, node);
        return Errno.Success;
    }

    /// <summary>Takes a name away, and with the last name of a node its space, unless it is open.</summary>
    public void Remove(DirectoryNode directory, string name, Node node)
    {
        EntryCount--;
        directory.Remove(name);
        Touch(directory);
        DropName(node);
    }

    /// <summary>Counts one name less, and gives back the node's space with the last one.</summary>
    public void DropName(Node node)
    {
        node.Links -= Math.Min(1, node.Links);
        node.ChangeTime = Now;
        if (node is DirectoryNode removed)
            removed.IsRemoved = true;
        ReleaseIfUnused(node);
    }

    public void Move(DirectoryNode from, string name, DirectoryNode to, string toName, Node node)
    {
        from.Remove(name);
        to.Add(toName, node);
        if (node is DirectoryNode directory)
            directory.Parent = to;
        node.ChangeTime = Now;
        Touch(from);
        Touch(to);
    }

    /// <summary>Changes a file's length within the quota.</summary>
    public Errno Resize(FileNode file, ulong length)
    {
        if (length > (ulong)Array.MaxLength)
            return Errno.FileTooLarge;
        if (Charge(entries: 0, (long)length - file.Length) is var errno and not Errno.Success)
            return errno;
        file.Resize((int)length);
        Touch(file);
        return Errno.Success;
    }

    /// <summary>Writes at a position, which may lie beyond the end; the gap is zero.</summary>
    public Errno Write(FileNode file, ulong position, ReadOnlySpan<byte> bytes)
    {
        var end = position + (ulong)bytes.Length;
        if (end < position)
            return Errno.FileTooLarge;
        if (end > (ulong)file.Length && Resize(file, end) is var errno and not Errno.Success)
            return errno;
        file.Write((int)position, bytes);
        Touch(file);
        return Errno.Success;
    }

    public void SetTimes(Node node, FileTimes times)
    {
        node.AccessTime = times.Access ?? node.AccessTime;
        node.ModificationTime = times.Modification ?? node.ModificationTime;
        node.ChangeTime = Now;
    }

    /// <summary>Gives back the space of a node that has neither a name nor a descriptor.</summary>
    public void ReleaseIfUnused(Node node)
    {
        if (node.Links > 0 || node.OpenCount > 0)
            return;
        UsedBytes -= node.Length;
        node.Clear();
    }

    private void Attach(DirectoryNode directory, string name, Node node)
    {
        directory.Add(name, node);
        node.Links++;
        node.ChangeTime = Now;
        Touch(directory);
    }

    private void Touch(Node node) => node.ModificationTime = node.ChangeTime = Now;
}
