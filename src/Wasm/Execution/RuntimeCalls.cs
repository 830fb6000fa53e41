using System.Runtime.CompilerServices;

namespace LazyOC.Wasm.Execution;

/// <summary>What generated code calls for everything that is not worth generating.</summary>
/// <remarks>
/// Called by name from assemblies made in an earlier build: a change of a signature here needs those to be rebuilt,
/// which the build does because they depend on this assembly. Contexts are those of instances that are running, so
/// they are valid and their instances alive.
/// </remarks>
internal static unsafe class RuntimeCalls
{
    public static TrapException Trap(int code) => new((TrapCode)code);

    /// <summary>Address of the code of a function of the running module, made now.</summary>
    public static nint TranslateFunction(nint context, int function) => Context.InstanceOf(context).Code.AddressOf(function);

    /// <summary>An indirect call met an element that is not ready to be called as the type it wants; returns when it is now.</summary>
    public static void ResolveElement(nint element, int wantedTypeId)
    {
        var entry = (FunctionEntry*)element;
        if (entry->TypeId != -wantedTypeId)
            throw new TrapException(entry->TypeId == 0 ? TrapCode.UninitializedElement : TrapCode.IndirectCallTypeMismatch);
        // Other threads see neither: the instances of a store, and so the tables they share, run on one at a time.
        entry->Code = Context.InstanceOf(entry->Context).Code.AddressOf(entry->FunctionIndex);
        entry->TypeId = wantedTypeId;
    }

    /// <summary>A frame is below the stack limit; returns when that was only a cleared interrupt.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StackLimitReached(nint context, nuint frameAddress) =>
        Context.InstanceOf(context).Store.OnLimitReached(frameAddress);

    /// <summary>Claims the function's instance for a call from the host; returns its context.</summary>
    public static nint Enter(WasmFunction function)
    {
        Store.Enter(function.Instance);
        // A function that was imported from another instance never gets here: its object is that instance's own.
        return function.Instance.Context;
    }

    public static nint CodeOf(WasmFunction function) => function.Code;

    public static void Leave(WasmFunction function) => function.Instance.Store.Leave();

    public static Delegate HostFunction(nint context, int function) => Context.InstanceOf(context).HostFunctions[function]!;

    public static WasmInstance Caller(nint context) => Context.InstanceOf(context);

    public static object?[] CallBoxed(nint context, int function, object?[] arguments)
    {
        var instance = Context.InstanceOf(context);
        var results = ((HostFunction)instance.HostFunctions[function]!)(instance, arguments);
        var expected = instance.Module.Definition.TypeOfFunction(function).Results.Length;
        return results.Length == expected
            ? results
            : throw new WasmLinkException($"a host function returned {results.Length} results instead of {expected}");
    }

    public static int MemoryGrow(nint context, int delta, int memory) => Context.InstanceOf(context).Memories[memory].Grow((uint)delta);

    public static void MemoryInit(nint context, int target, int start, int count, int segment, int memory)
    {
        Segments.MemoryInit(Context.InstanceOf(context), segment, memory, (uint)target, (uint)start, (uint)count);
        BulkOperations.Charge((Context*)context, (uint)count);
    }

    public static void DataDrop(nint context, int segment) => Context.InstanceOf(context).DroppedData[segment] = true;

    /// <summary>Copies within the first memory.</summary>
    public static void MemoryCopy(nint context, int target, int source, int count)
    {
        var memory = (Context*)context;
        var length = (ulong)memory->MemoryLength;
        if ((ulong)(uint)target + (uint)count > length || (ulong)(uint)source + (uint)count > length)
            throw new TrapException(TrapCode.MemoryOutOfBounds);
        BulkOperations.Copy(memory, memory->MemoryBase + (uint)target, memory->MemoryBase + (uint)source, (uint)count);
    }

    public static void MemoryCopyBetween(nint context, int target, int source, int count, int targetMemory, int sourceMemory)
    {
        var memories = Context.InstanceOf(context).Memories;
        BulkOperations.Copy(
            (Context*)context, memories[targetMemory].AddressOf((uint)target, (uint)count), memories[sourceMemory].AddressOf((uint)source, (uint)count), (uint)count);
    }

    public static void MemoryFill(nint context, int target, int value, int count, int memory) =>
        BulkOperations.Fill((Context*)context, Context.InstanceOf(context).Memories[memory].AddressOf((uint)target, (uint)count), (byte)value, (uint)count);

    public static WasmFunction FunctionReference(nint context, int function) => Context.InstanceOf(context).FunctionAt(function);

    public static object? GlobalGet(nint context, int global) => Context.InstanceOf(context).GlobalAt(global).Reference;

    public static void GlobalSet(nint context, object? value, int global) =>
        Context.InstanceOf(context).GlobalAt(global).Reference = value;

    public static object? TableGet(nint context, int index, int table) => Context.InstanceOf(context).Tables[table][(uint)index];

    public static void TableSet(nint context, int index, object? value, int table) =>
        Context.InstanceOf(context).Tables[table][(uint)index] = value;

    public static int TableSize(nint context, int table) => (int)Context.InstanceOf(context).Tables[table].Length;

    public static int TableGrow(nint context, object? value, int delta, int table)
    {
        var before = Context.InstanceOf(context).Tables[table].Grow((uint)delta, value);
        if (before >= 0)
            ChargeElements(context, delta);
        return before;
    }

    public static void TableFill(nint context, int start, object? value, int count, int table)
    {
        Context.InstanceOf(context).Tables[table].Fill((uint)start, value, (uint)count);
        ChargeElements(context, count);
    }

    public static void TableCopy(nint context, int target, int source, int count, int targetTable, int sourceTable)
    {
        var tables = Context.InstanceOf(context).Tables;
        tables[sourceTable].CopyTo(tables[targetTable], (uint)target, (uint)source, (uint)count);
        ChargeElements(context, count);
    }

    public static void TableInit(nint context, int target, int start, int count, int table, int segment)
    {
        Segments.TableInit(Context.InstanceOf(context), segment, table, (uint)target, (uint)start, (uint)count);
        ChargeElements(context, count);
    }

    public static void ElementDrop(nint context, int segment) => Context.InstanceOf(context).DroppedElements[segment] = true;

    /// <summary>Paid for afterwards, when it is known to be within the table: no table is so long that this matters.</summary>
    private static void ChargeElements(nint context, int count) =>
        BulkOperations.Charge((Context*)context, (ulong)(uint)count * (ulong)sizeof(FunctionEntry));
}
