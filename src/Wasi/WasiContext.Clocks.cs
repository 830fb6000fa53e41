using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Clocks, and waiting for them.</content>
public sealed partial class WasiContext
{
    /// <summary>Guests see no finer time: it would let them measure what is none of their business.</summary>
    private const ulong ResolutionNs = 1_000_000;

    private const int SubscriptionBytes = 48;
    private const int EventBytes = 32;
    private const int RealtimeClock = 0;
    private const int LastClock = 3;

    /// <summary>How long a sleep lasts before it looks whether the guest was interrupted.</summary>
    private static readonly TimeSpan SleepSlice = TimeSpan.FromMilliseconds(10);

    private enum EventType : byte
    {
        Clock,
        Read,
        Write,
    }

    private void AddClocks(WasmLinker linker)
    {
        linker.Define(ModuleName, "clock_res_get", (WasmInstance caller, int clock, int result) =>
            (int)((uint)clock > LastClock ? Errno.Invalid : GuestMemory.Of(caller).Write((uint)result, ResolutionNs)));
        linker.Define(ModuleName, "clock_time_get", (WasmInstance caller, int clock, long precision, int result) =>
            (int)((uint)clock > LastClock ? Errno.Invalid : GuestMemory.Of(caller).Write((uint)result, Time(clock))));
        linker.Define(ModuleName, "poll_oneoff", (WasmInstance caller, int subscriptions, int events, int count, int result) =>
            (int)Poll(caller, (uint)subscriptions, (uint)events, (uint)count, (uint)result));
    }

    /// <summary>Present time, in nanoseconds: since 1970, or since the start of the guest for every other clock.</summary>
    private ulong Time(int clock)
    {
        var milliseconds = clock == RealtimeClock
            ? _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()
            : (long)_options.TimeProvider.GetElapsedTime(_startTimestamp).TotalMilliseconds;
        return (ulong)milliseconds * ResolutionNs;
    }

    private Errno Poll(WasmInstance caller, uint subscriptions, uint events, uint count, uint result)
    {
        if (count == 0 || count > (uint)_limits.Subscriptions)
            return Errno.Invalid;
        var memory = GuestMemory.Of(caller);
        if (!memory.TryGetSpan(subscriptions, count * SubscriptionBytes, out var bytes)
            || !memory.TryGetSpan(events, count * EventBytes, out var written))
            return Errno.Fault;

        // The events may be written over the subscriptions.
        Span<Subscription> polled = new Subscription[count];
        for (var i = 0; i < polled.Length; i++)
        {
            if (!TryParse(bytes.Slice(i * SubscriptionBytes, SubscriptionBytes), out polled[i]))
                return Errno.Invalid;
        }
        Sleep(caller, polled);

        var ready = 0u;
        foreach (var subscription in polled)
        {
            if (IsReady(subscription))
                WriteEvent(written.Slice((int)ready++ * EventBytes, EventBytes), subscription);
        }
        return memory.Write(result, ready);
    }

    private bool TryParse(ReadOnlySpan<byte> bytes, out Subscription subscription)
    {
        subscription = new Subscription
        {
            UserData = BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            Type = (EventType)bytes[8],
            Subject = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
        };
        if (subscription.Type > EventType.Write)
            return false;
        if (subscription.Type != EventType.Clock)
            return true;
        if ((uint)subscription.Subject > LastClock)
            return false;

        var timeout = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        var isAbsolute = (BinaryPrimitives.ReadUInt16LittleEndian(bytes[40..]) & 1) != 0;
        var now = Time(subscription.Subject);
        subscription = subscription with { DueNs = isAbsolute ? timeout : timeout > ulong.MaxValue - now ? ulong.MaxValue : now + timeout };
        return true;
    }

    /// <summary>Waits until one subscription is ready; files and streams always are.</summary>
    [SuppressMessage("Usage", "MA0045:Do not use blocking calls in a sync method", Justification = "A guest's sleep blocks the guest's thread.")]
    private void Sleep(WasmInstance caller, ReadOnlySpan<Subscription> polled)
    {
        while (true)
        {
            var left = TimeSpan.MaxValue;
            foreach (var subscription in polled)
            {
                if (IsReady(subscription))
                    return;
                var milliseconds = Math.Min((subscription.DueNs - Time(subscription.Subject)) / ResolutionNs, int.MaxValue);
                left = TimeSpan.FromMilliseconds(Math.Min(left.TotalMilliseconds, Math.Max(milliseconds, 1)));
            }
            if (caller.IsInterrupted)
                throw new TrapException(TrapCode.Interrupted);
            Task.Delay(left < SleepSlice ? left : SleepSlice, _options.TimeProvider).GetAwaiter().GetResult();
        }
    }

    private bool IsReady(Subscription subscription) =>
        subscription.Type != EventType.Clock || Time(subscription.Subject) >= subscription.DueNs;

    private void WriteEvent(Span<byte> bytes, Subscription subscription)
    {
        var isMissing = subscription.Type != EventType.Clock && !_descriptors.TryGet(subscription.Subject, out _);
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, subscription.UserData);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], (ushort)(isMissing ? Errno.BadDescriptor : Errno.Success));
        bytes[10] = (byte)subscription.Type;
        if (subscription.Type != EventType.Clock && !isMissing)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], 1);
    }

    /// <summary>One thing a guest waits for: a clock to reach a time, or a descriptor.</summary>
    private readonly record struct Subscription(ulong UserData, EventType Type, int Subject, ulong DueNs);
}
