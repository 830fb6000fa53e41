using System.Diagnostics;
using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>A host function that JavaScript calls. The arguments are borrowed; the result is handed over.</summary>
internal delegate JsValue Bridge(QuickJsVm vm, JsArguments arguments);

/// <summary>What a VM asks of its host while it runs.</summary>
internal sealed record QuickJsHost
{
    public required TimeProvider Time { get; init; }

    public required Action<Span<byte>> FillRandom { get; init; }

    /// <summary>Asked every few thousand operations: whether to end what runs with an error that JavaScript cannot catch.</summary>
    public required Func<bool> ShouldInterrupt { get; init; }

    /// <summary>A promise was rejected without a handler (false), or was given one later (true). Both values are handed over.</summary>
    public Action<JsValue, JsValue, bool>? OnRejection { get; init; }
}

/// <summary>The arguments of a host function; valid until it returns.</summary>
internal readonly ref struct JsArguments(WasmMemory memory, uint address, int count)
{
    /// <summary>An argument, borrowed; undefined when there are fewer.</summary>
    public JsValue this[int index] => (uint)index < (uint)count
        ? new JsValue(memory.Read<long>(memory.Read<uint>(address + (4 * (uint)index))))
        : JsValue.Undefined;
}

/// <summary>
/// One QuickJS runtime and context in an instance of its own: values in and out, calls, jobs. It knows nothing of plugins.
/// </summary>
/// <remarks>
/// Not thread safe: one guest thread at a time; <see cref="Trap"/> and <see cref="Dispose"/> are safe from any. Every
/// member that enters the guest can throw <see cref="TrapException"/>, after which the VM must be disposed.
/// </remarks>
internal sealed partial class QuickJsVm : IDisposable
{
    /// <summary>Every intrinsic.</summary>
    private const int AllIntrinsics = -1;

    /// <summary>The bit of <c>eval</c>, <c>Function</c> and their kin.</summary>
    private const int EvalIntrinsic = 1 << 1;

    /// <summary>The module's data, its stack and the allocator's own needs, outside QuickJS's accounting.</summary>
    private const int UnaccountedBytes = 2 << 20;

    private const int ScratchBytes = 4 << 10;
    private const int MaxIdleScratchBytes = 64 << 10;
    private const int MaxArguments = 8;

    private readonly WasmInstance _instance;
    private readonly WasmMemory _memory;
    private readonly QuickJsHost _host;
    private readonly Exports _exports;
    private readonly int _context;
    private readonly uint _argumentsAt;
    private readonly uint _lengthAt;
    private readonly Dictionary<byte, Bridge> _bridges = [];
    private uint _scratchAt;
    private int _scratchBytes;

    /// <param name="limits">Of memory and stack.</param>
    /// <param name="canCompile">Whether source text may be compiled here; otherwise <c>eval</c>, <c>Function</c> and their kin throw.</param>
    /// <param name="host">What the VM asks of its host.</param>
    /// <exception cref="GuestMemoryException">The memory does not suffice for an empty VM.</exception>
    public QuickJsVm(GuestLimits limits, bool canCompile, QuickJsHost host)
    {
        _host = host;
        _instance = QuickJsModule.Module.Instantiate(QuickJsImports.Link(this, host), new InstanceOptions { MaxMemoryBytes = limits.MemoryBytes });
        _memory = _instance.Memory;
        _exports = new Exports(_instance);
        _exports.Initialize();
        if (_exports.Init2(canCompile ? AllIntrinsics : AllIntrinsics & ~EvalIntrinsic) != 0)
            throw new GuestMemoryException("the memory limit is too small for a JavaScript VM");
        _context = _exports.GetContext();
        _exports.SetMaxStackSize(limits.JavaScriptStackBytes);
        _exports.SetMemoryLimit((int)Math.Min(Math.Max(limits.MemoryBytes - UnaccountedBytes, 1), int.MaxValue));
        _exports.SetInterruptHandler(1);
        _exports.SetRejectionHandler(1);
        _exports.SetModuleLoader(1);
        _lengthAt = Allocate(sizeof(int));
        _argumentsAt = Allocate(MaxArguments * sizeof(long));
        _scratchAt = Allocate(_scratchBytes = ScratchBytes);
    }

    /// <summary>A VM as another one was. Functions of the host that were made there are to be bound again, see <see cref="Bind"/>.</summary>
    /// <param name="image">Of the other.</param>
    /// <param name="memoryBytes">Linear memory; as the other's.</param>
    /// <param name="host">What the VM asks of its host.</param>
    public QuickJsVm(VmImage image, long memoryBytes, QuickJsHost host)
    {
        _host = host;
        _instance = image.Snapshot.Instantiate(QuickJsImports.Link(this, host), new InstanceOptions { MaxMemoryBytes = memoryBytes });
        _memory = _instance.Memory;
        _exports = new Exports(_instance);
        (_context, _argumentsAt, _lengthAt) = (image.Context, image.ArgumentsAt, image.LengthAt);
        (_scratchAt, _scratchBytes) = (image.ScratchAt, image.ScratchBytes);
    }

