using System.Collections.Immutable;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <summary>
/// Checks function bodies one after the other: the two stacks of the specification's algorithm here, the rules of the
/// instructions in one file per group.
/// </summary>
/// <remarks>
/// No recursion, and time linear in the length of the body: lists of types are compared and copied as spans of bytes.
/// Source: WebAssembly 2.0, §3.3 and appendix A.
/// </remarks>
internal sealed partial class FunctionValidator
{
    /// <summary>An operand of unreachable code, which has every type.</summary>
    private const ValType Unknown = default;

    private readonly Module _module;
    private readonly WasmLimits _limits;
    private readonly bool[] _declaredFunctions;

    private ValType[] _locals = new ValType[16];
    private ValType[] _operands = new ValType[64];
    private ControlFrame[] _frames = new ControlFrame[16];
    private int _localCount;
    private int _operandCount;
    private int _frameCount;

    /// <summary>Height of the operand stack below the innermost frame.</summary>
    private int _height;

    private readonly List<int> _callees = [];
    private bool _callsIndirectly;
    private int _instructionCount;

    private Instruction _instruction;

    /// <summary>A validator of the functions of one module.</summary>
    /// <param name="module">The module, valid but for its functions.</param>
    /// <param name="limits">Limits on nesting, locals and operands.</param>
    /// <param name="declaredFunctions">Per function: whether <c>ref.func</c> may name it.</param>
    public FunctionValidator(Module module, WasmLimits limits, bool[] declaredFunctions)
    {
        _module = module;
        _limits = limits;
        _declaredFunctions = declaredFunctions;
    }

    /// <summary>Checks one function; returns what it calls.</summary>
    /// <param name="function">Its index in the function index space.</param>
    /// <param name="body">Its body.</param>
    public FunctionCalls Validate(int function, FunctionBody body)
    {
        var type = _module.TypeOfFunction(function);
        _instruction = new Instruction(Opcode.Nop, Immediate.None, body.Code.Offset);
        _operandCount = 0;
        _frameCount = 0;
        _callees.Clear();
        _callsIndirectly = false;
        _instructionCount = 0;
        SetLocals(type, body);
        PushFrame(Opcode.Block, [], type.Results);

        var code = _module.Bytes.Span[..body.Code.End];
        var reader = _module.InstructionsOf(body.Code);
        while (_frameCount > 0)
        {
            reader.MoveTo(CheckSimple(code, reader.Offset));
            _instruction = reader.Read();
            _instructionCount++;
            Check(ref reader);
        }
        if (!reader.IsAtEnd)
            throw WasmFormatException.Malformed(reader.Offset, "section size mismatch: code continues after its final `end`");
        return new FunctionCalls([.. _callees], _callsIndirectly, _instructionCount);
    }

    /// <summary>The type of a local, parameters first.</summary>
    private ValType LocalType(uint index) =>
        index < (uint)_localCount ? _locals[index] : throw Invalid($"unknown local {index}");

    private void SetLocals(FunctionType type, FunctionBody body)
    {
        _localCount = type.Parameters.Length + body.LocalCount;
        if (_localCount > _limits.Locals)
            throw WasmFormatException.LimitExceeded(body.Code.Offset, "locals", (ulong)_localCount, (ulong)_limits.Locals);
        if (_locals.Length < _localCount)
            _locals = new ValType[Math.Max(_localCount, _locals.Length * 2)];
        type.Parameters.CopyTo(_locals);
        var next = type.Parameters.Length;
        foreach (var run in body.Locals)
        {
            _locals.AsSpan(next, run.Count).Fill(run.Type);
            next += run.Count;
        }
    }

    private void Push(ValType type)
    {
        if (_operandCount == _operands.Length)
            GrowOperands(_operandCount + 1);
        _operands[_operandCount++] = type;
    }

