using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <content>Shuffles. Their lanes are constants, so the cheapest instruction is found here.</content>
internal sealed partial class FunctionCompiler
{
    private const int Bytes = 16;

    /// <summary>A lane that neither vector has.</summary>
    private const byte NoLane = byte.MaxValue;

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
        var type = isWide ? typeof(int) : typeof(byte);
        EmitAs(vector, VectorOperations.VectorOf(type));
        EmitVectorConstant(isWide ? Vector128.Create(wide).AsByte() : Vector128.Create(lanes), type);
        _il.Emit(OpCodes.Call, VectorOperations.Shuffle(type).Method);
        return VectorOperations.VectorOf(type);
    }

    private Type EmitShuffleOfTwo(Expression left, Expression right, byte[] lanes)
    {
        EmitAs(left, typeof(Vector128<byte>));
        EmitVectorConstant(Vector128.Create(Array.ConvertAll(lanes, lane => lane < Bytes ? lane : NoLane)), typeof(byte));
        var shuffle = VectorOperations.Shuffle(typeof(byte)).Method;
        _il.Emit(OpCodes.Call, shuffle);
        EmitAs(right, typeof(Vector128<byte>));
        EmitVectorConstant(Vector128.Create(Array.ConvertAll(lanes, lane => lane < Bytes ? NoLane : (byte)(lane - Bytes))), typeof(byte));
        _il.Emit(OpCodes.Call, shuffle);
        _il.Emit(OpCodes.Call, VectorOperations.Of(Opcode.V128Or).Method);
        return typeof(Vector128<byte>);
    }

    private void EmitVectorConstant(Vector128<byte> value, Type lane)
    {
        VectorOperations.EmitConstant(_il, value.AsInt64()[0], value.AsInt64()[1]);
        VectorOperations.EmitCast(_il, typeof(Vector128<byte>), VectorOperations.VectorOf(lane));
    }

    private static byte[] LanesOf(Expression constant)
    {
        var lanes = new byte[Bytes];
        Vector128.Create(constant.Bits, constant.HighBits).AsByte().CopyTo(lanes);
        return lanes;
    }
}
