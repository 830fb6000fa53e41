using System.Reflection;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>The generated code of a module, in memory or from an assembly made by the build.</summary>
internal sealed class CompiledModule
{
    private readonly Type _stubs;
    private readonly Func<int, nint> _functionPointer;
    private readonly Func<int, nint> _importPointer;
    private readonly Dictionary<FunctionType, int> _stubIndices = [];

    public CompiledModule(Binary.Module module, Type stubs, bool isMetered, bool usesNativeImage)
    {
        _stubs = stubs;
        IsMetered = isMetered;
        UsesNativeImage = usesNativeImage;
        _functionPointer = Method(StubCompiler.FunctionPointer).CreateDelegate<Func<int, nint>>();
        _importPointer = Method(StubCompiler.ImportPointer).CreateDelegate<Func<int, nint>>();
        for (var i = module.Types.Length - 1; i >= 0; i--)
            _stubIndices[module.Types[i]] = i;
    }

    /// <summary>Whether the code uses fuel.</summary>
    public bool IsMetered { get; }

    /// <summary>Whether machine code made by the build is in use.</summary>
    public bool UsesNativeImage { get; }

    /// <summary>Address of the code of a function the module defines; by its index in the function index space.</summary>
    public nint PointerOf(int function) => _functionPointer(function);

    /// <summary>Address of the code that calls a host function.</summary>
    public nint ImportStub(int function, HostCallKind kind) => _importPointer(StubCompiler.ImportStubIndex(function, kind));

    /// <summary>The static method that host delegates of a function type are made of; its first parameter is the <see cref="WasmFunction"/>.</summary>
    public MethodInfo Entry(FunctionType type) => Method(StubCompiler.EntryName(_stubIndices[type]));

    /// <summary>The same with boxed arguments and results.</summary>
    public Func<WasmFunction, object?[], object?[]> BoxedEntry(FunctionType type) =>
        Method(StubCompiler.BoxedEntryName(_stubIndices[type])).CreateDelegate<Func<WasmFunction, object?[], object?[]>>();

    private MethodInfo Method(string name) =>
        _stubs.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        ?? throw new InvalidOperationException($"generated code has no `{name}`");
}
