using System.Reflection.Emit;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <content>The operand stack and the evaluation of expressions.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>Greatest tree: bounds the recursion of its evaluation and the cost of looking through it.</summary>
    private const int MaxExpressionSize = 48;

    /// <summary>Values at the top of the stack that may be unsettled: bounds the cost of setting a local.</summary>
    private const int MaxUnsettled = 32;

    private readonly List<Expression> _stack = [];

    /// <summary>The instruction that follows, for those that take it along; <see langword="null"/> when it is taken.</summary>
    private Instruction? _next;

    private void Push(Expression value)
    {
        if (value.Size > MaxExpressionSize)
            value = ToTemporary(value);
        _stack.Add(value);
        var settle = _stack.Count - 1 - MaxUnsettled;
        if (settle >= 0)
            Settle(settle);
    }

    private Expression Pop()
    {
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private Expression[] Pop(int count)
    {
        var values = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    /// <summary>Drops what is above <paramref name="height"/>.</summary>
    private void Truncate(int height)
    {
        while (_stack.Count > height)
            Discard(Pop());
    }

    /// <summary>Evaluates all values of the stack that could change with control flow.</summary>
    private void SettleAll()
    {
        for (var i = Math.Max(0, _stack.Count - MaxUnsettled - 1); i < _stack.Count; i++)
            Settle(i);
    }

    private void Settle(int index)
    {
        if (!_stack[index].IsSettled)
            _stack[index] = ToTemporary(_stack[index]);
    }

    /// <summary>Evaluates the values of the stack that contain a local which is about to be set.</summary>
    private void SettleMentions(int local)
    {
        for (var i = Math.Max(0, _stack.Count - MaxUnsettled - 1); i < _stack.Count; i++)
        {
            if (_stack[i].Mentions(local))
                _stack[i] = ToTemporary(_stack[i]);
        }
    }

    private Expression ToTemporary(Expression value)
    {
        // Evaluated first, so that a temporary in the value can be used again.
        Emit(value);
        var temporary = TakeTemporary(value.Type);
        _il.Emit(OpCodes.Stloc, temporary);
        return Expression.OfTemporary(value.Type, temporary);
    }

    /// <summary>The value in a form that may be evaluated several times, until <see cref="Discard"/>.</summary>
    private Expression ToSimple(Expression value) => value.IsSimple ? value : ToTemporary(value);

    private LocalBuilder TakeTemporary(ValType type)
    {
        var temporary = _temporaries.Take(ClrTypes.Of(type));
        return temporary.LocalIndex < MaxLocals + 5_000
            ? temporary
            : throw WasmFormatException.LimitExceeded(_body.Code.Offset, "values and locals of a function", (ulong)temporary.LocalIndex, MaxLocals);
    }

    /// <summary>Frees the temporaries of a value that is not needed (any more).</summary>
    private void Discard(Expression value)
    {
        if (value is { Kind: ExpressionKind.Temporary, OwnsTemporary: true })
            _temporaries.Return(value.Temporary!);
        if (value.Left is not null)
            Discard(value.Left);
        if (value.Right is not null)
            Discard(value.Right);
        if (value.Third is not null)
            Discard(value.Third);
    }

    /// <summary>Evaluates a value onto the CIL stack, for the only time.</summary>
    private void Emit(Expression value) => Emit(value, mayBeRotation: false);

    private void Emit(Expression value, bool mayBeRotation)
    {
        if (value.Kind == ExpressionKind.Operation)
        {
            if (value.Opcode >= Opcode.V128Load)
            {
                EmitVector(value);
                return;
            }
            if (TryEmitQuietening(value))
                return;
            if (IsRotation(value.Opcode) && !mayBeRotation)
            {
                EmitRotationByShifts(value);
                return;
            }
            var keepsRotations = KeepsRotations(value);
            Emit(value.Left!, keepsRotations);
            if (value.Right is not null)
                Emit(value.Right, keepsRotations);
            if (!PureOperations.TryEmit(_il, value.Opcode))
                throw new InvalidOperationException($"`{value.Opcode.Text()}` is not pure");
            return;
        }
        EmitSimple(value);
        Discard(value);
    }

    /// <summary>Evaluates a simple value onto the CIL stack; it may be evaluated again.</summary>
    private void EmitSimple(Expression value)
    {
        switch (value.Kind)
        {
            case ExpressionKind.Constant:
                EmitConstant(value.Type, value.Bits, value.HighBits);
                break;
            case ExpressionKind.Local:
                EmitLocalGet(value.Local);
                break;
            case ExpressionKind.Temporary:
                _il.Emit(OpCodes.Ldloc, value.Temporary!);
                break;
            default:
                throw new InvalidOperationException("an operation is evaluated once");
        }
    }

    private void EmitConstant(ValType type, long bits, long highBits = 0)
    {
        switch (type)
        {
            case ValType.I32:
                EmitI4((int)bits);
                break;
            case ValType.I64 when bits == (int)bits:
                EmitI4((int)bits);
                _il.Emit(OpCodes.Conv_I8);
                break;
            case ValType.I64:
                _il.Emit(OpCodes.Ldc_I8, bits);
                break;
            case ValType.F32 when float.IsNaN(BitConverter.Int32BitsToSingle((int)bits)):
                EmitI4((int)bits);
                PureOperations.EmitCall(_il, typeof(Numerics), nameof(Numerics.F32FromBits), typeof(int));
                break;
            case ValType.F32:
                _il.Emit(OpCodes.Ldc_R4, BitConverter.Int32BitsToSingle((int)bits));
                break;
            case ValType.F64 when double.IsNaN(BitConverter.Int64BitsToDouble(bits)):
                _il.Emit(OpCodes.Ldc_I8, bits);
                PureOperations.EmitCall(_il, typeof(Numerics), nameof(Numerics.F64FromBits), typeof(long));
                break;
            case ValType.F64:
                _il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(bits));
                break;
            case ValType.V128:
                VectorOperations.EmitConstant(_il, bits, highBits);
                break;
            default:
                _il.Emit(OpCodes.Ldnull);
                break;
        }
    }

    private void EmitI4(int value)
    {
        if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
            _il.Emit(OpCodes.Ldc_I4_S, (sbyte)value);
        else
            _il.Emit(OpCodes.Ldc_I4, value);
    }

    /// <summary>
    /// Where a result goes that is computed now: the local that the next instruction sets, or a temporary. To be
    /// called before anything of the computation is on the CIL stack.
    /// </summary>
    private Target BeginResult(ValType type)
    {
        if (_next is not { Opcode: Opcode.LocalSet or Opcode.LocalTee } set)
            return new Target(type, -1, false);
        _next = null;
        var local = (int)set.Index;
        SettleMentions(local);
        return new Target(type, local, set.Opcode == Opcode.LocalTee);
    }

    /// <summary>Takes the result from the CIL stack.</summary>
    private void EndResult(Target target)
    {
        if (target.Local < 0)
        {
            var temporary = TakeTemporary(target.Type);
            _il.Emit(OpCodes.Stloc, temporary);
            Push(Expression.OfTemporary(target.Type, temporary));
            return;
        }
        EmitLocalSet(target.Local);
        if (target.IsTee)
            Push(Expression.OfLocal(target.Type, target.Local));
    }

    private readonly record struct Target(ValType Type, int Local, bool IsTee);
}
