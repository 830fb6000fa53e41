using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Reference instructions. Source: WebAssembly 2.0, §3.3.3.</content>
internal sealed partial class FunctionValidator
{
    private void CheckReference()
    {
        switch (_instruction.Opcode)
        {
            case Opcode.RefNull:
                Push(_instruction.Type);
                break;
            case Opcode.RefIsNull:
                var type = Pop();
                if (type != Unknown && !type.IsReference())
                    throw Invalid($"type mismatch: `ref.is_null` needs a reference, the stack has {type.Text()}");
                Push(ValType.I32);
                break;
            default:
                FunctionTypeOf(_instruction.Index);
                if (!_declaredFunctions[_instruction.Index])
                    throw Invalid($"undeclared function reference: `ref.func` {_instruction.Index}");
                Push(ValType.FuncRef);
                break;
        }
    }
}
