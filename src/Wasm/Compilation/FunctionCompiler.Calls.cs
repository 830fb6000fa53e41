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

    private void TranslateCall(int function)
    {
        var type = _module.TypeOfFunction(function);
        var arguments = Pop(type.Parameters.Length);
        var target = type.Results.Length == 1 ? BeginResult(type.Results[0]) : default;
        if (function >= _module.ImportedFunctionCount)
        {
            _il.Emit(OpCodes.Ldarg_0);
            EmitArguments(arguments);
            _il.Emit(OpCodes.Call, _unit.Functions[function - _module.ImportedFunctionCount]);
        }
        else
        {
            var import = _unit.Layout.Import(function);
            EmitContextAddress(import + OffsetOf<ImportEntry>(nameof(ImportEntry.Context)));
            _il.Emit(OpCodes.Ldind_I);
            EmitArguments(arguments);
            EmitContextAddress(import + OffsetOf<ImportEntry>(nameof(ImportEntry.Code)));
            _il.Emit(OpCodes.Ldind_I);
            EmitCalli(_il, type);
        }
        EndCall(type, target);
    }

    private void TranslateCallIndirect(Instruction instruction)
    {
        var type = _module.Types[(int)instruction.Index];
        var index = Pop();
        EmitTableEntry(index, (int)instruction.SecondIndex);
        EmitTypeCheck((int)instruction.Index);
        var arguments = Pop(type.Parameters.Length);
        var target = type.Results.Length == 1 ? BeginResult(type.Results[0]) : default;
        EmitEntryField(nameof(FunctionEntry.Context));
        _il.Emit(OpCodes.Ldind_I);
        EmitArguments(arguments);
        EmitEntryField(nameof(FunctionEntry.Code));
        _il.Emit(OpCodes.Ldind_I);
        EmitCalli(_il, type);
        EndCall(type, target);
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

    /// <summary>The null reference has type id 0, so that this check finds it too.</summary>
    private void EmitTypeCheck(int type)
    {
        EmitEntryField(nameof(FunctionEntry.TypeId));
        _il.Emit(OpCodes.Ldind_I4);
        _il.Emit(OpCodes.Stloc, _traps.FoundTypeId);
        _il.Emit(OpCodes.Ldloc, _traps.FoundTypeId);
        EmitContextAddress(_unit.Layout.TypeId(type));
        _il.Emit(OpCodes.Ldind_I4);
        _il.Emit(OpCodes.Bne_Un, _traps.IndirectCall());
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

    /// <summary>Calls generated code; context, arguments and code address are on the CIL stack.</summary>
    public static void EmitCalli(ILGenerator il, FunctionType type) =>
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, ClrTypes.Result(type.Results), [typeof(nint), .. type.Parameters.Select(ClrTypes.Of)], null);

    private static int OffsetOf<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
