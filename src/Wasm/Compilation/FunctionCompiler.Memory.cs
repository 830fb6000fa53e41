using System.Reflection.Emit;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <content>Linear memory. Addresses come from <see cref="MemoryAccess"/> only.</content>
internal sealed partial class FunctionCompiler
{
    private void TranslateMemory(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case >= Opcode.I32Load and <= Opcode.I64Load32U:
                TranslateLoad(instruction);
                break;
            case >= Opcode.I32Store and <= Opcode.I64Store32:
                TranslateStore(instruction);
                break;
            case Opcode.MemorySize:
                var size = BeginResult(ValType.I32);
                _memory.EmitSize((int)instruction.Index);
                EndResult(size);
                break;
            case Opcode.MemoryGrow:
                EmitCallWithOperands(nameof(RuntimeCalls.MemoryGrow), 1, ValType.I32, (int)instruction.Index);
                _memory.OnMayHaveGrown();
                break;
            case Opcode.MemoryInit:
                EmitCallWithOperands(nameof(RuntimeCalls.MemoryInit), 3, null, (int)instruction.Index, (int)instruction.SecondIndex);
                break;
            case Opcode.DataDrop:
                EmitCallWithOperands(nameof(RuntimeCalls.DataDrop), 0, null, (int)instruction.Index);
                break;
            case Opcode.MemoryCopy:
                if (instruction.Index + instruction.SecondIndex == 0)
                    EmitCallWithOperands(nameof(RuntimeCalls.MemoryCopy), 3, null);
                else
                    EmitCallWithOperands(nameof(RuntimeCalls.MemoryCopyBetween), 3, null, (int)instruction.Index, (int)instruction.SecondIndex);
                break;
            case Opcode.MemoryFill:
                EmitCallWithOperands(nameof(RuntimeCalls.MemoryFill), 3, null, (int)instruction.Index);
                break;
        }
    }

    private void TranslateLoad(Instruction instruction)
    {
        var (type, size, load) = Load(instruction.Opcode);
        var address = Pop();
        var target = BeginResult(type);
        EmitAddress(instruction, address, size);
        _il.Emit(load);
        if (type == ValType.I64 && size < sizeof(long))
            _il.Emit(IsUnsignedLoad(instruction.Opcode) ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
        EndResult(target);
    }

    private void TranslateStore(Instruction instruction)
    {
        var (size, store) = Store(instruction.Opcode);
        var value = Pop();
        var address = Pop();
        EmitAddress(instruction, address, size);
        Emit(value);
        if (value.Type == ValType.I64 && size < sizeof(long))
            _il.Emit(OpCodes.Conv_I4);
        _il.Emit(store);
    }

    private void EmitAddress(Instruction instruction, Expression address, int size)
    {
        _memory.EmitCheckedAddress(instruction.MemoryIndex, address, instruction.MemoryOffset, size, address.IsSimple ? EmitSimple : Emit);
        if (address.IsSimple)
            Discard(address);
    }

    private static bool IsUnsignedLoad(Opcode opcode) =>
        opcode is Opcode.I64Load8U or Opcode.I64Load16U or Opcode.I64Load32U;

    private static (ValType Type, int Size, OpCode Load) Load(Opcode opcode) => opcode switch
    {
        Opcode.I32Load => (ValType.I32, 4, OpCodes.Ldind_I4),
        Opcode.I64Load => (ValType.I64, 8, OpCodes.Ldind_I8),
        Opcode.F32Load => (ValType.F32, 4, OpCodes.Ldind_R4),
        Opcode.F64Load => (ValType.F64, 8, OpCodes.Ldind_R8),
        Opcode.I32Load8S => (ValType.I32, 1, OpCodes.Ldind_I1),
        Opcode.I32Load8U => (ValType.I32, 1, OpCodes.Ldind_U1),
        Opcode.I32Load16S => (ValType.I32, 2, OpCodes.Ldind_I2),
        Opcode.I32Load16U => (ValType.I32, 2, OpCodes.Ldind_U2),
        Opcode.I64Load8S => (ValType.I64, 1, OpCodes.Ldind_I1),
        Opcode.I64Load8U => (ValType.I64, 1, OpCodes.Ldind_U1),
        Opcode.I64Load16S => (ValType.I64, 2, OpCodes.Ldind_I2),
        Opcode.I64Load16U => (ValType.I64, 2, OpCodes.Ldind_U2),
        Opcode.I64Load32S => (ValType.I64, 4, OpCodes.Ldind_I4),
        Opcode.I64Load32U => (ValType.I64, 4, OpCodes.Ldind_U4),
        _ => throw new InvalidOperationException($"`{opcode.Text()}` is not a load"),
    };

    private static (int Size, OpCode Store) Store(Opcode opcode) => opcode switch
    {
        Opcode.I32Store => (4, OpCodes.Stind_I4),
        Opcode.I64Store => (8, OpCodes.Stind_I8),
        Opcode.F32Store => (4, OpCodes.Stind_R4),
        Opcode.F64Store => (8, OpCodes.Stind_R8),
        Opcode.I32Store8 or Opcode.I64Store8 => (1, OpCodes.Stind_I1),
        Opcode.I32Store16 or Opcode.I64Store16 => (2, OpCodes.Stind_I2),
        Opcode.I64Store32 => (4, OpCodes.Stind_I4),
        _ => throw new InvalidOperationException($"`{opcode.Text()}` is not a store"),
    };
}
