using System.Buffers.Binary;
using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Functions on one descriptor, but for reading and writing.</content>
public sealed partial class WasiContext
{
    private const int DescriptorStatBytes = 24;
    private const int FileStatBytes = 64;
    private const int DirectoryEntryBytes = 24;

    private void AddDescriptors(WasmLinker linker)
    {
        linker.Define(ModuleName, "fd_close", (int fd) => (int)(_descriptors.Close(fd) ? Errno.Success : Errno.BadDescriptor));
        linker.Define(ModuleName, "fd_renumber", (int from, int to) => (int)(_descriptors.Renumber(from, to) ? Errno.Success : Errno.BadDescriptor));
        linker.Define(ModuleName, "fd_sync", (int fd) => (int)Find<Descriptor>(fd, Rights.None, out _));
        linker.Define(ModuleName, "fd_datasync", (int fd) => (int)Find<Descriptor>(fd, Rights.None, out _));
        linker.Define(ModuleName, "fd_advise", (int fd, long offset, long length, int advice) => (int)Find<FileDescriptor>(fd, Rights.Advise, out _));
        linker.Define(ModuleName, "fd_allocate", (int fd, long offset, long length) => (int)Allocate(fd, (ulong)offset, (ulong)length));
        linker.Define(ModuleName, "fd_fdstat_get", (WasmInstance caller, int fd, int result) => (int)GetDescriptorStat(GuestMemory.Of(caller), fd, (uint)result));
        linker.Define(ModuleName, "fd_fdstat_set_flags", (int fd, int flags) => (int)SetFlags(fd, flags));
        linker.Define(ModuleName, "fd_fdstat_set_rights", (int fd, long rights, long inheriting) => (int)SetRights(fd, (Rights)rights, (Rights)inheriting));
        linker.Define(ModuleName, "fd_filestat_get", (WasmInstance caller, int fd, int result) => (int)GetFileStat(GuestMemory.Of(caller), fd, (uint)result));
        linker.Define(ModuleName, "fd_filestat_set_size", (int fd, long size) => (int)SetSize(fd, (ulong)size));
        linker.Define(ModuleName, "fd_filestat_set_times", (int fd, long access, long modification, int flags) => (int)SetDescriptorTimes(fd, (ulong)access, (ulong)modification, flags));
        linker.Define(ModuleName, "fd_prestat_get", (WasmInstance caller, int fd, int result) => (int)GetMount(GuestMemory.Of(caller), fd, (uint)result));
        linker.Define(ModuleName, "fd_prestat_dir_name", (WasmInstance caller, int fd, int path, int length) => (int)GetMountPath(GuestMemory.Of(caller), fd, (uint)path, (uint)length));
        linker.Define(ModuleName, "fd_readdir", (WasmInstance caller, int fd, int buffer, int length, long cookie, int used) =>
            (int)ReadDirectory(GuestMemory.Of(caller), fd, (uint)buffer, (uint)length, (ulong)cookie, (uint)used));
        linker.Define(ModuleName, "fd_seek", (WasmInstance caller, int fd, long offset, int whence, int result) => (int)Seek(GuestMemory.Of(caller), fd, offset, whence, (uint)result));
        linker.Define(ModuleName, "fd_tell", (WasmInstance caller, int fd, int result) => (int)Seek(GuestMemory.Of(caller), fd, 0, (int)Whence.Current, (uint)result));
        AddTransfers(linker);
    }

    private enum Whence
    {
        Start,
        Current,
        End,
    }

