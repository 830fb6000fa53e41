using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LazyOC.Wasm.Execution;

/// <summary>The content of a linear memory at one moment, to be put into others. Immutable and thread-safe until disposed.</summary>
internal abstract class MemoryImage(uint pageCount) : IDisposable
{
    /// <summary>What is looked at as a whole for not being zero, in bytes; a multiple of what systems map.</summary>
    protected const int ChunkBytes = 4096;

    /// <summary>Size of the memory, in WebAssembly pages.</summary>
    public uint PageCount { get; } = pageCount;

    /// <summary>Takes the content of a memory; mapped where the system can, copied elsewhere.</summary>
    public static MemoryImage Of(WasmMemory memory) =>
        MappedMemoryImage.TryCreate(memory) ?? (MemoryImage)new CopiedMemoryImage(memory);

    /// <summary>Makes the start of <paramref name="space"/> equal to the image, whatever it was before; false when the system refuses.</summary>
    public abstract bool PutInto(AddressSpace space);

    public abstract void Dispose();

    /// <summary>The parts that are not all zero.</summary>
    protected static IEnumerable<long> NonZeroChunks(WasmMemory memory)
    {
        for (var offset = 0L; offset < memory.SizeBytes; offset += ChunkBytes)
        {
            if (memory.GetSpan((uint)offset, ChunkBytes).ContainsAnyExcept((byte)0))
                yield return offset;
        }
    }
}

/// <summary>
/// An image in an anonymous file that memories map copy-on-write: putting it into a memory copies nothing, and pages
/// that no instance writes to exist once. Linux only.
/// </summary>
internal sealed partial class MappedMemoryImage : MemoryImage
{
    private const uint CloseOnExec = 1;

    private readonly SafeFileHandle _file;

    private MappedMemoryImage(WasmMemory memory, SafeFileHandle file)
        : base(memory.PageCount) => _file = file;

    public static MappedMemoryImage? TryCreate(WasmMemory memory)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var file = new SafeFileHandle(CreateAnonymousFile("wasm-memory-image", CloseOnExec), ownsHandle: true);
        if (file.IsInvalid)
        {
            file.Dispose();
            return null;
        }
        // Chunks that are not written are holes: they read as zeros and take no memory.
        RandomAccess.SetLength(file, memory.SizeBytes);
        foreach (var offset in NonZeroChunks(memory))
            RandomAccess.Write(file, memory.GetSpan((uint)offset, ChunkBytes), offset);
        return new MappedMemoryImage(memory, file);
    }

    public override bool PutInto(AddressSpace space) => space.Map(_file, (ulong)PageCount * WasmMemory.PageBytes);

    public override void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CreateAnonymousFile(string name, uint flags);
}

/// <summary>An image that is copied, but for what is zero.</summary>
internal sealed unsafe class CopiedMemoryImage : MemoryImage
{
    private readonly ImmutableArray<(long Offset, byte[] Bytes)> _chunks;

    public CopiedMemoryImage(WasmMemory memory)
        : base(memory.PageCount) =>
        _chunks = [.. NonZeroChunks(memory).Select(offset => (offset, memory.GetSpan((uint)offset, ChunkBytes).ToArray()))];

    public override bool PutInto(AddressSpace space)
    {
        if (!space.Reset() || !space.Commit((ulong)PageCount * WasmMemory.PageBytes))
            return false;
        // Every chunk is inside the size that was just committed.
        foreach (var (offset, bytes) in _chunks)
            bytes.CopyTo(new Span<byte>(space.Start + offset, bytes.Length));
        return true;
    }

    public override void Dispose()
    {
    }
}
