namespace LazyOC.Wasm.Binary;

/// <summary>Which immediates each opcode has. A feature the engine does not have is refused here, by name.</summary>
internal static class Immediates
{
    /// <summary>Bytes from here on are the first of two parts of an opcode.</summary>
    public const byte FirstPrefix = 0xFB;

    private const int SaturatingPrefix = 0xFC;
    private const int VectorPrefix = 0xFD;
    private const int AtomicPrefix = 0xFE;

    /// <summary>Numbers of the relaxed SIMD proposal, the only ones of two bytes.</summary>
    private const uint FirstRelaxed = 0x100, LastRelaxed = 0x113;

    private static readonly Immediate[] OneByte = OneByteTable();
    private static readonly Immediate[] Prefixed = PrefixedTable();
    private static readonly Immediate[] Vector = VectorTable();

    /// <summary>Numbers behind the vector prefix that are no instruction.</summary>
    private static ReadOnlySpan<byte> VectorGaps =>
        [0x9A, 0xA2, 0xA5, 0xA6, 0xAF, 0xB0, 0xB2, 0xB3, 0xB4, 0xBB, 0xC2, 0xC5, 0xC6, 0xCF, 0xD0, 0xD2, 0xD3, 0xD4, 0xE2, 0xEE];

    public static Immediate Of(Opcode opcode)
    {
        var value = (int)opcode;
        if (value <= 0xFF)
            return OneByte[value];
        return (value >> 8) switch
        {
            VectorPrefix => Vector[value & 0xFF],
            SaturatingPrefix when (value & 0xFF) < Prefixed.Length => Prefixed[value & 0xFF],
            _ => Immediate.Undefined,
        };
    }

    /// <summary>The refusal of an opcode that has no immediates here.</summary>
    public static WasmFormatException Refuse(Opcode opcode, int offset)
    {
        var value = (int)opcode;
        if (value >> 8 == AtomicPrefix)
            return WasmFormatException.Unsupported(offset, $"atomic instruction 0xfe 0x{value & 0xFF:x2}: threads are not supported");
        if (value is >= 0x06 and <= 0x09 or 0x18 or 0x19)
            return WasmFormatException.Unsupported(offset, $"instruction 0x{value:x2}: exception handling is not supported");
        return WasmFormatException.Malformed(offset, $"illegal opcode 0x{value:x2}");
    }

    /// <summary>The refusal of an opcode whose number does not fit in a byte.</summary>
    public static WasmFormatException Refuse(byte prefix, uint number, int offset) =>
        prefix == VectorPrefix && number is >= FirstRelaxed and <= LastRelaxed
            ? WasmFormatException.Unsupported(offset, $"vector instruction 0x{number:x}: relaxed SIMD is not supported")
            : WasmFormatException.Malformed(offset, $"illegal opcode 0x{prefix:x2} {number}");

    private static Immediate[] OneByteTable()
    {
        var table = new Immediate[256];
        Fill(table, Opcode.I32Load, Opcode.I64Store32, Immediate.MemoryArgument);
        Fill(table, Opcode.I32Eqz, Opcode.I64Extend32S, Immediate.None);
        Fill(table, Opcode.LocalGet, Opcode.TableSet, Immediate.Index);
        foreach (var opcode in (Opcode[])[Opcode.Unreachable, Opcode.Nop, Opcode.Else, Opcode.End, Opcode.Return, Opcode.Drop, Opcode.Select, Opcode.RefIsNull])
            table[(int)opcode] = Immediate.None;
        foreach (var opcode in (Opcode[])[Opcode.Block, Opcode.Loop, Opcode.If])
            table[(int)opcode] = Immediate.Block;
        foreach (var opcode in (Opcode[])[Opcode.Br, Opcode.BrIf, Opcode.Call, Opcode.ReturnCall, Opcode.RefFunc])
            table[(int)opcode] = Immediate.Index;
        table[(int)Opcode.BrTable] = Immediate.Labels;
        table[(int)Opcode.CallIndirect] = Immediate.TwoIndices;
        table[(int)Opcode.ReturnCallIndirect] = Immediate.TwoIndices;
        table[(int)Opcode.SelectTyped] = Immediate.Types;
        table[(int)Opcode.RefNull] = Immediate.ReferenceType;
        table[(int)Opcode.MemorySize] = Immediate.Memory;
        table[(int)Opcode.MemoryGrow] = Immediate.Memory;
        table[(int)Opcode.I32Const] = Immediate.I32;
        table[(int)Opcode.I64Const] = Immediate.I64;
        table[(int)Opcode.F32Const] = Immediate.F32;
        table[(int)Opcode.F64Const] = Immediate.F64;
        return table;
    }

    private static Immediate[] PrefixedTable()
    {
        var table = new Immediate[(int)Opcode.TableFill - (SaturatingPrefix << 8) + 1];
        void Set(Opcode opcode, Immediate immediate) => table[(int)opcode & 0xFF] = immediate;

        for (var opcode = Opcode.I32TruncSatF32S; opcode <= Opcode.I64TruncSatF64U; opcode++)
            Set(opcode, Immediate.None);
        Set(Opcode.MemoryInit, Immediate.SegmentAndMemory);
        Set(Opcode.DataDrop, Immediate.Index);
        Set(Opcode.MemoryCopy, Immediate.TwoMemories);
        Set(Opcode.MemoryFill, Immediate.Memory);
        Set(Opcode.TableInit, Immediate.TwoIndices);
        Set(Opcode.ElemDrop, Immediate.Index);
        Set(Opcode.TableCopy, Immediate.TwoIndices);
        Set(Opcode.TableGrow, Immediate.Index);
        Set(Opcode.TableSize, Immediate.Index);
        Set(Opcode.TableFill, Immediate.Index);
        return table;
    }

    private static Immediate[] VectorTable()
    {
        var table = new Immediate[256];
        void Set(Opcode first, Opcode last, Immediate immediate) =>
            Array.Fill(table, immediate, (int)first & 0xFF, last - first + 1);

        Array.Fill(table, Immediate.None);
        Set(Opcode.V128Load, Opcode.V128Store, Immediate.MemoryArgument);
        Set(Opcode.V128Const, Opcode.V128Const, Immediate.V128);
        Set(Opcode.I8x16Shuffle, Opcode.I8x16Shuffle, Immediate.Lanes);
        Set(Opcode.I8x16ExtractLaneS, Opcode.F64x2ReplaceLane, Immediate.Lane);
        Set(Opcode.V128Load8Lane, Opcode.V128Store64Lane, Immediate.MemoryArgumentAndLane);
        Set(Opcode.V128Load32Zero, Opcode.V128Load64Zero, Immediate.MemoryArgument);
        foreach (var gap in VectorGaps)
            table[gap] = Immediate.Undefined;
        return table;
    }

    private static void Fill(Immediate[] table, Opcode first, Opcode last, Immediate immediate) =>
        Array.Fill(table, immediate, (int)first, last - first + 1);
}
