using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Which group an instruction belongs to.</content>
internal sealed partial class FunctionValidator
{
    private void Check(ref InstructionReader reader)
    {
        var opcode = _instruction.Opcode;
        switch (opcode)
        {
            case <= Opcode.ReturnCallIndirect:
                CheckControl(ref reader);
                break;
            case Opcode.Drop or Opcode.Select or Opcode.SelectTyped:
                CheckParametric();
                break;
            case >= Opcode.LocalGet and <= Opcode.GlobalSet:
                CheckVariable();
                break;
            case Opcode.TableGet or Opcode.TableSet or (>= Opcode.TableInit and <= Opcode.TableFill):
                CheckTable();
                break;
            case (>= Opcode.I32Load and <= Opcode.MemoryGrow) or (>= Opcode.MemoryInit and <= Opcode.MemoryFill):
                CheckMemory();
                break;
            case Opcode.RefNull or Opcode.RefIsNull or Opcode.RefFunc:
                CheckReference();
                break;
            case >= Opcode.V128Load:
                CheckVector();
                break;
            default:
                CheckNumeric();
                break;
        }
    }
}
