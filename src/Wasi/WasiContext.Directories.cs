using System.Buffers.Binary;
using System.Text;

namespace LazyOC.Wasi;

/// <content>Reading directories.</content>
public sealed partial class WasiContext
{
    private const int DirectoryEntryBytes = 24;

    /// <summary>A full buffer tells the guest that there is more; the last entry may be cut, and is read again then.</summary>
    private Errno ReadDirectory(GuestMemory memory, int fd, uint buffer, uint length, ulong cookie, uint used)
    {
        if (Find<DirectoryDescriptor>(fd, Rights.ReadDirectory, out var directory) is var errno and not Errno.Success)
            return errno;
        if (length > (uint)_limits.DirectoryBytes)
            return Errno.Invalid;
        if (!memory.TryGetSpan(buffer, length, out var free))
            return Errno.Fault;
        while (!free.IsEmpty)
        {
            var failure = directory.Directory.ReadEntry(cookie, out var entry);
            if (failure == Errno.NoEntry)
                break;

            // What was read so far is told first; the guest meets the failure when it goes on.
            if (failure != Errno.Success)
                return free.Length == length ? failure : memory.Write(used, length - (uint)free.Length);
            free = WriteDirectoryEntry(free, entry);
            cookie = entry.Next;
        }
        return memory.Write(used, length - (uint)free.Length);
    }

    private static Span<byte> WriteDirectoryEntry(Span<byte> free, DirectoryEntry entry)
    {
        Span<byte> head = stackalloc byte[DirectoryEntryBytes];
        head.Clear();
        var name = Encoding.UTF8.GetBytes(entry.Name);
        BinaryPrimitives.WriteUInt64LittleEndian(head, entry.Next);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], entry.Inode);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], (uint)name.Length);
        head[20] = (byte)entry.Type;
        return WriteCut(WriteCut(free, head), name);
    }

    private static Span<byte> WriteCut(Span<byte> free, scoped ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(free.Length, bytes.Length);
        bytes[..length].CopyTo(free);
        return free[length..];
    }
}
