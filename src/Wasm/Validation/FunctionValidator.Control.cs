using System.Collections.Immutable;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Control instructions. Source: WebAssembly 2.0, §3.3.8.</content>
internal sealed partial class FunctionValidator
{
    private static readonly ImmutableArray<ValType> I32Result = [ValType.I32];
    private static readonly ImmutableArray<ValType> I64Result = [ValType.I64];
    private static readonly ImmutableArray<ValType> F32Result = [ValType.F32];
    private static readonly ImmutableArray<ValType> F64Result = [ValType.F64];
    private static readonly ImmutableArray<ValType> V128Result = [ValType.V128];
    private static readonly ImmutableArray<ValType> FuncRefResult = [ValType.FuncRef];
    private static readonly ImmutableArray<ValType> ExternRefResult = [ValType.ExternRef];

    private void CheckControl(ref InstructionReader reader)
    {
        switch (_instruction.Opcode)
        {
            case Opcode.Nop:
                break;
            case Opcode.Unreachable:
                MarkUnreachable();
                break;
            case Opcode.Block:
            case Opcode.Loop:
                OpenBlock();
                break;
            case Opcode.If:
                Pop(ValType.I32);
                OpenBlock();
                break;
            case Opcode.Else:
                CheckElse();
                break;
            case Opcode.End:
                CheckEnd();
                break;
            case Opcode.Br:
                Pop(LabelTypes(_instruction.Index));
                MarkUnreachable();
                break;
            case Opcode.BrIf:
                CheckBrIf();
                break;
            case Opcode.BrTable:
                CheckBrTable(ref reader);
                break;
            case Opcode.Return:
                Pop(_frames[0].Results);
                MarkUnreachable();
                break;
            case Opcode.Call:
                CheckCall(CalleeTypeOf(_instruction.Index));
                break;
            case Opcode.CallIndirect:
                CheckCallIndirect();
                break;
            case Opcode.ReturnCall:
                CheckTailCall(CalleeTypeOf(_instruction.Index));
                break;
            case Opcode.ReturnCallIndirect:
                CheckTailCallIndirect();
                break;
            default:
                throw Invalid($"unknown instruction `{_instruction.Opcode.Text()}`");
        }
    }

    private void OpenBlock()
    {
        var (parameters, results) = BlockTypes(_instruction.BlockType);
        Pop(parameters);
        PushFrame(_instruction.Opcode, parameters, results);
    }

    private void CheckElse()
    {
        if (_frames[_frameCount - 1].Opcode != Opcode.If)
            throw WasmFormatException.Malformed(_instruction.Offset, "END opcode expected: `else` without `if`");
        var frame = PopFrame();
        PushFrame(Opcode.Else, frame.Parameters, frame.Results);
    }

    private void CheckEnd()
    {
        var frame = PopFrame();
        if (frame.Opcode == Opcode.If && !frame.Parameters.AsSpan().SequenceEqual(frame.Results.AsSpan()))
            throw Invalid("type mismatch: an `if` without `else` must leave what it takes");
        Push(frame.Results);
    }

    private void CheckBrIf()
    {
        Pop(ValType.I32);
        var types = LabelTypes(_instruction.Index);
        Pop(types);
        Push(types);
    }

    private void CheckBrTable(ref InstructionReader reader)
    {
        Pop(ValType.I32);
        if (_instruction.LabelCount >= _limits.BranchTableLabels)
            throw WasmFormatException.LimitExceeded(_instruction.Offset, "branch table labels", (ulong)_instruction.LabelCount + 1, (ulong)_limits.BranchTableLabels);
        var arity = -1;
        var previous = default(ImmutableArray<ValType>);
        foreach (var label in reader.Labels(_instruction))
        {
            var types = LabelTypes(label);
            if (arity >= 0 && types.Length != arity)
                throw Invalid($"type mismatch: the labels of `br_table` take {arity} and {types.Length} operands");
            arity = types.Length;
            if (types != previous)
                CheckTop(types);
            previous = types;
        }
        MarkUnreachable();
    }

    private void CheckCall(FunctionType type)
    {
        Pop(type.Parameters);
        Push(type.Results);
    }

    private void CheckCallIndirect()
    {
        CheckCallee();
        CheckCall(TypeAt(_instruction.Index));
    }

    private void CheckTailCallIndirect()
    {
        CheckCallee();
        CheckTailCall(TypeAt(_instruction.Index));
    }

    /// <summary>The table and the index of an indirect call.</summary>
    private void CheckCallee()
    {
        var table = TableOf(_instruction.SecondIndex);
        if (table.Element != ValType.FuncRef)
            throw Invalid($"type mismatch: `{_instruction.Opcode.Text()}` needs a table of funcref, table {_instruction.SecondIndex} holds {table.Element.Text()}");
        Pop(ValType.I32);
        _callsIndirectly = true;
    }

    /// <summary>The callee returns to this function's caller, so it has this function's results. Source: tail-call proposal.</summary>
    private void CheckTailCall(FunctionType type)
    {
        if (!_module.Features.HasFlag(WasmFeatures.TailCalls))
            throw WasmFormatException.Unsupported(_instruction.Offset, $"`{_instruction.Opcode.Text()}`: tail calls are not enabled");
        if (!type.Results.AsSpan().SequenceEqual(_frames[0].Results.AsSpan()))
            throw Invalid($"type mismatch: `{_instruction.Opcode.Text()}` of a function of type {type} in one that returns other types");
        Pop(type.Parameters);
        MarkUnreachable();
    }

    private ImmutableArray<ValType> LabelTypes(uint label) =>
        label < (uint)_frameCount
            ? _frames[_frameCount - 1 - (int)label].LabelTypes
            : throw Invalid($"unknown label {label}");

    private FunctionType CalleeTypeOf(uint function)
    {
        var type = FunctionTypeOf(function);
        _callees.Add((int)function);
        return type;
    }

    private FunctionType FunctionTypeOf(uint function) =>
        function < (uint)_module.Functions.Length
            ? _module.TypeOfFunction((int)function)
            : throw Invalid($"unknown function {function}");

    private FunctionType TypeAt(uint index) =>
        index < (uint)_module.Types.Length ? _module.Types[(int)index] : throw Invalid($"unknown type {index}");

    private (ImmutableArray<ValType> Parameters, ImmutableArray<ValType> Results) BlockTypes(BlockType type)
    {
        if (type.IsEmpty)
            return ([], []);
        if (!type.HasTypeIndex)
            return ([], SingleResult(type.Result));
        var function = TypeAt(type.TypeIndex);
        return (function.Parameters, function.Results);
    }

    /// <summary>The list of one type, without allocating it for every block.</summary>
    private static ImmutableArray<ValType> SingleResult(ValType type) => type switch
    {
        ValType.I32 => I32Result,
        ValType.I64 => I64Result,
        ValType.F32 => F32Result,
        ValType.F64 => F64Result,
        ValType.V128 => V128Result,
        ValType.FuncRef => FuncRefResult,
        _ => ExternRefResult,
    };
}
