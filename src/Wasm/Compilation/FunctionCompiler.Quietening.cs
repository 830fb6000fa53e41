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

    /// <summary>The same for vectors, which are identities when all lanes are; the constants 0, 1, −1 and NaN are taken for it.</summary>
    private void EmitOpaque(Expression operand, Type vector)
    {
        var isF32 = vector == typeof(Vector128<float>);
        if (operand.Kind != ExpressionKind.Constant || !MakesIdentity(Vector128.Create(operand.Bits, operand.HighBits), isF32))
        {
            EmitAs(operand, vector);
            return;
        }
        // One times the constant is the constant, or a quiet NaN for a signalling one.
        EmitOne(isF32 ? ValType.F32 : ValType.F64);
        _il.Emit(OpCodes.Call, VectorOperations.Of(isF32 ? Opcode.F32x4Splat : Opcode.F64x2Splat).Method);
        EmitAs(operand, vector);
        _il.Emit(OpCodes.Call, VectorOperations.Of(isF32 ? Opcode.F32x4Mul : Opcode.F64x2Mul).Method);
    }

    private static bool MakesIdentity(Vector128<long> constant, bool isF32)
    {
        for (var i = 0; i < (isF32 ? Vector128<float>.Count : Vector128<double>.Count); i++)
        {
            var lane = isF32 ? constant.AsSingle()[i] : constant.AsDouble()[i];
            if (Math.Abs(lane) is not (0 or 1 or double.NaN))
                return false;
        }
        return true;
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
