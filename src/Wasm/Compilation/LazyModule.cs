using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using LazyOC.Wasm.Execution;
using LazyOC.Wasm.Validation;

namespace LazyOC.Wasm.Compilation;

/// <summary>Code that is made in memory when it is first called, and unloaded with the last reference to this object.</summary>
/// <remarks>
/// A function is translated together with those it calls, as long as they are small: they then call each other
/// directly, and the just-in-time compiler may inline them. Everything else is called through an array of addresses in
/// native memory, where a 0 means that the function has not been translated yet.
/// </remarks>
#pragma warning disable CA1001 // Instances share it and none knows which is the last; the addresses are freed by their finalizer.
internal sealed unsafe class LazyModule : CompiledModule
#pragma warning restore CA1001
{
    /// <summary>Most code, in bytes of WebAssembly, that is translated because something else was called.</summary>
    private const int CompanionBytes = 2_048;

    /// <summary>Types in one dynamic assembly; making a type takes longer the more its assembly has.</summary>
    private const int TypesPerAssembly = 128;

    private readonly Lock _gate = new();
    private readonly CodeUnit _unit;
    private readonly TranslationBudget _budget;
    private readonly int _firstFunction;
    private readonly NativeBlock _addresses;

    /// <summary>The type that has the method of a translated function whose address nobody has asked for.</summary>
    private readonly Dictionary<int, Type> _homes = [];

    private readonly Dictionary<LinkedImport, nint> _importStubs = [];
    private readonly Dictionary<FunctionType, MethodInfo> _entries = [];

    /// <summary>Addresses of code do not keep it loaded: its types do.</summary>
    private readonly List<Type> _types = [];

    private ModuleBuilder? _target;
    private int _typesInTarget;

    public LazyModule(Binary.Module module, ContextLayout layout, FunctionCalls[] calls, TranslationBudget budget, bool isMetered)
        : base(isMetered)
    {
        _unit = new CodeUnit(module, layout, calls, isMetered);
        _budget = budget;
        _firstFunction = module.ImportedFunctionCount;
        _addresses = new NativeBlock(Math.Max(module.Bodies.Length, 1) * sizeof(nint));
    }

    public override bool UsesNativeImage => false;

    public override nint CodeAddresses => _addresses.Address;

    /// <summary>Functions translated so far.</summary>
    public int TranslatedCount { get; private set; }

    public override nint FindAddress(int function) => Volatile.Read(ref Address(function));

    public override nint AddressOf(int function)
    {
        var address = FindAddress(function);
        if (address != 0)
            return address;
        lock (_gate)
        {
            if (FindAddress(function) != 0)
                return FindAddress(function);
            if (!_homes.ContainsKey(function))
                Translate(function);
            address = Prepare(_homes[function], function);
            _homes.Remove(function);
            Volatile.Write(ref Address(function), address);
            return address;
        }
    }

    public override nint[] ImportStubs(IReadOnlyList<LinkedImport> imports)
    {
        lock (_gate)
        {
            var missing = imports.Where(import => !_importStubs.ContainsKey(import)).Distinct().ToList();
            if (missing.Count > 0)
                MakeImportStubs(missing);
            return [.. imports.Select(import => _importStubs[import])];
        }
    }

    public override MethodInfo Entry(FunctionType type)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(type, out var entry))
                _entries.Add(type, entry = MakeStub(stubs => stubs.EmitEntry(type, StubCompiler.EntryName(0)), StubCompiler.EntryName(0)));
            return entry;
        }
    }

    protected override MethodInfo BoxedEntryMethod(FunctionType type)
    {
        lock (_gate)
            return MakeStub(stubs => stubs.EmitBoxedEntry(type, StubCompiler.BoxedEntryName(0)), StubCompiler.BoxedEntryName(0));
    }

    private ref nint Address(int function) => ref ((nint*)_addresses.Address)[function - _firstFunction];

    private void Translate(int function)
    {
        var companions = Companions(function);
        using var spending = _budget.BeginOrTrap();
        try
        {
            Translate([function, .. companions]);
        }
        catch (WasmFormatException) when (companions.Count > 0)
        {
            // One of those that nobody has called is too large; the one that was may still be fine.
            Translate([function]);
        }
    }

    private void Translate(List<int> functions)
    {
        var type = DefineType(GuestMethodNames.TypePrefix);
        try
        {
            ModuleCompiler.Translate(_unit, type, functions);
        }
        catch (WasmFormatException refusal)
        {
            foreach (var function in functions)
                _unit.DirectCallees[function - _firstFunction] = null;
            if (functions.Count > 1)
                throw;
            throw new TrapException(TrapCode.TranslationLimit, refusal.Message);
        }
        var created = Create(type);
        foreach (var function in functions)
            _homes.Add(function, created);
        TranslatedCount += functions.Count;
    }

    /// <summary>Functions that are called from this one, directly or not, and are neither translated nor large.</summary>
    private List<int> Companions(int function)
    {
        var companions = new List<int>();
        var seen = new HashSet<int> { function };
        var bytes = 0;
        for (var next = -1; next < companions.Count; next++)
        {
            var caller = next < 0 ? function : companions[next];
            foreach (var callee in _unit.Calls[caller - _firstFunction].Callees)
            {
                if (callee < _firstFunction || !seen.Add(callee) || FindAddress(callee) != 0 || _homes.ContainsKey(callee))
                    continue;
                bytes += _unit.Module.Bodies[callee - _firstFunction].Code.Length;
                if (bytes > CompanionBytes)
                    return companions;
                companions.Add(callee);
            }
        }
        return companions;
    }

    private nint Prepare(Type type, int function)
    {
        var isGuarded = CheckPlacement.IsGuarded(_unit.Module.Bodies[function - _firstFunction]);
        var method = type.GetMethod(isGuarded ? ModuleCompiler.GuardName(function) : _unit.Names.Of(function), BindingFlags.Static | BindingFlags.Public)!;
        using var spending = _budget.BeginOrTrap();
        RuntimeHelpers.PrepareMethod(method.MethodHandle);
        return method.MethodHandle.GetFunctionPointer();
    }

    private void MakeImportStubs(List<LinkedImport> imports)
    {
        var type = DefineType(ModuleCompiler.StubsType);
        var stubs = new StubCompiler(type);
        foreach (var (function, kind) in imports)
            stubs.EmitImportStub(function, _unit.Module.TypeOfFunction(function), kind);
        var created = Create(type);
        foreach (var import in imports)
            _importStubs.Add(import, created.GetMethod(StubCompiler.ImportStubName(import.Function, import.Kind))!.MethodHandle.GetFunctionPointer());
    }

    private MethodInfo MakeStub(Action<StubCompiler> emit, string name)
    {
        var type = DefineType(ModuleCompiler.StubsType);
        emit(new StubCompiler(type));
        return Create(type).GetMethod(name)!;
    }

    private TypeBuilder DefineType(string prefix)
    {
        if (_target is null || _typesInTarget == TypesPerAssembly)
        {
            var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(ModuleCompiler.AssemblyName), AssemblyBuilderAccess.RunAndCollect);
            _target = assembly.DefineDynamicModule(ModuleCompiler.AssemblyName);
            _typesInTarget = 0;
            // What is in the assembly before cannot be named from this one: they have the same name.
            Array.Clear(_unit.DirectCallees);
        }
        return ModuleCompiler.DefineType(_target, $"{prefix}{_typesInTarget++}");
    }

    private Type Create(TypeBuilder type)
    {
        var created = type.CreateType();
        _types.Add(created);
        return created;
    }
}
