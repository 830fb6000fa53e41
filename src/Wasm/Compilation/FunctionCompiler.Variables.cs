using System.Reflection.Emit;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <content>Locals, globals, references and tables.</content>
internal sealed partial class FunctionCompiler
{
    private void TranslateVariable(Instruction instruction)
    {
        var index = (int)instruction.Index;
        switch (instruction.Opcode)
        {
            case Opcode.LocalGet:
                Push(Expression.OfLocal(_localTypes[index], index));
                break;
            case Opcode.LocalSet or Opcode.LocalTee:
                var value = Pop();
                SettleMentions(index);
                Emit(value);
                EmitLocalSet(index);
                if (instruction.Opcode == Opcode.LocalTee)
                    Push(Expression.OfLocal(value.Type, index));
                break;
            case Opcode.GlobalGet:
                TranslateGlobalGet(index);
                break;
            case Opcode.GlobalSet:
                TranslateGlobalSet(index);
                break;
        }
    }

    private void EmitLocalGet(int local)
    {
        // Parameter 0 of the generated method is the context.
        if (local < _type.Parameters.Length)
            EmitLoadArgument(local + 1);
        else
            _il.Emit(OpCodes.Ldloc, _locals[local - _type.Parameters.Length]);
    }

    private void EmitLocalSet(int local)
    {
        if (local < _type.Parameters.Length)
            _il.Emit(OpCodes.Starg, (short)(local + 1));
        else
            _il.Emit(OpCodes.Stloc, _locals[local - _type.Parameters.Length]);
        _memory.ForgetProofs(local);
    }

    private void EmitLoadArgument(int argument)
    {
        if (argument <= byte.MaxValue)
            _il.Emit(OpCodes.Ldarg_S, (byte)argument);
        else
            _il.Emit(OpCodes.Ldarg, (short)argument);
    }

    private void TranslateGlobalGet(int global)
    {
        var type = _module.Globals[global].Value;
        var target = BeginResult(type);
        if (type.IsReference())
        {
            _il.Emit(OpCodes.Ldarg_0);
            EmitI4(global);
            EmitRuntimeCall(nameof(RuntimeCalls.GlobalGet));
        }
        else
        {
            EmitGlobalAddress(global);
            EmitLoad(type);
        }
        EndResult(target);
    }

    private void TranslateGlobalSet(int global)
    {
        var value = Pop();
        if (value.Type.IsReference())
        {
            _il.Emit(OpCodes.Ldarg_0);
            Emit(value);
            EmitI4(global);
            EmitRuntimeCall(nameof(RuntimeCalls.GlobalSet));
            return;
        }
        EmitGlobalAddress(global);
        Emit(value);
        EmitStore(value.Type);
    }

    /// <summary>Loads a number or vector from an address on the CIL stack.</summary>
    private void EmitLoad(ValType type)
    {
        if (type == ValType.V128)
        {
            VectorOperations.EmitLoad(_il);
            return;
        }
        _il.Emit(type switch
        {
            ValType.I32 => OpCodes.Ldind_I4,
            ValType.I64 => OpCodes.Ldind_I8,
            ValType.F32 => OpCodes.Ldind_R4,
            _ => OpCodes.Ldind_R8,
        });
    }

    /// <summary>Stores a number or vector; address and value are on the CIL stack.</summary>
    private void EmitStore(ValType type)
    {
        if (type == ValType.V128)
        {
            VectorOperations.EmitStore(_il);
            return;
        }
        _il.Emit(type switch
        {
            ValType.I32 => OpCodes.Stind_I4,
            ValType.I64 => OpCodes.Stind_I8,
            ValType.F32 => OpCodes.Stind_R4,
            _ => OpCodes.Stind_R8,
        });
    }

    private void EmitGlobalAddress(int global)
    {
        EmitContextAddress(_unit.Layout.Global(global));
        if (global < _module.ImportedGlobalCount)
            _il.Emit(OpCodes.Ldind_I);
    }

    private void EmitContextAddress(int offset)
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldc_I4, offset);
        _il.Emit(OpCodes.Add);
    }

    private void TranslateReference(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.RefNull:
                Push(Expression.Constant(instruction.Type, 0));
                break;
            case Opcode.RefIsNull:
                var value = Pop();
                var isNull = BeginResult(ValType.I32);
                Emit(value);
                _il.Emit(OpCodes.Ldnull);
                _il.Emit(OpCodes.Ceq);
                EndResult(isNull);
                break;
            case Opcode.RefFunc:
                var function = BeginResult(ValType.FuncRef);
                _il.Emit(OpCodes.Ldarg_0);
                EmitI4((int)instruction.Index);
                EmitRuntimeCall(nameof(RuntimeCalls.FunctionReference));
                EndResult(function);
                break;
        }
    }

    private void TranslateTable(Instruction instruction)
    {
        var index = (int)instruction.Index;
        switch (instruction.Opcode)
        {
            case Opcode.TableGet:
                EmitCallWithOperands(nameof(RuntimeCalls.TableGet), 1, _module.Tables[index].Element, index);
                break;
            case Opcode.TableSet:
                EmitCallWithOperands(nameof(RuntimeCalls.TableSet), 2, null, index);
                break;
            case Opcode.TableSize:
                EmitCallWithOperands(nameof(RuntimeCalls.TableSize), 0, ValType.I32, index);
                break;
            case Opcode.TableGrow:
                EmitCallWithOperands(nameof(RuntimeCalls.TableGrow), 2, ValType.I32, index);
                break;
            case Opcode.TableFill:
                EmitCallWithOperands(nameof(RuntimeCalls.TableFill), 3, null, index);
                break;
            case Opcode.TableCopy:
                EmitCallWithOperands(nameof(RuntimeCalls.TableCopy), 3, null, index, (int)instruction.SecondIndex);
                break;
            case Opcode.TableInit:
                EmitCallWithOperands(nameof(RuntimeCalls.TableInit), 3, null, (int)instruction.SecondIndex, index);
                break;
            case Opcode.ElemDrop:
                EmitCallWithOperands(nameof(RuntimeCalls.ElementDrop), 0, null, index);
                break;
        }
    }

    /// <summary>Calls the runtime with the context, operands from the stack and constants, in this order.</summary>
    private void EmitCallWithOperands(string name, int operandCount, ValType? result, params ReadOnlySpan<int> constants)
    {
        var operands = Pop(operandCount);
        var target = result is { } type ? BeginResult(type) : default;
        _il.Emit(OpCodes.Ldarg_0);
        foreach (var operand in operands)
            Emit(operand);
        foreach (var constant in constants)
            EmitI4(constant);
        EmitRuntimeCall(name);
        if (result is not null)
            EndResult(target);
    }

    private void EmitRuntimeCall(string name) =>
        _il.Emit(OpCodes.Call, typeof(RuntimeCalls).GetMethod(name) ?? throw new InvalidOperationException($"no runtime call {name}"));
}
