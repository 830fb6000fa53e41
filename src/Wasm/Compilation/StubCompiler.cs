using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>Emits the ways between host and guest: entries, calls of host functions, addresses of code.</summary>
internal sealed class StubCompiler(TypeBuilder stubs)
{
    public const string FunctionPointer = "FunctionPointer";
    public const string ImportPointer = "ImportPointer";
    public const string Contract = "Contract";

    private const int HostCallKinds = 3;

    /// <summary>Cases of one method: those that are never asked for need not be compiled.</summary>
    private const int PointersPerMethod = 64;

    private const MethodAttributes StaticMethod = MethodAttributes.Public | MethodAttributes.Static;

    public static int ImportStubIndex(int function, HostCallKind kind) => (function * HostCallKinds) + (int)kind;

    public static string EntryName(int type) => string.Create(CultureInfo.InvariantCulture, $"Enter{type}");

    public static string BoxedEntryName(int type) => string.Create(CultureInfo.InvariantCulture, $"EnterBoxed{type}");

    public static string ImportStubName(int function, HostCallKind kind) => string.Create(CultureInfo.InvariantCulture, $"Import{function}{kind}");

    /// <summary>Emits every stub a translated module may need, and methods that find them.</summary>
    public void EmitAll(CodeUnit unit)
    {
        EmitContract(unit.IsMetered);
        EmitPointers(FunctionPointer, [.. unit.DirectCallees.Select(method => method!)], unit.Module.ImportedFunctionCount);
        EmitPointers(ImportPointer, [.. ImportStubs(unit.Module)], 0);
        var types = unit.Module.Functions.Select(type => unit.Module.Types[type]).ToHashSet();
        for (var i = 0; i < unit.Module.Types.Length; i++)
        {
            // The first of equal types has the stub.
            if (!types.Remove(unit.Module.Types[i]))
                continue;
            EmitEntry(unit.Module.Types[i], EntryName(i));
            EmitBoxedEntry(unit.Module.Types[i], BoxedEntryName(i));
        }
    }

    private MethodBuilder Define(string name, Type result, params Type[] parameters) =>
        stubs.DefineMethod(name, StaticMethod, result, parameters);

    private void EmitContract(bool isMetered)
    {
        var il = Define(Contract, typeof(int)).GetILGenerator();
        il.Emit(OpCodes.Ldc_I4, PersistedModule.ContractVersion);
        il.Emit(OpCodes.Ret);
        if (isMetered)
            stubs.DefineField(PersistedModule.MeteredField, typeof(bool), FieldAttributes.Public | FieldAttributes.Static);
    }

    private void EmitPointers(string name, IReadOnlyList<MethodInfo> methods, int firstIndex)
    {
        var parts = new List<MethodBuilder>();
        for (var first = 0; first < methods.Count; first += PointersPerMethod)
        {
            var part = Define($"{name}{first}", typeof(nint), typeof(int));
            EmitPointerSwitch(part.GetILGenerator(), [.. methods.Skip(first).Take(PointersPerMethod)]);
            parts.Add(part);
        }
        var il = Define(name, typeof(nint), typeof(int)).GetILGenerator();
        var cases = parts.Select(_ => il.DefineLabel()).ToArray();
        // CIL's writer refuses a switch without cases: a module without functions or imports.
        if (cases.Length > 0)
        {
            EmitIndex(il, firstIndex);
            il.Emit(OpCodes.Ldc_I4, PointersPerMethod);
            il.Emit(OpCodes.Div);
            il.Emit(OpCodes.Switch, cases);
        }
        EmitNull(il);
        for (var i = 0; i < cases.Length; i++)
        {
            il.MarkLabel(cases[i]);
            EmitIndex(il, firstIndex + (i * PointersPerMethod));
            il.Emit(OpCodes.Call, parts[i]);
            il.Emit(OpCodes.Ret);
        }
    }

