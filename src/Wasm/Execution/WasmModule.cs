using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Compilation;
using LazyOC.Wasm.Execution;
using LazyOC.Wasm.Validation;

namespace LazyOC.Wasm;

/// <summary>A WebAssembly module: decoded and validated; each function is translated to CIL when it is first called.</summary>
/// <remarks>
/// Immutable; safe to share between threads. Generated code is unloaded by the garbage collector when neither the
/// module nor an instance or delegate of it is reachable. Source: WebAssembly 2.0.
/// </remarks>
public sealed class WasmModule
{
    private readonly Lock _gate = new();
    private readonly CompiledModule? _precompiled;
    private readonly FunctionCalls[] _calls = [];
    private readonly TranslationBudget? _budget;
    private LazyModule? _unmetered;
    private LazyModule? _metered;

    private WasmModule(Binary.Module definition, WasmLimits limits, FunctionCalls[] calls, TranslationBudget budget)
        : this(definition, limits) => (_calls, _budget) = (calls, budget);

    private WasmModule(Binary.Module definition, WasmLimits limits, CompiledModule precompiled)
        : this(definition, limits) => _precompiled = precompiled;

    private WasmModule(Binary.Module definition, WasmLimits limits)
    {
        Definition = definition;
        Limits = limits;
        Imports = [.. definition.Imports.Select(import => new WasmImport(import.Module, import.Name, import.Type))];
        ExportIndices = definition.Exports.ToDictionary(export => export.Name, StringComparer.Ordinal);
        Layout = new ContextLayout(definition);
        TypeIds = [.. definition.Types.Select(FunctionTypeIds.Of)];
    }

    /// <summary>What an instance needs, in the order of the binary.</summary>
    public ImmutableArray<WasmImport> Imports { get; }

    /// <summary>What an instance offers, in the order of the binary.</summary>
    public ImmutableArray<WasmExport> Exports =>
        [.. Definition.Exports.Select(export => new WasmExport(export.Name, Definition.TypeOf(export)))];

    /// <summary>Whether the code was generated when the program was built (<see cref="FromPrecompiled(Assembly)"/>).</summary>
    public bool IsPrecompiled => _precompiled is not null;

    /// <summary>
    /// Whether the machine code made when the program was built is in use. False for modules compiled at run time,
    /// and where the runtime refuses or was never given that machine code: the module then works, more slowly.
    /// </summary>
    public bool UsesNativeImage => _precompiled is { UsesNativeImage: true };

    internal Binary.Module Definition { get; }

    /// <summary>What the module was loaded under; what its memories and tables grow to is still bounded by it.</summary>
    internal WasmLimits Limits { get; }

    internal ContextLayout Layout { get; }

    internal ImmutableArray<int> TypeIds { get; }

    internal Dictionary<string, Export> ExportIndices { get; }

    /// <summary>Decodes and validates a binary module. No code is generated before all of it has passed.</summary>
    /// <param name="bytes">The module; copied.</param>
    /// <param name="limits">What it may ask for; <see cref="WasmLimits.Default"/> when null.</param>
    /// <param name="features">What it may use beyond WebAssembly 2.0.</param>
    /// <exception cref="WasmFormatException">The module is malformed, too large or uses an unsupported feature.</exception>
    /// <exception cref="WasmValidationException">The module is invalid.</exception>
    public static WasmModule Load(ReadOnlyMemory<byte> bytes, WasmLimits? limits = null, WasmFeatures features = WasmFeatures.All)
    {
        limits ??= WasmLimits.Default;
        if (bytes.Length > limits.ModuleBytes)
            throw WasmFormatException.LimitExceeded(0, "module bytes", (ulong)bytes.Length, (ulong)limits.ModuleBytes);
        // A copy: code is generated later, from the very bytes that were validated.
        var module = ModuleReader.Read(bytes.ToArray(), limits, features);
        var budget = new TranslationBudget(limits.CompileTime);
        return new WasmModule(module, limits, Validator.Validate(module, limits, budget), budget);
    }

    /// <summary>
    /// Takes the module that was translated into <paramref name="assembly"/> when the program was built, under
    /// <see cref="WasmLimits.Default"/>.
    /// </summary>
    /// <param name="assembly">
    /// Loaded into the default load context: machine code is ignored in collectible ones. Its contents are trusted.
    /// </param>
    /// <exception cref="ArgumentException">The assembly has no module, or one for another version of the engine.</exception>
    public static WasmModule FromPrecompiled(Assembly assembly)
    {
        var (module, compiled) = PersistedModule.Open(assembly);
        return new WasmModule(module, WasmLimits.Default, compiled);
    }

    /// <summary>As <see cref="FromPrecompiled(Assembly)"/>, for the assembly file at <paramref name="path"/>, loaded into the default context once.</summary>
    public static WasmModule FromPrecompiled(string path) =>
        FromPrecompiled(AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(path)));

    /// <summary>
    /// Wall time that has gone into validating and translating the module, on whatever thread needed a function first: not the
    /// guest's doing, and bounded by <see cref="WasmLimits.CompileTime"/>. Zero for a precompiled module. Thread-safe.
    /// </summary>
    public TimeSpan TranslationTime => _budget?.Spent ?? TimeSpan.Zero;

    /// <summary>The content of the first custom section of that name, or <see langword="null"/>.</summary>
    public ReadOnlyMemory<byte>? CustomSection(string name)
    {
        foreach (var section in Definition.CustomSections)
        {
            if (string.Equals(section.Name, name, StringComparison.Ordinal))
                return Definition.Bytes.Slice(section.Content.Offset, section.Content.Length);
        }
        return null;
    }

    /// <summary>Links and initialises an instance and runs its start function on the calling thread.</summary>
    /// <param name="linker">What the module's imports mean.</param>
    /// <param name="options">What the instance may use.</param>
    /// <exception cref="WasmLinkException">An import is missing or of another type, or the options allow less than the module needs.</exception>
    /// <exception cref="TrapException">A segment is out of bounds or the start function trapped.</exception>
    public WasmInstance Instantiate(WasmLinker linker, InstanceOptions? options = null) =>
        Instantiation.Instantiate(this, linker, options ?? InstanceOptions.Default);

    /// <summary>For each function the module defines, what it calls; empty for a precompiled module.</summary>
    internal FunctionCalls[] Calls => _calls;

    /// <summary>The module's code, with or without fuel.</summary>
    internal CompiledModule Code(bool metered)
    {
        if (_precompiled is not null)
        {
            return _precompiled.IsMetered == metered
                ? _precompiled
                : throw new WasmLinkException($"the module was precompiled {(metered ? "without" : "with")} fuel metering");
        }
        lock (_gate)
        {
            ref var code = ref metered ? ref _metered : ref _unmetered;
            return code ??= new LazyModule(Definition, Layout, _calls, _budget!, metered);
        }
    }
}
