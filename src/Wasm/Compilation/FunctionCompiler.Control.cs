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
            case Opcode.ReturnCall:
                TranslateTailCall((int)instruction.Index);
                break;
            case Opcode.ReturnCallIndirect:
                TranslateTailCallIndirect(instruction);
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
}
