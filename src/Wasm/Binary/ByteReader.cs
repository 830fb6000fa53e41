using System.Buffers.Binary;
using System.Text;

namespace LazyOC.Wasm.Binary;

/// <summary>Reads the primitive values of the binary format from a part of a module.</summary>
/// <remarks>Offsets are counted from the start of the module. Source: WebAssembly 2.0, §5.2.</remarks>
internal ref struct ByteReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _module;
    private readonly int _end;
    private int _position;

    /// <summary>A reader of <paramref name="range"/>, which lies inside the module.</summary>
    public ByteReader(ReadOnlySpan<byte> module, ByteRange range)
    {
        _module = module[..range.End];
        _position = range.Offset;
        _end = range.End;
    }

    public readonly int Offset => _position;

    public readonly int End => _end;

    public readonly int Remaining => _end - _position;

    public readonly bool IsAtEnd => _position == _end;

    public byte ReadByte()
    {
        if (_position >= _end)
            throw UnexpectedEnd();
        return _module[_position++];
    }

    public readonly byte PeekByte()
    {
        if (_position >= _end)
            throw UnexpectedEnd();
        return _module[_position];
    }

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)Remaining)
            throw UnexpectedEnd();
        var bytes = _module.Slice(_position, count);
        _position += count;
        return bytes;
    }

    public void Skip(int count) => ReadBytes(count);

    /// <summary>A length in bytes that must fit in what remains; afterwards the reader stands behind that range.</summary>
    public ByteRange ReadSizedRange()
    {
        var offset = _position;
        var length = ReadU32();
        if (length > (uint)Remaining)
            throw WasmFormatException.Malformed(offset, "length out of bounds");
        var range = new ByteRange(_position, (int)length);
        _position += (int)length;
        return range;
    }

    /// <summary>The length of a vector, compared with its limit before anything is allocated.</summary>
    public int ReadCount(int limit, string what)
    {
        var offset = _position;
        var count = ReadU32();
        if (count > (uint)limit)
            throw WasmFormatException.LimitExceeded(offset, what, count, (ulong)limit);
        return CheckedCount(offset, count);
    }

    /// <summary>The length of a vector of which nothing is kept.</summary>
    public int ReadCount()
    {
        var offset = _position;
        return CheckedCount(offset, ReadU32());
    }

    public uint ReadU32()
    {
        // One byte is by far the most frequent length.
        if (_position < _end && _module[_position] < 0x80)
            return _module[_position++];
        return (uint)ReadUnsigned(32);
    }

    public int ReadS32() => (int)ReadSigned(32);

    public long ReadS33() => ReadSigned(33);

    public long ReadS64() => ReadSigned(64);

    public uint ReadF32Bits() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    public ulong ReadF64Bits() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    public string ReadName(int limitBytes)
    {
        var offset = _position;
        var range = ReadSizedRange();
        if (range.Length > limitBytes)
            throw WasmFormatException.LimitExceeded(offset, "name bytes", (ulong)range.Length, (ulong)limitBytes);
        try
        {
            return StrictUtf8.GetString(_module.Slice(range.Offset, range.Length));
        }
        catch (ArgumentException)
        {
            throw WasmFormatException.Malformed(offset, "malformed UTF-8 encoding");
        }
    }

    public ValType ReadValType()
    {
        var offset = _position;
        var type = (ValType)ReadByte();
        if (type.IsDefined())
            return type;
        throw MalformedCode(offset, "value type", (byte)type);
    }

    public ValType ReadReferenceType()
    {
        var offset = _position;
        var type = (ValType)ReadByte();
        if (type.IsReference())
            return type;
        throw MalformedCode(offset, "reference type", (byte)type);
    }

    /// <summary>The refusal of a byte that stands for a kind of type: a signed integer of 7 bits in the grammar.</summary>
    public static WasmFormatException MalformedCode(int offset, string what, byte code) =>
        WasmFormatException.Malformed(offset, $"{(code < 0x80 ? "malformed" : "integer representation too long:")} {what} 0x{code:x2}");

    /// <summary>Every entry takes a byte at least, so a count beyond what remains cannot be honest.</summary>
    private readonly int CheckedCount(int offset, uint count) =>
        count <= (uint)Remaining ? (int)count : throw WasmFormatException.Malformed(offset, "length out of bounds");

    private ulong ReadUnsigned(int bits)
    {
        var start = _position;
        ulong result = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (shift >= bits)
                throw WasmFormatException.Malformed(start, "integer representation too long");
            var part = ReadByte();
            var bitsLeft = bits - shift;
            if (bitsLeft < 7 && (part & 0x7F) >> bitsLeft != 0)
                throw TooLargeOrTooLong(start, part);
            result |= (ulong)(part & 0x7F) << shift;
            if ((part & 0x80) == 0)
                return result;
        }
    }

    private long ReadSigned(int bits)
    {
        var start = _position;
        long result = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (shift >= bits)
                throw WasmFormatException.Malformed(start, "integer representation too long");
            var part = ReadByte();
            var bitsLeft = bits - shift;
            if (bitsLeft < 7)
            {
                // The unused bits of the last byte repeat the sign bit.
                var signAndUnused = (part & 0x7F) >> (bitsLeft - 1);
                if (signAndUnused != 0 && signAndUnused != 0x7F >> (bitsLeft - 1))
                    throw TooLargeOrTooLong(start, part);
            }
            result |= (long)(part & 0x7F) << shift;
            if ((part & 0x80) != 0)
                continue;
            var unused = 64 - Math.Min(shift + 7, 64);
            return result << unused >> unused;
        }
    }

    private static WasmFormatException TooLargeOrTooLong(int offset, byte lastByte) =>
        WasmFormatException.Malformed(
            offset, (lastByte & 0x80) != 0 ? "integer representation too long" : "integer too large");

    private readonly WasmFormatException UnexpectedEnd() =>
        WasmFormatException.Malformed(_position, "unexpected end of section or function");
}
