using System.Collections.Immutable;
using System.Runtime.Intrinsics;

namespace LazyOC.Wasm.Compilation;

/// <summary>How WebAssembly types and CLR types correspond.</summary>
internal static class ClrTypes
{
    /// <summary>Most parameters of <c>Func</c> and <c>Action</c>.</summary>
    public const int MaxDelegateParameters = 16;

    /// <summary>Items of a value tuple before the rest is nested in another one.</summary>
    private const int TupleItemsPerLevel = 7;

    private static readonly ImmutableArray<Type> Actions =
    [
        typeof(Action), typeof(Action<>), typeof(Action<,>), typeof(Action<,,>), typeof(Action<,,,>), typeof(Action<,,,,>),
        typeof(Action<,,,,,>), typeof(Action<,,,,,,>), typeof(Action<,,,,,,,>), typeof(Action<,,,,,,,,>),
        typeof(Action<,,,,,,,,,>), typeof(Action<,,,,,,,,,,>), typeof(Action<,,,,,,,,,,,>), typeof(Action<,,,,,,,,,,,,>),
        typeof(Action<,,,,,,,,,,,,,>), typeof(Action<,,,,,,,,,,,,,,>), typeof(Action<,,,,,,,,,,,,,,,>),
    ];

    private static readonly ImmutableArray<Type> Funcs =
    [
        typeof(Func<>), typeof(Func<,>), typeof(Func<,,>), typeof(Func<,,,>), typeof(Func<,,,,>), typeof(Func<,,,,,>),
        typeof(Func<,,,,,,>), typeof(Func<,,,,,,,>), typeof(Func<,,,,,,,,>), typeof(Func<,,,,,,,,,>),
        typeof(Func<,,,,,,,,,,>), typeof(Func<,,,,,,,,,,,>), typeof(Func<,,,,,,,,,,,,>), typeof(Func<,,,,,,,,,,,,,>),
        typeof(Func<,,,,,,,,,,,,,,>), typeof(Func<,,,,,,,,,,,,,,,>), typeof(Func<,,,,,,,,,,,,,,,,>),
    ];

    private static readonly ImmutableArray<Type> Tuples =
    [
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>),
    ];

    public static Type Of(ValType type) => type switch
    {
        ValType.I32 => typeof(int),
        ValType.I64 => typeof(long),
        ValType.F32 => typeof(float),
        ValType.F64 => typeof(double),
        ValType.V128 => typeof(Vector128<byte>),
        ValType.FuncRef => typeof(WasmFunction),
        ValType.ExternRef => typeof(object),
        _ => throw new InvalidOperationException($"no CLR type for {type.Text()}"),
    };

    public static ValType? ToWasm(Type type) =>
        type == typeof(int) ? ValType.I32
        : type == typeof(long) ? ValType.I64
        : type == typeof(float) ? ValType.F32
        : type == typeof(double) ? ValType.F64
        : type == typeof(Vector128<byte>) ? ValType.V128
        : type == typeof(WasmFunction) ? ValType.FuncRef
        : type == typeof(object) ? ValType.ExternRef
        : null;

    /// <summary>What a function returns: nothing, a value, or a value tuple.</summary>
    public static Type Result(ImmutableArray<ValType> results) => results.Length switch
    {
        0 => typeof(void),
        1 => Of(results[0]),
        _ => Tuple([.. results.Select(Of)]),
    };

    /// <summary>The <c>Func</c> or <c>Action</c> of a type, or <see langword="null"/> when it has too many parameters.</summary>
    public static Type? HostDelegate(FunctionType type, bool withCaller)
    {
        List<Type> arguments = [.. type.Parameters.Select(Of)];
        if (withCaller)
            arguments.Insert(0, typeof(WasmInstance));
        if (arguments.Count > MaxDelegateParameters)
            return null;
        if (type.Results.Length == 0)
            return arguments.Count == 0 ? typeof(Action) : Actions[arguments.Count].MakeGenericType([.. arguments]);
        arguments.Add(Result(type.Results));
        return Funcs[arguments.Count - 1].MakeGenericType([.. arguments]);
    }

    public static bool IsTuple(Type type) =>
        type.IsGenericType && Tuples.Contains(type.GetGenericTypeDefinition());

    /// <summary>The item types of a value tuple, nested rests included.</summary>
    public static ImmutableArray<Type> TupleItems(Type tuple)
    {
        var arguments = tuple.GetGenericArguments();
        return arguments.Length <= TupleItemsPerLevel
            ? [.. arguments]
            : [.. arguments.Take(TupleItemsPerLevel), .. TupleItems(arguments[TupleItemsPerLevel])];
    }

    private static Type Tuple(ReadOnlySpan<Type> items)
    {
        if (items.Length <= TupleItemsPerLevel)
            return Tuples[items.Length - 1].MakeGenericType(items.ToArray());
        return Tuples[TupleItemsPerLevel].MakeGenericType([.. items[..TupleItemsPerLevel], Tuple(items[TupleItemsPerLevel..])]);
    }
}
