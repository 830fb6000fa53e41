using System.Collections.Immutable;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm;

/// <summary>
/// The state of an instance in which nothing runs: its memories, globals and tables. New instances can start from it
/// instead of running their initialisation again, and the instance itself can be put back to it.
/// </summary>
/// <remarks>
/// Thread-safe. On Linux memories are mapped copy-on-write: starting costs nothing for what an instance does not touch,
/// and what none writes to is shared. Elsewhere what is not zero is copied. Holds no state of the host: what imported
/// functions remember is the caller's affair.
/// </remarks>
public sealed unsafe class WasmSnapshot : IDisposable
{
    private readonly ImmutableArray<MemoryImage> _memories;
    private readonly ImmutableArray<TableImage> _tables;
    private readonly ImmutableArray<GlobalImage> _globals;
    private readonly bool[] _droppedElements;
    private readonly bool[] _droppedData;
    private volatile bool _isDisposed;

    private WasmSnapshot(WasmInstance instance, Func<WasmMemory, MemoryImage> imageOf)
    {
        var module = instance.Module.Definition;
        Module = instance.Module;
        _tables = [.. instance.Tables.Select((table, i) => TableImage.Of(table, i, instance))];
        _globals = [.. module.GlobalInitializers.Select((_, i) => GlobalImage.Of(instance, module.ImportedGlobalCount + i))];
        _droppedElements = [.. instance.DroppedElements];
        _droppedData = [.. instance.DroppedData];
        // Last, because these are the ones that must be given back.
        _memories = [.. instance.Memories.Select(imageOf)];
    }

    /// <summary>The module whose instances the snapshot fits.</summary>
    public WasmModule Module { get; }

    /// <summary>Whether instances map the memory they start with instead of copying it.</summary>
    public bool IsShared => _memories.All(memory => memory is MappedMemoryImage);

    /// <summary>Links a new instance that starts in this state. Neither segments are copied nor the start function run.</summary>
    /// <param name="linker">What the module's imports mean.</param>
    /// <param name="options">What the instance may use.</param>
    /// <exception cref="WasmLinkException">An import is missing or of another type, or the options allow less than the state needs.</exception>
    /// <exception cref="ObjectDisposedException">The snapshot is disposed.</exception>
    public WasmInstance Instantiate(WasmLinker linker, InstanceOptions? options = null) =>
        Instantiation.Instantiate(Module, linker, options ?? InstanceOptions.Default, this);

    /// <summary>Frees the memory of the snapshot; instances made from it stay as they are.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (var memory in _memories)
            memory.Dispose();
    }

    /// <summary>The state of <paramref name="instance"/>, which the caller has claimed.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="imageOf">How the content of a memory is kept; <see cref="MemoryImage.Of"/> chooses for this system.</param>
    /// <exception cref="WasmLinkException">It shares state with others, or holds objects of the host.</exception>
    internal static WasmSnapshot Of(WasmInstance instance, Func<WasmMemory, MemoryImage> imageOf)
    {
        var module = instance.Module.Definition;
        if (module.ImportedMemoryCount + module.ImportedTableCount > 0)
            throw new WasmLinkException("an instance that imports memories or tables shares its state; no snapshot can be taken of it");
        return new WasmSnapshot(instance, imageOf);
    }

    /// <summary>Puts the state into an instance of the module in which nothing runs.</summary>
    internal void PutInto(WasmInstance instance)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        // First everything that the instance may refuse, then what changes it.
        foreach (var (image, memory) in _memories.Zip(instance.Memories))
            memory.CheckHolds(image.PageCount);
        foreach (var (image, table) in _tables.Zip(instance.Tables))
            table.CheckHolds((uint)image.Functions.Length);
        CheckTotals(instance.Options);
        // All are emptied before the first is filled: together they may have no more than the largest state.
        foreach (var memory in instance.Memories)
            memory.Empty();
        foreach (var table in instance.Tables)
            table.Empty();
        foreach (var (image, memory) in _memories.Zip(instance.Memories))
            memory.Put(image);
        foreach (var (image, table) in _tables.Zip(instance.Tables))
            image.PutInto(table, instance);
        foreach (var global in _globals)
            global.PutInto(instance);
        _droppedElements.CopyTo(instance.DroppedElements, 0);
        _droppedData.CopyTo(instance.DroppedData, 0);
    }

    /// <summary>The module defines every memory and table that it has, so that the options bound all of them.</summary>
    /// <exception cref="WasmLinkException">The state needs more than they admit.</exception>
    private void CheckTotals(InstanceOptions options)
    {
        var bytes = _memories.Sum(image => (long)image.PageCount) * WasmMemory.PageBytes;
        if (bytes > options.MaxMemoryBytes)
            throw new WasmLinkException($"the state needs {bytes} bytes of memory, but {nameof(InstanceOptions.MaxMemoryBytes)} is {options.MaxMemoryBytes}");
        var elements = _tables.Sum(image => (long)image.Functions.Length);
        if (elements > options.MaxTableElements)
            throw new WasmLinkException($"the state needs {elements} table elements, but {nameof(InstanceOptions.MaxTableElements)} is {options.MaxTableElements}");
    }

    /// <summary>A table by the functions in it; −1 is null.</summary>
    private sealed record TableImage(ImmutableArray<int> Functions)
    {
        public static TableImage Of(WasmTable table, int index, WasmInstance instance)
        {
            var functions = ImmutableArray.CreateBuilder<int>((int)table.Length);
            for (var i = 0u; i < table.Length; i++)
            {
                functions.Add(table.FindFunction(i, instance)
                    ?? throw new WasmLinkException($"element {i} of table {index} is not a function of the module; no snapshot can be taken"));
            }
            return new TableImage(functions.MoveToImmutable());
        }

        public void PutInto(WasmTable table, WasmInstance instance)
        {
            table.Reset((uint)Functions.Length);
            for (var i = 0; i < Functions.Length; i++)
            {
                if (Functions[i] >= 0)
                    table.SetFunction((uint)i, instance, Functions[i]);
            }
        }
    }

    /// <summary>A global the module defines: the bits of a number, or the index of a function (−1 is null).</summary>
    private sealed record GlobalImage(int Global, object? Number, int Function)
    {
        public static GlobalImage Of(WasmInstance instance, int index)
        {
            var global = instance.GlobalAt(index);
            return global.Value switch
            {
                WasmFunction function when function.Instance == instance => new GlobalImage(index, null, function.Index),
                null => new GlobalImage(index, null, -1),
                var number when !global.Type.Value.IsReference() => new GlobalImage(index, number, -1),
                _ => throw new WasmLinkException($"global {index} holds an object of the host; no snapshot can be taken"),
            };
        }

        public void PutInto(WasmInstance instance) =>
            instance.GlobalAt(Global).Store(Number ?? (Function < 0 ? null : instance.FunctionAt(Function)));
    }
}
