using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <content>Calls.</content>
internal sealed partial class FunctionCompiler
{
    private static readonly int EntrySize = Marshal.SizeOf<FunctionEntry>();

    private LocalBuilder? _entry;
    private LocalBuilder? _tableIndex;
    private LocalBuilder? _code;

    private void TranslateCall(int function)
    {
        var type = _module.TypeOfFunction(function);
        var arguments = Pop(type.Parameters.Length);
        var target = type.Results.Length == 1 ? BeginResult(type.Results[0]) : default;
        EmitCall(function, type, arguments, isTail: false);
        EndCall(type, target);
    }

    private void TranslateTailCall(int function)
    {
        var type = _module.TypeOfFunction(function);
        EmitCall(function, type, Pop(type.Parameters.Length), isTail: true);
        BecomeUnreachable();
    }

    private void TranslateCallIndirect(Instruction instruction)
    {
        var type = _module.Types[(int)instruction.Index];
        EmitCallee(instruction);
        var arguments = Pop(type.Parameters.Length);
        var target = type.Results.Length == 1 ? BeginResult(type.Results[0]) : default;
        EmitCallOfEntry(type, arguments, isTail: false);
        EndCall(type, target);
    }

    private void TranslateTailCallIndirect(Instruction instruction)
    {
        var type = _module.Types[(int)instruction.Index];
        EmitCallee(instruction);
        EmitCallOfEntry(type, Pop(type.Parameters.Length), isTail: true);
        BecomeUnreachable();
    }

    /// <summary>Calls a function of the index space; the CIL stack is empty before.</summary>
    private void EmitCall(int function, FunctionType type, Expression[] arguments, bool isTail)
    {
        if (function < _module.ImportedFunctionCount)
        {
            var import = _unit.Layout.Import(function);
            EmitContextAddress(import + OffsetOf<ImportEntry>(nameof(ImportEntry.Context)));
            _il.Emit(OpCodes.Ldind_I);
            EmitArguments(arguments);
            EmitContextAddress(import + OffsetOf<ImportEntry>(nameof(ImportEntry.Code)));
            _il.Emit(OpCodes.Ldind_I);
            EmitCalli(_il, type, isTail);
            return;
        }
        if (_unit.DirectCallees[function - _module.ImportedFunctionCount] is { } method)
        {
            _il.Emit(OpCodes.Ldarg_0);
            EmitArguments(arguments);
            if (isTail)
                _il.Emit(OpCodes.Tailcall);
            _il.Emit(OpCodes.Call, method);
            if (isTail)
                _il.Emit(OpCodes.Ret);
            return;
        }
        EmitLoadCode(function);
        _il.Emit(OpCodes.Ldarg_0);
        EmitArguments(arguments);
        _il.Emit(OpCodes.Ldloc, _code!);
        EmitCalli(_il, type, isTail);
    }

