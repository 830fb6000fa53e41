using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace LazyOC.Wasi;

/// <summary>A directory of the host as guests see it. They cannot leave it: not by <c>..</c>, not by links, not by a race.</summary>
/// <remarks>
/// <para>
/// On Linux (x86-64 and ARM64) every component of a path is opened relative to the handle of the one before, without
/// following links; a link is read and walked by the same code that walks paths, inside the directory. Devices, pipes
/// and sockets are listed but not opened (<c>ENOTSUP</c>). Names that are not UTF-8 are left out.
/// </para>
/// <para>
/// On other systems paths are opened by name after every directory on the way was seen to be no link or other reparse
/// point; guests are refused those (<c>ENOTCAPABLE</c>). A program of the host that replaces a directory by a link in the moment
/// between can lead a guest outside there, and a pipe or device is not known as one: mount only what such programs do
/// not write to. Links cannot be made.
/// </para>
/// <para>Nothing limits how much a guest writes but the disk. Guests work with the permissions of this process.</para>
/// </remarks>
public sealed class HostFileSystem : VirtualFileSystem, IDisposable
{
    private readonly string _path;

    /// <summary>The directory, held open; <see langword="null"/> where it is opened by name.</summary>
    private readonly SafeFileHandle? _handle;

    /// <summary>Opens a directory for guests.</summary>
    /// <param name="path">Links in it are followed: it is the host's own choice.</param>
    /// <param name="options">What guests may do in it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public HostFileSystem(string path, HostFileSystemOptions? options = null)
        : this(path, options ?? new HostFileSystemOptions(), isByName: !HasHandles)
    {
    }

    internal HostFileSystem(string path, HostFileSystemOptions options, bool isByName)
        : base(options.IsReadOnly)
    {
        AllowsSymbolicLinks = options.AllowsSymbolicLinks;
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(_path))
            throw new DirectoryNotFoundException($"there is no directory {_path}");
        if (!isByName && OperatingSystem.IsLinux())
            _handle = OpenHandle(_path);
    }

    internal bool AllowsSymbolicLinks { get; }

    /// <summary>Whether the numbers and layouts of <see cref="LinuxCalls"/> are those of this machine.</summary>
    [SupportedOSPlatformGuard("linux")]
    private static bool HasHandles => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Closes the directory. Guests that have it open keep it.</summary>
    public void Dispose() => _handle?.Dispose();

    internal override Errno OpenRoot(out OpenDirectory root)
    {
        if (_handle is null || !OperatingSystem.IsLinux())
        {
            root = new NamedDirectory(this, [_path]);
            return Errno.Success;
        }
        var errno = LinuxCalls.OpenAt(_handle, ".", LinuxCalls.PathOnly | LinuxCalls.DirectoryFlag, mode: 0, out var handle);
        root = errno == Errno.Success ? new LinuxDirectory(this, handle, depth: 0) : null!;
        return errno;
    }

    [SupportedOSPlatform("linux")]
    private static SafeFileHandle OpenHandle(string path)
    {
        var number = LinuxCalls.Open(path, LinuxCalls.PathOnly | LinuxCalls.DirectoryFlag | LinuxCalls.CloseOnExec, mode: 0);
        return number >= 0
            ? new SafeFileHandle(number, ownsHandle: true)
            : throw new IOException($"{path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}

/// <summary>What guests may do in a directory of the host. Immutable; safe to share.</summary>
public sealed record HostFileSystemOptions
{
    /// <summary>Whether every change is refused with <c>EROFS</c>.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>
    /// Whether guests may make symbolic links; else <c>EPERM</c>. A guest follows none out of the directory, but
    /// programs of the host that find one there do.
    /// </summary>
    public bool AllowsSymbolicLinks { get; init; }
}
