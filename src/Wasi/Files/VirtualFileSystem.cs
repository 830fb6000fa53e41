namespace LazyOC.Wasi;

/// <summary>Files and directories in memory, with limits; the host's files are never touched.</summary>
/// <remarks>
/// Not thread-safe: use it on the thread that runs the guest, or while none does. Paths of the host's methods are
/// relative to the root, separated by <c>/</c>. There are no links.
/// </remarks>
public sealed class VirtualFileSystem
{
    private readonly VirtualFileSystemLimits _limits;
    private readonly TimeProvider _timeProvider;
    private ulong _lastInode;

    /// <summary>Creates an empty file system that guests may write to.</summary>
    public VirtualFileSystem(VirtualFileSystemLimits? limits = null, TimeProvider? timeProvider = null)
        : this(limits ?? VirtualFileSystemLimits.Default, timeProvider ?? TimeProvider.System, isReadOnly: false)
    {
    }

    private VirtualFileSystem(VirtualFileSystemLimits limits, TimeProvider timeProvider, bool isReadOnly)
    {
        _limits = limits;
        _timeProvider = timeProvider;
        IsReadOnly = isReadOnly;
        Root = new DirectoryNode(++_lastInode, Now, parent: null);
    }

    /// <summary>Whether guests are refused every change with <c>EROFS</c>.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Bytes of all files, deleted ones that are still open included.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Number of files and directories, the root not counted.</summary>
    public int EntryCount { get; private set; }

    internal DirectoryNode Root { get; }

    internal ulong Now => (ulong)_timeProvider.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;

    /// <summary>Creates a file system that guests may only read.</summary>
    /// <param name="files">Contents by path; the bytes are kept, not copied.</param>
    /// <param name="timeProvider">Gives the files' times.</param>
    /// <exception cref="ArgumentException">A path is empty, absolute, repeated or has a component <c>..</c>.</exception>
    public static VirtualFileSystem ReadOnly(
        IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files, TimeProvider? timeProvider = null)
    {
        var unlimited = new VirtualFileSystemLimits { TotalBytes = long.MaxValue, Entries = int.MaxValue };
        var system = new VirtualFileSystem(unlimited, timeProvider ?? TimeProvider.System, isReadOnly: true);
        foreach (var (path, content) in files)
            system.Put(path, content);
        return system;
    }

    /// <summary>The content of a file, or <see langword="null"/> when there is none of that path.</summary>
    public ReadOnlyMemory<byte>? ReadFile(string path) =>
        PathResolver.Resolve(this, Root, path, out var found) == Errno.Success && found.Node is FileNode file ? file.Content : null;

    /// <summary>Writes a file, and the directories it needs, before guests run.</summary>
    /// <exception cref="ArgumentException">The path is empty, absolute, taken, or has a component <c>..</c>.</exception>
    /// <exception cref="InvalidOperationException">The limits do not admit it.</exception>
    public void WriteFile(string path, ReadOnlyMemory<byte> content) => Put(path, content.ToArray());

    /// <summary>Whether a name is within the limits; the resolver has split it off a path.</summary>
    internal bool IsNameTooLong(ReadOnlySpan<byte> name) => name.Length > _limits.NameBytes;

    internal Errno CreateFile(DirectoryNode directory, string name, out FileNode file)
    {
        file = new FileNode(_lastInode + 1, Now, default);
        return Add(directory, name, file);
    }

    internal Errno CreateDirectory(DirectoryNode directory, string name) =>
        Add(directory, name, new DirectoryNode(_lastInode + 1, Now, directory));

    /// <summary>Changes a file's length within the quota.</summary>
    internal Errno Resize(FileNode file, ulong length)
    {
        if (IsReadOnly)
            return Errno.ReadOnly;
        if (length > (ulong)Array.MaxLength || (long)length - file.Length > _limits.TotalBytes - UsedBytes)
            return Errno.NoSpace;
        UsedBytes += (long)length - file.Length;
        file.Resize((int)length);
        Touch(file);
        return Errno.Success;
    }

    /// <summary>Writes at a position, which may lie beyond the end; the gap is zero.</summary>
    internal Errno Write(FileNode file, ulong position, ReadOnlySpan<byte> bytes)
    {
        if (IsReadOnly)
            return Errno.ReadOnly;
        var end = position + (ulong)bytes.Length;
        if (end < position)
            return Errno.NoSpace;
        if (end > (ulong)file.Length && Resize(file, end) is var errno and not Errno.Success)
            return errno;
        file.Write((int)position, bytes);
        Touch(file);
        return Errno.Success;
    }

