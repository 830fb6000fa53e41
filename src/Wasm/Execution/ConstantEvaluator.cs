using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Execution;

/// <summary>Computes validated constant expressions, the integer arithmetic of the extended-const proposal included.</summary>
/// <remarks>Source: WebAssembly 2.0, §3.3.10.</remarks>
internal static class ConstantEvaluator
{
    public static object? Evaluate(WasmInstance instance, ConstantExpression expression)
    {
        var reader = instance.Module.Definition.InstructionsOf(expression.Code);
        var stack = new Stack<object?>();
        while (reader.Read() is { Opcode: not Opcode.End } instruction)
            stack.Push(Execute(instance, instruction, stack));
        return stack.Pop();
    }

    private static object? Execute(WasmInstance instance, Instruction instruction, Stack<object?> stack)
    {
        switch (instruction.Opcode)
        {
            case Opcode.I32Const:
                return instruction.I32;
            case Opcode.I64Const:
                return instruction.I64;
            case Opcode.F32Const:
                return BitConverter.UInt32BitsToSingle(instruction.F32Bits);
            case Opcode.F64Const:
                return BitConverter.UInt64BitsToDouble(instruction.F64Bits);
            case Opcode.V128Const:
                return Vector128.Create(instruction.LowBits, instruction.HighBits).AsByte();
            case Opcode.GlobalGet:
                return instance.GlobalAt((int)instruction.Index).Value;
            case Opcode.RefNull:
                return null;
            case Opcode.RefFunc:
                return instance.FunctionAt((int)instruction.Index);
        }
        var right = stack.Pop();
        var left = stack.Pop();
        // The cast keeps the integers from being widened to the arms' common type.
        return instruction.Opcode switch
        {
            Opcode.I32Add => (object)((int)left! + (int)right!),
            Opcode.I32Sub => (int)left! - (int)right!,
            Opcode.I32Mul => (int)left! * (int)right!,
            Opcode.I64Add => (long)left! + (long)right!,
            Opcode.I64Sub => (long)left! - (long)right!,
            Opcode.I64Mul => (long)left! * (long)right!,
            _ => throw new InvalidOperationException($"`{instruction.Opcode.Text()}` is not constant"),
        };
    }
}
