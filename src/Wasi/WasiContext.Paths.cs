using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Functions on paths. There are no links: nothing makes one, and nothing is one.</content>
public sealed partial class WasiContext
{
    [Flags]
    private enum OpenFlags
    {
        None = 0,
        Create = 1,
        Directory = 2,
        Exclusive = 4,
        Truncate = 8,
    }

    private void AddPaths(WasmLinker linker)
    {
        linker.Define(ModuleName, "path_open",
            (WasmInstance caller, int fd, int lookup, int path, int length, int open, long rights, long inheriting, int flags, int result) =>
                (int)Open(GuestMemory.Of(caller), fd, (uint)path, (uint)length, (OpenFlags)open, (Rights)rights, (Rights)inheriting, flags, (uint)result));
        linker.Define(ModuleName, "path_create_directory", (WasmInstance caller, int fd, int path, int length) =>
            (int)CreateDirectory(GuestMemory.Of(caller), fd, (uint)path, (uint)length));
        linker.Define(ModuleName, "path_remove_directory", (WasmInstance caller, int fd, int path, int length) =>
            (int)RemoveDirectory(GuestMemory.Of(caller), fd, (uint)path, (uint)length));
        linker.Define(ModuleName, "path_unlink_file", (WasmInstance caller, int fd, int path, int length) =>
            (int)UnlinkFile(GuestMemory.Of(caller), fd, (uint)path, (uint)length));
        linker.Define(ModuleName, "path_rename", (WasmInstance caller, int fd, int path, int length, int toFd, int toPath, int toLength) =>
            (int)Rename(GuestMemory.Of(caller), fd, (uint)path, (uint)length, toFd, (uint)toPath, (uint)toLength));
        linker.Define(ModuleName, "path_filestat_get", (WasmInstance caller, int fd, int lookup, int path, int length, int result) =>
            (int)GetPathStat(GuestMemory.Of(caller), fd, (uint)path, (uint)length, (uint)result));
        linker.Define(ModuleName, "path_filestat_set_times",
            (WasmInstance caller, int fd, int lookup, int path, int length, long access, long modification, int flags) =>
                (int)SetPathTimes(GuestMemory.Of(caller), fd, (uint)path, (uint)length, (ulong)access, (ulong)modification, flags));
        linker.Define(ModuleName, "path_link", (int fd, int lookup, int path, int length, int toFd, int toPath, int toLength) => (int)NoLink(fd));
        linker.Define(ModuleName, "path_symlink", (int text, int textLength, int fd, int path, int length) => (int)NoLink(fd));
        linker.Define(ModuleName, "path_readlink", (WasmInstance caller, int fd, int path, int length, int buffer, int bufferLength, int used) =>
            (int)ReadLink(GuestMemory.Of(caller), fd, (uint)path, (uint)length));
    }

    /// <summary>Finds what a path of the guest names, below a directory that has the rights an operation needs.</summary>
    private Errno Resolve(GuestMemory memory, int fd, Rights needed, uint path, uint length, out DirectoryDescriptor directory, out ResolvedPath resolved)
    {
        resolved = default;
        if (Find(fd, needed, out directory) is var errno and not Errno.Success)
            return errno;
        if (length > (uint)_limits.PathBytes)
            return Errno.NameTooLong;
        return memory.TryGetSpan(path, length, out var bytes)
            ? PathResolver.Resolve(directory.System, directory.Directory, bytes, out resolved)
            : Errno.Fault;
    }

    private Errno Open(
        GuestMemory memory, int fd, uint path, uint length, OpenFlags open, Rights rights, Rights inheriting, int flags, uint result)
    {
        var needed = Rights.Open
            | (open.HasFlag(OpenFlags.Create) ? Rights.CreateFile : Rights.None)
            | (open.HasFlag(OpenFlags.Truncate) ? Rights.PathSetSize : Rights.None);
        if (Resolve(memory, fd, needed, path, length, out var directory, out var resolved) is var errno and not Errno.Success)
            return errno;
        if (_descriptors.IsFull)
            return Errno.TooManyDescriptors;
        rights &= directory.Inheriting;
        if (Obtain(directory.System, resolved, open, rights, out var node) is var failure and not Errno.Success)
            return failure;

        if (directory.System.IsReadOnly)
            rights &= ~Rights.Changes;
        Descriptor opened = node is FileNode file
            ? new FileDescriptor(directory.System, file, rights, (DescriptorFlags)(flags & (int)(DescriptorFlags.Append | DescriptorFlags.NonBlocking)))
            : new DirectoryDescriptor(directory.System, (DirectoryNode)node, rights, inheriting & directory.Inheriting);
        var number = _descriptors.Add(opened);
        var written = memory.Write(result, (uint)number);
        if (written != Errno.Success)
            _descriptors.Close(number);
        return written;
    }

