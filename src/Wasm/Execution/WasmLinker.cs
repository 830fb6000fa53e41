using System.Runtime.Intrinsics;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm;

/// <summary>What a host function of any type is when its type is only known at run time.</summary>
/// <param name="caller">The instance whose code calls.</param>
/// <param name="arguments">Numbers and vectors boxed as their CLR types, references as they are.</param>
/// <returns>The results, as many and of the types that the function's type says.</returns>
public delegate object?[] HostFunction(WasmInstance caller, object?[] arguments);

/// <summary>What the imports of modules mean: a name for each thing the host or another instance provides.</summary>
/// <remarks>
/// Value types are <see cref="int"/>, <see cref="long"/>, <see cref="float"/> and <see cref="double"/>,
/// <see cref="Vector128{T}"/> of bytes for <c>v128</c>, <see cref="WasmFunction"/> for <c>funcref</c> and
/// <see cref="object"/> for <c>externref</c>; several results are a <see cref="ValueTuple"/>. Not thread-safe while names
/// are being defined.
/// </remarks>
public sealed class WasmLinker
{
    private readonly Dictionary<(string Module, string Name), object> _definitions = [];

    /// <summary>Defines a function by a delegate whose parameters and result are those of the WebAssembly type.</summary>
    /// <remarks>
    /// A first parameter of type <see cref="WasmInstance"/> receives the instance that calls. An exception thrown
    /// passes through the guest's frames to the host's call unchanged.
    /// </remarks>
    public WasmLinker Define(string module, string name, Delegate function) =>
        Add(module, name, HostImport.FromDelegate(function));

    /// <summary>Defines a function of a type known at run time only; slower than a typed delegate.</summary>
    public WasmLinker Define(string module, string name, FunctionType type, HostFunction function) =>
        Add(module, name, new HostImport(type, function, HostCallKind.Boxed));

    /// <summary>Defines a memory.</summary>
    public WasmLinker Define(string module, string name, WasmMemory memory) => Add(module, name, memory);

    /// <summary>Defines a table.</summary>
    public WasmLinker Define(string module, string name, WasmTable table) => Add(module, name, table);

    /// <summary>Defines a global.</summary>
    public WasmLinker Define(string module, string name, WasmGlobal global) => Add(module, name, global);

    /// <summary>Defines a function by that of another instance.</summary>
    public WasmLinker Define(string module, string name, WasmFunction function) => Add(module, name, function);

    /// <summary>Defines everything an instance exports, under <paramref name="module"/>.</summary>
    public WasmLinker DefineInstance(string module, WasmInstance instance)
    {
        foreach (var export in instance.Module.Definition.Exports)
            Add(module, export.Name, instance.ExportOf(export));
        return this;
    }

    internal object? Find(string module, string name) => _definitions.GetValueOrDefault((module, name));

    /// <summary>A name defined twice has its last meaning, so that defaults can be replaced.</summary>
    private WasmLinker Add(string module, string name, object definition)
    {
        _definitions[(module, name)] = definition;
        return this;
    }
}
