using System.Collections.Immutable;
using System.Diagnostics;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Compilation;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm;

/// <summary>A module with its own memory, tables and globals, ready to run.</summary>
/// <remarks>
/// One thread at a time may call into an instance (and those linked with it); a second is refused. A host function may
/// call back into it. <see cref="Interrupt"/>, <see cref="ClearInterrupt"/> and <see cref="Dispose"/> may be called
/// from any thread at any time.
/// </remarks>
public sealed unsafe class WasmInstance : IDisposable
{
    private readonly ContextBlock _context;
    private readonly WasmFunction?[] _functions;
    private int _isDisposed;

    internal WasmInstance(WasmModule module, InstanceOptions options)
    {
        Module = module;
        Options = options;
        Code = module.Code(options.Fuel is not null);
        var definition = module.Definition;
        _functions = new WasmFunction?[definition.Functions.Length];
        HostFunctions = new Delegate?[definition.ImportedFunctionCount];
        Memories = new WasmMemory[definition.Memories.Length];
        Tables = new WasmTable[definition.Tables.Length];
        Globals = new WasmGlobal?[definition.Globals.Length];
        DroppedElements = new bool[definition.ElementSegments.Length];
        DroppedData = new bool[definition.DataSegments.Length];
        _context = new ContextBlock(this, module.Layout.Size);
        ((Context*)Context)->IsMetered = options.Fuel is null ? 0 : 1;
        ((Context*)Context)->Fuel = options.Fuel ?? 0;
        ((Context*)Context)->CodeAddresses = Code.CodeAddresses;
        ((Context*)Context)->F64One = 1;
        ((Context*)Context)->F32One = 1;
        Store = new Store();
        Store.Add(this);
    }

    /// <summary>The module this is an instance of.</summary>
    public WasmModule Module { get; }

    /// <summary>What the instance may use.</summary>
    public InstanceOptions Options { get; }

    /// <summary>The instance's first memory, exported or not.</summary>
    /// <exception cref="WasmLinkException">It has none.</exception>
    public WasmMemory Memory => Memories is [var first, ..] ? first : throw new WasmLinkException("the module has no memory");

    /// <summary>Fuel left. It may be set between calls and by host functions.</summary>
    /// <exception cref="InvalidOperationException"><see cref="InstanceOptions.Fuel"/> was not set.</exception>
    public long Fuel
    {
        get
        {
            ThrowIfUnmetered();
            return ((Context*)Context)->Fuel;
        }
        set
        {
            ThrowIfUnmetered();
            ((Context*)Context)->Fuel = value;
        }
    }

    /// <summary>Whether <see cref="Interrupt"/> was called and <see cref="ClearInterrupt"/> was not.</summary>
    public bool IsInterrupted => Store.IsInterrupted;

    internal Store Store { get; set; }

    internal CompiledModule Code { get; }

    internal nint Context => _context.Address;

    internal WasmMemory[] Memories { get; }

    internal Delegate?[] HostFunctions { get; }

    internal WasmTable[] Tables { get; }

    internal WasmGlobal?[] Globals { get; }

    internal bool[] DroppedElements { get; }

    internal bool[] DroppedData { get; }

    internal bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    internal bool IsReleased => Store.IsReleased;

    /// <summary>An exported function as a delegate; keep it, making one takes microseconds.</summary>
    /// <exception cref="WasmLinkException">There is no such function, or its type does not fit <typeparamref name="T"/>.</exception>
    /// <remarks>Parameters and result of <typeparamref name="T"/> correspond to the function's type as <see cref="WasmLinker"/> says.</remarks>
    public T GetFunction<T>(string name)
        where T : Delegate
    {
        var function = GetFunction(name) ?? throw new WasmLinkException($"the module exports no function `{name}`");
        try
        {
            return function.AsDelegate<T>();
        }
        catch (WasmLinkException exception)
        {
            throw new WasmLinkException($"export `{name}`: {exception.Message}");
        }
    }

    /// <summary>As <see cref="GetFunction{T}"/>, but false when no function of that name is exported.</summary>
    /// <exception cref="WasmLinkException">There is one, but its type does not fit <typeparamref name="T"/>.</exception>
    public bool TryGetFunction<T>(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? function)
        where T : Delegate
    {
        function = GetFunction(name) is null ? null : GetFunction<T>(name);
        return function is not null;
    }

    /// <summary>An exported function, or <see langword="null"/>.</summary>
    public WasmFunction? GetFunction(string name) => Export(name, ExternalKind.Function) as WasmFunction;

    /// <summary>An exported memory, or <see langword="null"/>.</summary>
    public WasmMemory? GetMemory(string name) => Export(name, ExternalKind.Memory) as WasmMemory;

    /// <summary>An exported table, or <see langword="null"/>.</summary>
    public WasmTable? GetTable(string name) => Export(name, ExternalKind.Table) as WasmTable;

    /// <summary>An exported global, or <see langword="null"/>.</summary>
    public WasmGlobal? GetGlobal(string name) => Export(name, ExternalKind.Global) as WasmGlobal;

