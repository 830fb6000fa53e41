using System.Buffers.Binary;
using System.Numerics;

namespace LazyOC.Plugins.Sandbox.Guests.Extism;

/// <summary>
/// Extism's "kernel memory": blocks, apart from the guest's linear memory, in which it and its host hand each other
/// bytes. It lives on the host; every offset that comes from the guest is checked.
/// </summary>
/// <remarks>
/// Offsets are opaque to the guest, never 0, and mean nothing after <see cref="Reset"/>, which begins every message.
/// Loads out of range give 0 and stores are ignored, as in Extism. Source: extism 1.x, kernel.
/// </remarks>
internal sealed class ExtismHeap
{
    private const int FirstOffset = 64;
    private const int MinBlockBytes = 64;
    private const int KeptBytes = 256 << 10;

    private readonly Dictionary<int, Block> _blocks = [];
    private readonly Stack<int>[] _freed = [.. Enumerable.Range(0, BitOperations.Log2(GuestBounds.ExtismHeapBytes) + 1).Select(_ => new Stack<int>())];
    private byte[] _bytes = [];
    private int _top = FirstOffset;
    private int _error;
    private (int Offset, int Length) _input;
    private (int Offset, int Length) _output;

    private record struct Block(int Length, int Size, bool IsFree);

    /// <summary>Bytes that blocks lie in.</summary>
    public long SizeBytes => _bytes.Length;

    public long InputOffset => _input.Offset;

    public long InputLength => _input.Length;

    public long OutputOffset => _output.Offset;

    public long OutputLength => _output.Length;

    /// <summary>The block that holds the error the guest has set; 0 when there is none.</summary>
    public long Error
    {
        get => _error;
        set => _error = Length(value) > 0 || value == 0 ? (int)value : _error;
    }

    /// <summary>What the guest has answered; valid until the guest runs again.</summary>
    /// <remarks>An empty one may lie where there are no bytes, after a <see cref="Reset"/> by the guest.</remarks>
    public ReadOnlySpan<byte> Output => _output.Length == 0 ? [] : _bytes.AsSpan(_output.Offset, _output.Length);

    /// <summary>Forgets all blocks.</summary>
    public void Reset()
    {
        if (_bytes.Length > KeptBytes)
            _bytes = [];
        else
            _bytes.AsSpan(0, Math.Min(_top, _bytes.Length)).Clear();
        _blocks.Clear();
        foreach (var offsets in _freed)
            offsets.Clear();
        _top = FirstOffset;
        _error = 0;
        _input = default;
        _output = default;
    }

    /// <summary>The guest asks for a block; 0 when it is empty or there is no room.</summary>
    public long Allocate(long length)
    {
        if (length is <= 0 or > GuestBounds.ExtismHeapBytes)
            return 0;
        var size = SizeFor((int)length);
        if (!_freed[BitOperations.Log2((uint)size)].TryPop(out var offset))
            return Extend((int)length);
        _blocks[offset] = new Block((int)length, size, IsFree: false);
        return offset;
    }

    /// <summary>
    /// The host puts bytes into a block; 0 when they are none or there is no room. It takes no block the guest has
    /// freed: guests free keys again after the call that took them, and would free the value.
    /// </summary>
    public long Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > GuestBounds.ExtismHeapBytes)
            return 0;
        var offset = Extend(bytes.Length);
        if (offset != 0)
            bytes.CopyTo(_bytes.AsSpan(offset));
        return offset;
    }

    /// <summary>Frees a block; 0, offsets that are no block's, and freed ones are ignored.</summary>
    public void Free(long offset)
    {
        if (!TryFind(offset, out var block))
            return;
        _blocks[(int)offset] = block with { IsFree = true };
        _freed[BitOperations.Log2((uint)block.Size)].Push((int)offset);
        if (offset == _input.Offset)
            _input.Length = 0;
    }

    /// <summary>Length of a block; 0 for an offset that is no block's.</summary>
    public long Length(long offset) => TryFind(offset, out var block) ? block.Length : 0;

    /// <summary>The bytes of a block; false for an offset that is no block's.</summary>
    public bool TryGet(long offset, out ReadOnlyMemory<byte> bytes)
    {
        var found = TryFind(offset, out var block);
        bytes = found ? _bytes.AsMemory((int)offset, block.Length) : default;
        return found;
    }

    /// <summary>Makes a span of the heap the input; ignored when it is not inside.</summary>
    public void SetInput(long offset, long length)
    {
        if (IsInside(offset, length))
            _input = ((int)offset, (int)length);
    }

    /// <summary>Makes any span of the heap the output; ignored when it is not inside.</summary>
    public void SetOutput(long offset, long length)
    {
        if (IsInside(offset, length))
            _output = ((int)offset, (int)length);
    }

    public byte LoadByte(long offset) => IsInside(offset, 1) ? _bytes[offset] : (byte)0;

    public long LoadLong(long offset) =>
        IsInside(offset, sizeof(long)) ? BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan((int)offset)) : 0;

    public void StoreByte(long offset, byte value)
    {
        if (IsInside(offset, 1))
            _bytes[offset] = value;
    }

    public void StoreLong(long offset, long value)
    {
        if (IsInside(offset, sizeof(long)))
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan((int)offset), value);
    }

    public byte LoadInputByte(long offset) =>
        offset >= 0 && offset < _input.Length ? LoadByte(_input.Offset + offset) : (byte)0;

    public long LoadInputLong(long offset) =>
        offset >= 0 && offset <= _input.Length - sizeof(long) ? LoadLong(_input.Offset + offset) : 0;

    /// <summary>The part of the heap that blocks were given from.</summary>
    private bool IsInside(long offset, long length) =>
        offset >= FirstOffset && length >= 0 && offset <= _top && length <= _top - offset;

    private bool TryFind(long offset, out Block block)
    {
        block = default;
        return offset is > 0 and <= int.MaxValue && _blocks.TryGetValue((int)offset, out block) && !block.IsFree;
    }

    /// <summary>Sizes are powers of two, so that finding a freed block takes one step however many there are.</summary>
    private static int SizeFor(int length) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, MinBlockBytes));

    private int Extend(int length)
    {
        var size = SizeFor(length);
        if (size > GuestBounds.ExtismHeapBytes - _top)
            return 0;
        var offset = _top;
        _top += size;
        if (_top > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)_top), GuestBounds.ExtismHeapBytes));
        _blocks.Add(offset, new Block(length, size, IsFree: false));
        return offset;
    }
}
