using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>CIL for the numeric instructions that neither trap nor branch; operands are on the CIL stack.</summary>
internal static class PureOperations
{
    /// <summary>Emits the instruction; false if it is not one of these.</summary>
    public static bool TryEmit(ILGenerator il, Opcode opcode)
    {
        if (opcode is >= Opcode.I32Eqz and <= Opcode.F64Ge)
            EmitComparison(il, opcode);
        else if (opcode is >= Opcode.I32Clz and <= Opcode.I64Rotr)
            EmitInteger(il, opcode);
        else if (opcode is >= Opcode.F32Abs and <= Opcode.F64Copysign)
            EmitFloat(il, opcode);
        else
            return EmitConversion(il, opcode);
        return true;
    }

    /// <summary>Number of operands and the result type of a numeric instruction.</summary>
    public static (int Operands, ValType Result) Signature(Opcode opcode) => opcode switch
    {
        Opcode.I32Eqz or Opcode.I64Eqz => (1, ValType.I32),
        >= Opcode.I32Eq and <= Opcode.F64Ge => (2, ValType.I32),
        >= Opcode.I32Clz and <= Opcode.I32Popcnt => (1, ValType.I32),
        >= Opcode.I32Add and <= Opcode.I32Rotr => (2, ValType.I32),
        >= Opcode.I64Clz and <= Opcode.I64Popcnt => (1, ValType.I64),
        >= Opcode.I64Add and <= Opcode.I64Rotr => (2, ValType.I64),
        >= Opcode.F32Abs and <= Opcode.F32Sqrt => (1, ValType.F32),
        >= Opcode.F32Add and <= Opcode.F32Copysign => (2, ValType.F32),
        >= Opcode.F64Abs and <= Opcode.F64Sqrt => (1, ValType.F64),
        >= Opcode.F64Add and <= Opcode.F64Copysign => (2, ValType.F64),
        >= Opcode.I32WrapI64 and <= Opcode.I32TruncF64U => (1, ValType.I32),
        >= Opcode.I64ExtendI32S and <= Opcode.I64TruncF64U => (1, ValType.I64),
        >= Opcode.F32ConvertI32S and <= Opcode.F32DemoteF64 => (1, ValType.F32),
        >= Opcode.F64ConvertI32S and <= Opcode.F64PromoteF32 => (1, ValType.F64),
        Opcode.I32ReinterpretF32 => (1, ValType.I32),
        Opcode.I64ReinterpretF64 => (1, ValType.I64),
        Opcode.F32ReinterpretI32 => (1, ValType.F32),
        Opcode.F64ReinterpretI64 => (1, ValType.F64),
        Opcode.I32Extend8S or Opcode.I32Extend16S => (1, ValType.I32),
        >= Opcode.I64Extend8S and <= Opcode.I64Extend32S => (1, ValType.I64),
        >= Opcode.I32TruncSatF32S and <= Opcode.I32TruncSatF64U => (1, ValType.I32),
        >= Opcode.I64TruncSatF32S and <= Opcode.I64TruncSatF64U => (1, ValType.I64),
        _ => throw new InvalidOperationException($"`{opcode.Text()}` is not numeric"),
    };

