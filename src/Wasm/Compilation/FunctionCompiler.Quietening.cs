using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <content>
/// Float arithmetic that the just-in-time compiler would take for an identity and drop (x·1, x−0, a conversion and its
/// inverse), although it has an effect: a signalling NaN becomes a quiet one (WebAssembly 2.0, §4.3.3). It cannot see
/// through constants that are read from the context.
/// </content>
internal sealed partial class FunctionCompiler
{
    private static readonly int F32One = (int)Marshal.OffsetOf<Context>(nameof(Context.F32One));
    private static readonly int F64One = (int)Marshal.OffsetOf<Context>(nameof(Context.F64One));

    private bool TryEmitQuietening(Expression value)
    {
        switch (value.Opcode)
        {
            case Opcode.F32DemoteF64 when value.Left is { Kind: ExpressionKind.Operation, Opcode: Opcode.F64PromoteF32 } promotion:
                Emit(promotion.Left!);
                EmitOne(ValType.F32);
                _il.Emit(OpCodes.Mul);
                return true;
            case >= Opcode.F32Add and <= Opcode.F32Div or >= Opcode.F64Add and <= Opcode.F64Div
                when MakesIdentity(value.Left!) || MakesIdentity(value.Right!):
                EmitOpaque(value.Left!);
                EmitOpaque(value.Right!);
                return PureOperations.TryEmit(_il, value.Opcode);
            default:
                return false;
        }
    }

    private static bool MakesIdentity(Expression operand) =>
        operand.Kind == ExpressionKind.Constant && Math.Abs(Number(operand)) is 0 or 1;

    private void EmitOpaque(Expression operand)
    {
        if (!MakesIdentity(operand))
        {
            Emit(operand);
            return;
        }
        var number = Number(operand);
        EmitOne(operand.Type);
        if (number == 0)
        {
            EmitOne(operand.Type);
            _il.Emit(OpCodes.Sub);
        }
        if (double.IsNegative(number))
            _il.Emit(OpCodes.Neg);
    }

    /// <summary>
    /// The same for vectors, in which a constant counts when all its lanes do. With a constant NaN the compiler takes that
    /// for the result, so it must be a quiet one.
    /// </summary>
    private void EmitOpaque(Expression operand, Type vector)
    {
        if (operand.Kind != ExpressionKind.Constant)
        {
            EmitAs(operand, vector);
            return;
        }
        var isF32 = vector == typeof(Vector128<float>);
        var bits = Vector128.Create(operand.Bits, operand.HighBits);
        var constant = isF32 ? Quiet(bits.AsSingle()).AsByte() : Quiet(bits.AsDouble()).AsByte();
        if (!(isF32 ? MakesIdentity(constant.AsSingle()) : MakesIdentity(constant.AsDouble())))
        {
            EmitVectorConstant(constant, vector);
            return;
        }
        EmitOne(isF32 ? ValType.F32 : ValType.F64);
        _il.Emit(OpCodes.Call, VectorOperations.Of(isF32 ? Opcode.F32x4Splat : Opcode.F64x2Splat).Method);
        EmitVectorConstant(constant, vector);
        _il.Emit(OpCodes.Call, VectorOperations.Of(isF32 ? Opcode.F32x4Mul : Opcode.F64x2Mul).Method);
    }

    private static Vector128<float> Quiet(Vector128<float> vector) => vector | (Vector128.IsNaN(vector) & Vector128.Create(0x0040_0000).AsSingle());

    private static Vector128<double> Quiet(Vector128<double> vector) => vector | (Vector128.IsNaN(vector) & Vector128.Create(0x0008_0000_0000_0000).AsDouble());

    private static bool MakesIdentity<T>(Vector128<T> constant)
    {
        var size = Vector128.Abs(constant);
        return Vector128.AllWhereAllBitsSet(Vector128.Equals(size, Vector128<T>.Zero) | Vector128.Equals(size, Vector128<T>.One));
    }

    private static double Number(Expression constant) => constant.Type == ValType.F32
        ? BitConverter.Int32BitsToSingle((int)constant.Bits)
        : BitConverter.Int64BitsToDouble(constant.Bits);

    private void EmitOne(ValType type)
    {
        EmitContextAddress(type == ValType.F32 ? F32One : F64One);
        _il.Emit(type == ValType.F32 ? OpCodes.Ldind_R4 : OpCodes.Ldind_R8);
    }
}
