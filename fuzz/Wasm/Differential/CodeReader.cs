namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>Steps through a module's bytes without understanding more than where instructions end.</summary>
/// <remarks>
/// Independent of the engine's own decoder on purpose, and for valid modules only. Source: WebAssembly 2.0, §5.
/// </remarks>
internal ref struct CodeReader(ReadOnlySpan<byte> bytes)
{
    private const byte SaturatingPrefix = 0xFC;
    private const byte VectorPrefix = 0xFD;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; set; }

    public readonly bool IsAtEnd => Position == _bytes.Length;

    public byte Byte() => _bytes[Position++];

    public ReadOnlySpan<byte> Bytes(int count)
    {
        var part = _bytes.Slice(Position, count);
        Position += count;
        return part;
    }

    /// <summary>An unsigned number of at most 32 bits.</summary>
    public int Number()
    {
        uint result = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            result |= (uint)(part & 0x7F) << shift;
            if ((part & 0x80) == 0)
                return (int)result;
        }
    }

    public void SkipName() => Bytes(Number());

    /// <summary>Skips one instruction; returns its opcode, prefix and second part in one number.</summary>
    public int Instruction()
    {
        var first = Byte();
        switch (first)
        {
            case SaturatingPrefix:
                var bulk = Number();
                SkipNumbers(bulk switch { < 8 => 0, 8 or 10 or 12 or 14 => 2, _ => 1 });
                return SaturatingPrefix << 8 | bulk;
            case VectorPrefix:
                var vector = Number();
                SkipVectorImmediates(vector);
                return VectorPrefix << 8 | vector;
            case 0x0E:
                SkipNumbers(Number() + 1);
                break;
            case 0x1C:
                Bytes(Number());
                break;
            case 0x43:
                Position += sizeof(float);
                break;
            case 0x44:
                Position += sizeof(double);
                break;
            default:
                SkipNumbers(NumbersOf(first));
                break;
        }
        return first;
    }

    /// <summary>How many LEB128 numbers follow a one-byte opcode.</summary>
    private static int NumbersOf(byte opcode) => opcode switch
    {
        0x11 or 0x13 or (>= 0x28 and <= 0x3E) => 2,
        >= 0x02 and <= 0x04 or 0x0C or 0x0D or 0x10 or 0x12 or (>= 0x20 and <= 0x26) or (>= 0x3F and <= 0x42) or 0xD0 or 0xD2 => 1,
        _ => 0,
    };

    private void SkipVectorImmediates(int opcode)
    {
        switch (opcode)
        {
            case <= 11 or 92 or 93:
                SkipNumbers(2);
                break;
            case 12 or 13:
                Position += 16;
                break;
            case >= 21 and <= 34:
                Position++;
                break;
            case >= 84 and <= 91:
                SkipNumbers(2);
                Position++;
                break;
        }
    }

    /// <summary>Signed ones end where unsigned ones would.</summary>
    private void SkipNumbers(int count)
    {
        for (; count > 0; count--)
        {
            while ((Byte() & 0x80) != 0)
            {
            }
        }
    }
}