    private static void EmitPointerSwitch(ILGenerator il, ImmutableArray<MethodInfo> methods)
    {
        var cases = methods.Select(_ => il.DefineLabel()).ToArray();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Switch, cases);
        EmitNull(il);
        for (var i = 0; i < cases.Length; i++)
        {
            il.MarkLabel(cases[i]);
            il.Emit(OpCodes.Ldftn, methods[i]);
            il.Emit(OpCodes.Ret);
        }
    }

    private static void EmitIndex(ILGenerator il, int first)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, first);
        il.Emit(OpCodes.Sub);
    }

    private static void EmitNull(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>For each imported function one stub of each <see cref="HostCallKind"/>, in this order.</summary>
    private IEnumerable<MethodBuilder> ImportStubs(Binary.Module module)
    {
        for (var function = 0; function < module.ImportedFunctionCount; function++)
        {
            foreach (var kind in Enum.GetValues<HostCallKind>())
                yield return EmitImportStub(function, module.TypeOfFunction(function), kind);
        }
    }

    /// <summary>Emits the method that generated code calls for an imported function of the host.</summary>
    public MethodBuilder EmitImportStub(int function, FunctionType type, HostCallKind kind)
    {
        var stub = Define(
            ImportStubName(function, kind),
            ClrTypes.Result(type.Results),
            [typeof(nint), .. type.Parameters.Select(ClrTypes.Of)]);
        var il = stub.GetILGenerator();
        if (kind != HostCallKind.Boxed && ClrTypes.HostDelegate(type, kind == HostCallKind.TypedWithCaller) is { } hostDelegate)
            EmitTypedHostCall(il, function, type, hostDelegate, kind);
        else
            EmitBoxedHostCall(il, function, type);
        return stub;
    }

    private static void EmitTypedHostCall(ILGenerator il, int function, FunctionType type, Type hostDelegate, HostCallKind kind)
    {
        // The linker has made the delegate one of this very type.
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, function);
        EmitRuntimeCall(il, nameof(RuntimeCalls.HostFunction));
        if (kind == HostCallKind.TypedWithCaller)
        {
            il.Emit(OpCodes.Ldarg_0);
            EmitRuntimeCall(il, nameof(RuntimeCalls.Caller));
        }
        EmitParameters(il, type);
        il.Emit(OpCodes.Callvirt, hostDelegate.GetMethod("Invoke")!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitBoxedHostCall(ILGenerator il, int function, FunctionType type)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, function);
        il.Emit(OpCodes.Ldc_I4, type.Parameters.Length);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < type.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            EmitBox(il, type.Parameters[i]);
            il.Emit(OpCodes.Stelem_Ref);
        }
        EmitRuntimeCall(il, nameof(RuntimeCalls.CallBoxed));
        var results = il.DeclareLocal(typeof(object[]));
        il.Emit(OpCodes.Stloc, results);
        for (var i = 0; i < type.Results.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, results);
            EmitUnboxElement(il, i, type.Results[i]);
        }
        if (type.Results.Length > 1)
            TupleCode.EmitCreate(il, ClrTypes.Result(type.Results));
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Emits the method that host delegates of a function type are made of.</summary>
    public void EmitEntry(FunctionType type, string name)
    {
        var result = ClrTypes.Result(type.Results);
        var il = Define(name, result, [typeof(WasmFunction), .. type.Parameters.Select(ClrTypes.Of)]).GetILGenerator();
        var returned = EmitGuarded(il, type, () => EmitParameters(il, type));
        if (returned is not null)
            il.Emit(OpCodes.Ldloc, returned);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>The same with boxed arguments and results.</summary>
    public void EmitBoxedEntry(FunctionType type, string name)
    {
        var il = Define(name, typeof(object[]), typeof(WasmFunction), typeof(object[])).GetILGenerator();
        var returned = EmitGuarded(il, type, () =>
        {
            for (var i = 0; i < type.Parameters.Length; i++)
            {
                il.Emit(OpCodes.Ldarg_1);
                EmitUnboxElement(il, i, type.Parameters[i]);
            }
        });
        il.Emit(OpCodes.Ldc_I4, type.Results.Length);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < type.Results.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            if (type.Results.Length == 1)
            {
                il.Emit(OpCodes.Ldloc, returned!);
            }
            else
            {
                il.Emit(OpCodes.Ldloca, returned!);
                TupleCode.EmitLoadItem(il, returned!.LocalType, i);
            }
            EmitBox(il, type.Results[i]);
            il.Emit(OpCodes.Stelem_Ref);
        }
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Calls the function in parameter 0 between entering and leaving its instance; returns where the result is.</summary>
    private static LocalBuilder? EmitGuarded(ILGenerator il, FunctionType type, Action emitArguments)
    {
        var context = il.DeclareLocal(typeof(nint));
        var returned = type.Results.Length == 0 ? null : il.DeclareLocal(ClrTypes.Result(type.Results));
        il.Emit(OpCodes.Ldarg_0);
        EmitRuntimeCall(il, nameof(RuntimeCalls.Enter));
        il.Emit(OpCodes.Stloc, context);
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldloc, context);
        emitArguments();
        il.Emit(OpCodes.Ldarg_0);
        EmitRuntimeCall(il, nameof(RuntimeCalls.CodeOf));
        FunctionCompiler.EmitCalli(il, type);
        if (returned is not null)
            il.Emit(OpCodes.Stloc, returned);
        il.BeginFinallyBlock();
        il.Emit(OpCodes.Ldarg_0);
        EmitRuntimeCall(il, nameof(RuntimeCalls.Leave));
        il.EndExceptionBlock();
        return returned;
    }

    private static void EmitParameters(ILGenerator il, FunctionType type)
    {
        for (var i = 0; i < type.Parameters.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
    }

    private static void EmitBox(ILGenerator il, ValType type)
    {
        if (!type.IsReference())
            il.Emit(OpCodes.Box, ClrTypes.Of(type));
    }

    private static void EmitUnboxElement(ILGenerator il, int index, ValType type)
    {
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldelem_Ref);
        if (type != ValType.ExternRef)
            il.Emit(OpCodes.Unbox_Any, ClrTypes.Of(type));
    }

    private static void EmitRuntimeCall(ILGenerator il, string name) => il.Emit(OpCodes.Call, typeof(RuntimeCalls).GetMethod(name)!);
}
