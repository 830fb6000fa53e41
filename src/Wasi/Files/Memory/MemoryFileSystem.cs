namespace LazyOC.Wasi;

/// <summary>Files, directories and links in memory, with limits; the host's files are never touched.</summary>
/// <remarks>Paths of the host's methods are relative to the root, separated by <c>/</c>, and follow no links.</remarks>
public sealed class MemoryFileSystem : VirtualFileSystem
{
    private readonly NodeStore _store;
    private readonly DirectoryNode _root;

    /// <summary>Creates an empty file system that guests may write to.</summary>
    public MemoryFileSystem(VirtualFileSystemLimits? limits = null, TimeProvider? timeProvider = null)
        : this(new NodeStore(limits ?? VirtualFileSystemLimits.Default, timeProvider ?? TimeProvider.System), isReadOnly: false)
    {
    }

    private MemoryFileSystem(NodeStore store, bool isReadOnly)
        : base(isReadOnly)
    {
        _store = store;
        _root = store.MakeDirectory(parent: null);
    }

    /// <summary>Bytes of all files and of what links say, deleted files that are still open included.</summary>
    public long UsedBytes => _store.UsedBytes;

    /// <summary>Number of names of files, directories and links.</summary>
    public int EntryCount => _store.EntryCount;

    /// <summary>Creates a file system that guests may only read.</summary>
    /// <param name="files">Contents by path; the bytes are kept, not copied.</param>
    /// <param name="timeProvider">Gives the files' times.</param>
    /// <exception cref="ArgumentException">A path is empty, absolute, repeated or has a component <c>..</c>.</exception>
    public static MemoryFileSystem ReadOnly(
        IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files, TimeProvider? timeProvider = null)
    {
        var system = Unlimited(timeProvider);
        foreach (var (path, content) in files)
            system.Put(path, store => store.MakeFile(content));
        return system;
    }

    /// <summary>Creates a file system that guests may only read, of files that are fetched when they are read.</summary>
    /// <param name="files">Files by path.</param>
    /// <param name="timeProvider">Gives the files' times.</param>
    /// <exception cref="ArgumentException">A path is empty, absolute, repeated or has a component <c>..</c>.</exception>
    internal static MemoryFileSystem ReadOnly(IEnumerable<KeyValuePair<string, FetchedFile>> files, TimeProvider timeProvider)
    {
        var system = Unlimited(timeProvider);
        foreach (var (path, file) in files)
            system.Put(path, store => store.MakeFile(file));
        return system;
    }

    /// <summary>The content of a file, or <see langword="null"/> when there is none of that path.</summary>
    public ReadOnlyMemory<byte>? ReadFile(string path)
    {
        Node node = _root;
        foreach (var name in path.Split('/'))
        {
            if (node is not DirectoryNode directory || !directory.TryGet(name, out var found))
                return null;
            node = found;
        }
        return node is FileNode file && file.TryGetContent(out var content) ? content : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>Writes a file, and the directories it needs, before guests run.</summary>
    /// <exception cref="ArgumentException">The path is empty, absolute, taken, or has a component <c>..</c>.</exception>
    /// <exception cref="InvalidOperationException">The limits do not admit it.</exception>
    public void WriteFile(string path, ReadOnlyMemory<byte> content) => Put(path, store => store.MakeFile(content.ToArray()));

    internal override Errno OpenRoot(out OpenDirectory root)
    {
        root = new MemoryDirectory(this, _store, _root);
        return Errno.Success;
    }

    private static MemoryFileSystem Unlimited(TimeProvider? timeProvider)
    {
        var unlimited = new VirtualFileSystemLimits { TotalBytes = long.MaxValue, Entries = int.MaxValue };
        return new MemoryFileSystem(new NodeStore(unlimited, timeProvider ?? TimeProvider.System), isReadOnly: true);
    }

    private void Put(string path, Func<NodeStore, FileNode> make)
    {
        var names = path.Split('/');
        if (names.Any(name => name is "" or "." or ".." || name.Contains('\0', StringComparison.Ordinal)))
            throw new ArgumentException($"`{path}` is not a relative path of plain names", nameof(path));

        var directory = _root;
        foreach (var name in names[..^1])
        {
            if (!directory.TryGet(name, out var node))
            {
                node = _store.MakeDirectory(directory);
                ThrowIfRefused(path, _store.Add(directory, name, node));
            }
            directory = node as DirectoryNode ?? throw new ArgumentException($"`{path}`: `{name}` is a file", nameof(path));
        }
        if (directory.TryGet(names[^1], out _))
            throw new ArgumentException($"`{path}` exists already", nameof(path));
        ThrowIfRefused(path, _store.Add(directory, names[^1], make(_store)));
    }

    private static void ThrowIfRefused(string path, Errno errno)
    {
        if (errno != Errno.Success)
            throw new InvalidOperationException($"`{path}` exceeds the limits of the file system");
    }
}
