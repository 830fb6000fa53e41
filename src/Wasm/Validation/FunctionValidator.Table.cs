using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Table instructions. Source: WebAssembly 2.0, §3.3.6.</content>
internal sealed partial class FunctionValidator
{
    private void CheckTable()
    {
        switch (_instruction.Opcode)
        {
            case Opcode.TableGet:
                Pop(ValType.I32);
                Push(TableOf(_instruction.Index).Element);
                break;
            case Opcode.TableSet:
                Pop(TableOf(_instruction.Index).Element);
                Pop(ValType.I32);
                break;
            case Opcode.TableSize:
                TableOf(_instruction.Index);
                Push(ValType.I32);
                break;
            case Opcode.TableGrow:
                Pop(ValType.I32);
                Pop(TableOf(_instruction.Index).Element);
                Push(ValType.I32);
                break;
            case Opcode.TableFill:
                Pop(ValType.I32);
                Pop(TableOf(_instruction.Index).Element);
                Pop(ValType.I32);
                break;
            case Opcode.TableCopy:
                CheckSameElement(TableOf(_instruction.Index).Element, TableOf(_instruction.SecondIndex).Element);
                PopThreeI32();
                break;
            case Opcode.TableInit:
                CheckSameElement(TableOf(_instruction.SecondIndex).Element, SegmentTypeOf(_instruction.Index));
                PopThreeI32();
                break;
            default:
                SegmentTypeOf(_instruction.Index);
                break;
        }
    }

    private void CheckSameElement(ValType destination, ValType source)
    {
        if (destination != source)
            throw Invalid($"type mismatch: `{_instruction.Opcode.Text()}` from {source.Text()} to {destination.Text()}");
    }

    private void PopThreeI32()
    {
        Pop(ValType.I32);
        Pop(ValType.I32);
        Pop(ValType.I32);
    }

    private TableType TableOf(uint index) =>
        index < (uint)_module.Tables.Length ? _module.Tables[(int)index] : throw Invalid($"unknown table {index}");

    private ValType SegmentTypeOf(uint index) =>
        index < (uint)_module.ElementSegments.Length
            ? _module.ElementSegments[(int)index].Type
            : throw Invalid($"unknown elem segment {index}");
}