    /// <summary>
    /// Stops guest code with <see cref="TrapCode.Interrupted"/> at its next loop iteration or call, on whichever thread
    /// it runs, and likewise everything that is started until <see cref="ClearInterrupt"/>. Instances linked with this
    /// one are stopped too. Host functions are not interrupted.
    /// </summary>
    public void Interrupt() => Store.Interrupt();

    /// <summary>
    /// Has the thread that runs guest code call <paramref name="look"/> once, when it next enters a function that checks its
    /// stack: those of recursions, those that call imports or indirectly, and others now and then. Costs running code
    /// nothing until then. From any thread; a later one replaces one that is still due.
    /// </summary>
    /// <param name="look">May use <see cref="RunningFunctions"/>; must not call into the guest nor throw.</param>
    public void AtNextCheck(Action look) => Store.AtNextCheck(look);

    /// <summary>
    /// The guest functions that run on the calling thread, of whatever instance, innermost first, named as in
    /// <see cref="TrapException.GuestStack"/>.
    /// </summary>
    public static ImmutableArray<string> RunningFunctions() => TrapException.GuestFunctions(new StackTrace(fNeedFileInfo: false));

    /// <summary>Ends the effect of <see cref="Interrupt"/>.</summary>
    public void ClearInterrupt() => Store.ClearInterrupt();

    /// <summary>The instance's state, for other instances to start from or for this one to be put back to.</summary>
    /// <exception cref="InvalidOperationException">The instance is running.</exception>
    /// <exception cref="WasmLinkException">It imports memories or tables, or holds objects of the host or functions of other instances.</exception>
    /// <exception cref="ObjectDisposedException">The instance is disposed.</exception>
    public WasmSnapshot Snapshot() => Snapshot(MemoryImage.Of);

    /// <summary>As <see cref="Snapshot()"/>, with memories kept in images of the caller's choice.</summary>
    internal WasmSnapshot Snapshot(Func<WasmMemory, MemoryImage> imageOf)
    {
        Store.EnterIdle(this);
        try
        {
            return WasmSnapshot.Of(this, imageOf);
        }
        finally
        {
            Store.Leave();
        }
    }

    /// <summary>Puts the instance back to a state of its module, as after a trap. Spans of its memory are invalid afterwards.</summary>
    /// <exception cref="InvalidOperationException">The instance is running, or the snapshot is of another module.</exception>
    /// <exception cref="WasmLinkException">The state needs more than the instance may have.</exception>
    /// <exception cref="ObjectDisposedException">The instance or the snapshot is disposed.</exception>
    public void Restore(WasmSnapshot snapshot)
    {
        if (snapshot.Module != Module)
            throw new InvalidOperationException("the snapshot is of another module");
        Store.EnterIdle(this);
        try
        {
            snapshot.PutInto(this);
        }
        finally
        {
            Store.Leave();
        }
    }

    /// <summary>
    /// Gives the instance's memory back to the system: at once, or when the guest that runs now has been interrupted,
    /// or when every instance linked with it is disposed too.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            Store.OnDisposed();
    }

    /// <summary>Called once by the store, when nothing runs in it any more.</summary>
    internal void Release()
    {
        for (var i = 0; i < Memories.Length; i++)
        {
            // Entries are missing when instantiation failed.
            Memories[i]?.Detach(this);
            if (i >= Module.Definition.ImportedMemoryCount)
                Memories[i]?.Dispose();
        }
        for (var i = Module.Definition.ImportedTableCount; i < Tables.Length; i++)
            Tables[i]?.Release();
        _context.Dispose();
    }

    /// <summary>The object of a function of the index space; always the same one.</summary>
    internal WasmFunction FunctionAt(int index) => _functions[index] ??= new WasmFunction(this, index);

    internal void SetImportedFunction(int index, WasmFunction function) => _functions[index] = function;

    /// <summary>What a function table holds for a function of the index space.</summary>
    internal FunctionEntry EntryOf(int index)
    {
        if (index < HostFunctions.Length && FunctionAt(index) is var imported && imported.Instance != this)
            return imported.Instance.EntryOf(imported.Index);
        var code = index < HostFunctions.Length ? FunctionAt(index).Code : Code.FindAddress(index);
        var typeId = Module.TypeIds[Module.Definition.Functions[index]];
        return new FunctionEntry { Code = code, Context = Context, TypeId = code == 0 ? -typeId : typeId, FunctionIndex = index };
    }

    internal WasmGlobal GlobalAt(int index) =>
        Globals[index] ??= new WasmGlobal(Module.Definition.Globals[index], this, Context + Module.Layout.Global(index));

    internal object ExportOf(Export export) => export.Kind switch
    {
        ExternalKind.Function => FunctionAt((int)export.Index),
        ExternalKind.Table => Tables[export.Index],
        ExternalKind.Memory => Memories[export.Index],
        _ => GlobalAt((int)export.Index),
    };

    private object? Export(string name, ExternalKind kind) =>
        Module.ExportIndices.TryGetValue(name, out var export) && export.Kind == kind ? ExportOf(export) : null;

    private void ThrowIfUnmetered()
    {
        ObjectDisposedException.ThrowIf(IsReleased, this);
        if (Options.Fuel is null)
            throw new InvalidOperationException("the instance was made without fuel");
    }
}
