using System.Reflection.Emit;
using System.Runtime.InteropServices;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>Emits what keeps a guest stoppable: stack depth and interrupt at entry, interrupt at loop heads, fuel at both.</summary>
/// <remarks>
/// Depth is the address of a local compared with the context's limit: nothing to undo at the end. An interrupt raises
/// that limit, so one comparison serves both. The loads are volatile, or they would be hoisted out of loops.
/// </remarks>
internal sealed class Metering(ILGenerator il, BodyScan scan, bool isMetered, TrapBlocks traps)
{
    private static readonly int StackLimit = OffsetOf(nameof(Context.StackLimit));
    private static readonly int Interrupt = OffsetOf(nameof(Context.Interrupt));
    private static readonly int Fuel = OffsetOf(nameof(Context.Fuel));

    private readonly List<(Label Slow, Label Resume, LocalBuilder Marker, int FrameBytes)> _limitChecks = [];
    private LocalBuilder? _fuel;
    private int _loop;

    /// <summary>Emits what a function does first; <paramref name="isChecked"/> as <see cref="CheckPlacement"/> says.</summary>
    public void EmitEntry(bool isChecked)
    {
        if (isChecked)
            EmitLimitCheck(0);
        if (isMetered)
            EmitFuel(scan.EntryCost);
    }

    /// <summary>Checks that <paramref name="frameBytes"/> below the present frame are still above the limit.</summary>
    public void EmitLimitCheck(int frameBytes)
    {
        var check = (Slow: il.DefineLabel(), Resume: il.DefineLabel(), Marker: il.DeclareLocal(typeof(int)), frameBytes);
        EmitFrameAddress(check.Marker, frameBytes);
        il.Emit(OpCodes.Ldarg_0);
        EmitAdd(StackLimit);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldind_I);
        il.Emit(OpCodes.Blt_Un, check.Slow);
        il.MarkLabel(check.Resume);
        _limitChecks.Add(check);
    }

    public void EmitLoopHead()
    {
        il.Emit(OpCodes.Ldarg_0);
        EmitAdd(Interrupt);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldind_I4);
        il.Emit(OpCodes.Brtrue, traps.For(TrapCode.Interrupted));
        var cost = scan.LoopCosts[_loop++];
        if (isMetered)
            EmitFuel(cost);
    }

    /// <summary>A loop in code that is not reached and not emitted.</summary>
    public void SkipLoop() => _loop++;

    /// <summary>The cold parts of the checks, behind the function's code.</summary>
    public void EmitSlowPaths()
    {
        foreach (var (slow, resume, marker, frameBytes) in _limitChecks)
        {
            il.MarkLabel(slow);
            il.Emit(OpCodes.Ldarg_0);
            EmitFrameAddress(marker, frameBytes);
            PureOperations.EmitCall(il, typeof(RuntimeCalls), nameof(RuntimeCalls.StackLimitReached), typeof(nint), typeof(nuint));
            il.Emit(OpCodes.Br, resume);
        }
    }

    private void EmitFrameAddress(LocalBuilder marker, int frameBytes)
    {
        il.Emit(OpCodes.Ldloca, marker);
        il.Emit(OpCodes.Conv_U);
        if (frameBytes > 0)
        {
            il.Emit(OpCodes.Ldc_I4, frameBytes);
            il.Emit(OpCodes.Conv_U);
            il.Emit(OpCodes.Sub);
        }
    }

    private void EmitFuel(int cost)
    {
        _fuel ??= il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldarg_0);
        EmitAdd(Fuel);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Ldc_I4, cost);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, _fuel);
        il.Emit(OpCodes.Ldarg_0);
        EmitAdd(Fuel);
        il.Emit(OpCodes.Ldloc, _fuel);
        il.Emit(OpCodes.Stind_I8);
        il.Emit(OpCodes.Ldloc, _fuel);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Blt, traps.For(TrapCode.FuelExhausted));
    }

    private void EmitAdd(int offset)
    {
        if (offset == 0)
            return;
        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Add);
    }

    private static int OffsetOf(string field) => (int)Marshal.OffsetOf<Context>(field);
}
