using System.Buffers.Binary;
using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Functions on one descriptor, but for reading and writing.</content>
public sealed partial class WasiContext
{
    private const int DescriptorStatBytes = 24;
    private const int FileStatBytes = 64;

    /// <summary>Source: WASI preview 1, <c>advice</c>.</summary>
    private const int LastAdvice = 5;

    private void AddDescriptors()
    {
        Define("fd_close", (int fd) => (int)(_descriptors.Close(fd) ? Errno.Success : Errno.BadDescriptor));
        Define("fd_renumber", (int from, int to) => (int)(_descriptors.Renumber(from, to) ? Errno.Success : Errno.BadDescriptor));
        Define("fd_sync", (int fd) => (int)Sync(fd, Rights.Sync, isDataOnly: false));
        Define("fd_datasync", (int fd) => (int)Sync(fd, Rights.DataSync, isDataOnly: true));
        Define("fd_advise", (int fd, long offset, long length, int advice) => (int)Advise(fd, (ulong)offset, (ulong)length, advice));
        Define("fd_allocate", (int fd, long offset, long length) => (int)Allocate(fd, (ulong)offset, (ulong)length));
        Define("fd_fdstat_get", (WasmInstance caller, int fd, int result) => (int)GetDescriptorStat(GuestMemory.Of(caller), fd, (uint)result));
        Define("fd_fdstat_set_flags", (int fd, int flags) => (int)SetFlags(fd, flags));
        Define("fd_fdstat_set_rights", (int fd, long rights, long inheriting) => (int)SetRights(fd, (Rights)rights, (Rights)inheriting));
        Define("fd_filestat_get", (WasmInstance caller, int fd, int result) => (int)GetFileStat(GuestMemory.Of(caller), fd, (uint)result));
        Define("fd_filestat_set_size", (int fd, long size) => (int)SetSize(fd, (ulong)size));
        Define("fd_filestat_set_times", (int fd, long access, long modification, int flags) => (int)SetDescriptorTimes(fd, (ulong)access, (ulong)modification, flags));
        Define("fd_prestat_get", (WasmInstance caller, int fd, int result) => (int)GetMount(GuestMemory.Of(caller), fd, (uint)result));
        Define("fd_prestat_dir_name", (WasmInstance caller, int fd, int path, int length) => (int)GetMountPath(GuestMemory.Of(caller), fd, (uint)path, (uint)length));
        Define("fd_readdir", (WasmInstance caller, int fd, int buffer, int length, long cookie, int used) =>
            (int)ReadDirectory(GuestMemory.Of(caller), fd, (uint)buffer, (uint)length, (ulong)cookie, (uint)used));
        Define("fd_seek", (WasmInstance caller, int fd, long offset, int whence, int result) => (int)Seek(GuestMemory.Of(caller), fd, offset, whence, (uint)result));
        Define("fd_tell", (WasmInstance caller, int fd, int result) => (int)Seek(GuestMemory.Of(caller), fd, 0, (int)Whence.Current, (uint)result));
    }

    private enum Whence
    {
        Start,
        Current,
        End,
    }

    private Errno Sync(int fd, Rights needed, bool isDataOnly)
    {
        if (Find<Descriptor>(fd, needed, out var descriptor) is var errno and not Errno.Success)
            return errno;
        return descriptor is StreamDescriptor stream ? Flush(stream.Stream) : descriptor.Node!.Sync(isDataOnly);
    }

    /// <summary>Advice is only checked: nothing here reads ahead.</summary>
    private Errno Advise(int fd, ulong offset, ulong length, int advice)
    {
        if (Find<FileDescriptor>(fd, Rights.Advise, out _) is var errno and not Errno.Success)
            return errno;
        return (uint)advice > LastAdvice || offset > long.MaxValue || length > long.MaxValue ? Errno.Invalid : Errno.Success;
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
        if ((flags & ~(int)DescriptorFlags.All) != 0)
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
        if (descriptor.Node is not { } node)
            return WriteFileStat(memory, result, new FileStat(0, 0, descriptor.Type, 1, 0, 0, 0, 0));
        return node.GetStat(out var stat) is var failure and not Errno.Success ? failure : WriteFileStat(memory, result, stat);
    }

    private static Errno WriteFileStat(GuestMemory memory, uint result, in FileStat stat)
    {
        if (!memory.TryGetSpan(result, FileStatBytes, out var bytes))
            return Errno.Fault;
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, stat.Device);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], stat.Inode);
        bytes[16] = (byte)stat.Type;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], stat.Links);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], stat.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], stat.AccessTime);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], stat.ModificationTime);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], stat.ChangeTime);
        return Errno.Success;
    }

    private Errno SetSize(int fd, ulong size)
    {
        var errno = Find<FileDescriptor>(fd, Rights.SetSize, out var file);
        return errno == Errno.Success ? file.File.SetSize(size) : errno;
    }

    private Errno Allocate(int fd, ulong offset, ulong length)
    {
        if (Find<FileDescriptor>(fd, Rights.Allocate, out var file) is var errno and not Errno.Success)
            return errno;
        if (length == 0)
            return Errno.Invalid;
        return offset + length < offset ? Errno.FileTooLarge : file.File.Allocate(offset, length);
    }

    private Errno SetDescriptorTimes(int fd, ulong access, ulong modification, int flags)
    {
        if (Find<Descriptor>(fd, Rights.SetTimes, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if (ReadTimes(access, modification, flags, out var times) is var invalid and not Errno.Success)
            return invalid;
        return descriptor.Node?.SetTimes(times) ?? Errno.BadDescriptor;
    }

    /// <summary>Source: WASI preview 1, <c>fstflags</c>: two bits for each time, give it or use the present.</summary>
    private Errno ReadTimes(ulong access, ulong modification, int flags, out FileTimes times)
    {
        times = default;
        if ((uint)flags > 15 || (flags & 3) == 3 || (flags & 12) == 12)
            return Errno.Invalid;
        times = new FileTimes(TimeToSet(access, flags & 3), TimeToSet(modification, (flags & 12) >> 2));
        return Errno.Success;
    }

    private ulong? TimeToSet(ulong given, int flags) => flags switch
    {
        0 => null,
        1 => given,
        _ => Time(RealtimeClock),
    };

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

    private Errno Seek(GuestMemory memory, int fd, long offset, int whence, uint result)
    {
        if (_descriptors.TryGet(fd, out var any) && any is StreamDescriptor)
            return Errno.IllegalSeek;
        if (Find<FileDescriptor>(fd, Rights.None, out var file) is var errno and not Errno.Success)
            return errno;

        // The right to seek includes that to tell; seeking by nothing from here is telling.
        var isTell = offset == 0 && whence == (int)Whence.Current;
        if ((file.Rights & (isTell ? Rights.Seek | Rights.Tell : Rights.Seek)) == Rights.None)
            return Errno.NotCapable;
        if ((uint)whence > (uint)Whence.End)
            return Errno.Invalid;

        var origin = whence == (int)Whence.Current ? (long)file.Position : 0;
        if (whence == (int)Whence.End)
        {
            if (file.File.GetStat(out var stat) is var failure and not Errno.Success)
                return failure;
            origin = (long)Math.Min(stat.Size, long.MaxValue);
        }
        if (offset > long.MaxValue - origin)
            return Errno.Overflow;
        if (origin + offset < 0)
            return Errno.Invalid;
        if (memory.Write(result, (ulong)(origin + offset)) is var fault and not Errno.Success)
            return fault;
        file.Position = (ulong)(origin + offset);
        return Errno.Success;
    }
}
