using System.Reflection;
using System.Reflection.Emit;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>Translates a validated module into types of a dynamic assembly, of either kind.</summary>
internal static class ModuleCompiler
{
    /// <summary>Assemblies of this name may use the engine's internals.</summary>
    public const string AssemblyName = "LazyOC.Wasm.Generated";

    public const string StubsType = "LazyOC.Wasm.Generated.Stubs";

    private const TypeAttributes StaticType = TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Abstract;

    private const MethodAttributes StaticMethod = MethodAttributes.Public | MethodAttributes.Static;

    /// <summary>Compiles into an assembly that is unloaded when nothing refers to it any more.</summary>
    public static CompiledModule CompileInMemory(Binary.Module module, ContextLayout layout, bool metered)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(AssemblyName), AssemblyBuilderAccess.RunAndCollect);
        var (functions, stubs) = Compile(assembly.DefineDynamicModule(AssemblyName), module, layout, metered);
        functions.CreateType();
        return new CompiledModule(module, stubs.CreateType(), metered, usesNativeImage: false);
    }

    /// <summary>Emits the types; the caller creates them.</summary>
    public static (TypeBuilder Functions, TypeBuilder Stubs) Compile(ModuleBuilder target, Binary.Module module, ContextLayout layout, bool metered)
    {
        var functions = target.DefineType(GuestMethodName.FunctionsType, StaticType);
        var stubs = target.DefineType(StubsType, StaticType);
        var names = GuestMethodName.Assign(module);
        var bodies = new MethodBuilder[module.Bodies.Length];
        for (var i = 0; i < bodies.Length; i++)
            bodies[i] = Define(functions, names[i], module.TypeOfFunction(module.ImportedFunctionCount + i));

        var scans = module.Bodies.Select(body => BodyScan.Of(module, body)).ToArray();
        var isChecked = CheckPlacement.Place(module, scans);
        var callees = new MethodBuilder[bodies.Length];
        for (var i = 0; i < bodies.Length; i++)
        {
            var isGuarded = CheckPlacement.IsGuarded(module.Bodies[i]);
            callees[i] = isGuarded ? Guard(stubs, bodies[i], i, module, scans[i], metered) : bodies[i];
            isChecked[i] &= !isGuarded;
        }
        var unit = new CodeUnit(module, layout, callees, metered);
        for (var i = 0; i < bodies.Length; i++)
        {
            // Locals are set explicitly, and the one that marks the frame need not be.
            bodies[i].InitLocals = false;
            FunctionCompiler.Compile(unit, module.ImportedFunctionCount + i, scans[i], isChecked[i], bodies[i].GetILGenerator());
        }
        new StubCompiler(unit, stubs).Compile();
        return (functions, stubs);
    }

    private static MethodBuilder Define(TypeBuilder type, string name, FunctionType signature) =>
        type.DefineMethod(name, StaticMethod, ClrTypes.Result(signature.Results), [typeof(nint), .. signature.Parameters.Select(ClrTypes.Of)]);

    /// <summary>
    /// For a function whose own check would come too late, because setting up its frame may already run off the stack:
    /// a method that checks for the whole frame, then calls it.
    /// </summary>
    private static MethodBuilder Guard(
        TypeBuilder stubs, MethodBuilder body, int index, Binary.Module module, BodyScan scan, bool metered)
    {
        var frameBytes = CheckPlacement.GreatestFrame(module.Bodies[index]);
        var type = module.TypeOfFunction(module.ImportedFunctionCount + index);
        var guard = Define(stubs, $"Guard{index}", type);
        guard.InitLocals = false;
        var il = guard.GetILGenerator();
        var traps = new TrapBlocks(il);
        var metering = new Metering(il, scan, metered, traps);
        metering.EmitLimitCheck((int)Math.Min(frameBytes, int.MaxValue));
        for (var i = 0; i <= type.Parameters.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Call, body);
        il.Emit(OpCodes.Ret);
        metering.EmitSlowPaths();
        return guard;
    }
}