    /// <summary>Leaves in <see cref="_code"/> where the code of a function of this module is; it is made if there is none yet.</summary>
    private void EmitLoadCode(int function)
    {
        _code ??= _il.DeclareLocal(typeof(nint));
        var resume = _il.DefineLabel();
        EmitContextAddress(OffsetOf<Context>(nameof(Context.CodeAddresses)));
        _il.Emit(OpCodes.Ldind_I);
        EmitAddOffset((function - _module.ImportedFunctionCount) * nint.Size);
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, _code);
        _il.Emit(OpCodes.Ldloc, _code);
        _il.Emit(OpCodes.Brfalse, _slowPaths.Add(resume, () =>
        {
            _il.Emit(OpCodes.Ldarg_0);
            EmitI4(function);
            EmitRuntimeCall(nameof(RuntimeCalls.TranslateFunction));
            _il.Emit(OpCodes.Stloc, _code);
        }));
        _il.MarkLabel(resume);
    }

    /// <summary>Leaves the checked table element that an indirect call names in <see cref="_entry"/>; uses the index up.</summary>
    private void EmitCallee(Instruction instruction)
    {
        EmitTableEntry(Pop(), (int)instruction.SecondIndex);
        EmitTypeCheck((int)instruction.Index);
    }

    private void EmitCallOfEntry(FunctionType type, Expression[] arguments, bool isTail)
    {
        EmitEntryField(nameof(FunctionEntry.Context));
        _il.Emit(OpCodes.Ldind_I);
        EmitArguments(arguments);
        EmitEntryField(nameof(FunctionEntry.Code));
        _il.Emit(OpCodes.Ldind_I);
        EmitCalli(_il, type, isTail);
    }

    /// <summary>Checks the index and leaves the address of the element in <see cref="_entry"/>.</summary>
    private void EmitTableEntry(Expression index, int table)
    {
        _entry ??= _il.DeclareLocal(typeof(nint));
        _tableIndex ??= _il.DeclareLocal(typeof(int));
        Emit(index);
        _il.Emit(OpCodes.Stloc, _tableIndex);
        EmitContextAddress(_unit.Layout.Table(table));
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, _entry);

        _il.Emit(OpCodes.Ldloc, _tableIndex);
        _il.Emit(OpCodes.Ldloc, _entry);
        EmitAddOffset(OffsetOf<TableDescriptor>(nameof(TableDescriptor.Length)));
        _il.Emit(OpCodes.Ldind_U4);
        _il.Emit(OpCodes.Bge_Un, _traps.For(TrapCode.TableOutOfBounds));

        _il.Emit(OpCodes.Ldloc, _entry);
        EmitAddOffset(OffsetOf<TableDescriptor>(nameof(TableDescriptor.Entries)));
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Ldloc, _tableIndex);
        _il.Emit(OpCodes.Conv_U);
        EmitI4(EntrySize);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Mul);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _entry);
    }

    /// <summary>Nulls and functions that are not translated yet have other type ids, so that this check finds them too.</summary>
    private void EmitTypeCheck(int type)
    {
        var resume = _il.DefineLabel();
        EmitEntryField(nameof(FunctionEntry.TypeId));
        _il.Emit(OpCodes.Ldind_I4);
        EmitTypeId();
        _il.Emit(OpCodes.Bne_Un, _slowPaths.Add(resume, () =>
        {
            _il.Emit(OpCodes.Ldloc, _entry!);
            EmitTypeId();
            EmitRuntimeCall(nameof(RuntimeCalls.ResolveElement));
        }));
        _il.MarkLabel(resume);

        void EmitTypeId()
        {
            EmitContextAddress(_unit.Layout.TypeId(type));
            _il.Emit(OpCodes.Ldind_I4);
        }
    }

    private void EmitEntryField(string field)
    {
        _il.Emit(OpCodes.Ldloc, _entry!);
        EmitAddOffset(OffsetOf<FunctionEntry>(field));
    }

    private void EmitAddOffset(int offset)
    {
        if (offset == 0)
            return;
        EmitI4(offset);
        _il.Emit(OpCodes.Add);
    }

    private void EmitArguments(Expression[] arguments)
    {
        foreach (var argument in arguments)
            Emit(argument);
    }

    private void EndCall(FunctionType type, Target target)
    {
        _memory.OnMayHaveGrown();
        if (type.Results.Length == 1)
            EndResult(target);
        else if (type.Results.Length > 1)
            PushTupleItems(type);
    }

    private void PushTupleItems(FunctionType type)
    {
        var tuple = _temporaries.Take(ClrTypes.Result(type.Results));
        _il.Emit(OpCodes.Stloc, tuple);
        for (var i = 0; i < type.Results.Length; i++)
        {
            var item = TakeTemporary(type.Results[i]);
            _il.Emit(OpCodes.Ldloca, tuple);
            TupleCode.EmitLoadItem(_il, tuple.LocalType, i);
            _il.Emit(OpCodes.Stloc, item);
            Push(Expression.OfTemporary(type.Results[i], item));
        }
        _temporaries.Return(tuple);
    }

    /// <summary>
    /// Calls generated code; context, arguments and code address are on the CIL stack. A tail call also returns.
    /// </summary>
    public static void EmitCalli(ILGenerator il, FunctionType type, bool isTail = false)
    {
        if (isTail)
            il.Emit(OpCodes.Tailcall);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, ClrTypes.Result(type.Results), [typeof(nint), .. type.Parameters.Select(ClrTypes.Of)], null);
        if (isTail)
            il.Emit(OpCodes.Ret);
    }

    private static int OffsetOf<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
