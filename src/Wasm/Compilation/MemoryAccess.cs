using System.Reflection.Emit;
using System.Runtime.InteropServices;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>
/// The one emitter of memory accesses. Each is preceded by a check that the effective address (33 bits: address and
/// constant offset, both unsigned) plus the size of the access is within the memory, unless one that dominates it in
/// the same run of code proves that already. Memories never shrink, so a proof stays good.
/// </summary>
/// <remarks>
/// Base and length are in CIL locals. The base never changes; the length is read again after anything that may have
/// grown the memory, at the latest before the next branch, so it is right at every label.
/// </remarks>
internal sealed class MemoryAccess
{
    private static readonly int BaseOffset = (int)Marshal.OffsetOf<Context>(nameof(Context.MemoryBase));
    private static readonly int LengthOffset = (int)Marshal.OffsetOf<Context>(nameof(Context.MemoryLength));

    private readonly ILGenerator _il;
    private readonly TrapBlocks _traps;
    private readonly long _minimumBytes;
    private readonly bool _isUsed;
    private readonly Dictionary<int, long> _provenEnd = [];
    private readonly LocalBuilder? _base;
    private readonly LocalBuilder? _length;
    private LocalBuilder? _address;
    private bool _isLengthStale;

    public MemoryAccess(ILGenerator il, Module module, BodyScan scan, TrapBlocks traps)
    {
        _il = il;
        _traps = traps;
        _isUsed = scan.UsesMemory;
        if (!_isUsed)
            return;
        _minimumBytes = (long)module.Memories[0].Limits.Minimum * WasmMemory.PageBytes;
        _base = il.DeclareLocal(typeof(nint));
        _length = il.DeclareLocal(typeof(long));
    }

    public void EmitEntry()
    {
        if (!_isUsed)
            return;
        EmitContextField(BaseOffset);
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, _base!);
        EmitReadLength();
    }

    /// <summary>A call or <c>memory.grow</c> happened.</summary>
    public void OnMayHaveGrown() => _isLengthStale = _isUsed;

    /// <summary>To be called before every branch and label.</summary>
    public void Settle()
    {
        if (_isLengthStale)
            EmitReadLength();
    }

    /// <summary>Control comes from branches only, and each was settled.</summary>
    public void AssumeSettled() => _isLengthStale = false;

    /// <summary>Control may come from elsewhere: what was proven here does not hold there.</summary>
    public void ForgetProofs() => _provenEnd.Clear();

    /// <summary>The local has another value now.</summary>
    public void ForgetProofs(int local) => _provenEnd.Remove(local);

    public void EmitSize()
    {
        Settle();
        _il.Emit(OpCodes.Ldloc, _length!);
        _il.Emit(OpCodes.Ldc_I4, 16);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Conv_I4);
    }

    /// <summary>Emits the check, then leaves the host address of the access on the CIL stack.</summary>
    /// <param name="address">The address operand.</param>
    /// <param name="offset">The instruction's constant offset.</param>
    /// <param name="size">Bytes accessed.</param>
    /// <param name="emitAddress">Evaluates an expression onto the CIL stack.</param>
    public void EmitCheckedAddress(Expression address, uint offset, int size, Action<Expression> emitAddress)
    {
        var end = (long)offset + size;
        if (address.Kind == ExpressionKind.Constant)
        {
            EmitConstantAddress((uint)address.Bits + (long)offset, (uint)address.Bits + end);
            return;
        }
        if (address.Kind != ExpressionKind.Local)
        {
            // Evaluated once, zero-extended to 64 bits.
            _address ??= _il.DeclareLocal(typeof(long));
            emitAddress(address);
            _il.Emit(OpCodes.Conv_U8);
            _il.Emit(OpCodes.Stloc, _address);
            EmitCheck(() => _il.Emit(OpCodes.Ldloc, _address), end);
            EmitHostAddress(() => _il.Emit(OpCodes.Ldloc, _address), offset);
            return;
        }
        void EmitLocal()
        {
            emitAddress(address);
            _il.Emit(OpCodes.Conv_U8);
        }
        if (_provenEnd.GetValueOrDefault(address.Local) < end)
        {
            EmitCheck(EmitLocal, end);
            _provenEnd[address.Local] = end;
        }
        EmitHostAddress(EmitLocal, offset);
    }

    private void EmitConstantAddress(long start, long end)
    {
        if (end > _minimumBytes)
        {
            Settle();
            _il.Emit(OpCodes.Ldc_I8, end);
            _il.Emit(OpCodes.Ldloc, _length!);
            _il.Emit(OpCodes.Bgt_Un, _traps.For(TrapCode.MemoryOutOfBounds));
        }
        _il.Emit(OpCodes.Ldloc, _base!);
        _il.Emit(OpCodes.Ldc_I8, start);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    private void EmitCheck(Action emitAddress64, long end)
    {
        Settle();
        emitAddress64();
        _il.Emit(OpCodes.Ldc_I8, end);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldloc, _length!);
        _il.Emit(OpCodes.Bgt_Un, _traps.For(TrapCode.MemoryOutOfBounds));
    }

    private void EmitHostAddress(Action emitAddress64, uint offset)
    {
        _il.Emit(OpCodes.Ldloc, _base!);
        emitAddress64();
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
        if (offset == 0)
            return;
        _il.Emit(OpCodes.Ldc_I8, (long)offset);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    private void EmitReadLength()
    {
        EmitContextField(LengthOffset);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Stloc, _length!);
        _isLengthStale = false;
    }

    private void EmitContextField(int offset)
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldc_I4, offset);
        _il.Emit(OpCodes.Add);
    }
}
