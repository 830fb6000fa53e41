using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Variable instructions. Source: WebAssembly 2.0, §3.3.5.</content>
internal sealed partial class FunctionValidator
{
    private void CheckVariable()
    {
        var index = _instruction.Index;
        switch (_instruction.Opcode)
        {
            case Opcode.LocalGet:
                Push(LocalType(index));
                break;
            case Opcode.LocalSet:
                Pop(LocalType(index));
                break;
            case Opcode.LocalTee:
                Pop(LocalType(index));
                Push(LocalType(index));
                break;
            case Opcode.GlobalGet:
                Push(GlobalOf(index).Value);
                break;
            default:
                var global = GlobalOf(index);
                if (!global.IsMutable)
                    throw Invalid($"global is immutable: `global.set` {index}");
                Pop(global.Value);
                break;
        }
    }

    private GlobalType GlobalOf(uint index) =>
        index < (uint)_module.Globals.Length ? _module.Globals[(int)index] : throw Invalid($"unknown global {index}");
}
