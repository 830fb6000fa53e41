namespace LazyOC.Wasm.Execution;

/// <summary>
/// Copies and fills of any length, in slices between which the guest can be interrupted, and paid for in fuel by what
/// they move. Called by generated code for running instances.
/// </summary>
/// <remarks>Source: WebAssembly 2.0, §4.4.7: bounds are checked before anything is changed.</remarks>
internal static unsafe class BulkOperations
{
    /// <summary>Bytes moved for one unit of fuel.</summary>
    private const int BytesPerFuel = 64;

    /// <summary>Bytes moved between two looks at the interrupt: a few hundred microseconds of work.</summary>
    private const ulong SliceBytes = 1024 * 1024;

    public static void Fill(Context* context, byte* target, byte value, ulong count)
    {
        Charge(context, count);
        for (var done = 0UL; done < count; done += SliceBytes)
        {
            CheckInterrupt(context);
            new Span<byte>(target + done, (int)Math.Min(SliceBytes, count - done)).Fill(value);
        }
    }

    /// <summary>Copies as if through a buffer: the ranges may overlap.</summary>
    public static void Copy(Context* context, byte* target, byte* source, ulong count)
    {
        Charge(context, count);
        var isForward = target <= source;
        for (var done = 0UL; done < count; done += SliceBytes)
        {
            CheckInterrupt(context);
            var length = Math.Min(SliceBytes, count - done);
            // Away from where the source is still needed.
            var offset = isForward ? done : count - done - length;
            Buffer.MemoryCopy(source + offset, target + offset, length, length);
        }
    }

    /// <summary>Takes the fuel for moving so many bytes from a metered instance.</summary>
    /// <exception cref="TrapException">There is not enough.</exception>
    public static void Charge(Context* context, ulong bytes)
    {
        if (context->IsMetered == 0)
            return;
        context->Fuel -= (long)(bytes / BytesPerFuel);
        if (context->Fuel < 0)
            throw new TrapException(TrapCode.FuelExhausted);
    }

    private static void CheckInterrupt(Context* context)
    {
        if (Volatile.Read(ref context->Interrupt) != 0)
            throw new TrapException(TrapCode.Interrupted);
    }
}