    /// <summary>The VM as it is now, for others to start from; nothing may run in it.</summary>
    public VmImage TakeImage() => new(_instance.Snapshot(), _context, _argumentsAt, _lengthAt, _scratchAt, _scratchBytes);

    /// <summary>Linear memory now, in bytes.</summary>
    public long MemoryBytes => _memory.SizeBytes;

    /// <summary>Whether promise jobs are due.</summary>
    public bool IsJobPending => _exports.IsJobPending() != 0;

    /// <summary>Runs one promise job; false when it threw, with the exception to take.</summary>
    public bool RunJob() => _exports.ExecuteJob() >= 0;

    /// <summary>Ends what runs with a trap, from any thread; the VM is of no use afterwards.</summary>
    public void Trap() => _instance.Interrupt();

    public void Dispose() => _instance.Dispose();

    /// <summary>Gives up a reference.</summary>
    public void Free(JsValue value) => _exports.FreeValue(_context, value.Bits);

    /// <summary>What was thrown last, handed over; null when not even an error could be made.</summary>
    public JsValue TakeException() => new(_exports.GetException(_context));

    /// <summary>Throws an <c>Error</c> in JavaScript; return the result from a bridge.</summary>
    public JsValue Throw(string message)
    {
        var error = new JsValue(_exports.NewError(_context));
        if (!error.IsException)
        {
            WithText("message", name => _exports.SetProperty(_context, error.Bits, name, NewString(Encoding.UTF8.GetBytes(message)).Bits));
            _exports.Throw(_context, error.Bits);
        }
        return JsValue.Exception;
    }

    /// <summary>Calls a function with no <c>this</c>. The arguments are borrowed.</summary>
    public JsValue Call(JsValue function, params ReadOnlySpan<JsValue> arguments)
    {
        Debug.Assert(arguments.Length <= MaxArguments);
        for (var i = 0; i < arguments.Length; i++)
            _memory.Write(_argumentsAt + (uint)(i * sizeof(long)), arguments[i].Bits);
        return new(_exports.Call(_context, function.Bits, JsValue.Undefined.Bits, arguments.Length, (int)_argumentsAt));
    }

    /// <summary>A property of an object.</summary>
    public JsValue GetProperty(JsValue target, string name)
    {
        var value = JsValue.Undefined;
        WithText(name, address => value = new(_exports.GetProperty(_context, target.Bits, address)));
        return value;
    }

    /// <summary>A function that calls the host.</summary>
    /// <param name="name">One ASCII character; no two functions of a VM share one.</param>
    /// <param name="bridge">What it does.</param>
    public JsValue NewFunction(char name, Bridge bridge)
    {
        Bind(name, bridge);
        var box = 0;
        WithText(name.ToString(), address => box = _exports.NewHostFunction(address, 1, 0));
        return Unbox(box);
    }

    /// <summary>Says what a function of the host does that was made before the VM's image was taken.</summary>
    public void Bind(char name, Bridge bridge) => _bridges.Add((byte)name, bridge);

    /// <summary>A string from UTF-16; lone surrogates become U+FFFD.</summary>
    public JsValue NewString(string text)
    {
        var length = Encoding.UTF8.GetBytes(text, Scratch(Encoding.UTF8.GetMaxByteCount(text.Length)));
        var value = new JsValue(_exports.NewString(_context, (int)_scratchAt, length));
        TrimScratch();
        return value;
    }

