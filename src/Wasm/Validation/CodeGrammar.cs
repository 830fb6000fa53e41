using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <summary>
/// Checks the binary grammar of function bodies alone. The validator does this on its way; a module it finds invalid
/// is read once more here, because a module that is malformed anywhere is called malformed.
/// </summary>
internal static class CodeGrammar
{
    /// <summary>Reads every body to its end.</summary>
    /// <exception cref="WasmFormatException">A body is malformed.</exception>
    public static void Check(Module module)
    {
        var open = new Stack<Opcode>();
        for (var i = 0; i < module.Bodies.Length; i++)
        {
            try
            {
                Check(module, module.Bodies[i], open);
            }
            catch (WasmFormatException refusal)
            {
                throw refusal.In(module.ImportedFunctionCount + i);
            }
        }
    }

    private static void Check(Module module, FunctionBody body, Stack<Opcode> open)
    {
        var reader = module.InstructionsOf(body.Code);
        open.Clear();
        open.Push(Opcode.Block);
        while (open.Count > 0)
        {
            var instruction = reader.Read();
            if (instruction.Immediate == Immediate.Block)
                open.Push(instruction.Opcode);
            else if (instruction.Opcode == Opcode.End)
                open.Pop();
            else if (instruction.Opcode == Opcode.Else && open.Pop() != Opcode.If)
                throw WasmFormatException.Malformed(instruction.Offset, "END opcode expected: `else` without `if`");
            else if (instruction.Opcode == Opcode.Else)
                open.Push(Opcode.Else);
        }
        if (!reader.IsAtEnd)
            throw WasmFormatException.Malformed(reader.Offset, "section size mismatch: code continues after its final `end`");
    }
}
