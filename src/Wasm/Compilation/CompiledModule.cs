using System.Reflection;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>A host function that an instance imports, and how it is called.</summary>
internal readonly record struct LinkedImport(int Function, HostCallKind Kind);

/// <summary>The generated code of a module: made as it is needed, or by the build. Thread-safe.</summary>
internal abstract class CompiledModule(bool isMetered)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FunctionType, Func<WasmFunction, object?[], object?[]>> _boxedEntries = [];

    /// <summary>Whether the code uses fuel.</summary>
    public bool IsMetered { get; } = isMetered;

    /// <summary>Whether machine code made by the build is in use.</summary>
    public abstract bool UsesNativeImage { get; }

    /// <summary>
    /// Where generated code finds the address of each function the module defines, 0 for those that are not translated
    /// yet; 0 when it does not need that.
    /// </summary>
    public abstract nint CodeAddresses { get; }

    /// <summary>Address of the code of a function the module defines, by its index in the function index space; 0 when it would have to be made.</summary>
    public abstract nint FindAddress(int function);

    /// <summary>Address of the code of a function the module defines, which is made first if need be.</summary>
    /// <exception cref="TrapException">The limits do not admit the translation.</exception>
    public abstract nint AddressOf(int function);

    /// <summary>Addresses of the code that calls these host functions, in their order.</summary>
    public abstract nint[] ImportStubs(IReadOnlyList<LinkedImport> imports);

    /// <summary>The static method that host delegates of a function type are made of; its first parameter is the <see cref="WasmFunction"/>.</summary>
    public abstract MethodInfo Entry(FunctionType type);

    /// <summary>The same with boxed arguments and results.</summary>
    public Func<WasmFunction, object?[], object?[]> BoxedEntry(FunctionType type)
    {
        lock (_gate)
        {
            if (!_boxedEntries.TryGetValue(type, out var entry))
                _boxedEntries.Add(type, entry = BoxedEntryMethod(type).CreateDelegate<Func<WasmFunction, object?[], object?[]>>());
            return entry;
        }
    }

    protected abstract MethodInfo BoxedEntryMethod(FunctionType type);
}
