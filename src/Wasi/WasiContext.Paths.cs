using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Functions on paths, but for opening.</content>
public sealed partial class WasiContext
{
    private const int FollowFlag = 1;

    private void AddPaths()
    {
        Define("path_open",
            (WasmInstance caller, int fd, int lookup, int path, int length, int open, long rights, long inheriting, int flags, int result) =>
                (int)Open(GuestMemory.Of(caller), fd, lookup, new GuestText((uint)path, (uint)length), (OpenFlags)open, (Rights)rights, (Rights)inheriting, flags, (uint)result));
        Define("path_create_directory", (WasmInstance caller, int fd, int path, int length) =>
            (int)CreateDirectory(GuestMemory.Of(caller), fd, new GuestText((uint)path, (uint)length)));
        Define("path_remove_directory", (WasmInstance caller, int fd, int path, int length) =>
            (int)RemoveDirectory(GuestMemory.Of(caller), fd, new GuestText((uint)path, (uint)length)));
        Define("path_unlink_file", (WasmInstance caller, int fd, int path, int length) =>
            (int)UnlinkFile(GuestMemory.Of(caller), fd, new GuestText((uint)path, (uint)length)));
        Define("path_rename", (WasmInstance caller, int fd, int path, int length, int toFd, int toPath, int toLength) =>
            (int)Rename(GuestMemory.Of(caller), fd, new GuestText((uint)path, (uint)length), toFd, new GuestText((uint)toPath, (uint)toLength)));
        Define("path_filestat_get", (WasmInstance caller, int fd, int lookup, int path, int length, int result) =>
            (int)GetPathStat(GuestMemory.Of(caller), fd, lookup, new GuestText((uint)path, (uint)length), (uint)result));
        Define("path_filestat_set_times",
            (WasmInstance caller, int fd, int lookup, int path, int length, long access, long modification, int flags) =>
                (int)SetPathTimes(GuestMemory.Of(caller), fd, lookup, new GuestText((uint)path, (uint)length), (ulong)access, (ulong)modification, flags));
        Define("path_link", (WasmInstance caller, int fd, int lookup, int path, int length, int toFd, int toPath, int toLength) =>
            (int)Link(GuestMemory.Of(caller), fd, lookup, new GuestText((uint)path, (uint)length), toFd, new GuestText((uint)toPath, (uint)toLength)));
        Define("path_symlink", (WasmInstance caller, int target, int targetLength, int fd, int path, int length) =>
            (int)CreateLink(GuestMemory.Of(caller), new GuestText((uint)target, (uint)targetLength), fd, new GuestText((uint)path, (uint)length)));
        Define("path_readlink", (WasmInstance caller, int fd, int path, int length, int buffer, int bufferLength, int used) =>
            (int)ReadLink(GuestMemory.Of(caller), fd, new GuestText((uint)path, (uint)length), (uint)buffer, (uint)bufferLength, (uint)used));
    }

    /// <summary>A path in the guest's memory.</summary>
    private readonly record struct GuestText(uint Address, uint Length);

    /// <summary>Finds what a path of the guest names, below a directory that has the rights an operation needs.</summary>
    private Errno Resolve(GuestMemory memory, int fd, Rights needed, GuestText path, LastLink last, out ResolvedPath resolved)
    {
        resolved = null!;
        if (Find<DirectoryDescriptor>(fd, needed, out var directory) is var errno and not Errno.Success)
            return errno;
        if (path.Length > (uint)_limits.PathBytes)
            return Errno.NameTooLong;
        return memory.TryGetSpan(path.Address, path.Length, out var bytes)
            ? PathResolver.Resolve(_limits, directory.Directory, bytes, last, out resolved)
            : Errno.Fault;
    }

    /// <summary>As above, for what must exist; the flags say whether a link is followed.</summary>
    private Errno ResolveExisting(GuestMemory memory, int fd, Rights needed, GuestText path, int lookup, out ResolvedPath resolved)
    {
        resolved = null!;
        if ((lookup & ~FollowFlag) != 0)
            return Errno.Invalid;
        var last = lookup == FollowFlag ? LastLink.Follow : LastLink.FollowBeforeSlash;
        if (Resolve(memory, fd, needed, path, last, out resolved) is var errno and not Errno.Success)
            return errno;
        if (resolved.Stat is not null)
            return Errno.Success;
        resolved.Dispose();
        return Errno.NoEntry;
    }

    private Errno CreateDirectory(GuestMemory memory, int fd, GuestText path)
    {
        if (Resolve(memory, fd, Rights.CreateDirectory, path, LastLink.KeepAsName, out var resolved) is var errno and not Errno.Success)
            return errno;
        using (resolved)
            return resolved.Stat is null ? resolved.Directory.CreateDirectory(resolved.Name) : Errno.Exists;
    }

    private Errno RemoveDirectory(GuestMemory memory, int fd, GuestText path)
    {
        if (Resolve(memory, fd, Rights.RemoveDirectory, path, LastLink.Keep, out var resolved) is var errno and not Errno.Success)
            return errno;
        using (resolved)
        {
            return resolved.Name switch
            {
                "." => Errno.Invalid,
                ".." => Errno.NotEmpty,
                var name => resolved.Directory.RemoveDirectory(name),
            };
        }
    }

