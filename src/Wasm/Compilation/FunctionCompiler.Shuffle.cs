using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <content>Shuffles. Their lanes are constants, so the cheapest instruction is found here.</content>
internal sealed partial class FunctionCompiler
{
    private const int Bytes = 16;

    /// <summary>A lane that neither vector has.</summary>
    private const byte NoLane = byte.MaxValue;

    private static readonly ImmutableArray<(int Size, string Low, string High)> Interleavings =
    [
        (sizeof(byte), nameof(VectorNumerics.InterleaveLow8), nameof(VectorNumerics.InterleaveHigh8)),
        (sizeof(short), nameof(VectorNumerics.InterleaveLow16), nameof(VectorNumerics.InterleaveHigh16)),
        (sizeof(int), nameof(VectorNumerics.InterleaveLow32), nameof(VectorNumerics.InterleaveHigh32)),
        (sizeof(long), nameof(VectorNumerics.InterleaveLow64), nameof(VectorNumerics.InterleaveHigh64)),
    ];

    private Type EmitShuffle(Expression value)
    {
        var (left, right, lanes) = (value.Left!, value.Right!, LanesOf(value.Third!));
        var isOne = left.Kind == ExpressionKind.Local && right.Kind == ExpressionKind.Local && left.Local == right.Local;
        if (isOne || Array.TrueForAll(lanes, lane => lane < Bytes))
        {
            Discard(right);
            return EmitShuffleOfOne(left, Array.ConvertAll(lanes, lane => (byte)(lane % Bytes)));
        }
        if (Array.TrueForAll(lanes, lane => lane >= Bytes))
        {
            Discard(left);
            return EmitShuffleOfOne(right, Array.ConvertAll(lanes, lane => (byte)(lane - Bytes)));
        }
        return EmitShuffleOfTwo(left, right, lanes);
    }

    /// <summary>A swizzle by constant lanes; those that do not exist give 0.</summary>
    private Type EmitSwizzle(Expression vector, Expression lanes) => EmitShuffleOfOne(vector, LanesOf(lanes));

    private Type EmitShuffleOfOne(Expression vector, byte[] lanes)
    {
        // Whole lanes of 32 bits are moved by an instruction that needs no table.
        var wide = new int[Vector128<int>.Count];
        var isWide = true;
        for (var i = 0; i < Bytes; i++)
        {
            wide[i / sizeof(int)] = lanes[i] / sizeof(int);
            isWide &= lanes[i] < Bytes && lanes[i] % sizeof(int) == i % sizeof(int) && lanes[i] / sizeof(int) == lanes[i - (i % sizeof(int))] / sizeof(int);
        }
        var call = VectorOperations.Shuffle(isWide ? typeof(int) : typeof(byte));
        EmitAs(vector, call.Parameters[0]);
        EmitVectorConstant(isWide ? Vector128.Create(wide).AsByte() : Vector128.Create(lanes), call.Parameters[1]);
        _il.Emit(OpCodes.Call, call.Method);
        return call.Method.ReturnType;
    }

    private Type EmitShuffleOfTwo(Expression left, Expression right, byte[] lanes)
    {
        // Seen so that the first lane is the left vector's.
        if (lanes[0] >= Bytes)
            (left, right, lanes) = (right, left, Array.ConvertAll(lanes, lane => (byte)(lane ^ Bytes)));
        if (FindInstruction(lanes) is { } name)
            return EmitShuffleCall(name, left, right, null);
        if (Enumerable.Range(lanes[0], Bytes).SequenceEqual(lanes.Select(lane => (int)lane)))
            return EmitShuffleCall(nameof(VectorNumerics.AlignRight), left, right, lanes[0]);

        // Each vector's lanes by themselves, with zeros for those of the other.
        var type = EmitShuffleOfOne(left, Array.ConvertAll(lanes, lane => lane < Bytes ? lane : NoLane));
        EmitShuffleOfOne(right, Array.ConvertAll(lanes, lane => lane < Bytes ? NoLane : (byte)(lane - Bytes)));
        _il.Emit(OpCodes.Call, VectorOperations.Of(Opcode.V128Or).Method);
        return type;
    }

    /// <summary>The method that takes the lower or the upper lanes of two vectors in turns, if that is the shuffle.</summary>
    private static string? FindInstruction(byte[] lanes)
    {
        foreach (var (size, low, high) in Interleavings)
        {
            if (IsInterleaving(0))
                return low;
            if (IsInterleaving(Bytes / 2))
                return high;

            bool IsInterleaving(int first)
            {
                for (var i = 0; i < Bytes; i++)
                {
                    var (turn, at) = (i / size, i % size);
                    if (lanes[i] != (turn % 2 * Bytes) + first + (turn / 2 * size) + at)
                        return false;
                }
                return true;
            }
        }
        return null;
    }

    private Type EmitShuffleCall(string name, Expression left, Expression right, int? count)
    {
        var method = typeof(VectorNumerics).GetMethod(name)!;
        EmitAs(left, method.GetParameters()[0].ParameterType);
        EmitAs(right, method.GetParameters()[1].ParameterType);
        if (count is { } lanes)
            EmitI4(lanes);
        _il.Emit(OpCodes.Call, method);
        return method.ReturnType;
    }

    private void EmitVectorConstant(Vector128<byte> value, Type vector)
    {
        VectorOperations.EmitConstant(_il, value.AsInt64()[0], value.AsInt64()[1]);
        VectorOperations.EmitCast(_il, typeof(Vector128<byte>), vector);
    }

    private static byte[] LanesOf(Expression constant)
    {
        var lanes = new byte[Bytes];
        Vector128.Create(constant.Bits, constant.HighBits).AsByte().CopyTo(lanes);
        return lanes;
    }
}
