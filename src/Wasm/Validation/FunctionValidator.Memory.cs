using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Memory instructions. Source: WebAssembly 2.0, §3.3.7.</content>
internal sealed partial class FunctionValidator
{
    private void CheckMemory()
    {
        switch (_instruction.Opcode)
        {
            case Opcode.MemorySize:
                CheckMemoryExists(_instruction.Index);
                Push(ValType.I32);
                break;
            case Opcode.MemoryGrow:
                CheckMemoryExists(_instruction.Index);
                Pop(ValType.I32);
                Push(ValType.I32);
                break;
            case Opcode.MemoryFill:
                CheckMemoryExists(_instruction.Index);
                PopThreeI32();
                break;
            case Opcode.MemoryCopy:
                CheckMemoryExists(_instruction.Index);
                CheckMemoryExists(_instruction.SecondIndex);
                PopThreeI32();
                break;
            case Opcode.MemoryInit:
                CheckMemoryExists(_instruction.SecondIndex);
                CheckDataSegment();
                PopThreeI32();
                break;
            case Opcode.DataDrop:
                CheckDataSegment();
                break;
            case >= Opcode.I32Store and <= Opcode.I64Store32:
                CheckMemoryExists((uint)_instruction.MemoryIndex);
                CheckAlignment(out var stored);
                Pop(stored);
                Pop(ValType.I32);
                break;
            default:
                CheckMemoryExists((uint)_instruction.MemoryIndex);
                CheckAlignment(out var loaded);
                Pop(ValType.I32);
                Push(loaded);
                break;
        }
    }

    private void CheckMemoryExists(uint memory)
    {
        if (memory >= (uint)_module.Memories.Length)
            throw Invalid($"unknown memory {memory}: `{_instruction.Opcode.Text()}` in a module of {_module.Memories.Length} memories");
    }

    private void CheckAlignment(out ValType value)
    {
        (value, var natural) = AccessOf(_instruction.Opcode);
        CheckAlignment(natural);
    }

    private void CheckAlignment(uint natural)
    {
        if (_instruction.AlignmentExponent > natural)
            throw Invalid($"alignment must not be larger than natural: `{_instruction.Opcode.Text()}`");
    }

    private void CheckDataSegment()
    {
        if (_instruction.Index >= (uint)_module.DataSegments.Length)
            throw Invalid($"unknown data segment {_instruction.Index}");
        if (_module.DataCount is null)
            throw WasmFormatException.Malformed(_instruction.Offset, "data count section required");
    }

    /// <summary>What a load or store moves, and the binary logarithm of how many bytes of it are in memory.</summary>
    private static (ValType Value, uint NaturalAlignment) AccessOf(Opcode opcode) => opcode switch
    {
        Opcode.I32Load8S or Opcode.I32Load8U or Opcode.I32Store8 => (ValType.I32, 0),
        Opcode.I32Load16S or Opcode.I32Load16U or Opcode.I32Store16 => (ValType.I32, 1),
        Opcode.I32Load or Opcode.I32Store => (ValType.I32, 2),
        Opcode.I64Load8S or Opcode.I64Load8U or Opcode.I64Store8 => (ValType.I64, 0),
        Opcode.I64Load16S or Opcode.I64Load16U or Opcode.I64Store16 => (ValType.I64, 1),
        Opcode.I64Load32S or Opcode.I64Load32U or Opcode.I64Store32 => (ValType.I64, 2),
        Opcode.I64Load or Opcode.I64Store => (ValType.I64, 3),
        Opcode.F32Load or Opcode.F32Store => (ValType.F32, 2),
        _ => (ValType.F64, 3),
    };
}
