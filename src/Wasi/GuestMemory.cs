using System.Buffers.Binary;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <summary>The memory of the calling guest. Every address comes from the guest; one that is outside is <c>EFAULT</c>.</summary>
/// <remarks>Spans stay valid for the duration of one host call: the guest, which alone may grow its memory, waits.</remarks>
internal readonly ref struct GuestMemory
{
    private readonly WasmMemory _memory;

    private GuestMemory(WasmMemory memory) => _memory = memory;

    public static GuestMemory Of(WasmInstance caller)
    {
        try
        {
            return new GuestMemory(caller.Memory);
        }
        catch (WasmLinkException)
        {
            throw new TrapException(TrapCode.MemoryOutOfBounds, "a module without memory called WASI");
        }
    }

    public bool TryGetSpan(uint address, uint length, out Span<byte> span)
    {
        if (length > int.MaxValue || (ulong)address + length > (ulong)_memory.SizeBytes)
        {
            span = default;
            return false;
        }
        span = _memory.GetSpan(address, (int)length);
        return true;
    }

    /// <summary>As above, but no more than the first <paramref name="limit"/> bytes of what must be inside as a whole.</summary>
    public bool TryGetSpan(uint address, uint length, int limit, out Span<byte> span)
    {
        span = default;
        return (ulong)address + length <= (ulong)_memory.SizeBytes && TryGetSpan(address, Math.Min(length, (uint)limit), out span);
    }

    /// <summary>The <paramref name="index"/>th entry, of <paramref name="entryBytes"/> bytes, of an array of the guest.</summary>
    public bool TryGetEntry(uint array, int index, int entryBytes, out Span<byte> entry)
    {
        var address = array + ((ulong)(uint)index * (uint)entryBytes);
        entry = default;
        return address <= uint.MaxValue && TryGetSpan((uint)address, (uint)entryBytes, out entry);
    }

    public Errno Write(uint address, uint value)
    {
        if (!TryGetSpan(address, sizeof(uint), out var span))
            return Errno.Fault;
        BinaryPrimitives.WriteUInt32LittleEndian(span, value);
        return Errno.Success;
    }

    public Errno Write(uint address, ulong value)
    {
        if (!TryGetSpan(address, sizeof(ulong), out var span))
            return Errno.Fault;
        BinaryPrimitives.WriteUInt64LittleEndian(span, value);
        return Errno.Success;
    }
}