    private Errno UnlinkFile(GuestMemory memory, int fd, GuestText path)
    {
        if (Resolve(memory, fd, Rights.UnlinkFile, path, LastLink.Keep, out var resolved) is var errno and not Errno.Success)
            return errno;
        using (resolved)
            return resolved.Stat is { Type: FileType.Directory } ? Errno.IsDirectory : resolved.Directory.Unlink(resolved.Name);
    }

    private Errno Rename(GuestMemory memory, int fd, GuestText path, int toFd, GuestText toPath)
    {
        if (Resolve(memory, fd, Rights.RenameSource, path, LastLink.Keep, out var from) is var errno and not Errno.Success)
            return errno;
        using (from)
        {
            if (Resolve(memory, toFd, Rights.RenameTarget, toPath, LastLink.Keep, out var to) is var failure and not Errno.Success)
                return failure;
            using (to)
            {
                if (from.Stat is not { } moved)
                    return Errno.NoEntry;
                if (from.IsDot || to.IsDot)
                    return Errno.Invalid;
                if (!ReferenceEquals(from.Directory.System, to.Directory.System))
                    return Errno.CrossDevice;
                if (to.RequiresDirectory && moved.Type != FileType.Directory)
                    return Errno.NotDirectory;
                return from.Directory.Rename(from.Name, to.Directory, to.Name);
            }
        }
    }

    private Errno GetPathStat(GuestMemory memory, int fd, int lookup, GuestText path, uint result)
    {
        if (ResolveExisting(memory, fd, Rights.PathStat, path, lookup, out var resolved) is var errno and not Errno.Success)
            return errno;
        using (resolved)
            return WriteFileStat(memory, result, resolved.Stat!.Value);
    }

    private Errno SetPathTimes(GuestMemory memory, int fd, int lookup, GuestText path, ulong access, ulong modification, int flags)
    {
        if (ReadTimes(access, modification, flags, out var times) is var invalid and not Errno.Success)
            return invalid;
        if (ResolveExisting(memory, fd, Rights.PathSetTimes, path, lookup, out var resolved) is var errno and not Errno.Success)
            return errno;
        using (resolved)
            return resolved.IsDot ? resolved.Directory.SetTimes(times) : resolved.Directory.SetTimes(resolved.Name, times);
    }

    private Errno Link(GuestMemory memory, int fd, int lookup, GuestText path, int toFd, GuestText toPath)
    {
        if (ResolveExisting(memory, fd, Rights.LinkSource, path, lookup, out var from) is var errno and not Errno.Success)
            return errno;
        using (from)
        {
            if (Resolve(memory, toFd, Rights.LinkTarget, toPath, LastLink.KeepAsName, out var to) is var failure and not Errno.Success)
                return failure;
            using (to)
            {
                if (to.Stat is not null)
                    return Errno.Exists;
                if (to.RequiresDirectory)
                    return Errno.NoEntry;
                if (from.Stat is { Type: FileType.Directory })
                    return Errno.NotPermitted;
                return ReferenceEquals(from.Directory.System, to.Directory.System)
                    ? from.Directory.Link(from.Name, to.Directory, to.Name)
                    : Errno.CrossDevice;
            }
        }
    }

    /// <summary>A link that is not followed now may be later: an absolute one can never lead into the guest's tree.</summary>
    private Errno CreateLink(GuestMemory memory, GuestText target, int fd, GuestText path)
    {
        if (Resolve(memory, fd, Rights.CreateLink, path, LastLink.KeepAsName, out var resolved) is var errno and not Errno.Success)
            return errno;
        using (resolved)
        {
            if (target.Length > (uint)_limits.PathBytes)
                return Errno.NameTooLong;
            if (!memory.TryGetSpan(target.Address, target.Length, out var bytes))
                return Errno.Fault;
            if (bytes.IsEmpty)
                return Errno.NoEntry;
            if (bytes[0] == '/')
                return Errno.NotCapable;
            if (bytes.Contains((byte)0) || !PathResolver.TryDecode(bytes, out var text))
                return Errno.IllegalByteSequence;
            if (resolved.Stat is not null)
                return Errno.Exists;
            return resolved.RequiresDirectory ? Errno.NoEntry : resolved.Directory.CreateLink(resolved.Name, text);
        }
    }

    private Errno ReadLink(GuestMemory memory, int fd, GuestText path, uint buffer, uint bufferLength, uint used)
    {
        if (ResolveExisting(memory, fd, Rights.ReadLink, path, lookup: 0, out var resolved) is var errno and not Errno.Success)
            return errno;
        using (resolved)
        {
            if (resolved.Stat is not { Type: FileType.SymbolicLink })
                return Errno.Invalid;
            if (resolved.Directory.ReadLink(resolved.Name, out var target) is var failure and not Errno.Success)
                return failure;
            var bytes = Encoding.UTF8.GetBytes(target);
            var length = Math.Min(bufferLength, (uint)bytes.Length);
            if (!memory.TryGetSpan(buffer, length, out var span))
                return Errno.Fault;
            bytes.AsSpan(0, (int)length).CopyTo(span);
            return memory.Write(used, length);
        }
    }
}
