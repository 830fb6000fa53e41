using System.Collections.Immutable;
using System.Reflection.Emit;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <content>Structured control.</content>
internal sealed partial class FunctionCompiler
{
    private bool _isReachable = true;

    /// <summary>Blocks opened in code that is not reached.</summary>
    private int _unreachableDepth;

    private void TranslateControl(Instruction instruction, ref InstructionReader reader)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Unreachable:
                _il.Emit(OpCodes.Br, _traps.For(TrapCode.Unreachable));
                BecomeUnreachable();
                break;
            case Opcode.Block:
                OpenBlock(instruction);
                break;
            case Opcode.Loop:
                OpenLoop(instruction);
                break;
            case Opcode.If:
                OpenIf(instruction);
                break;
            case Opcode.Else:
                TranslateElse();
                break;
            case Opcode.End:
                TranslateEnd();
                break;
            case Opcode.Br:
                EmitBranch((int)instruction.Index);
                BecomeUnreachable();
                break;
            case Opcode.BrIf:
                TranslateBranchIf((int)instruction.Index);
                break;
            case Opcode.BrTable:
                TranslateBranchTable(instruction, reader);
                BecomeUnreachable();
                break;
            case Opcode.Return:
                EmitBranch(_frames.Count - 1);
                BecomeUnreachable();
                break;
            case Opcode.Call:
                TranslateCall((int)instruction.Index);
                break;
            case Opcode.CallIndirect:
                TranslateCallIndirect(instruction);
                break;
        }
    }

    private void SkipUnreachable(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Loop:
                _metering.SkipLoop();
                _unreachableDepth++;
                break;
            case Opcode.Block or Opcode.If:
                _unreachableDepth++;
                break;
            case Opcode.Else when _unreachableDepth == 0:
                TranslateElse();
                break;
            case Opcode.End when _unreachableDepth == 0:
                TranslateEnd();
                break;
            case Opcode.End:
                _unreachableDepth--;
                break;
        }
    }

    private void BecomeUnreachable()
    {
        Truncate(_frames[^1].Height);
        _isReachable = false;
    }

    private void OpenBlock(Instruction instruction)
    {
        SettleAll();
        var (parameters, results) = TypesOf(instruction.BlockType);
        _frames.Add(new ControlFrame(Opcode.Block, _stack.Count - parameters.Length, parameters, results, _il.DefineLabel()));
    }

    private void OpenLoop(Instruction instruction)
    {
        SettleAll();
        var (parameters, results) = TypesOf(instruction.BlockType);
        var initial = Pop(parameters.Length);
        var frame = new ControlFrame(Opcode.Loop, _stack.Count, parameters, results, _il.DefineLabel()) { IsBranchedTo = true };
        _frames.Add(frame);
        frame.LabelValues = TakeTemporaries(parameters);
        for (var i = 0; i < initial.Length; i++)
        {
            Emit(initial[i]);
            _il.Emit(OpCodes.Stloc, frame.LabelValues[i]);
        }
        MarkLabel(frame.Label);
        _metering.EmitLoopHead();
        // Copies, because a branch sets the label's values while those of this iteration may still be needed.
        for (var i = 0; i < parameters.Length; i++)
            _stack.Add(ToTemporary(Expression.OfTemporary(parameters[i], frame.LabelValues[i], owned: false)));
    }

    private void OpenIf(Instruction instruction)
    {
        var condition = Pop();
        SettleAll();
        var (parameters, results) = TypesOf(instruction.BlockType);
        var values = Pop(parameters.Length);
        var frame = new ControlFrame(Opcode.If, _stack.Count, parameters, results, _il.DefineLabel())
        {
            Else = _il.DefineLabel(),
            IfParameters = TakeTemporaries(parameters),
        };
        for (var i = 0; i < values.Length; i++)
        {
            Emit(values[i]);
            _il.Emit(OpCodes.Stloc, frame.IfParameters[i]);
        }
        _frames.Add(frame);
        _memory.Settle();
        EmitBranchUnless(condition, frame.Else.Value);
        PushIfParameters(frame);
    }

    private void PushIfParameters(ControlFrame frame)
    {
        for (var i = 0; i < frame.IfParameters.Length; i++)
            _stack.Add(Expression.OfTemporary(frame.Parameters[i], frame.IfParameters[i], owned: false));
    }

    private void TranslateElse()
    {
        var frame = _frames[^1];
        if (_isReachable)
            EmitBranch(0);
        BecomeUnreachable();
        MarkLabel(frame.Else!.Value);
        frame.Else = null;
        _isReachable = true;
        PushIfParameters(frame);
    }

    private void TranslateEnd()
    {
        var frame = _frames[^1];
        // An if without else passes its parameters on.
        if (frame.Else is not null)
            TranslateElse();
        if (_frames.Count == 1)
        {
            if (_isReachable)
                EmitReturn(Pop(frame.Results.Length));
            return;
        }
        if (!_isReachable)
            Truncate(frame.Height);
        if (!frame.IsLoop && frame.IsBranchedTo)
        {
            if (_isReachable)
                StoreLabelValues(frame);
            MarkLabel(frame.Label);
            for (var i = 0; i < frame.Results.Length; i++)
                _stack.Add(Expression.OfTemporary(frame.Results[i], frame.LabelValues![i]));
            _isReachable = true;
        }
        else if (frame.IsLoop)
        {
            foreach (var value in frame.LabelValues!)
                _temporaries.Return(value);
        }
        foreach (var parameter in frame.IfParameters)
            ReturnIfParameter(frame, parameter);
        _frames.RemoveAt(_frames.Count - 1);
    }

    /// <summary>Parameters of an if that became its results without a branch are still on the stack, not owned.</summary>
    private void ReturnIfParameter(ControlFrame frame, LocalBuilder parameter)
    {
        for (var i = frame.Height; i < _stack.Count; i++)
        {
            if (!_stack[i].IsSettled || (_stack[i].Temporary == parameter && !_stack[i].OwnsTemporary))
                _stack[i] = ToTemporary(_stack[i]);
        }
        _temporaries.Return(parameter);
    }

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

    private void MarkLabel(Label label)
    {
        if (_isReachable)
            _memory.Settle();
        else
            _memory.AssumeSettled();
        _il.MarkLabel(label);
        _memory.ForgetProofs();
    }

    private LocalBuilder[] TakeTemporaries(ImmutableArray<ValType> types) => [.. types.Select(TakeTemporary)];

    private (ImmutableArray<ValType> Parameters, ImmutableArray<ValType> Results) TypesOf(BlockType type)
    {
        if (type.IsEmpty)
            return ([], []);
        if (!type.HasTypeIndex)
            return ([], [type.Result]);
        var function = _module.Types[(int)type.TypeIndex];
        return (function.Parameters, function.Results);
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