    /// <summary>The node to open: an existing one that fits the flags, or a new file.</summary>
    private static Errno Obtain(VirtualFileSystem system, in ResolvedPath resolved, OpenFlags open, Rights rights, out Node node)
    {
        node = resolved.Node!;
        var isWrite = rights.HasFlag(Rights.Write);
        switch (resolved.Node)
        {
            case null when !open.HasFlag(OpenFlags.Create):
                return Errno.NoEntry;
            case null when resolved.RequiresDirectory || open.HasFlag(OpenFlags.Directory):
                return Errno.Invalid;
            case null:
                var created = system.CreateFile(resolved.Directory, resolved.Name, out var file);
                node = file;
                return created;
            case not null when open.HasFlag(OpenFlags.Create | OpenFlags.Exclusive):
                return Errno.Exists;
            case FileNode when open.HasFlag(OpenFlags.Directory):
                return Errno.NotDirectory;
            case FileNode when system.IsReadOnly && (isWrite || open.HasFlag(OpenFlags.Truncate)):
                return Errno.ReadOnly;
            case FileNode existing:
                return open.HasFlag(OpenFlags.Truncate) ? system.Resize(existing, 0) : Errno.Success;
            default:
                return (isWrite && !open.HasFlag(OpenFlags.Directory)) || open.HasFlag(OpenFlags.Truncate) ? Errno.IsDirectory : Errno.Success;
        }
    }

    private Errno CreateDirectory(GuestMemory memory, int fd, uint path, uint length)
    {
        if (Resolve(memory, fd, Rights.CreateDirectory, path, length, out var directory, out var resolved) is var errno and not Errno.Success)
            return errno;
        return resolved.Node is null ? directory.System.CreateDirectory(resolved.Directory, resolved.Name) : Errno.Exists;
    }

    private Errno RemoveDirectory(GuestMemory memory, int fd, uint path, uint length)
    {
        if (Resolve(memory, fd, Rights.RemoveDirectory, path, length, out var directory, out var resolved) is var errno and not Errno.Success)
            return errno;
        return resolved switch
        {
            { Node: null } => Errno.NoEntry,
            { Name: "" } => Errno.Invalid,
            { Node: DirectoryNode removed } => directory.System.RemoveDirectory(resolved.Directory, resolved.Name, removed),
            _ => Errno.NotDirectory,
        };
    }

    private Errno UnlinkFile(GuestMemory memory, int fd, uint path, uint length)
    {
        if (Resolve(memory, fd, Rights.UnlinkFile, path, length, out var directory, out var resolved) is var errno and not Errno.Success)
            return errno;
        return resolved.Node switch
        {
            null => Errno.NoEntry,
            FileNode file => directory.System.Unlink(resolved.Directory, resolved.Name, file),
            _ => Errno.IsDirectory,
        };
    }

    private Errno Rename(GuestMemory memory, int fd, uint path, uint length, int toFd, uint toPath, uint toLength)
    {
        if (Resolve(memory, fd, Rights.RenameSource, path, length, out var source, out var from) is var errno and not Errno.Success)
            return errno;
        if (Resolve(memory, toFd, Rights.RenameTarget, toPath, toLength, out var target, out var to) is var failure and not Errno.Success)
            return failure;
        if (!ReferenceEquals(source.System, target.System))
            return Errno.CrossDevice;
        return from.Name.Length == 0 || to.Name.Length == 0 ? Errno.Invalid : source.System.Rename(from, to);
    }

    private Errno GetPathStat(GuestMemory memory, int fd, uint path, uint length, uint result)
    {
        if (Resolve(memory, fd, Rights.PathStat, path, length, out _, out var resolved) is var errno and not Errno.Success)
            return errno;
        return resolved.Node is { } node ? WriteFileStat(memory, result, node) : Errno.NoEntry;
    }

    private Errno SetPathTimes(GuestMemory memory, int fd, uint path, uint length, ulong access, ulong modification, int flags)
    {
        if (Resolve(memory, fd, Rights.PathSetTimes, path, length, out var directory, out var resolved) is var errno and not Errno.Success)
            return errno;
        return resolved.Node is { } node ? SetTimes(directory.System, node, access, modification, flags) : Errno.NoEntry;
    }

    private Errno NoLink(int fd)
    {
        var errno = Find<DirectoryDescriptor>(fd, Rights.None, out _);
        return errno == Errno.Success ? Errno.NotSupported : errno;
    }

    private Errno ReadLink(GuestMemory memory, int fd, uint path, uint length)
    {
        if (Resolve(memory, fd, Rights.None, path, length, out _, out var resolved) is var errno and not Errno.Success)
            return errno;
        return resolved.Node is null ? Errno.NoEntry : Errno.Invalid;
    }
}
