using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <content>Vector instructions. A vector on the CIL stack is one of bytes, but between an instruction and its operands.</content>
internal sealed partial class FunctionCompiler
{
    private void TranslateVector(Instruction instruction)
    {
        switch (instruction.Immediate)
        {
            case Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane:
                TranslateVectorAccess(instruction);
                break;
            case Immediate.V128:
                Push(Expression.Constant(ValType.V128, (long)instruction.LowBits, (long)instruction.HighBits));
                break;
            case Immediate.Lanes:
                var lanes = Expression.Constant(ValType.V128, (long)instruction.LowBits, (long)instruction.HighBits);
                var second = Pop();
                Push(Expression.Operation(instruction.Opcode, ValType.V128, Pop(), second, lanes));
                break;
            default:
                TranslateVectorOperation(instruction);
                break;
        }
    }

    private void TranslateVectorOperation(Instruction instruction)
    {
        var signature = VectorSignatures.Of(instruction.Opcode);
        var third = signature.Operands.Length > 2 ? Pop() : null;
        var right = signature.Operands.Length > 1 ? Pop() : null;
        var left = Pop();
        Push(SplatConstant(instruction.Opcode, left)
            ?? Expression.Operation(instruction.Opcode, signature.Result!.Value, left, right, third, instruction.Lane));
    }

    /// <summary>A constant in every lane is a constant vector.</summary>
    private static Expression? SplatConstant(Opcode opcode, Expression value)
    {
        if (value.Kind != ExpressionKind.Constant)
            return null;
        var vector = opcode switch
        {
            Opcode.I8x16Splat => Vector128.Create((byte)value.Bits).AsInt64(),
            Opcode.I16x8Splat => Vector128.Create((short)value.Bits).AsInt64(),
            Opcode.I32x4Splat or Opcode.F32x4Splat => Vector128.Create((int)value.Bits).AsInt64(),
            Opcode.I64x2Splat or Opcode.F64x2Splat => Vector128.Create(value.Bits),
            _ => (Vector128<long>?)null,
        };
        return vector is { } constant ? Expression.Constant(ValType.V128, constant[0], constant[1]) : null;
    }

    /// <summary>Evaluates a vector instruction onto the CIL stack, for the only time.</summary>
    private void EmitVector(Expression value)
    {
        var type = EmitNatural(value);
        if (value.Type == ValType.V128)
            VectorOperations.EmitCast(_il, type, typeof(Vector128<byte>));
    }

    /// <summary>Evaluates a value as the type that an instruction takes.</summary>
    private void EmitAs(Expression value, Type type)
    {
        var isOperation = value is { Kind: ExpressionKind.Operation, Opcode: >= Opcode.V128Load };
        if (!isOperation)
            Emit(value);
        VectorOperations.EmitCast(_il, isOperation ? EmitNatural(value) : ClrTypes.Of(value.Type), type);
    }

    /// <summary>Evaluates a vector instruction; returns the type that its method gives.</summary>
    private Type EmitNatural(Expression value)
    {
        switch (value.Opcode)
        {
            case Opcode.I8x16Shuffle:
                return EmitShuffle(value);
            case Opcode.I8x16Swizzle when value.Right!.Kind == ExpressionKind.Constant:
                return EmitSwizzle(value.Left!, value.Right);
        }
        var call = VectorOperations.Of(value.Opcode);
        EmitOperands(value, call);
        _il.Emit(OpCodes.Call, call.Method);
        var result = call.Method.ReturnType;
        if (call.IsNegated)
            EmitNegation(result);
        return result;
    }

    private void EmitOperands(Expression value, VectorCall call)
    {
        var parameters = call.Parameters;
        switch (value.Opcode)
        {
            case Opcode.V128Bitselect:
                EmitAs(value.Third!, parameters[0]);
                EmitAs(value.Left!, parameters[1]);
                EmitAs(value.Right!, parameters[2]);
                return;
            case >= Opcode.I8x16ExtractLaneS and <= Opcode.F64x2ReplaceLane:
                EmitAs(value.Left!, parameters[0]);
                EmitI4(value.Lane);
                if (value.Right is not null)
                    EmitAs(value.Right, parameters[2]);
                return;
            case >= Opcode.F32x4Add and <= Opcode.F32x4Div or >= Opcode.F64x2Add and <= Opcode.F64x2Div:
                EmitOpaque(value.Left!, parameters[0]);
                EmitOpaque(value.Right!, parameters[1]);
                return;
        }
        EmitAs(value.Left!, parameters[0]);
        if (call.ComparesWithZero)
            VectorOperations.EmitZero(_il, parameters[1]);
        else if (call.CountMask > 0)
            EmitShiftCount(value.Right!, call.CountMask);
        else if (value.Right is not null)
            EmitAs(value.Right, parameters[1]);
    }

    private void EmitNegation(Type type)
    {
        if (type == typeof(bool))
        {
            _il.Emit(OpCodes.Ldc_I4_0);
            _il.Emit(OpCodes.Ceq);
            return;
        }
        VectorOperations.EmitCast(_il, type, typeof(Vector128<byte>));
        _il.Emit(OpCodes.Call, VectorOperations.Of(Opcode.V128Not).Method);
        VectorOperations.EmitCast(_il, typeof(Vector128<byte>), type);
    }

    /// <summary>The count is taken modulo the width of a lane.</summary>
    private void EmitShiftCount(Expression count, int mask)
    {
        if (count.Kind == ExpressionKind.Constant)
        {
            EmitI4((int)count.Bits & mask);
            return;
        }
        Emit(count);
        EmitI4(mask);
        _il.Emit(OpCodes.And);
    }
}
