using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Compilation;

namespace LazyOC.Wasm.Execution;

/// <summary>Makes an instance of a module, in the order of the specification.</summary>
/// <remarks>Source: WebAssembly 2.0, §4.5.4.</remarks>
#pragma warning disable CA1001 // The instance belongs to the caller.
internal sealed unsafe class Instantiation
#pragma warning restore CA1001
{
    private readonly Module _module;
    private readonly WasmInstance _instance;
    private readonly ContextLayout _layout;

    private Instantiation(WasmModule module, InstanceOptions options)
    {
        _module = module.Definition;
        _layout = module.Layout;
        _instance = new WasmInstance(module, options);
    }

    /// <summary>Makes an instance in its initial state, or in that of <paramref name="snapshot"/>.</summary>
    public static WasmInstance Instantiate(WasmModule module, WasmLinker linker, InstanceOptions options, WasmSnapshot? snapshot = null)
    {
        var imports = ImportResolution.Resolve(module.Definition, linker);
        var instantiation = new Instantiation(module, options);
        try
        {
            instantiation.Link(imports);
            instantiation.Allocate(options);
            if (snapshot is null)
                instantiation.Initialize();
            else
                instantiation.Continue(snapshot);
            return instantiation._instance;
        }
        catch
        {
            // What was linked may already reach this instance through a table; the store keeps it as long as that.
            instantiation._instance.Dispose();
            throw;
        }
    }

    private void Link(object[] imports)
    {
        var (functions, tables, memories, globals) = (0, 0, 0, 0);
        var stubs = HostStubs(imports);
        foreach (var import in imports)
        {
            switch (import)
            {
                case HostImport host:
                    LinkHostFunction(functions, host, stubs[functions++]);
                    break;
                case WasmFunction function:
                    LinkFunction(functions++, function);
                    break;
                case WasmTable table:
                    table.Store = Store.Join(table.Store, _instance.Store);
                    _instance.Tables[tables++] = table;
                    break;
                case WasmGlobal global:
                    if (global.Owner is { } owner)
                        Store.Join(owner.Store, _instance.Store);
                    _instance.Globals[globals] = global;
                    *(nint*)(_instance.Context + _layout.Global(globals++)) = global.CellAddress;
                    break;
                case WasmMemory memory:
                    AttachMemory(memories++, memory);
                    break;
            }
        }
    }

    /// <summary>By function index, the code that calls the host function there.</summary>
    private nint[] HostStubs(object[] imports)
    {
        var hosts = new List<LinkedImport>();
        var function = 0;
        foreach (var import in imports)
        {
            if (import is HostImport host)
                hosts.Add(new LinkedImport(function, host.Kind));
            if (import is HostImport or WasmFunction)
                function++;
        }
        var stubs = new nint[function];
        foreach (var (import, code) in hosts.Zip(_instance.Code.ImportStubs(hosts)))
            stubs[import.Function] = code;
        return stubs;
    }

    private void LinkHostFunction(int index, HostImport host, nint code)
    {
        _instance.HostFunctions[index] = host.Function;
        _instance.SetImportedFunction(index, new WasmFunction(_instance, index, code));
        *ImportEntry(index) = new ImportEntry { Code = code, Context = _instance.Context };
    }

    private void LinkFunction(int index, WasmFunction function)
    {
        Store.Join(function.Instance.Store, _instance.Store);
        _instance.SetImportedFunction(index, function);
        *ImportEntry(index) = new ImportEntry { Code = function.Code, Context = function.Instance.Context };
    }

    private ImportEntry* ImportEntry(int index) => (ImportEntry*)(_instance.Context + _layout.Import(index));

    private void AttachMemory(int index, WasmMemory memory)
    {
        memory.Attach(_instance, index);
        _instance.Memories[index] = memory;
    }

    private void Allocate(InstanceOptions options)
    {
        for (var i = 0; i < _module.Types.Length; i++)
            *(int*)(_instance.Context + _layout.TypeId(i)) = _instance.Module.TypeIds[i];

        AllocateTables(Math.Max(options.MaxTableElements, 0));
        AllocateMemories(options.MaxMemoryBytes);
    }

    /// <summary>Makes the tables that the module defines, after their sizes were added up.</summary>
    private void AllocateTables(int maxElements)
    {
        var needed = _module.Tables.Skip(_module.ImportedTableCount).Sum(table => (long)table.Limits.Minimum);
        if (needed > maxElements)
            throw new WasmLinkException($"the tables need {needed} elements, but {nameof(InstanceOptions.MaxTableElements)} is {maxElements}");
        var quota = new SizeQuota(maxElements);
        var limit = Math.Min((uint)maxElements, _instance.Module.Limits.TableElements);
        for (var i = _module.ImportedTableCount; i < _module.Tables.Length; i++)
            _instance.Tables[i] = new WasmTable(_module.Tables[i], quota, limit) { Store = _instance.Store };
        for (var i = 0; i < _module.Tables.Length; i++)
            *(nint*)(_instance.Context + _layout.Table(i)) = _instance.Tables[i].DescriptorAddress;
    }

    /// <summary>Makes the memories that the module defines, after their sizes were added up.</summary>
    private void AllocateMemories(long maxBytes)
    {
        var needed = _module.Memories.Skip(_module.ImportedMemoryCount).Sum(memory => (long)memory.Limits.Minimum);
        var maxPages = Math.Max(maxBytes, 0) / WasmMemory.PageBytes;
        if (needed > maxPages)
            throw new WasmLinkException($"the memory needs {needed * WasmMemory.PageBytes} bytes, but {nameof(InstanceOptions.MaxMemoryBytes)} is {maxBytes}");
        var quota = new SizeQuota(maxPages);
        var limit = (uint)Math.Min(maxPages, _instance.Module.Limits.MemoryPages);
        for (var i = _module.ImportedMemoryCount; i < _module.Memories.Length; i++)
            AttachMemory(i, new WasmMemory(_module.Memories[i].Limits, quota, limit));
    }

    private void Continue(WasmSnapshot snapshot)
    {
        snapshot.PutInto(_instance);
        _instance.Options.OnCreated?.Invoke(_instance);
    }

    private void Initialize()
    {
        for (var i = 0; i < _module.GlobalInitializers.Length; i++)
        {
            var global = _module.ImportedGlobalCount + i;
            var value = ConstantEvaluator.Evaluate(_instance, _module.GlobalInitializers[i]);
            _instance.GlobalAt(global).Store(value);
        }
        for (var i = 0; i < _module.ElementSegments.Length; i++)
        {
            var segment = _module.ElementSegments[i];
            if (segment.Mode == SegmentMode.Active)
                Segments.TableInit(_instance, i, (int)segment.Table, OffsetOf(segment.Offset), 0, (uint)segment.Length);
            if (segment.Mode != SegmentMode.Passive)
                _instance.DroppedElements[i] = true;
        }
        for (var i = 0; i < _module.DataSegments.Length; i++)
        {
            var segment = _module.DataSegments[i];
            if (segment.Mode != SegmentMode.Active)
                continue;
            Segments.MemoryInit(_instance, i, (int)segment.Memory, OffsetOf(segment.Offset), 0, (uint)segment.Data.Length);
            _instance.DroppedData[i] = true;
        }
        _instance.Options.OnCreated?.Invoke(_instance);
        if (_module.Start is { } start)
            _instance.FunctionAt((int)start).Invoke();
    }

    private uint OffsetOf(ConstantExpression expression) => (uint)(int)ConstantEvaluator.Evaluate(_instance, expression)!;
}
