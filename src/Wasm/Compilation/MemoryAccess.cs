using System.Reflection.Emit;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>
/// The one emitter of memory accesses. Each is preceded by a check that the effective address (33 bits: address and
/// constant offset, both unsigned) plus the size of the access is within the memory, unless one that dominates it in
/// the same run of code proves that already. Memories never shrink while code runs, so a proof stays good.
/// </summary>
/// <remarks>
/// Base and length of each memory a function uses are in CIL locals. The base never changes; the length is read again
/// after anything that may have grown a memory, at the latest before the next branch, so it is right at every label.
/// </remarks>
internal sealed class MemoryAccess
{
    private readonly ILGenerator _il;
    private readonly TrapBlocks _traps;
    private readonly SortedDictionary<int, UsedMemory> _memories = [];
    private readonly Dictionary<(int Memory, int Local), long> _provenEnd = [];
    private LocalBuilder? _address;
    private bool _isLengthStale;

    public MemoryAccess(ILGenerator il, Module module, ContextLayout layout, BodyScan scan, TrapBlocks traps)
    {
        _il = il;
        _traps = traps;
        foreach (var memory in scan.Memories)
        {
            _memories.Add(memory, new UsedMemory(
                il.DeclareLocal(typeof(nint)), il.DeclareLocal(typeof(long)), layout.MemoryBase(memory), layout.MemoryLength(memory), (long)module.Memories[memory].Limits.Minimum * WasmMemory.PageBytes));
        }
    }

    public void EmitEntry()
    {
        foreach (var memory in _memories.Values)
        {
            EmitContextField(memory.BaseOffset);
            _il.Emit(OpCodes.Ldind_I);
            _il.Emit(OpCodes.Stloc, memory.Base);
        }
        EmitReadLengths();
    }

    /// <summary>A call or <c>memory.grow</c> happened.</summary>
    public void OnMayHaveGrown() => _isLengthStale = _memories.Count > 0;

    /// <summary>To be called before every branch and label.</summary>
    public void Settle()
    {
        if (_isLengthStale)
            EmitReadLengths();
    }

    /// <summary>Control comes from branches only, and each was settled.</summary>
    public void AssumeSettled() => _isLengthStale = false;

    /// <summary>Control may come from elsewhere: what was proven here does not hold there.</summary>
    public void ForgetProofs() => _provenEnd.Clear();

    /// <summary>The local has another value now.</summary>
    public void ForgetProofs(int local)
    {
        foreach (var memory in _memories.Keys)
            _provenEnd.Remove((memory, local));
    }

    /// <summary>Leaves the size of a memory, in pages, on the CIL stack.</summary>
    public void EmitSize(int memory)
    {
        Settle();
        _il.Emit(OpCodes.Ldloc, _memories[memory].Length);
        _il.Emit(OpCodes.Ldc_I4, 16);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Conv_I4);
    }

    /// <summary>Emits the check, then leaves the host address of the access on the CIL stack.</summary>
    /// <param name="memory">Index of the memory.</param>
    /// <param name="address">The address operand.</param>
    /// <param name="offset">The instruction's constant offset.</param>
    /// <param name="size">Bytes accessed.</param>
    /// <param name="emitAddress">Evaluates an expression onto the CIL stack.</param>
    public void EmitCheckedAddress(int memory, Expression address, uint offset, int size, Action<Expression> emitAddress)
    {
        var used = _memories[memory];
        var end = (long)offset + size;
        if (address.Kind == ExpressionKind.Constant)
        {
            EmitConstantAddress(used, (uint)address.Bits + (long)offset, (uint)address.Bits + end);
            return;
        }
        if (address.Kind != ExpressionKind.Local)
        {
            // Evaluated once, zero-extended to 64 bits.
            _address ??= _il.DeclareLocal(typeof(long));
            emitAddress(address);
            _il.Emit(OpCodes.Conv_U8);
            _il.Emit(OpCodes.Stloc, _address);
            EmitCheck(used, () => _il.Emit(OpCodes.Ldloc, _address), end);
            EmitHostAddress(used, () => _il.Emit(OpCodes.Ldloc, _address), offset);
            return;
        }
        void EmitLocal()
        {
            emitAddress(address);
            _il.Emit(OpCodes.Conv_U8);
        }
        if (_provenEnd.GetValueOrDefault((memory, address.Local)) < end)
        {
            EmitCheck(used, EmitLocal, end);
            _provenEnd[(memory, address.Local)] = end;
        }
        EmitHostAddress(used, EmitLocal, offset);
    }

    private void EmitConstantAddress(UsedMemory memory, long start, long end)
    {
        if (end > memory.MinimumBytes)
        {
            Settle();
            _il.Emit(OpCodes.Ldc_I8, end);
            _il.Emit(OpCodes.Ldloc, memory.Length);
            _il.Emit(OpCodes.Bgt_Un, _traps.For(TrapCode.MemoryOutOfBounds));
        }
        _il.Emit(OpCodes.Ldloc, memory.Base);
        _il.Emit(OpCodes.Ldc_I8, start);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    private void EmitCheck(UsedMemory memory, Action emitAddress64, long end)
    {
        Settle();
        emitAddress64();
        _il.Emit(OpCodes.Ldc_I8, end);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldloc, memory.Length);
        _il.Emit(OpCodes.Bgt_Un, _traps.For(TrapCode.MemoryOutOfBounds));
    }

    private void EmitHostAddress(UsedMemory memory, Action emitAddress64, uint offset)
    {
        _il.Emit(OpCodes.Ldloc, memory.Base);
        emitAddress64();
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
        if (offset == 0)
            return;
        _il.Emit(OpCodes.Ldc_I8, (long)offset);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    private void EmitReadLengths()
    {
        foreach (var memory in _memories.Values)
        {
            EmitContextField(memory.LengthOffset);
            _il.Emit(OpCodes.Ldind_I8);
            _il.Emit(OpCodes.Stloc, memory.Length);
        }
        _isLengthStale = false;
    }

    private void EmitContextField(int offset)
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldc_I4, offset);
        _il.Emit(OpCodes.Add);
    }

    private sealed record UsedMemory(LocalBuilder Base, LocalBuilder Length, int BaseOffset, int LengthOffset, long MinimumBytes);
}
