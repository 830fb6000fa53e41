using System.Reflection.Emit;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <content>Numeric instructions: pure ones become expressions, trapping ones are evaluated behind their checks.</content>
internal sealed partial class FunctionCompiler
{
    private void TranslateNumeric(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32DivS or Opcode.I64DivS or Opcode.I32DivU or Opcode.I64DivU
                or Opcode.I32RemS or Opcode.I64RemS or Opcode.I32RemU or Opcode.I64RemU:
                TranslateDivision(opcode);
                return;
            case >= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U or >= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U:
                TranslateTruncation(opcode);
                return;
        }
        var (operands, type) = PureOperations.Signature(opcode);
        var right = operands == 2 ? Pop() : null;
        Push(Expression.Operation(opcode, type, Pop(), right));
    }

    private void TranslateDivision(Opcode opcode)
    {
        var right = Pop();
        var left = Pop();
        var type = left.Type;
        var isSigned = opcode is Opcode.I32DivS or Opcode.I64DivS or Opcode.I32RemS or Opcode.I64RemS;
        // By a constant that neither is 0 nor overflows it cannot trap.
        if (right.Kind == ExpressionKind.Constant && right.Bits != 0 && (right.Bits != -1 || !isSigned))
        {
            Push(Expression.Operation(opcode, type, left, right));
            return;
        }
        left = ToSimple(left);
        right = ToSimple(right);
        var target = BeginResult(type);
        // The result may go to a local that the operands mention, but only after they were used.
        EmitSimple(right);
        _il.Emit(OpCodes.Brfalse, _traps.For(TrapCode.IntegerDivideByZero));
        if (!isSigned)
            EmitDivision(opcode, left, right);
        else if (opcode is Opcode.I32DivS or Opcode.I64DivS)
            EmitSignedDivision(opcode, left, right);
        else
            EmitSignedRemainder(opcode, left, right);
        Discard(left);
        Discard(right);
        EndResult(target);
    }

    private void EmitDivision(Opcode opcode, Expression left, Expression right)
    {
        EmitSimple(left);
        EmitSimple(right);
        PureOperations.TryEmit(_il, opcode);
    }

    /// <summary>The least integer divided by −1 does not fit.</summary>
    private void EmitSignedDivision(Opcode opcode, Expression left, Expression right)
    {
        var fits = _il.DefineLabel();
        EmitSimple(right);
        EmitConstant(right.Type, -1);
        _il.Emit(OpCodes.Bne_Un, fits);
        EmitSimple(left);
        EmitConstant(left.Type, left.Type == ValType.I32 ? int.MinValue : long.MinValue);
        _il.Emit(OpCodes.Beq, _traps.For(TrapCode.IntegerOverflow));
        _il.MarkLabel(fits);
        EmitDivision(opcode, left, right);
    }

    /// <summary>The remainder by −1 is 0, but the processor's division would fault: 1 has the same remainder.</summary>
    private void EmitSignedRemainder(Opcode opcode, Expression left, Expression right)
    {
        var divisor = TakeTemporary(right.Type);
        var isSet = _il.DefineLabel();
        EmitSimple(right);
        _il.Emit(OpCodes.Stloc, divisor);
        EmitSimple(right);
        EmitConstant(right.Type, -1);
        _il.Emit(OpCodes.Bne_Un, isSet);
        EmitConstant(right.Type, 1);
        _il.Emit(OpCodes.Stloc, divisor);
        _il.MarkLabel(isSet);
        EmitSimple(left);
        _il.Emit(OpCodes.Ldloc, divisor);
        PureOperations.TryEmit(_il, opcode);
        _temporaries.Return(divisor);
    }

    /// <summary>The 64-bit float holds every 32-bit one, so one range check serves both.</summary>
    private void TranslateTruncation(Opcode opcode)
    {
        var (type, name) = opcode switch
        {
            Opcode.I32TruncF32S or Opcode.I32TruncF64S => (ValType.I32, nameof(Numerics.I32TruncF64S)),
            Opcode.I32TruncF32U or Opcode.I32TruncF64U => (ValType.I32, nameof(Numerics.I32TruncF64U)),
            Opcode.I64TruncF32S or Opcode.I64TruncF64S => (ValType.I64, nameof(Numerics.I64TruncF64S)),
            _ => (ValType.I64, nameof(Numerics.I64TruncF64U)),
        };
        var value = Pop();
        var target = BeginResult(type);
        Emit(value);
        _il.Emit(OpCodes.Conv_R8);
        PureOperations.EmitCall(_il, typeof(Numerics), name, typeof(double));
        EndResult(target);
    }

    private void TranslateSelect()
    {
        var condition = Pop();
        var second = Pop();
        var first = Pop();
        // All three are pure, so that both values may be computed: the code generator can then use a conditional move.
        var result = TakeTemporary(first.Type);
        var end = _il.DefineLabel();
        Emit(first);
        _il.Emit(OpCodes.Stloc, result);
        EmitBranchIf(condition, end);
        Emit(second);
        _il.Emit(OpCodes.Stloc, result);
        _il.MarkLabel(end);
        Push(Expression.OfTemporary(first.Type, result));
    }
}