    private void Push(ImmutableArray<ValType> types)
    {
        if (_operands.Length - _operandCount < types.Length)
            GrowOperands(_operandCount + types.Length);
        types.CopyTo(_operands, _operandCount);
        _operandCount += types.Length;
    }

    private ValType Pop()
    {
        if (_operandCount > _height)
            return _operands[--_operandCount];
        return _frames[_frameCount - 1].IsUnreachable
            ? Unknown
            : throw Invalid($"type mismatch: `{_instruction.Opcode.Text()}` needs an operand, the stack is empty");
    }

    private ValType Pop(ValType expected)
    {
        var actual = Pop();
        if (actual != expected && actual != Unknown && expected != Unknown)
            throw Mismatch(expected, actual);
        return actual;
    }

    private void Pop(ImmutableArray<ValType> types)
    {
        CheckTop(types);
        var available = _operandCount - _frames[_frameCount - 1].Height;
        _operandCount -= Math.Min(available, types.Length);
    }

    /// <summary>Checks that the stack ends with these types; leaves it as it is.</summary>
    private void CheckTop(ImmutableArray<ValType> types)
    {
        ref var frame = ref _frames[_frameCount - 1];
        var available = Math.Min(_operandCount - frame.Height, types.Length);
        if (available < types.Length && !frame.IsUnreachable)
        {
            throw Invalid(
                $"type mismatch: `{_instruction.Opcode.Text()}` needs {types.Length} operands, the stack has {available}");
        }

        var actual = _operands.AsSpan(_operandCount - available, available);
        var expected = types.AsSpan()[(types.Length - available)..];
        if (actual.SequenceEqual(expected))
            return;
        for (var i = 0; i < available; i++)
        {
            if (actual[i] != expected[i] && actual[i] != Unknown)
                throw Mismatch(expected[i], actual[i]);
        }
    }

    private void PushFrame(Opcode opcode, ImmutableArray<ValType> parameters, ImmutableArray<ValType> results)
    {
        if (_frameCount == _limits.ControlDepth)
            throw WasmFormatException.LimitExceeded(_instruction.Offset, "nested blocks", (ulong)_frameCount + 1, (ulong)_limits.ControlDepth);
        if (_frameCount == _frames.Length)
            Array.Resize(ref _frames, _frameCount * 2);
        _frames[_frameCount++] = new ControlFrame { Opcode = opcode, Parameters = parameters, Results = results, Height = _operandCount };
        _height = _operandCount;
        Push(parameters);
    }

    /// <summary>Closes the innermost frame; its results are off the stack afterwards.</summary>
    private ControlFrame PopFrame()
    {
        ref var frame = ref _frames[_frameCount - 1];
        Pop(frame.Results);
        if (_operandCount != frame.Height)
            throw Invalid($"type mismatch: `{_instruction.Opcode.Text()}` leaves {_operandCount - frame.Height} operands too many on the stack");
        _frameCount--;
        _height = _frameCount > 0 ? _frames[_frameCount - 1].Height : 0;
        return frame;
    }

    /// <summary>The rest of the innermost frame cannot be reached.</summary>
    private void MarkUnreachable()
    {
        ref var frame = ref _frames[_frameCount - 1];
        _operandCount = frame.Height;
        frame.IsUnreachable = true;
    }

    private void GrowOperands(int needed)
    {
        if (needed > _limits.OperandStack)
            throw WasmFormatException.LimitExceeded(_instruction.Offset, "operand stack", (ulong)needed, (ulong)_limits.OperandStack);
        Array.Resize(ref _operands, Math.Max(needed, _operands.Length * 2));
    }

    private WasmFormatException Mismatch(ValType expected, ValType actual) =>
        Invalid($"type mismatch: `{_instruction.Opcode.Text()}` needs {expected.Text()}, the stack has {actual.Text()}");

    private WasmFormatException Invalid(string message) =>
        WasmFormatException.Invalid(_instruction.Offset, message);
}
