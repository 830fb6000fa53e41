using System.Runtime.CompilerServices;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>
/// The shortest way through the most frequent instructions in their most frequent form. Whatever is not plainly right
/// here, be it only encoded in more bytes than it needs, is left to the other files, which know every rule and error.
/// </content>
internal sealed partial class FunctionValidator
{
    /// <summary>Indices and constants below this take one byte.</summary>
    private const byte OneByteLimit = 0x80;

    private static readonly SimpleAccess[] SimpleAccesses = BuildAccesses();

    /// <summary>Checks simple instructions from <paramref name="position"/> on; returns where the first other one begins.</summary>
    private int CheckSimple(ReadOnlySpan<byte> code, int position)
    {
        // The last byte of a body is `end`, which is not simple, so there are always two bytes or the end of the code.
        while (position + 1 < code.Length)
        {
            var opcode = code[position];
            var operand = code[position + 1];
            int length;
            if (opcode is >= (byte)Opcode.I32Eqz and <= (byte)Opcode.I64Extend32S)
                length = CheckSimpleNumeric(opcode) ? 1 : 0;
            else if (opcode is >= (byte)Opcode.LocalGet and <= (byte)Opcode.LocalTee)
                length = operand < _localCount && operand < OneByteLimit && CheckSimpleLocal((Opcode)opcode, _locals[operand]) ? 2 : 0;
            else if (opcode == (byte)Opcode.I32Const)
                length = operand < OneByteLimit && TryPush(ValType.I32) ? 2 : 0;
            else if (opcode is >= (byte)Opcode.I32Load and <= (byte)Opcode.I64Store32 && position + 2 < code.Length)
                length = CheckSimpleAccess(opcode, operand, code[position + 2]) ? 3 : 0;
            else
                length = 0;
            if (length == 0)
                return position;
            position += length;
            _instructionCount++;
        }
        return position;
    }

    private bool CheckSimpleNumeric(byte opcode)
    {
        ref readonly var signature = ref Signatures[opcode];
        var first = _operandCount - signature.OperandCount;
        if (first < _height || _operands[_operandCount - 1] != signature.Operand || _operands[first] != signature.Operand)
            return false;
        _operands[first] = signature.Result;
        _operandCount = first + 1;
        return true;
    }

    private bool CheckSimpleLocal(Opcode opcode, ValType type)
    {
        if (opcode == Opcode.LocalGet)
            return TryPush(type);
        if (_operandCount == _height || _operands[_operandCount - 1] != type)
            return false;
        if (opcode == Opcode.LocalSet)
            _operandCount--;
        return true;
    }

    private bool CheckSimpleAccess(byte opcode, byte alignment, byte offset)
    {
        ref readonly var access = ref SimpleAccesses[opcode - (byte)Opcode.I32Load];
        if (offset >= OneByteLimit || alignment > access.NaturalAlignment || _module.Memories.IsEmpty)
            return false;
        if (!access.IsStore)
        {
            if (_operandCount == _height || _operands[_operandCount - 1] != ValType.I32)
                return false;
            _operands[_operandCount - 1] = access.Value;
            return true;
        }
        if (_operandCount - 2 < _height || _operands[_operandCount - 1] != access.Value || _operands[_operandCount - 2] != ValType.I32)
            return false;
        _operandCount -= 2;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryPush(ValType type)
    {
        if (_operandCount == _operands.Length)
            return false;
        _operands[_operandCount++] = type;
        return true;
    }

    private static SimpleAccess[] BuildAccesses() =>
    [
        .. Enumerable.Range((int)Opcode.I32Load, Opcode.I64Store32 - Opcode.I32Load + 1).Select(opcode =>
        {
            var (value, natural) = AccessOf((Opcode)opcode);
            return new SimpleAccess(value, (byte)natural, (Opcode)opcode >= Opcode.I32Store);
        }),
    ];

    private readonly record struct SimpleAccess(ValType Value, byte NaturalAlignment, bool IsStore);
}
