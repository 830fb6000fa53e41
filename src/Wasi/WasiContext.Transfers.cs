using System.Buffers.Binary;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Reading into and writing from several buffers of the guest.</content>
public sealed partial class WasiContext
{
    private const int BufferBytes = 8;

    private void AddTransfers()
    {
        Define("fd_read", (WasmInstance caller, int fd, int buffers, int count, int result) =>
            (int)Read(GuestMemory.Of(caller), fd, (uint)buffers, count, position: null, (uint)result));
        Define("fd_pread", (WasmInstance caller, int fd, int buffers, int count, long offset, int result) =>
            (int)Read(GuestMemory.Of(caller), fd, (uint)buffers, count, (ulong)offset, (uint)result));
        Define("fd_write", (WasmInstance caller, int fd, int buffers, int count, int result) =>
            (int)Write(GuestMemory.Of(caller), fd, (uint)buffers, count, position: null, (uint)result));
        Define("fd_pwrite", (WasmInstance caller, int fd, int buffers, int count, long offset, int result) =>
            (int)Write(GuestMemory.Of(caller), fd, (uint)buffers, count, (ulong)offset, (uint)result));
    }

    /// <summary>A descriptor to move bytes from or to. Source: WASI preview 1, <c>rights</c>: a position needs the right to seek.</summary>
    private Errno FindForTransfer(int fd, Rights needed, bool isPositioned, out Descriptor descriptor)
    {
        if (Find(fd, Rights.None, out descriptor) is var errno and not Errno.Success)
            return errno;
        if (descriptor is DirectoryDescriptor)
            return Errno.IsDirectory;
        if (isPositioned && descriptor is StreamDescriptor)
            return Errno.IllegalSeek;
        needed |= isPositioned ? Rights.Seek : Rights.None;
        return (descriptor.Rights & needed) == needed ? Errno.Success : Errno.NotCapable;
    }

    private Errno Read(GuestMemory memory, int fd, uint buffers, int count, ulong? position, uint result)
    {
        if (FindForTransfer(fd, Rights.Read, position is not null, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if ((uint)count > (uint)_limits.Buffers)
            return Errno.Invalid;

        var start = position ?? (descriptor as FileDescriptor)?.Position ?? 0;
        var total = 0;
        for (var i = 0; i < count && total < _limits.TransferBytes; i++)
        {
            if (!TryGetBuffer(memory, buffers, i, _limits.TransferBytes - total, out var buffer, out var length))
                return Errno.Fault;
            if (length == 0)
                continue;
            var failure = descriptor is FileDescriptor source
                ? source.File.Read(start + (ulong)total, buffer, out var read)
                : ReadStream((StreamDescriptor)descriptor, buffer, isFirst: total == 0, out read);
            total += read;
            if (failure != Errno.Success && total == 0)
                return failure;

            // One that gave less has no more for now.
            if (read < length)
                break;
        }
        if (memory.Write(result, (uint)total) is var fault and not Errno.Success)
            return fault;
        if (descriptor is FileDescriptor file && position is null)
            file.Position += (ulong)total;
        return Errno.Success;
    }

    private static Errno ReadStream(StreamDescriptor descriptor, Span<byte> buffer, bool isFirst, out int read)
    {
        read = 0;

        // A second buffer is filled with what is there, and not waited for.
        if ((!isFirst || descriptor.Flags.HasFlag(DescriptorFlags.NonBlocking)) && descriptor.ReadableBytes is null)
            return Errno.Again;
        try
        {
            read = descriptor.Stream.Read(buffer);
            return Errno.Success;
        }
        catch (IOException)
        {
            return Errno.InputOutput;
        }
    }

    private Errno Write(GuestMemory memory, int fd, uint buffers, int count, ulong? position, uint result)
    {
        if (FindForTransfer(fd, Rights.Write, position is not null, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if ((uint)count > (uint)_limits.Buffers)
            return Errno.Invalid;

        var total = 0;
        for (var i = 0; i < count && total < _limits.TransferBytes; i++)
        {
            if (!TryGetBuffer(memory, buffers, i, _limits.TransferBytes - total, out var part, out var length))
                return Errno.Fault;
            if (length == 0)
                continue;
            var failure = descriptor is FileDescriptor target
                ? WriteFile(target, part, position + (ulong)total, out var written)
                : WriteStream(((StreamDescriptor)descriptor).Stream, part, out written);
            total += written;
            if (failure != Errno.Success && total == 0)
                return failure;
            if (written < length)
                break;
        }
        if (Settle(descriptor) is var unsettled and not Errno.Success)
            return unsettled;
        return memory.Write(result, (uint)total);
    }

    /// <summary>Where a descriptor appends, only a position that is given counts more. Source: POSIX, pwrite.</summary>
    private static Errno WriteFile(FileDescriptor file, ReadOnlySpan<byte> bytes, ulong? position, out int written)
    {
        if (position is { } given)
            return file.File.Write(given, bytes, out written);
        Errno errno;
        if (file.Flags.HasFlag(DescriptorFlags.Append))
        {
            errno = file.File.Append(bytes, out var end, out written);
            if (errno == Errno.Success)
                file.Position = end;
            return errno;
        }
        errno = file.File.Write(file.Position, bytes, out written);
        file.Position += (ulong)written;
        return errno;
    }

    private Errno WriteStream(Stream stream, ReadOnlySpan<byte> bytes, out int written)
    {
        written = (int)Math.Min(bytes.Length, _outputBytesLeft);
        if (written == 0)
            return Errno.NoSpace;
        _outputBytesLeft -= written;
        try
        {
            stream.Write(bytes[..written]);
            return Errno.Success;
        }
        catch (IOException broken)
        {
            written = 0;
            return ErrnoOf(broken);
        }
    }

    /// <summary>Does after a write what the descriptor's kind and flags ask for.</summary>
    private static Errno Settle(Descriptor descriptor)
    {
        if (descriptor is StreamDescriptor stream)
            return Flush(stream.Stream);
        return (descriptor.Flags & (DescriptorFlags.Sync | DescriptorFlags.DataSync)) == DescriptorFlags.None
            ? Errno.Success
            : descriptor.Node!.Sync(isDataOnly: !descriptor.Flags.HasFlag(DescriptorFlags.Sync));
    }

    private static Errno Flush(Stream stream)
    {
        try
        {
            stream.Flush();
            return Errno.Success;
        }
        catch (IOException broken)
        {
            return ErrnoOf(broken);
        }
    }

    private static Errno ErrnoOf(IOException broken) =>
        HostErrors.Translate(broken) is Errno.BrokenPipe ? Errno.BrokenPipe : Errno.InputOutput;

    /// <summary>The part of a guest's buffer that is moved in this call; all of the buffer must be in its memory.</summary>
    private static bool TryGetBuffer(GuestMemory memory, uint buffers, int index, int limit, out Span<byte> buffer, out uint length)
    {
        buffer = default;
        length = 0;
        if (!memory.TryGetEntry(buffers, index, BufferBytes, out var entry))
            return false;
        length = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
        return memory.TryGetSpan(BinaryPrimitives.ReadUInt32LittleEndian(entry), length, limit, out buffer);
    }
}
