using System.Collections.Immutable;
using LazyOC.Wasm.Compilation;

namespace LazyOC.Wasm.Execution;

/// <summary>How generated code calls a host function; selects one of the stubs made for each import.</summary>
internal enum HostCallKind
{
    /// <summary>A delegate of the import's type.</summary>
    Typed,

    /// <summary>The same with the calling instance before the parameters.</summary>
    TypedWithCaller,

    /// <summary>A <see cref="HostFunction"/>.</summary>
    Boxed,
}

/// <summary>A host function as the linker knows it.</summary>
internal sealed record HostImport(FunctionType Type, Delegate Function, HostCallKind Kind)
{
    public static HostImport FromDelegate(Delegate function)
    {
        var signature = function.GetType().GetMethod("Invoke")!;
        var parameters = signature.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        var hasCaller = parameters is [var first, ..] && first == typeof(WasmInstance);
        var type = new FunctionType(
            [.. parameters.Skip(hasCaller ? 1 : 0).Select(parameter => ValueTypeOf(parameter, function))],
            ResultsOf(signature.ReturnType, function));
        var wanted = ClrTypes.HostDelegate(type, hasCaller)
            ?? throw new ArgumentException($"a host function has at most {ClrTypes.MaxDelegateParameters} parameters; use the overload that takes a function type", nameof(function));
        // Generated code calls Func<…> and Action<…>; another delegate type is called through one of them.
        var canonical = function.GetType() == wanted ? function : Delegate.CreateDelegate(wanted, function, signature);
        return new HostImport(type, canonical, hasCaller ? HostCallKind.TypedWithCaller : HostCallKind.Typed);
    }

    private static ImmutableArray<ValType> ResultsOf(Type type, Delegate function)
    {
        if (type == typeof(void))
            return [];
        if (!ClrTypes.IsTuple(type))
            return [ValueTypeOf(type, function)];
        return [.. ClrTypes.TupleItems(type).Select(item => ValueTypeOf(item, function))];
    }

    private static ValType ValueTypeOf(Type type, Delegate function) =>
        ClrTypes.ToWasm(type)
        ?? throw new ArgumentException($"`{type.Name}` in {function.GetType()} is no WebAssembly type; use int, long, float, double, Vector128<byte>, object or WasmFunction", nameof(function));
}
