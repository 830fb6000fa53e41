using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Vector instructions, their loads and stores included. Source: WebAssembly 2.0, §3.3.2 and §3.3.7.</content>
internal sealed partial class FunctionValidator
{
    private void CheckVector()
    {
        var signature = VectorSignatures.Of(_instruction.Opcode);
        switch (_instruction.Immediate)
        {
            case Immediate.MemoryArgument:
                CheckAccess(signature);
                break;
            case Immediate.MemoryArgumentAndLane:
                CheckAccess(signature);
                CheckLane(_instruction.Lane, signature.Lanes);
                break;
            case Immediate.Lane:
                CheckLane(_instruction.Lane, signature.Lanes);
                break;
            case Immediate.Lanes:
                CheckLanes(_instruction.LowBits, signature.Lanes);
                CheckLanes(_instruction.HighBits, signature.Lanes);
                break;
        }
        for (var i = signature.Operands.Length - 1; i >= 0; i--)
            Pop(signature.Operands[i]);
        if (signature.Result is { } result)
            Push(result);
    }

    private void CheckAccess(VectorSignature signature)
    {
        CheckMemoryExists((uint)_instruction.MemoryIndex);
        CheckAlignment(signature.NaturalAlignment);
    }

    private void CheckLanes(ulong lanes, int count)
    {
        for (; lanes != 0; lanes >>= 8)
            CheckLane((byte)lanes, count);
    }

    private void CheckLane(int lane, int count)
    {
        if (lane >= count)
            throw Invalid($"invalid lane index {lane}: `{_instruction.Opcode.Text()}` has {count} lanes to choose from");
    }
}
