using System.Buffers.Binary;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Reading into and writing from several buffers of the guest.</content>
public sealed partial class WasiContext
{
    private const int BufferBytes = 8;

    private void AddTransfers(WasmLinker linker)
    {
        linker.Define(ModuleName, "fd_read", (WasmInstance caller, int fd, int buffers, int count, int result) =>
            (int)Read(GuestMemory.Of(caller), fd, (uint)buffers, count, position: null, (uint)result));
        linker.Define(ModuleName, "fd_pread", (WasmInstance caller, int fd, int buffers, int count, long offset, int result) =>
            (int)Read(GuestMemory.Of(caller), fd, (uint)buffers, count, (ulong)offset, (uint)result));
        linker.Define(ModuleName, "fd_write", (WasmInstance caller, int fd, int buffers, int count, int result) =>
            (int)Write(GuestMemory.Of(caller), fd, (uint)buffers, count, position: null, (uint)result));
        linker.Define(ModuleName, "fd_pwrite", (WasmInstance caller, int fd, int buffers, int count, long offset, int result) =>
            (int)Write(GuestMemory.Of(caller), fd, (uint)buffers, count, (ulong)offset, (uint)result));
    }

    private Errno Read(GuestMemory memory, int fd, uint buffers, int count, ulong? position, uint result)
    {
        if (Find<Descriptor>(fd, Rights.Read, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if (position is not null && descriptor is not FileDescriptor)
            return Errno.IllegalSeek;
        if ((uint)count > (uint)_limits.Buffers)
            return Errno.Invalid;

        var start = position ?? (descriptor as FileDescriptor)?.Position ?? 0;
        var total = 0;
        for (var i = 0; i < count && total < _limits.TransferBytes; i++)
        {
            if (!TryGetBuffer(memory, buffers, i, out var buffer))
                return Errno.Fault;
            buffer = buffer[..Math.Min(buffer.Length, _limits.TransferBytes - total)];
            if (TryRead(descriptor, buffer, start + (ulong)total, out var read) is var failure and not Errno.Success)
                return failure;
            total += read;

            // A stream that gave less has no more for now.
            if (read < buffer.Length)
                break;
        }
        if (descriptor is FileDescriptor file && position is null)
            file.Position += (ulong)total;
        return memory.Write(result, (uint)total);
    }

    private static Errno TryRead(Descriptor descriptor, Span<byte> buffer, ulong position, out int read)
    {
        read = 0;
        if (descriptor is FileDescriptor file)
        {
            var start = Math.Min(position, (ulong)file.File.Length);
            var available = file.File.Content.Span[(int)start..];
            read = Math.Min(available.Length, buffer.Length);
            available[..read].CopyTo(buffer);
            return Errno.Success;
        }
        try
        {
            read = ((StreamDescriptor)descriptor).Stream.Read(buffer);
            return Errno.Success;
        }
        catch (IOException)
        {
            return Errno.InputOutput;
        }
    }

    private Errno Write(GuestMemory memory, int fd, uint buffers, int count, ulong? position, uint result)
    {
        if (Find<Descriptor>(fd, Rights.Write, out var descriptor) is var errno and not Errno.Success)
            return errno;
        if (position is not null && descriptor is not FileDescriptor)
            return Errno.IllegalSeek;
        if ((uint)count > (uint)_limits.Buffers)
            return Errno.Invalid;

        var total = 0;
        for (var i = 0; i < count && total < _limits.TransferBytes; i++)
        {
            if (!TryGetBuffer(memory, buffers, i, out var buffer))
                return Errno.Fault;
            var part = buffer[..Math.Min(buffer.Length, _limits.TransferBytes - total)];
            var failure = TryWrite(descriptor, part, position + (ulong)total, out var written);
            total += written;
            if (failure != Errno.Success && total == 0)
                return failure;
            if (written < part.Length)
                break;
        }
        if (descriptor is StreamDescriptor stream && Flush(stream.Stream) is var broken and not Errno.Success)
            return broken;
        return memory.Write(result, (uint)total);
    }

    private Errno TryWrite(Descriptor descriptor, ReadOnlySpan<byte> bytes, ulong? position, out int written)
    {
        written = 0;
        if (bytes.IsEmpty)
            return Errno.Success;
        if (descriptor is StreamDescriptor stream)
            return TryWrite(stream.Stream, bytes, out written);

        var file = (FileDescriptor)descriptor;
        var isAppend = file.Flags.HasFlag(DescriptorFlags.Append);
        var start = isAppend ? (ulong)file.File.Length : position ?? file.Position;
        var errno = file.System.Write(file.File, start, bytes);
        if (errno != Errno.Success)
            return errno;
        written = bytes.Length;
        if (position is null)
            file.Position = start + (ulong)written;
        return Errno.Success;
    }

    private Errno TryWrite(Stream stream, ReadOnlySpan<byte> bytes, out int written)
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
        catch (IOException)
        {
            written = 0;
            return Errno.InputOutput;
        }
    }

    private static Errno Flush(Stream stream)
    {
        try
        {
            stream.Flush();
            return Errno.Success;
        }
        catch (IOException)
        {
            return Errno.InputOutput;
        }
    }

    private static bool TryGetBuffer(GuestMemory memory, uint buffers, int index, out Span<byte> buffer)
    {
        buffer = default;
        return memory.TryGetEntry(buffers, index, BufferBytes, out var entry)
            && memory.TryGetSpan(
                BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), out buffer);
    }
}
