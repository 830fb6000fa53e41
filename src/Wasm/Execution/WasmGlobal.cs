using System.Runtime.Intrinsics;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm;

/// <summary>A global variable.</summary>
/// <remarks>Not thread-safe: use it on the thread that runs the guest, or while none does. Source: WebAssembly 2.0, §4.2.9.</remarks>
#pragma warning disable CA1001 // Instances of a whole store use a global; its few bytes are freed by their finalizer.
public sealed unsafe class WasmGlobal
#pragma warning restore CA1001
{
    private readonly NativeBlock? _own;
    private readonly WasmInstance? _instance;
    private readonly nint _cell;

    /// <summary>Creates a global for modules to import.</summary>
    /// <param name="type">Type of its value.</param>
    /// <param name="isMutable">Whether modules may set it.</param>
    /// <param name="value">
    /// An <see cref="int"/>, <see cref="long"/>, <see cref="float"/>, <see cref="double"/> or <see cref="Vector128{T}"/>
    /// of bytes as the type says, a <see cref="WasmFunction"/> or any object for references.
    /// </param>
    /// <exception cref="ArgumentException">The value is not of that type.</exception>
    public WasmGlobal(ValType type, bool isMutable, object? value)
        : this(new GlobalType(type, isMutable))
    {
        _own = new NativeBlock(sizeof(Vector128<byte>));
        _cell = _own.Address;
        Store(value);
    }

    internal WasmGlobal(GlobalType type, WasmInstance instance, nint cell)
        : this(type)
    {
        _instance = instance;
        _cell = cell;
    }

    private WasmGlobal(GlobalType type) => Type = type;

    /// <summary>The global's type.</summary>
    public GlobalType Type { get; }

    /// <summary>The present value, boxed.</summary>
    /// <exception cref="InvalidOperationException">Set on an immutable global.</exception>
    /// <exception cref="ArgumentException">The value is not of the global's type.</exception>
    public object? Value
    {
        get => Type.Value switch
        {
            ValType.I32 => *(int*)Cell,
            ValType.I64 => *(long*)Cell,
            ValType.F32 => *(float*)Cell,
            ValType.F64 => *(double*)Cell,
            ValType.V128 => Vector128.Load((byte*)Cell),
            _ => Reference,
        };
        set
        {
            if (!Type.IsMutable)
                throw new InvalidOperationException("the global is immutable");
            Store(value);
        }
    }

    /// <summary>The value of a global of a reference type; numbers and vectors are in the cell.</summary>
    internal object? Reference { get; set; }

    internal nint CellAddress => _cell;

    internal WasmInstance? Owner => _instance;

    private nint Cell
    {
        get
        {
            ObjectDisposedException.ThrowIf(_instance is { IsReleased: true }, this);
            return _cell;
        }
    }

    /// <summary>Sets the value whether or not the global is mutable.</summary>
    internal void Store(object? value)
    {
        switch (Type.Value, value)
        {
            case (ValType.I32, int number):
                *(int*)Cell = number;
                break;
            case (ValType.I64, long number):
                *(long*)Cell = number;
                break;
            case (ValType.F32, float number):
                *(float*)Cell = number;
                break;
            case (ValType.F64, double number):
                *(double*)Cell = number;
                break;
            case (ValType.V128, Vector128<byte> vector):
                vector.Store((byte*)Cell);
                break;
            case (ValType.ExternRef, _):
            case (ValType.FuncRef, null or WasmFunction):
                Reference = value;
                break;
            default:
                throw new ArgumentException($"a value of type {value?.GetType().Name ?? "null"} does not fit a global of type {Type.Value.Text()}", nameof(value));
        }
    }
}
