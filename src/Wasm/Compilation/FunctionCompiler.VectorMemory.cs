using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <content>Loads and stores of vectors and their lanes.</content>
internal sealed partial class FunctionCompiler
{
    private static readonly MethodInfo FirstLane =
        typeof(Vector128).GetMethod(nameof(Vector128.CreateScalarUnsafe), BindingFlags.Static | BindingFlags.Public, [typeof(long)])!;

    private void TranslateVectorAccess(Instruction instruction)
    {
        var size = 1 << (int)VectorSignatures.Of(instruction.Opcode).NaturalAlignment;
        switch (instruction.Opcode)
        {
            case Opcode.V128Store:
                var stored = Pop();
                EmitAddress(instruction, Pop(), size);
                Emit(stored);
                EmitStore(ValType.V128);
                break;
            case >= Opcode.V128Store8Lane and <= Opcode.V128Store64Lane:
                TranslateStoreLane(instruction, size);
                break;
            case >= Opcode.V128Load8Lane and <= Opcode.V128Load64Lane:
                TranslateLoadLane(instruction, size);
                break;
            default:
                var address = Pop();
                var target = BeginResult(ValType.V128);
                EmitAddress(instruction, address, size);
                EmitVectorLoad(instruction.Opcode, size);
                EndResult(target);
                break;
        }
    }

    /// <summary>Loads from the host address on the CIL stack and makes a vector of it.</summary>
    private void EmitVectorLoad(Opcode opcode, int size)
    {
        if (opcode == Opcode.V128Load)
        {
            EmitLoad(ValType.V128);
            return;
        }
        var lane = LaneOfSize(size);
        EmitLoadScalar(size);
        VectorCall call;
        switch (opcode)
        {
            case >= Opcode.V128Load8x8S and <= Opcode.V128Load32x2U:
                _il.Emit(OpCodes.Call, FirstLane);
                call = VectorOperations.Of(opcode switch
                {
                    Opcode.V128Load8x8S => Opcode.I16x8ExtendLowI8x16S,
                    Opcode.V128Load8x8U => Opcode.I16x8ExtendLowI8x16U,
                    Opcode.V128Load16x4S => Opcode.I32x4ExtendLowI16x8S,
                    Opcode.V128Load16x4U => Opcode.I32x4ExtendLowI16x8U,
                    Opcode.V128Load32x2S => Opcode.I64x2ExtendLowI32x4S,
                    _ => Opcode.I64x2ExtendLowI32x4U,
                });
                VectorOperations.EmitCast(_il, FirstLane.ReturnType, call.Parameters[0]);
                break;
            case Opcode.V128Load32Zero or Opcode.V128Load64Zero:
                call = VectorOperations.Scalar(lane);
                break;
            default:
                call = VectorOperations.Splat(lane);
                break;
        }
        _il.Emit(OpCodes.Call, call.Method);
        VectorOperations.EmitCast(_il, call.Method.ReturnType, typeof(Vector128<byte>));
    }

    private void TranslateLoadLane(Instruction instruction, int size)
    {
        var vector = Pop();
        var address = Pop();
        var target = BeginResult(ValType.V128);
        var call = VectorOperations.Replace(LaneOfSize(size));
        // The lane comes after the vector, but the check of the address needs an empty stack.
        var lane = TakeTemporary(size == sizeof(long) ? ValType.I64 : ValType.I32);
        EmitAddress(instruction, address, size);
        EmitLoadScalar(size);
        _il.Emit(OpCodes.Stloc, lane);
        EmitAs(vector, call.Parameters[0]);
        EmitI4(instruction.Lane);
        _il.Emit(OpCodes.Ldloc, lane);
        VectorOperations.EmitCast(_il, lane.LocalType, call.Parameters[2]);
        _il.Emit(OpCodes.Call, call.Method);
        VectorOperations.EmitCast(_il, call.Method.ReturnType, typeof(Vector128<byte>));
        _temporaries.Return(lane);
        EndResult(target);
    }

    private void TranslateStoreLane(Instruction instruction, int size)
    {
        var vector = Pop();
        var call = VectorOperations.Extract(LaneOfSize(size));
        EmitAddress(instruction, Pop(), size);
        EmitAs(vector, call.Parameters[0]);
        EmitI4(instruction.Lane);
        _il.Emit(OpCodes.Call, call.Method);
        _il.Emit(size switch
        {
            sizeof(byte) => OpCodes.Stind_I1,
            sizeof(short) => OpCodes.Stind_I2,
            sizeof(int) => OpCodes.Stind_I4,
            _ => OpCodes.Stind_I8,
        });
    }

    private void EmitLoadScalar(int size) => _il.Emit(size switch
    {
        sizeof(byte) => OpCodes.Ldind_U1,
        sizeof(short) => OpCodes.Ldind_U2,
        sizeof(int) => OpCodes.Ldind_I4,
        _ => OpCodes.Ldind_I8,
    });

    private static Type LaneOfSize(int size) => size switch
    {
        sizeof(byte) => typeof(byte),
        sizeof(short) => typeof(ushort),
        sizeof(int) => typeof(int),
        _ => typeof(long),
    };
}
