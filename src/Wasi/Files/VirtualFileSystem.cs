namespace LazyOC.Wasi;

/// <summary>
/// A tree of files that guests see: <see cref="MemoryFileSystem"/>, <see cref="HostFileSystem"/> or
/// <see cref="OverlayFileSystem"/>.
/// </summary>
/// <remarks>Not thread-safe: use it on the thread that runs the guest, or while none does.</remarks>
public abstract class VirtualFileSystem
{
    private protected VirtualFileSystem(bool isReadOnly) => IsReadOnly = isReadOnly;

    /// <summary>Whether guests are refused every change with <c>EROFS</c>.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Opens its root; nothing above that exists for a guest.</summary>
    internal abstract Errno OpenRoot(out OpenDirectory root);
}
