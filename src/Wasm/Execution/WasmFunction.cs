using LazyOC.Wasm.Compilation;

namespace LazyOC.Wasm;

/// <summary>A function of an instance; as a value, a <c>funcref</c>. Two are equal when they are the same object.</summary>
/// <remarks>Keeps its instance alive. It runs on the calling thread, one call at a time in an instance.</remarks>
public sealed class WasmFunction
{
    private nint _code;

    /// <summary>A function of <paramref name="instance"/>; one it defines may have its code found later.</summary>
    internal WasmFunction(WasmInstance instance, int index, nint code = 0)
    {
        Instance = instance;
        Index = index;
        _code = code;
    }

    /// <summary>Parameters and results.</summary>
    public FunctionType Type => Instance.Module.Definition.TypeOfFunction(Index);

    internal WasmInstance Instance { get; }

    /// <summary>Index in the instance's function index space.</summary>
    internal int Index { get; }

    /// <summary>Address of its code, which is made now if need be.</summary>
    internal nint Code => _code != 0 ? _code : _code = Instance.Code.AddressOf(Index);

    /// <summary>Calls the function with boxed values; results likewise. A typed delegate is much faster.</summary>
    /// <exception cref="ArgumentException">Number or types of the arguments do not fit.</exception>
    /// <exception cref="TrapException">The guest trapped.</exception>
    public object?[] Invoke(params object?[] arguments)
    {
        CheckArguments(arguments);
        return Instance.Code.BoxedEntry(Type)(this, arguments);
    }

    /// <summary>A delegate that calls the function.</summary>
    /// <typeparam name="T">A delegate type with the parameters and result of <see cref="Type"/>; see <see cref="WasmLinker"/> for how types correspond.</typeparam>
    /// <exception cref="WasmLinkException">The delegate type does not fit.</exception>
    public T AsDelegate<T>()
        where T : Delegate
    {
        var signature = typeof(T).GetMethod("Invoke")!;
        if (signature.ReturnType != ClrTypes.Result(Type.Results)
            || !signature.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(Type.Parameters.Select(ClrTypes.Of)))
            throw new WasmLinkException($"function of type {Type} does not fit `{typeof(T)}`");
        return Instance.Code.Entry(Type).CreateDelegate<T>(this);
    }

    private void CheckArguments(object?[] arguments)
    {
        var parameters = Type.Parameters;
        if (arguments.Length != parameters.Length)
            throw new ArgumentException($"function of type {Type} was given {arguments.Length} arguments", nameof(arguments));
        for (var i = 0; i < arguments.Length; i++)
        {
            var wanted = ClrTypes.Of(parameters[i]);
            if (arguments[i] is null ? wanted.IsValueType : !wanted.IsInstanceOfType(arguments[i]))
                throw new ArgumentException($"argument {i} of a function of type {Type} is a {arguments[i]?.GetType().Name ?? "null"}", nameof(arguments));
        }
    }
}
