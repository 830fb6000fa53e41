using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <summary>Checks expressions that are evaluated when a module is instantiated.</summary>
/// <remarks>Source: WebAssembly 2.0, §3.3.8.2, and the extended-const proposal.</remarks>
internal static class ConstantExpressionValidator
{
    /// <summary>Checks that an expression is constant and leaves one value of the expected type.</summary>
    /// <param name="module">The module the expression belongs to.</param>
    /// <param name="expression">The expression.</param>
    /// <param name="expected">The type it must have.</param>
    /// <param name="declaredFunctions">Per function: set when the expression mentions it.</param>
    public static void Validate(Module module, ConstantExpression expression, ValType expected, bool[] declaredFunctions)
    {
        var reader = module.InstructionsOf(expression.Code);
        var operands = new Stack<ValType>();
        while (reader.Read() is { Opcode: not Opcode.End } instruction)
        {
            if (OperandsOf(instruction.Opcode) is { } type)
                CheckArithmetic(module, instruction, type, operands);
            else
                operands.Push(TypeOf(module, instruction, declaredFunctions));
        }
        if (operands.Count != 1 || operands.Peek() != expected)
        {
            throw WasmFormatException.Invalid(
                expression.Code.Offset,
                $"type mismatch: a constant expression must leave one {expected.Text()}, this one leaves {(operands.Count == 1 ? operands.Peek().Text() : $"{operands.Count} values")}");
        }
    }

    /// <summary>Notes that a function is mentioned outside code, so that <c>ref.func</c> may name it.</summary>
    public static void Declare(Module module, uint function, int offset, bool[] declaredFunctions)
    {
        if (function >= (uint)declaredFunctions.Length)
            throw WasmFormatException.Invalid(offset, $"unknown function {function}");
        declaredFunctions[function] = true;
    }

    /// <summary>Type of both operands and the result of the arithmetic that may be constant.</summary>
    private static ValType? OperandsOf(Opcode opcode) => opcode switch
    {
        Opcode.I32Add or Opcode.I32Sub or Opcode.I32Mul => ValType.I32,
        Opcode.I64Add or Opcode.I64Sub or Opcode.I64Mul => ValType.I64,
        _ => null,
    };

    private static void CheckArithmetic(Module module, Instruction instruction, ValType type, Stack<ValType> operands)
    {
        if (!module.Features.HasFlag(WasmFeatures.ExtendedConstants))
            throw WasmFormatException.Invalid(instruction.Offset, $"constant expression required: `{instruction.Opcode.Text()}` needs extended constants");
        if (operands.Count < 2 || operands.Pop() != type || operands.Peek() != type)
            throw WasmFormatException.Invalid(instruction.Offset, $"type mismatch: `{instruction.Opcode.Text()}` needs two operands of type {type.Text()}");
    }

    private static ValType TypeOf(Module module, Instruction instruction, bool[] declaredFunctions)
    {
        switch (instruction.Opcode)
        {
            case Opcode.I32Const:
                return ValType.I32;
            case Opcode.I64Const:
                return ValType.I64;
            case Opcode.F32Const:
                return ValType.F32;
            case Opcode.F64Const:
                return ValType.F64;
            case Opcode.V128Const:
                return ValType.V128;
            case Opcode.RefNull:
                return instruction.Type;
            case Opcode.RefFunc:
                Declare(module, instruction.Index, instruction.Offset, declaredFunctions);
                return ValType.FuncRef;
            case Opcode.GlobalGet:
                return TypeOfGlobal(module, instruction);
            default:
                throw WasmFormatException.Invalid(instruction.Offset, $"constant expression required: `{instruction.Opcode.Text()}` is not constant");
        }
    }

    private static ValType TypeOfGlobal(Module module, Instruction instruction)
    {
        // Only imported globals have a value when constant expressions are evaluated.
        if (instruction.Index >= (uint)module.ImportedGlobalCount)
            throw WasmFormatException.Invalid(instruction.Offset, $"unknown global {instruction.Index}");
        var global = module.Globals[(int)instruction.Index];
        return global.IsMutable
            ? throw WasmFormatException.Invalid(instruction.Offset, $"constant expression required: global {instruction.Index} is mutable")
            : global.Value;
    }
}
