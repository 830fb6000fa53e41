using System.Reflection;
using System.Reflection.Emit;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>Translates a validated module into types of a dynamic assembly, of either kind.</summary>
internal static class ModuleCompiler
{
    /// <summary>Assemblies of this name may use the engine's internals.</summary>
    public const string AssemblyName = "LazyOC.Wasm.Generated";

    public const string StubsType = "LazyOC.Wasm.Generated.Stubs";

    /// <summary>A function whose frame may be larger checks the stack before it is entered, not after.</summary>
    private const int GuardedFrameBytes = 64 * 1024;

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

        var callees = bodies.Select((body, i) => Guard(stubs, body, i, module, metered) ?? body).ToArray();
        var unit = new CodeUnit(module, layout, callees, metered);
        for (var i = 0; i < bodies.Length; i++)
        {
            // Locals are set explicitly, and the one that marks the frame need not be.
            bodies[i].InitLocals = false;
            FunctionCompiler.Compile(unit, module.ImportedFunctionCount + i, BodyScan.Of(module, module.Bodies[i]), bodies[i].GetILGenerator());
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
    private static MethodBuilder? Guard(TypeBuilder stubs, MethodBuilder body, int index, Binary.Module module, bool metered)
    {
        var frameBytes = GreatestFrame(module.Bodies[index]);
        if (frameBytes <= GuardedFrameBytes)
            return null;
        var type = module.TypeOfFunction(module.ImportedFunctionCount + index);
        var guard = Define(stubs, $"Guard{index}", type);
        guard.InitLocals = false;
        var il = guard.GetILGenerator();
        var traps = new TrapBlocks(il);
        var metering = new Metering(il, BodyScan.Of(module, module.Bodies[index]), metered, traps);
        metering.EmitLimitCheck(frameBytes);
        for (var i = 0; i <= type.Parameters.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Call, body);
        il.Emit(OpCodes.Ret);
        metering.EmitSlowPaths();
        return guard;
    }

    /// <summary>No exact figure is to be had; unoptimised code keeps each local and each value in a slot of its own.</summary>
    private static int GreatestFrame(FunctionBody body) =>
        (int)Math.Min(int.MaxValue / 2, (body.LocalCount * 16L) + (body.Code.Length * 8L));
}
