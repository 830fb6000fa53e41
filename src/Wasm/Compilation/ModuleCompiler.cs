using System.Reflection;
using System.Reflection.Emit;

namespace LazyOC.Wasm.Compilation;

/// <summary>Translates functions of a validated module into methods of types of a dynamic assembly.</summary>
internal static class ModuleCompiler
{
    /// <summary>Assemblies of this name may use the engine's internals.</summary>
    public const string AssemblyName = "LazyOC.Wasm.Generated";

    public const string StubsType = "LazyOC.Wasm.Generated.Stubs";

    private const TypeAttributes StaticType = TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Abstract;

    private const MethodAttributes StaticMethod = MethodAttributes.Public | MethodAttributes.Static;

    public static TypeBuilder DefineType(ModuleBuilder target, string name) => target.DefineType(name, StaticType);

    /// <summary>Name of the method that is called for a function whose frame is checked from outside.</summary>
    public static string GuardName(int function) => $"Guard{function}";

    /// <summary>Translates a whole module into two types, for the build. The caller creates them.</summary>
    public static (TypeBuilder Functions, TypeBuilder Stubs) TranslateAll(ModuleBuilder target, CodeUnit unit)
    {
        var functions = DefineType(target, GuestMethodNames.TypePrefix);
        var stubs = DefineType(target, StubsType);
        Translate(unit, functions, [.. Enumerable.Range(unit.Module.ImportedFunctionCount, unit.Module.Bodies.Length)]);
        new StubCompiler(stubs).EmitAll(unit);
        return (functions, stubs);
    }

    /// <summary>
    /// Translates functions, by their indices in the function index space, into one type. They call each other
    /// directly, and are called so by what is translated into the same assembly later.
    /// </summary>
    /// <exception cref="WasmFormatException">A function needs more locals than CIL has; <paramref name="type"/> is to be given up.</exception>
    public static void Translate(CodeUnit unit, TypeBuilder type, IReadOnlyList<int> functions)
    {
        var first = unit.Module.ImportedFunctionCount;
        var bodies = new MethodBuilder[functions.Count];
        for (var i = 0; i < bodies.Length; i++)
        {
            var function = functions[i];
            bodies[i] = Define(type, unit.Names.Of(function), unit.Module.TypeOfFunction(function));
            unit.DirectCallees[function - first] = CheckPlacement.IsGuarded(unit.Module.Bodies[function - first])
                ? Guard(type, bodies[i], function, unit)
                : bodies[i];
        }
        for (var i = 0; i < bodies.Length; i++)
        {
            // Locals are set explicitly, and the one that marks the frame need not be.
            bodies[i].InitLocals = false;
            var isChecked = unit.IsChecked[functions[i] - first] && !CheckPlacement.IsGuarded(unit.Module.Bodies[functions[i] - first]);
            FunctionCompiler.Compile(unit, functions[i], isChecked, bodies[i].GetILGenerator());
        }
    }

    private static MethodBuilder Define(TypeBuilder type, string name, FunctionType signature) =>
        type.DefineMethod(name, StaticMethod, ClrTypes.Result(signature.Results), [typeof(nint), .. signature.Parameters.Select(ClrTypes.Of)]);

    /// <summary>
    /// For a function whose own check would come too late, because setting up its frame may already run off the stack:
    /// a method that checks for the whole frame, then calls it.
    /// </summary>
    private static MethodBuilder Guard(TypeBuilder functions, MethodBuilder body, int function, CodeUnit unit)
    {
        var frameBytes = CheckPlacement.GreatestFrame(unit.Module.Bodies[function - unit.Module.ImportedFunctionCount]);
        var type = unit.Module.TypeOfFunction(function);
        var guard = Define(functions, GuardName(function), type);
        guard.InitLocals = false;
        var il = guard.GetILGenerator();
        var slowPaths = new SlowPaths(il);
        Metering.EmitLimitCheck(il, slowPaths, (int)Math.Min(frameBytes, int.MaxValue));
        for (var i = 0; i <= type.Parameters.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)i);
        // A tail call, so that a chain of tail calls through guards needs no more stack than one without.
        il.Emit(OpCodes.Tailcall);
        il.Emit(OpCodes.Call, body);
        il.Emit(OpCodes.Ret);
        slowPaths.Emit();
        return guard;
    }
}
