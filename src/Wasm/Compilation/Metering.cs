using System.Reflection.Emit;
using System.Runtime.InteropServices;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>Emits what keeps a guest stoppable: stack depth and interrupt at entry, interrupt at loop heads, fuel at both.</summary>
/// <remarks>
/// Depth is the address of a local compared with the context's limit: nothing to undo at the end. An interrupt raises
/// that limit, so one comparison serves both. The loads are volatile, or they would be hoisted out of loops.
/// </remarks>
internal sealed class Metering(ILGenerator il, BodyScan scan, bool isMetered, TrapBlocks traps, SlowPaths slowPaths)
{
    private static readonly int StackLimit = OffsetOf(nameof(Context.StackLimit));
    private static readonly int Interrupt = OffsetOf(nameof(Context.Interrupt));
    private static readonly int Fuel = OffsetOf(nameof(Context.Fuel));

    private LocalBuilder? _fuel;
    private int _loop;

    /// <summary>Emits what a function does first; <paramref name="isChecked"/> as <see cref="CheckPlacement"/> says.</summary>
    public void EmitEntry(bool isChecked)
    {
        if (isChecked)
            EmitLimitCheck(il, slowPaths, 0);
        if (isMetered)
            EmitFuel(scan.EntryCost);
    }

    /// <summary>Checks that <paramref name="frameBytes"/> below the present frame are still above the limit.</summary>
    public static void EmitLimitCheck(ILGenerator il, SlowPaths slowPaths, int frameBytes)
    {
        var marker = il.DeclareLocal(typeof(int));
        var resume = il.DefineLabel();
        EmitFrameAddress(il, marker, frameBytes);
        EmitContextField(il, StackLimit);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldind_I);
        il.Emit(OpCodes.Blt_Un, slowPaths.Add(resume, () =>
        {
            il.Emit(OpCodes.Ldarg_0);
            EmitFrameAddress(il, marker, frameBytes);
            PureOperations.EmitCall(il, typeof(RuntimeCalls), nameof(RuntimeCalls.StackLimitReached), typeof(nint), typeof(nuint));
        }));
        il.MarkLabel(resume);
    }

    public void EmitLoopHead()
    {
        EmitContextField(il, Interrupt);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldind_I4);
        il.Emit(OpCodes.Brtrue, traps.For(TrapCode.Interrupted));
        var cost = scan.LoopCosts[_loop++];
        if (isMetered)
            EmitFuel(cost);
    }

    /// <summary>A loop in code that is not reached and not emitted.</summary>
    public void SkipLoop() => _loop++;

    private static void EmitFrameAddress(ILGenerator il, LocalBuilder marker, int frameBytes)
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
        EmitContextField(il, Fuel);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Ldc_I4, cost);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, _fuel);
        EmitContextField(il, Fuel);
        il.Emit(OpCodes.Ldloc, _fuel);
        il.Emit(OpCodes.Stind_I8);
        il.Emit(OpCodes.Ldloc, _fuel);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Blt, traps.For(TrapCode.FuelExhausted));
    }

    private static void EmitContextField(ILGenerator il, int offset)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (offset == 0)
            return;
        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Add);
    }

    private static int OffsetOf(string field) => (int)Marshal.OffsetOf<Context>(field);
}