    private Errno GetDescriptorStat(GuestMemory memory, int fd, uint result)
    {
        if (Find<Descriptor>(fd, Rights.None, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if (!memory.TryGetSpan(result, DescriptorStatBytes, out var stat))
            return Errno.Fault;
        stat.Clear();
        stat[0] = (byte)descriptor.Type;
        BinaryPrimitives.WriteUInt16LittleEndian(stat[2..], (ushort)descriptor.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[8..], (ulong)descriptor.Rights);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[16..], (ulong)descriptor.Inheriting);
        return Errno.Success;
    }

    private Errno SetFlags(int fd, int flags)
    {
        if (Find<Descriptor>(fd, Rights.SetFlags, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if ((uint)flags > (uint)(DescriptorFlags.Sync | DescriptorFlags.ReadSync | DescriptorFlags.NonBlocking | DescriptorFlags.DataSync | DescriptorFlags.Append))
            return Errno.Invalid;
        descriptor.Flags = (DescriptorFlags)flags;
        return Errno.Success;
    }

    /// <summary>Rights can only be given up.</summary>
    private Errno SetRights(int fd, Rights rights, Rights inheriting)
    {
        if (Find<Descriptor>(fd, Rights.None, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if (!descriptor.Rights.HasFlag(rights) || !descriptor.Inheriting.HasFlag(inheriting))
            return Errno.NotCapable;
        descriptor.Rights = rights;
        descriptor.Inheriting = inheriting;
        return Errno.Success;
    }

    private Errno GetFileStat(GuestMemory memory, int fd, uint result)
    {
        if (Find<Descriptor>(fd, Rights.Stat, out var descriptor) is var errno and not Errno.Success)
            return errno;
        return descriptor switch
        {
            FileDescriptor file => WriteFileStat(memory, result, file.File),
            DirectoryDescriptor directory => WriteFileStat(memory, result, directory.Directory),
            _ => WriteFileStat(memory, result, node: null),
        };
    }

    /// <summary>Writes what is known of a node; of a stream that is its type.</summary>
    private static Errno WriteFileStat(GuestMemory memory, uint result, Node? node)
    {
        if (!memory.TryGetSpan(result, FileStatBytes, out var stat))
            return Errno.Fault;
        stat.Clear();
        stat[16] = (byte)(node is null ? FileType.CharacterDevice : TypeOf(node));
        BinaryPrimitives.WriteUInt64LittleEndian(stat[24..], 1);
        if (node is null)
            return Errno.Success;
        BinaryPrimitives.WriteUInt64LittleEndian(stat[8..], node.Inode);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[32..], node is FileNode file ? (ulong)file.Length : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[40..], node.AccessTime);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[48..], node.ModificationTime);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[56..], node.ChangeTime);
        return Errno.Success;
    }

    private static FileType TypeOf(Node node) => node is DirectoryNode ? FileType.Directory : FileType.RegularFile;

    private Errno SetSize(int fd, ulong size)
    {
        var errno = Find<FileDescriptor>(fd, Rights.SetSize, out var file);
        return errno == Errno.Success ? file.System.Resize(file.File, size) : errno;
    }

    private Errno Allocate(int fd, ulong offset, ulong length)
    {
        if (Find<FileDescriptor>(fd, Rights.Allocate, out var file) is var errno and not Errno.Success)
            return errno;
        if (length == 0 || offset + length < offset)
            return Errno.Invalid;
        return offset + length <= (ulong)file.File.Length ? Errno.Success : file.System.Resize(file.File, offset + length);
    }

    private Errno SetDescriptorTimes(int fd, ulong access, ulong modification, int flags)
    {
        if (Find<Descriptor>(fd, Rights.SetTimes, out var descriptor) is var errno and not Errno.Success)
            return errno;
        return descriptor switch
        {
            FileDescriptor file => SetTimes(file.System, file.File, access, modification, flags),
            DirectoryDescriptor directory => SetTimes(directory.System, directory.Directory, access, modification, flags),
            _ => Errno.BadDescriptor,
        };
    }

    /// <summary>Source: WASI preview 1, <c>fstflags</c>: two bits for each time, give it or use the present.</summary>
    private static Errno SetTimes(VirtualFileSystem system, Node node, ulong access, ulong modification, int flags)
    {
        if ((uint)flags > 15 || (flags & 3) == 3 || (flags & 12) == 12)
            return Errno.Invalid;
        if (system.IsReadOnly)
            return Errno.ReadOnly;
        if ((flags & 3) != 0)
            node.AccessTime = (flags & 1) != 0 ? access : system.Now;
        if ((flags & 12) != 0)
            node.ModificationTime = (flags & 4) != 0 ? modification : system.Now;
        node.ChangeTime = system.Now;
        return Errno.Success;
    }

    private Errno GetMount(GuestMemory memory, int fd, uint result)
    {
        if (!TryGetMountPath(fd, out var path))
            return Errno.BadDescriptor;
        const uint directoryTag = 0;
        var errno = memory.Write(result, directoryTag);
        return errno == Errno.Success ? memory.Write(result + sizeof(uint), (uint)path.Length) : errno;
    }

    private Errno GetMountPath(GuestMemory memory, int fd, uint buffer, uint length)
    {
        if (!TryGetMountPath(fd, out var path))
            return Errno.BadDescriptor;
        if (length < (uint)path.Length)
            return Errno.NameTooLong;
        if (!memory.TryGetSpan(buffer, (uint)path.Length, out var span))
            return Errno.Fault;
        path.CopyTo(span);
        return Errno.Success;
    }

    private bool TryGetMountPath(int fd, out byte[] path)
    {
        path = [];
        if (!_descriptors.TryGet(fd, out var descriptor) || descriptor is not DirectoryDescriptor { MountPath: { } text })
            return false;
        path = Encoding.UTF8.GetBytes(text);
        return true;
    }

    private Errno ReadDirectory(GuestMemory memory, int fd, uint buffer, uint length, ulong cookie, uint used)
    {
        if (Find<DirectoryDescriptor>(fd, Rights.ReadDirectory, out var directory) is var errno and not Errno.Success)
            return errno;
        if (!memory.TryGetSpan(buffer, length, out var bytes))
            return Errno.Fault;
        // A full buffer tells the guest that there is more; the last entry may be cut.
        var free = bytes[..Math.Min(bytes.Length, _limits.TransferBytes)];
        var total = free.Length;
        while (!free.IsEmpty && directory.Directory.TryGetNext(cookie, out var entry))
        {
            free = WriteDirectoryEntry(free, entry);
            cookie = entry.Cookie;
        }
        return memory.Write(used, (uint)(total - free.Length));
    }

    private static Span<byte> WriteDirectoryEntry(Span<byte> free, DirectoryEntry entry)
    {
        Span<byte> head = stackalloc byte[DirectoryEntryBytes];
        head.Clear();
        var name = Encoding.UTF8.GetBytes(entry.Name);
        BinaryPrimitives.WriteUInt64LittleEndian(head, entry.Cookie);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], entry.Node.Inode);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], (uint)name.Length);
        head[20] = (byte)TypeOf(entry.Node);
        return WriteCut(WriteCut(free, head), name);
    }

    private static Span<byte> WriteCut(Span<byte> free, scoped ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(free.Length, bytes.Length);
        bytes[..length].CopyTo(free);
        return free[length..];
    }

    private Errno Seek(GuestMemory memory, int fd, long offset, int whence, uint result)
    {
        var isTell = offset == 0 && whence == (int)Whence.Current;
        if (Find<Descriptor>(fd, Rights.None, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if (descriptor is StreamDescriptor)
            return Errno.IllegalSeek;
        if (Find<FileDescriptor>(fd, isTell ? Rights.Tell : Rights.Seek, out var file) is var missing and not Errno.Success)
            return missing;
        if ((uint)whence > (uint)Whence.End)
            return Errno.Invalid;

        var origin = (Whence)whence switch
        {
            Whence.Start => 0,
            Whence.Current => (long)file.Position,
            _ => file.File.Length,
        };
        if (offset > long.MaxValue - origin || origin + offset < 0)
            return Errno.Invalid;
        file.Position = (ulong)(origin + offset);
        return memory.Write(result, file.Position);
    }
}
