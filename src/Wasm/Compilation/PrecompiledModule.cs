using System.Reflection;

namespace LazyOC.Wasm.Compilation;

/// <summary>Code that the build made of a whole module; its functions call each other directly.</summary>
internal sealed class PrecompiledModule : CompiledModule
{
    private readonly Type _stubs;
    private readonly int _firstFunction;
    private readonly nint[] _addresses;
    private readonly Func<int, nint> _functionAddress;
    private readonly Func<int, nint> _importAddress;
    private readonly Dictionary<FunctionType, int> _stubIndices = [];

    public PrecompiledModule(Binary.Module module, Type stubs, bool isMetered, bool usesNativeImage)
        : base(isMetered)
    {
        _stubs = stubs;
        _firstFunction = module.ImportedFunctionCount;
        _addresses = new nint[module.Bodies.Length];
        UsesNativeImage = usesNativeImage;
        _functionAddress = Method(StubCompiler.FunctionPointer).CreateDelegate<Func<int, nint>>();
        _importAddress = Method(StubCompiler.ImportPointer).CreateDelegate<Func<int, nint>>();
        for (var i = module.Types.Length - 1; i >= 0; i--)
            _stubIndices[module.Types[i]] = i;
    }

    public override bool UsesNativeImage { get; }

    public override nint CodeAddresses => 0;

    public override nint FindAddress(int function) => Volatile.Read(ref _addresses[function - _firstFunction]);

    public override nint AddressOf(int function)
    {
        // Threads that meet here store the same value.
        ref var address = ref _addresses[function - _firstFunction];
        if (address == 0)
            Volatile.Write(ref address, _functionAddress(function));
        return address;
    }

    public override nint[] ImportStubs(IReadOnlyList<LinkedImport> imports) =>
        [.. imports.Select(import => _importAddress(StubCompiler.ImportStubIndex(import.Function, import.Kind)))];

    public override MethodInfo Entry(FunctionType type) => Method(StubCompiler.EntryName(_stubIndices[type]));

    protected override MethodInfo BoxedEntryMethod(FunctionType type) => Method(StubCompiler.BoxedEntryName(_stubIndices[type]));

    private MethodInfo Method(string name) =>
        _stubs.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        ?? throw new InvalidOperationException($"generated code has no `{name}`");
}
