using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Parametric instructions. Source: WebAssembly 2.0, §3.3.4.</content>
internal sealed partial class FunctionValidator
{
    private void CheckParametric()
    {
        switch (_instruction.Opcode)
        {
            case Opcode.Drop:
                Pop();
                break;
            case Opcode.Select:
                CheckSelect();
                break;
            default:
                CheckTypedSelect();
                break;
        }
    }

    private void CheckSelect()
    {
        Pop(ValType.I32);
        var second = Pop();
        var first = Pop();
        if (first.IsReference() || second.IsReference())
            throw Invalid("type mismatch: `select` of references must state its type");
        if (first != second && first != Unknown && second != Unknown)
            throw Mismatch(second, first);
        Push(first == Unknown ? second : first);
    }

    private void CheckTypedSelect()
    {
        if (_instruction.TypeCount != 1)
            throw Invalid($"invalid result arity: `select` states {_instruction.TypeCount} types");
        Pop(ValType.I32);
        Pop(_instruction.Type);
        Pop(_instruction.Type);
        Push(_instruction.Type);
    }
}
