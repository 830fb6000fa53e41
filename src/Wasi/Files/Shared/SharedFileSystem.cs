namespace LazyOC.Wasi;

/// <summary>
/// Another file system, for a guest that is not alone with it: each operation is done under a lock, which others take too,
/// and whoever keeps watch is told what the guest uses.
/// </summary>
internal sealed class SharedFileSystem : VirtualFileSystem
{
    private readonly VirtualFileSystem _inner;
    private readonly Action<string, string, bool>? _used;
    private readonly Action<string>? _refused;

    /// <param name="inner">The file system.</param>
    /// <param name="gate">Held during each operation.</param>
    /// <param name="used">Told the WASI function and the path of each file that is opened and of each name that is changed, and whether it may be changed.</param>
    /// <param name="refused">Told each path, in the guest's own words, that leads to where no guest may go.</param>
    public SharedFileSystem(VirtualFileSystem inner, Lock gate, Action<string, string, bool>? used, Action<string>? refused = null)
        : base(inner.IsReadOnly)
    {
        _inner = inner;
        _used = used;
        _refused = refused;
        Gate = gate;
    }

    public Lock Gate { get; }

    public void Tell(string call, string path, bool isChange) => _used?.Invoke(call, path, isChange);

    public void TellRefused(string path) => _refused?.Invoke(path);

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