    private static void EmitComparison(ILGenerator il, Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32Eqz:
                EmitNot(il);
                break;
            case Opcode.I64Eqz:
                il.Emit(OpCodes.Ldc_I4_0);
                il.Emit(OpCodes.Conv_I8);
                il.Emit(OpCodes.Ceq);
                break;
            case Opcode.I32Eq or Opcode.I64Eq or Opcode.F32Eq or Opcode.F64Eq:
                il.Emit(OpCodes.Ceq);
                break;
            case Opcode.I32Ne or Opcode.I64Ne or Opcode.F32Ne or Opcode.F64Ne:
                il.Emit(OpCodes.Ceq);
                EmitNot(il);
                break;
            case Opcode.I32LtS or Opcode.I64LtS or Opcode.F32Lt or Opcode.F64Lt:
                il.Emit(OpCodes.Clt);
                break;
            case Opcode.I32LtU or Opcode.I64LtU:
                il.Emit(OpCodes.Clt_Un);
                break;
            case Opcode.I32GtS or Opcode.I64GtS or Opcode.F32Gt or Opcode.F64Gt:
                il.Emit(OpCodes.Cgt);
                break;
            case Opcode.I32GtU or Opcode.I64GtU:
                il.Emit(OpCodes.Cgt_Un);
                break;
            // "Not greater": for integers the plain comparison, for floats the one that is true for NaN.
            case Opcode.I32LeS or Opcode.I64LeS:
                il.Emit(OpCodes.Cgt);
                EmitNot(il);
                break;
            case Opcode.I32LeU or Opcode.I64LeU or Opcode.F32Le or Opcode.F64Le:
                il.Emit(OpCodes.Cgt_Un);
                EmitNot(il);
                break;
            case Opcode.I32GeS or Opcode.I64GeS:
                il.Emit(OpCodes.Clt);
                EmitNot(il);
                break;
            default:
                il.Emit(OpCodes.Clt_Un);
                EmitNot(il);
                break;
        }
    }

    private static void EmitNot(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }

    private static void EmitInteger(ILGenerator il, Opcode opcode)
    {
        var is64 = opcode >= Opcode.I64Clz;
        // The two halves of the enumeration are in the same order.
        switch (is64 ? opcode - (Opcode.I64Clz - Opcode.I32Clz) : opcode)
        {
            case Opcode.I32Clz:
                EmitBitCount(il, nameof(BitOperations.LeadingZeroCount), is64);
                break;
            case Opcode.I32Ctz:
                EmitBitCount(il, nameof(BitOperations.TrailingZeroCount), is64);
                break;
            case Opcode.I32Popcnt:
                EmitBitCount(il, nameof(BitOperations.PopCount), is64);
                break;
            case Opcode.I32Add:
                il.Emit(OpCodes.Add);
                break;
            case Opcode.I32Sub:
                il.Emit(OpCodes.Sub);
                break;
            case Opcode.I32Mul:
                il.Emit(OpCodes.Mul);
                break;
            case Opcode.I32DivS:
                il.Emit(OpCodes.Div);
                break;
            case Opcode.I32DivU:
                il.Emit(OpCodes.Div_Un);
                break;
            case Opcode.I32RemS:
                il.Emit(OpCodes.Rem);
                break;
            case Opcode.I32RemU:
                il.Emit(OpCodes.Rem_Un);
                break;
            case Opcode.I32And:
                il.Emit(OpCodes.And);
                break;
            case Opcode.I32Or:
                il.Emit(OpCodes.Or);
                break;
            case Opcode.I32Xor:
                il.Emit(OpCodes.Xor);
                break;
            case Opcode.I32Shl:
                EmitShift(il, OpCodes.Shl, is64);
                break;
            case Opcode.I32ShrS:
                EmitShift(il, OpCodes.Shr, is64);
                break;
            case Opcode.I32ShrU:
                EmitShift(il, OpCodes.Shr_Un, is64);
                break;
            case Opcode.I32Rotl:
                EmitRotate(il, nameof(BitOperations.RotateLeft), is64);
                break;
            case Opcode.I32Rotr:
                EmitRotate(il, nameof(BitOperations.RotateRight), is64);
                break;
        }
    }

    private static void EmitBitCount(ILGenerator il, string name, bool is64)
    {
        EmitCall(il, typeof(BitOperations), name, is64 ? typeof(ulong) : typeof(uint));
        if (is64)
            il.Emit(OpCodes.Conv_I8);
    }

    private static void EmitShift(ILGenerator il, System.Reflection.Emit.OpCode shift, bool is64)
    {
        // CIL leaves greater counts undefined; WebAssembly takes them modulo the width.
        if (is64)
            il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ldc_I4_S, (sbyte)(is64 ? 63 : 31));
        il.Emit(OpCodes.And);
        il.Emit(shift);
    }

    private static void EmitRotate(ILGenerator il, string name, bool is64)
    {
        if (is64)
            il.Emit(OpCodes.Conv_I4);
        EmitCall(il, typeof(BitOperations), name, is64 ? typeof(ulong) : typeof(uint), typeof(int));
    }

    private static void EmitFloat(ILGenerator il, Opcode opcode)
    {
        var is64 = opcode >= Opcode.F64Abs;
        var type = is64 ? typeof(double) : typeof(float);
        var math = is64 ? typeof(Math) : typeof(MathF);
        switch (is64 ? opcode - (Opcode.F64Abs - Opcode.F32Abs) : opcode)
        {
            case Opcode.F32Abs:
                EmitCall(il, math, nameof(Math.Abs), type);
                break;
            case Opcode.F32Neg:
                il.Emit(OpCodes.Neg);
                break;
            case Opcode.F32Ceil:
                EmitCall(il, math, nameof(Math.Ceiling), type);
                break;
            case Opcode.F32Floor:
                EmitCall(il, math, nameof(Math.Floor), type);
                break;
            case Opcode.F32Trunc:
                EmitCall(il, math, nameof(Math.Truncate), type);
                break;
            case Opcode.F32Nearest:
                EmitCall(il, math, nameof(Math.Round), type);
                break;
            case Opcode.F32Sqrt:
                EmitCall(il, math, nameof(Math.Sqrt), type);
                break;
            case Opcode.F32Add:
                il.Emit(OpCodes.Add);
                break;
            case Opcode.F32Sub:
                il.Emit(OpCodes.Sub);
                break;
            case Opcode.F32Mul:
                il.Emit(OpCodes.Mul);
                break;
            case Opcode.F32Div:
                il.Emit(OpCodes.Div);
                break;
            case Opcode.F32Min:
                EmitCall(il, typeof(Numerics), is64 ? nameof(Numerics.F64Min) : nameof(Numerics.F32Min), type, type);
                break;
            case Opcode.F32Max:
                EmitCall(il, typeof(Numerics), is64 ? nameof(Numerics.F64Max) : nameof(Numerics.F32Max), type, type);
                break;
            case Opcode.F32Copysign:
                EmitCall(il, math, nameof(Math.CopySign), type, type);
                break;
        }
    }

    private static bool EmitConversion(ILGenerator il, Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32WrapI64:
            // CIL conversions from floating point saturate and turn NaN into 0 since .NET 9.
            case Opcode.I32TruncSatF32S or Opcode.I32TruncSatF64S:
                il.Emit(OpCodes.Conv_I4);
                break;
            case Opcode.I32TruncSatF32U or Opcode.I32TruncSatF64U:
                il.Emit(OpCodes.Conv_U4);
                break;
            case Opcode.I64TruncSatF32S or Opcode.I64TruncSatF64S:
                il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I64TruncSatF32U or Opcode.I64TruncSatF64U or Opcode.I64ExtendI32U:
                il.Emit(OpCodes.Conv_U8);
                break;
            case Opcode.I64ExtendI32S:
                il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I32Extend8S:
                il.Emit(OpCodes.Conv_I1);
                break;
            case Opcode.I32Extend16S:
                il.Emit(OpCodes.Conv_I2);
                break;
            case Opcode.I64Extend8S:
                il.Emit(OpCodes.Conv_I1);
                il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I64Extend16S:
                il.Emit(OpCodes.Conv_I2);
                il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I64Extend32S:
                il.Emit(OpCodes.Conv_I4);
                il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.F32ConvertI32S or Opcode.F32ConvertI64S or Opcode.F32DemoteF64:
                il.Emit(OpCodes.Conv_R4);
                break;
            case Opcode.F32ConvertI32U:
                il.Emit(OpCodes.Conv_U8);
                il.Emit(OpCodes.Conv_R4);
                break;
            case Opcode.F64ConvertI32S or Opcode.F64ConvertI64S or Opcode.F64PromoteF32:
                il.Emit(OpCodes.Conv_R8);
                break;
            case Opcode.F64ConvertI32U:
                il.Emit(OpCodes.Conv_U8);
                il.Emit(OpCodes.Conv_R8);
                break;
            case Opcode.F32ConvertI64U:
                EmitCall(il, typeof(Numerics), nameof(Numerics.F32ConvertI64U), typeof(long));
                break;
            case Opcode.F64ConvertI64U:
                EmitCall(il, typeof(Numerics), nameof(Numerics.F64ConvertI64U), typeof(long));
                break;
            case Opcode.I32ReinterpretF32:
                EmitCall(il, typeof(BitConverter), nameof(BitConverter.SingleToInt32Bits), typeof(float));
                break;
            case Opcode.I64ReinterpretF64:
                EmitCall(il, typeof(BitConverter), nameof(BitConverter.DoubleToInt64Bits), typeof(double));
                break;
            case Opcode.F32ReinterpretI32:
                EmitF32ReinterpretI32(il);
                break;
            case Opcode.F64ReinterpretI64:
                EmitCall(il, typeof(BitConverter), nameof(BitConverter.Int64BitsToDouble), typeof(long));
                break;
            default:
                return false;
        }
        return true;
    }

    /// <summary>
    /// By way of a vector. The code generator of .NET 10 turns <see cref="BitConverter.Int32BitsToSingle"/> of a loaded
    /// byte or 16-bit number into a load of four bytes: another value, and beyond what was checked.
    /// </summary>
    private static void EmitF32ReinterpretI32(ILGenerator il)
    {
        EmitCall(il, typeof(Vector128), nameof(Vector128.CreateScalarUnsafe), typeof(int));
        il.Emit(OpCodes.Call, typeof(Vector128).GetMethod(nameof(Vector128.AsSingle))!.MakeGenericMethod(typeof(int)));
        il.Emit(OpCodes.Call, typeof(Vector128).GetMethod(nameof(Vector128.ToScalar))!.MakeGenericMethod(typeof(float)));
    }

    public static void EmitCall(ILGenerator il, Type type, string name, params Type[] parameters) =>
        il.Emit(OpCodes.Call, type.GetMethod(name, BindingFlags.Static | BindingFlags.Public, parameters)
            ?? throw new InvalidOperationException($"{type.Name} has no {name}"));
}
