using System.Reflection.Emit;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <content>Branches and what they bring with them.</content>
internal sealed partial class FunctionCompiler
{
    private void EmitReturn(Expression[] results)
    {
        foreach (var result in results)
            Emit(result);
        EmitReturn();
    }

    /// <summary>Branches with the values at the top of the stack, which are used up.</summary>
    private void EmitBranch(int depth)
    {
        var frame = _frames[^(1 + depth)];
        if (depth == _frames.Count - 1)
        {
            EmitReturn(Pop(frame.Results.Length));
            return;
        }
        StoreLabelValues(frame);
        _memory.Settle();
        frame.IsBranchedTo = true;
        _il.Emit(OpCodes.Br, frame.Label);
    }

    private void StoreLabelValues(ControlFrame frame)
    {
        _memory.Settle();
        var values = Pop(frame.LabelTypes.Length);
        frame.LabelValues ??= TakeTemporaries(frame.LabelTypes);
        // No value mentions a label's values: they are on the stack only after the label, and as copies in a loop.
        for (var i = 0; i < values.Length; i++)
        {
            Emit(values[i]);
            _il.Emit(OpCodes.Stloc, frame.LabelValues[i]);
        }
    }

    private void TranslateBranchIf(int depth)
    {
        var condition = Pop();
        var frame = _frames[^(1 + depth)];
        _memory.Settle();
        if (frame.LabelTypes.Length == 0 && depth < _frames.Count - 1)
        {
            frame.IsBranchedTo = true;
            EmitBranchIf(condition, frame.Label);
            return;
        }
        // The values stay on the stack for the case that the branch is not taken.
        var first = _stack.Count - frame.LabelTypes.Length;
        for (var i = first; i < _stack.Count; i++)
            _stack[i] = ToSimple(_stack[i]);
        var notTaken = _il.DefineLabel();
        EmitBranchUnless(condition, notTaken);
        EmitBranchWithCopies(frame, first);
        _il.MarkLabel(notTaken);
    }

    private void EmitBranchWithCopies(ControlFrame frame, int first)
    {
        var isFunction = frame == _frames[0];
        if (!isFunction)
            frame.LabelValues ??= TakeTemporaries(frame.LabelTypes);
        for (var i = 0; i < frame.LabelTypes.Length; i++)
        {
            EmitSimple(_stack[first + i]);
            if (!isFunction)
                _il.Emit(OpCodes.Stloc, frame.LabelValues![i]);
        }
        if (isFunction)
        {
            EmitReturn();
            return;
        }
        frame.IsBranchedTo = true;
        _il.Emit(OpCodes.Br, frame.Label);
    }

    /// <summary>Returns what is on the CIL stack.</summary>
    private void EmitReturn()
    {
        if (_type.Results.Length > 1)
            TupleCode.EmitCreate(_il, ClrTypes.Result(_type.Results));
        _il.Emit(OpCodes.Ret);
    }

    private void TranslateBranchTable(Instruction instruction, InstructionReader reader)
    {
        var index = Pop();
        var depths = new List<int>(instruction.LabelCount + 1);
        foreach (var label in reader.Labels(instruction))
            depths.Add((int)label);
        _memory.Settle();
        var arity = _frames[^(1 + depths[^1])].LabelTypes.Length;
        var first = _stack.Count - arity;
        for (var i = first; i < _stack.Count; i++)
            _stack[i] = ToSimple(_stack[i]);

        // Without values the switch goes straight to the labels, otherwise to code that stores the values first.
        var landings = new Dictionary<int, Label>();
        foreach (var depth in depths)
        {
            if (!landings.ContainsKey(depth))
                landings.Add(depth, NeedsLanding(depth, arity) ? _il.DefineLabel() : MarkBranchedTo(depth));
        }
        if (instruction.LabelCount == 0)
        {
            Discard(index);
        }
        else
        {
            Emit(index);
            _il.Emit(OpCodes.Switch, [.. depths.SkipLast(1).Select(depth => landings[depth])]);
        }
        _il.Emit(OpCodes.Br, landings[depths[^1]]);
        foreach (var (depth, landing) in landings)
        {
            if (!NeedsLanding(depth, arity))
                continue;
            _il.MarkLabel(landing);
            EmitBranchWithCopies(_frames[^(1 + depth)], first);
        }
    }

    private bool NeedsLanding(int depth, int arity) => arity > 0 || depth == _frames.Count - 1;

    private Label MarkBranchedTo(int depth)
    {
        var frame = _frames[^(1 + depth)];
        frame.IsBranchedTo = true;
        return frame.Label;
    }

    private void EmitBranchIf(Expression condition, Label target) => EmitConditionalBranch(condition, target, whenTrue: true);

    private void EmitBranchUnless(Expression condition, Label target) => EmitConditionalBranch(condition, target, whenTrue: false);

    private void EmitConditionalBranch(Expression condition, Label target, bool whenTrue)
    {
        while (condition is { Kind: ExpressionKind.Operation, Opcode: Opcode.I32Eqz })
        {
            condition = condition.Left!;
            whenTrue = !whenTrue;
        }
        if (condition is { Kind: ExpressionKind.Operation, Opcode: var opcode } && FusedBranch(opcode, whenTrue) is { } fused)
        {
            Emit(condition.Left!);
            Emit(condition.Right!);
            _il.Emit(fused, target);
            return;
        }
        Emit(condition);
        _il.Emit(whenTrue ? OpCodes.Brtrue : OpCodes.Brfalse, target);
    }

    /// <summary>Integer comparisons as one branch. Those of floats are left alone: negating them must not lose NaN.</summary>
    private static OpCode? FusedBranch(Opcode opcode, bool whenTrue) => opcode switch
    {
        Opcode.I32Eq or Opcode.I64Eq => whenTrue ? OpCodes.Beq : OpCodes.Bne_Un,
        Opcode.I32Ne or Opcode.I64Ne => whenTrue ? OpCodes.Bne_Un : OpCodes.Beq,
        Opcode.I32LtS or Opcode.I64LtS => whenTrue ? OpCodes.Blt : OpCodes.Bge,
        Opcode.I32LtU or Opcode.I64LtU => whenTrue ? OpCodes.Blt_Un : OpCodes.Bge_Un,
        Opcode.I32GtS or Opcode.I64GtS => whenTrue ? OpCodes.Bgt : OpCodes.Ble,
        Opcode.I32GtU or Opcode.I64GtU => whenTrue ? OpCodes.Bgt_Un : OpCodes.Ble_Un,
        Opcode.I32LeS or Opcode.I64LeS => whenTrue ? OpCodes.Ble : OpCodes.Bgt,
        Opcode.I32LeU or Opcode.I64LeU => whenTrue ? OpCodes.Ble_Un : OpCodes.Bgt_Un,
        Opcode.I32GeS or Opcode.I64GeS => whenTrue ? OpCodes.Bge : OpCodes.Blt,
        Opcode.I32GeU or Opcode.I64GeU => whenTrue ? OpCodes.Bge_Un : OpCodes.Blt_Un,
        _ => null,
    };
}