    internal Errno Unlink(DirectoryNode directory, string name, FileNode file)
    {
        if (IsReadOnly)
            return Errno.ReadOnly;
        Detach(directory, name, file);
        ReleaseIfUnused(file);
        return Errno.Success;
    }

    internal Errno RemoveDirectory(DirectoryNode directory, string name, DirectoryNode removed)
    {
        if (IsReadOnly)
            return Errno.ReadOnly;
        if (!removed.IsEmpty)
            return Errno.NotEmpty;
        Detach(directory, name, removed);
        return Errno.Success;
    }

    /// <summary>Moves an entry; an entry that is in the way is replaced as POSIX says.</summary>
    internal Errno Rename(in ResolvedPath from, in ResolvedPath to)
    {
        if (IsReadOnly)
            return Errno.ReadOnly;
        if (from.Node is not { } node || to.Directory.IsRemoved)
            return Errno.NoEntry;
        if (ReferenceEquals(node, to.Node))
            return Errno.Success;
        if (node is DirectoryNode moved && Contains(moved, to.Directory))
            return Errno.Invalid;
        if (MakeWay(node, to) is var errno and not Errno.Success)
            return errno;

        from.Directory.Remove(from.Name);
        to.Directory.Add(to.Name, node);
        if (node is DirectoryNode directory)
            directory.Parent = to.Directory;
        Touch(from.Directory);
        Touch(to.Directory);
        return Errno.Success;
    }

    /// <summary>Gives back the space of a file that has neither a name nor a descriptor.</summary>
    internal void ReleaseIfUnused(FileNode file)
    {
        if (!file.IsRemoved || file.OpenCount > 0)
            return;
        UsedBytes -= file.Length;
        file.Resize(0);
    }

    private Errno MakeWay(Node moved, in ResolvedPath to) => (moved, to.Node) switch
    {
        (FileNode, null) when to.RequiresDirectory => Errno.NotDirectory,
        (_, null) => Errno.Success,
        (FileNode, DirectoryNode) => Errno.IsDirectory,
        (DirectoryNode, FileNode) => Errno.NotDirectory,
        (_, FileNode file) => Unlink(to.Directory, to.Name, file),
        (_, DirectoryNode directory) => RemoveDirectory(to.Directory, to.Name, directory),
        _ => Errno.Invalid,
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

    private Errno Add(DirectoryNode directory, string name, Node node)
    {
        if (IsReadOnly)
            return Errno.ReadOnly;
        if (directory.IsRemoved)
            return Errno.NoEntry;
        if (EntryCount >= _limits.Entries)
            return Errno.NoSpace;
        Attach(directory, name, node);
        return Errno.Success;
    }

    private void Attach(DirectoryNode directory, string name, Node node)
    {
        _lastInode++;
        EntryCount++;
        directory.Add(name, node);
        Touch(directory);
    }

    private void Detach(DirectoryNode directory, string name, Node node)
    {
        EntryCount--;
        directory.Remove(name);
        node.IsRemoved = true;
        Touch(directory);
    }

    private void Touch(Node node) => node.ModificationTime = node.ChangeTime = Now;

    private void Put(string path, ReadOnlyMemory<byte> content)
    {
        var names = path.Split('/');
        if (names.Any(name => name is "" or "." or ".." || name.Contains('\0', StringComparison.Ordinal)))
            throw new ArgumentException($"`{path}` is not a relative path of plain names", nameof(path));
        if (EntryCount + names.Length > _limits.Entries || content.Length > _limits.TotalBytes - UsedBytes)
            throw new InvalidOperationException($"`{path}` exceeds the limits of the file system");

        var directory = Root;
        foreach (var name in names[..^1])
        {
            if (!directory.TryGet(name, out var node))
            {
                node = new DirectoryNode(_lastInode + 1, Now, directory);
                Attach(directory, name, node);
            }
            directory = node as DirectoryNode ?? throw new ArgumentException($"`{path}`: `{name}` is a file", nameof(path));
        }
        if (directory.TryGet(names[^1], out _))
            throw new ArgumentException($"`{path}` exists already", nameof(path));
        Attach(directory, names[^1], new FileNode(_lastInode + 1, Now, content));
        UsedBytes += content.Length;
    }
}
