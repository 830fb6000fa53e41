using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm;

/// <summary>A table of references, which only grows.</summary>
/// <remarks>Not thread-safe: use it on the thread that runs the guest, or while none does. Source: WebAssembly 2.0, §4.2.7.</remarks>
#pragma warning disable CA1001 // Instances of a whole store use a table; what it owns has finalizers, and Release frees the bulk early.
public sealed unsafe class WasmTable
#pragma warning restore CA1001
{
    /// <summary>As many as a block of native memory holds.</summary>
    private static readonly uint MaxElements = int.MaxValue / (uint)sizeof(FunctionEntry);

    private readonly NativeBlock _descriptor = new(sizeof(TableDescriptor));
    private readonly uint? _maximum;
    private readonly uint _limit;
    private readonly SizeQuota _quota;
    private NativeBlock? _functions;
    private object?[] _objects = [];

    /// <summary>Creates a table for modules to import; sizes count elements.</summary>
    public WasmTable(ValType element, uint minimum, uint? maximum = null)
        : this(new TableType(element, new SizeLimits(minimum, maximum)), new SizeQuota(MaxElements), MaxElements)
    {
    }

    /// <summary>A table whose size is limited by its type, by <paramref name="limit"/> and by what is left of <paramref name="quota"/>.</summary>
    internal WasmTable(TableType type, SizeQuota quota, uint limit)
    {
        _quota = quota;
        ElementType = type.Element;
        _maximum = type.Limits.Maximum;
        _limit = Math.Min(Math.Min(limit, _maximum ?? limit), MaxElements);
        if (type.Limits.Minimum > _limit || !quota.TryTake(type.Limits.Minimum))
            throw new ArgumentException($"a table of {type.Limits.Minimum} elements exceeds {_limit}", nameof(type));
        Resize(type.Limits.Minimum);
    }

    /// <summary><see cref="ValType.FuncRef"/> or <see cref="ValType.ExternRef"/>.</summary>
    public ValType ElementType { get; }

    /// <summary>Present size, in elements.</summary>
    public uint Length => Descriptor->Length;

    /// <summary>The table's type as importers see it: its present size and its maximum.</summary>
    public TableType Type => new(ElementType, new SizeLimits(Length, _maximum));

    /// <summary>
    /// An element: a <see cref="WasmFunction"/> or null in a table of functions, any object or null in one of host
    /// objects.
    /// </summary>
    /// <exception cref="TrapException">There is no such element.</exception>
    /// <exception cref="ArgumentException">The value is not a function, and the table is one of functions.</exception>
    public object? this[uint index]
    {
        get
        {
            CheckRange(index, 1);
            return ElementType == ValType.FuncRef ? FunctionOf(Entry(index)) : _objects[index];
        }
        set
        {
            CheckRange(index, 1);
            if (ElementType != ValType.FuncRef)
                _objects[index] = value;
            else if (value is null)
                *Entry(index) = default;
            else
                SetFunction(index, value as WasmFunction ?? throw new ArgumentException("a function table holds functions only", nameof(value)));
        }
    }

    /// <summary>The store whose instances may call what is in the table; set when the first of them is linked.</summary>
    internal Store? Store { get; set; }

    internal nint DescriptorAddress => _descriptor.Address;

    private TableDescriptor* Descriptor => (TableDescriptor*)_descriptor.Address;

    /// <summary>Grows by <paramref name="delta"/> elements of <paramref name="value"/>; returns the former size, or −1 when that is refused.</summary>
    public int Grow(uint delta, object? value)
    {
        var before = Length;
        if (delta > _limit - before || !_quota.TryTake(delta))
            return -1;
        Resize(before + delta);
        Fill(before, value, delta);
        return (int)before;
    }

    /// <summary>Sets <paramref name="count"/> elements.</summary>
    /// <exception cref="TrapException">They are not all inside the table; nothing was changed.</exception>
    public void Fill(uint start, object? value, uint count)
    {
        CheckRange(start, count);
        for (var i = 0u; i < count; i++)
            this[start + i] = value;
    }

    internal void CopyTo(WasmTable target, uint targetStart, uint start, uint count)
    {
        CheckRange(start, count);
        target.CheckRange(targetStart, count);
        if (ElementType != ValType.FuncRef)
        {
            Array.Copy(_objects, start, target._objects, targetStart, count);
            return;
        }
        // Both tables belong to instances of one store, so what the entries point to lives as long as either.
        new ReadOnlySpan<FunctionEntry>(Entry(start), (int)count).CopyTo(new Span<FunctionEntry>(target.Entry(targetStart), (int)count));
    }

    internal void CheckRange(uint start, uint count)
    {
        if ((ulong)start + count > Length)
            throw new TrapException(TrapCode.TableOutOfBounds);
    }

    /// <summary>Sets an element to a function of <paramref name="instance"/> without making an object for it.</summary>
    internal void SetFunction(uint index, WasmInstance instance, int function)
    {
        CheckRange(index, 1);
        *Entry(index) = instance.EntryOf(function);
    }

    /// <summary>Frees the elements: called when no instance can use the table any more.</summary>
    internal void Release()
    {
        Descriptor->Length = 0;
        Descriptor->Entries = 0;
        _functions?.Dispose();
        _objects = [];
    }

    /// <summary>The index of the function of <paramref name="instance"/> at a place of the table, −1 for null; null for anything else.</summary>
    internal int? FindFunction(uint index, WasmInstance instance)
    {
        if (ElementType != ValType.FuncRef)
            return _objects[index] is null ? -1 : null;
        var entry = Entry(index);
        if (entry->TypeId == 0)
            return -1;
        return entry->Context == instance.Context ? entry->FunctionIndex : null;
    }

    /// <summary>Takes every element away, whatever the type's minimum is: <see cref="Reset"/> follows.</summary>
    internal void Empty()
    {
        _quota.GiveBack(Length);
        Resize(0);
    }

    /// <summary>Makes the table one of <paramref name="length"/> nulls.</summary>
    internal void Reset(uint length)
    {
        CheckHolds(length);
        Empty();
        if (!_quota.TryTake(length))
            throw new WasmLinkException($"the state needs more table elements than {nameof(InstanceOptions.MaxTableElements)} says");
        Resize(length);
    }

    /// <exception cref="WasmLinkException">A table of that length is larger than this one may be.</exception>
    internal void CheckHolds(uint length)
    {
        if (length > _limit)
            throw new WasmLinkException($"the state needs a table of {length} elements, but it may have {_limit}");
    }

    private void SetFunction(uint index, WasmFunction function)
    {
        Store = Store.Join(Store, function.Instance.Store);
        *Entry(index) = function.Instance.EntryOf(function.Index);
    }

    private static WasmFunction? FunctionOf(FunctionEntry* entry) =>
        entry->TypeId == 0 ? null : Context.InstanceOf(entry->Context).FunctionAt(entry->FunctionIndex);

    // Only reached with an index that was checked against Length, the number of entries allocated.
    private FunctionEntry* Entry(uint index) => (FunctionEntry*)Descriptor->Entries + index;

    private void Resize(uint length)
    {
        if (ElementType != ValType.FuncRef)
        {
            Array.Resize(ref _objects, (int)length);
        }
        else
        {
            var grown = new NativeBlock(Math.Max((int)length, 1) * sizeof(FunctionEntry));
            if (_functions is not null)
            {
                var size = (ulong)Math.Min(Length, length) * (ulong)sizeof(FunctionEntry);
                Buffer.MemoryCopy((void*)_functions.Address, (void*)grown.Address, size, size);
                _functions.Dispose();
            }
            _functions = grown;
            Descriptor->Entries = grown.Address;
        }
        Descriptor->Length = length;
    }
}