    /// <summary>A string from UTF-8.</summary>
    public JsValue NewString(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Scratch(utf8.Length));
        var value = new JsValue(_exports.NewString(_context, (int)_scratchAt, utf8.Length));
        TrimScratch();
        return value;
    }

    /// <summary>A <c>Uint8Array</c> with a copy of a string's UTF-8.</summary>
    public JsValue NewUtf8Array(JsValue text)
    {
        var address = _exports.ToUtf8(_context, (int)_lengthAt, text.Bits, 0);
        if (address == 0)
            return JsValue.Exception;
        var array = new JsValue(_exports.NewUint8Array(_context, address, _memory.Read<int>(_lengthAt)));
        _exports.FreeUtf8(_context, address);
        return array;
    }

    /// <summary>A string from bytes inside the guest, invalid sequences replaced by U+FFFD as the Encoding Standard says.</summary>
    /// <param name="array">A <c>Uint8Array</c>, borrowed.</param>
    /// <param name="isFatal">Whether invalid bytes give undefined instead.</param>
    /// <param name="keepByteOrderMark">Whether a leading U+FEFF stays.</param>
    public JsValue Decode(JsValue array, bool isFatal, bool keepByteOrderMark)
    {
        var (address, length) = FindBytes(array);
        if (address == 0)
            return length == 0 ? NewString([]) : JsValue.Exception;
        return Utf8Repair.Decode(this, _memory, (uint)address, length, isFatal, keepByteOrderMark);
    }

    /// <summary>A string from valid UTF-8 inside the guest.</summary>
    public JsValue NewStringAt(uint address, int length) => new(_exports.NewString(_context, (int)address, length));

    /// <summary>The bytes of a <c>Uint8Array</c>, borrowed; valid until the guest runs again.</summary>
    public Span<byte> GetBytes(JsValue array)
    {
        var (address, length) = FindBytes(array);
        return address == 0 ? [] : _memory.GetSpan((uint)address, length);
    }

    /// <summary>
    /// A value as text, copied: its first <paramref name="limit"/> bytes of UTF-8, and how long it is in all. Null when
    /// it cannot be converted, with an exception to take.
    /// </summary>
    public byte[]? ToUtf8(JsValue value, int limit, out int length)
    {
        length = 0;
        var address = _exports.ToUtf8(_context, (int)_lengthAt, value.Bits, 0);
        if (address == 0)
            return null;
        length = _memory.Read<int>(_lengthAt);
        var copy = _memory.GetSpan((uint)address, Math.Min(length, limit)).ToArray();
        _exports.FreeUtf8(_context, address);
        return copy;
    }

    /// <summary>A value as text of at most <paramref name="limit"/> bytes; empty when it cannot be converted.</summary>
    public string ToText(JsValue value, int limit)
    {
        var bytes = ToUtf8(value, limit, out _);
        if (bytes is not null)
            return Encoding.UTF8.GetString(bytes);
        Free(TakeException());
        return "";
    }

    /// <summary>Memory to write up to <paramref name="length"/> bytes of JSON into, for <see cref="ParseScratch"/>; valid until the guest runs.</summary>
    /// <exception cref="GuestMemoryException">The guest has no room for them.</exception>
    public Span<byte> Scratch(int length)
    {
        if (length >= _scratchBytes)
        {
            _exports.Free((int)_scratchAt);
            _scratchBytes = 0;
            _scratchAt = Allocate(length + 1);
            _scratchBytes = length + 1;
        }
        return _memory.GetSpan(_scratchAt, length);
    }

    /// <summary>Parses the JSON of <paramref name="length"/> bytes that was written to <see cref="Scratch"/>.</summary>
    public JsValue ParseScratch(int length)
    {
        // JS_ParseJSON wants a NUL behind the text.
        _memory.Write(_scratchAt + (uint)length, (byte)0);
        var value = new JsValue(_exports.ParseJson(_context, (int)_scratchAt, length, (int)_lengthAt));
        TrimScratch();
        return value;
    }

    /// <summary>The state of a promise.</summary>
    public PromiseState StateOf(JsValue promise) => (PromiseState)_exports.PromiseState(_context, promise.Bits);

    /// <summary>What a promise was settled with.</summary>
    public JsValue ResultOf(JsValue promise) => new(_exports.PromiseResult(_context, promise.Bits));

    /// <summary>Allocates guest memory outside QuickJS's accounting.</summary>
    /// <exception cref="GuestMemoryException">There is none.</exception>
    public uint Allocate(int bytes) => _exports.Allocate(bytes) is var address and not 0
        ? (uint)address
        : throw new GuestMemoryException("the guest's memory is used up");

    /// <summary>Frees what <see cref="Allocate"/> gave.</summary>
    public void Release(uint address) => _exports.Free((int)address);

    private (int Address, int Length) FindBytes(JsValue array)
    {
        var address = _exports.GetUint8Array(_context, (int)_lengthAt, array.Bits);
        return (address, address == 0 ? -1 : _memory.Read<int>(_lengthAt));
    }

    private void TrimScratch()
    {
        if (_scratchBytes <= MaxIdleScratchBytes)
            return;
        _exports.Free((int)_scratchAt);
        _scratchAt = Allocate(_scratchBytes = ScratchBytes);
    }

    private JsValue Unbox(int box)
    {
        if (box == 0)
            return JsValue.Exception;
        var value = new JsValue(_memory.Read<long>((uint)box));
        // The box's reference becomes the caller's.
        _exports.Free(box);
        return value;
    }
}

/// <summary>As QuickJS numbers them.</summary>
internal enum PromiseState
{
    Pending = 0,
    Fulfilled = 1,
    Rejected = 2,
}
