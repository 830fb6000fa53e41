namespace LazyOC.Wasi;

/// <summary>
/// Another file system, for a guest that is not alone with it: each operation is done under a lock, which others take too,
/// and whoever keeps watch is told what the guest uses.
/// </summary>
internal sealed class SharedFileSystem : VirtualFileSystem
{
    private readonly VirtualFileSystem _inner;
    private readonly Action<string, bool>? _used;

    /// <param name="inner">The file system.</param>
    /// <param name="gate">Held during each operation.</param>
    /// <param name="used">Told the path of each file that is opened and of each name that is changed, and whether it may be changed.</param>
    public SharedFileSystem(VirtualFileSystem inner, Lock gate, Action<string, bool>? used)
        : base(inner.IsReadOnly)
    {
        _inner = inner;
        _used = used;
        Gate = gate;
    }

    public Lock Gate { get; }

    public void Tell(string path, bool isChange) => _used?.Invoke(path, isChange);

    internal override Errno OpenRoot(out OpenDirectory root)
    {
        OpenDirectory inner;
        Errno errno;
        lock (Gate)
            errno = _inner.OpenRoot(out inner);
        root = errno == Errno.Success ? new SharedDirectory(this, inner, path: "") : null!;
        return errno;
    }
}
