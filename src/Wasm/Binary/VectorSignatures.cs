using System.Collections.Immutable;

namespace LazyOC.Wasm.Binary;

/// <summary>What a vector instruction takes and gives.</summary>
/// <param name="Operands">Types of the operands, the topmost last.</param>
/// <param name="Result">Type of the result; <see langword="null"/> for stores.</param>
/// <param name="Lanes">What its lane indices must be below; 0 when it has none.</param>
/// <param name="NaturalAlignment">Binary logarithm of the number of bytes it accesses in memory.</param>
internal sealed record VectorSignature(ImmutableArray<ValType> Operands, ValType? Result, int Lanes = 0, uint NaturalAlignment = 0);

/// <summary>The signatures of all vector instructions. Source: WebAssembly 2.0, §3.3.2 and §3.3.7.</summary>
internal static class VectorSignatures
{
    private const ValType I32 = ValType.I32, I64 = ValType.I64, F32 = ValType.F32, F64 = ValType.F64, V128 = ValType.V128;

    private static readonly VectorSignature Constant = new([], V128);
    private static readonly VectorSignature Unary = new([V128], V128);
    private static readonly VectorSignature Binary = new([V128, V128], V128);
    private static readonly VectorSignature Ternary = new([V128, V128, V128], V128);
    private static readonly VectorSignature Shift = new([V128, I32], V128);
    private static readonly VectorSignature Test = new([V128], I32);

    private static readonly VectorSignature?[] Table = Build();

    /// <summary>The signature of an instruction that <see cref="Immediates"/> knows.</summary>
    public static VectorSignature Of(Opcode opcode) =>
        Table[(int)opcode & 0xFF] ?? throw new InvalidOperationException($"`{opcode.Text()}` has no signature");

    private static VectorSignature?[] Build()
    {
        var table = new VectorSignature?[256];
        void Set(Opcode first, Opcode last, VectorSignature signature) =>
            Array.Fill(table, signature, (int)first & 0xFF, last - first + 1);

        SetMemory(Set);
        SetLanes(Set);
        Set(Opcode.V128Const, Opcode.V128Const, Constant);
        Set(Opcode.I8x16Swizzle, Opcode.I8x16Swizzle, Binary);
        Set(Opcode.I8x16Eq, Opcode.F64x2Ge, Binary);
        Set(Opcode.V128Not, Opcode.V128Not, Unary);
        Set(Opcode.V128And, Opcode.V128Xor, Binary);
        Set(Opcode.V128Bitselect, Opcode.V128Bitselect, Ternary);
        Set(Opcode.V128AnyTrue, Opcode.V128AnyTrue, Test);
        Set(Opcode.F32x4DemoteF64x2Zero, Opcode.F64x2PromoteLowF32x4, Unary);

        const int nextWidth = Opcode.I16x8Abs - Opcode.I8x16Abs;
        for (var first = Opcode.I8x16Abs; first <= Opcode.I64x2Abs; first += nextWidth)
            SetIntegers(Set, first);
        Set(Opcode.I16x8Q15mulrSatS, Opcode.I16x8Q15mulrSatS, Binary);
        Set(Opcode.F64x2Ceil, Opcode.F64x2Floor, Unary);
        Set(Opcode.F64x2Trunc, Opcode.F64x2Trunc, Unary);
        Set(Opcode.I16x8ExtaddPairwiseI8x16S, Opcode.I32x4ExtaddPairwiseI16x8U, Unary);
        Set(Opcode.F64x2Nearest, Opcode.F64x2Nearest, Unary);

        Set(Opcode.F32x4Abs, Opcode.F32x4Sqrt, Unary);
        Set(Opcode.F32x4Add, Opcode.F32x4Pmax, Binary);
        Set(Opcode.F64x2Abs, Opcode.F64x2Sqrt, Unary);
        Set(Opcode.F64x2Add, Opcode.F64x2Pmax, Binary);
        Set(Opcode.I32x4TruncSatF32x4S, Opcode.F64x2ConvertLowI32x4U, Unary);
        return table;
    }

    /// <summary>The integer instructions of one width, which are in the same order in each.</summary>
    private static void SetIntegers(Action<Opcode, Opcode, VectorSignature> set, Opcode first)
    {
        Opcode At(Opcode ofI8x16) => first + (ofI8x16 - Opcode.I8x16Abs);

        set(first, At(Opcode.I8x16Popcnt), Unary);
        set(At(Opcode.I8x16AllTrue), At(Opcode.I8x16Bitmask), Test);
        set(At(Opcode.I8x16NarrowI16x8S), At(Opcode.I8x16NarrowI16x8U), Binary);
        // The place of the extensions is that of four roundings in the first width.
        set(At(Opcode.F32x4Ceil), At(Opcode.F32x4Nearest), Unary);
        set(At(Opcode.I8x16Shl), At(Opcode.I8x16ShrU), Shift);
        set(At(Opcode.I8x16Add), At(Opcode.I32x4ExtaddPairwiseI16x8U), Binary);
    }

    private static void SetMemory(Action<Opcode, Opcode, VectorSignature> set)
    {
        SetOne(Opcode.V128Load, Load(4));
        set(Opcode.V128Load8x8S, Opcode.V128Load32x2U, Load(3));
        SetOne(Opcode.V128Store, new VectorSignature([I32, V128], null, NaturalAlignment: 4));
        for (ushort width = 0; width <= 3; width++)
        {
            var lanes = 16 >> width;
            SetOne(Opcode.V128Load8Splat + width, Load(width));
            SetOne(Opcode.V128Load8Lane + width, new VectorSignature([I32, V128], V128, lanes, width));
            SetOne(Opcode.V128Store8Lane + width, new VectorSignature([I32, V128], null, lanes, width));
        }
        SetOne(Opcode.V128Load32Zero, Load(2));
        SetOne(Opcode.V128Load64Zero, Load(3));

        void SetOne(Opcode opcode, VectorSignature signature) => set(opcode, opcode, signature);
    }

    private static VectorSignature Load(uint alignment) => new([I32], V128, NaturalAlignment: alignment);

    private static void SetLanes(Action<Opcode, Opcode, VectorSignature> set)
    {
        set(Opcode.I8x16Shuffle, Opcode.I8x16Shuffle, Binary with { Lanes = 32 });
        SetShape(Opcode.I8x16Splat, Opcode.I8x16ExtractLaneS, Opcode.I8x16ReplaceLane, I32, 16);
        SetShape(Opcode.I16x8Splat, Opcode.I16x8ExtractLaneS, Opcode.I16x8ReplaceLane, I32, 8);
        SetShape(Opcode.I32x4Splat, Opcode.I32x4ExtractLane, Opcode.I32x4ReplaceLane, I32, 4);
        SetShape(Opcode.I64x2Splat, Opcode.I64x2ExtractLane, Opcode.I64x2ReplaceLane, I64, 2);
        SetShape(Opcode.F32x4Splat, Opcode.F32x4ExtractLane, Opcode.F32x4ReplaceLane, F32, 4);
        SetShape(Opcode.F64x2Splat, Opcode.F64x2ExtractLane, Opcode.F64x2ReplaceLane, F64, 2);

        // All instructions from the first extraction up to the replacement are extractions.
        void SetShape(Opcode splat, Opcode extract, Opcode replace, ValType lane, int lanes)
        {
            set(splat, splat, new VectorSignature([lane], V128));
            set(extract, replace - 1, new VectorSignature([V128], lane, lanes));
            set(replace, replace, new VectorSignature([V128, lane], V128, lanes));
        }
    }
}
