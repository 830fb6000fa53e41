using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Waiting for clocks and descriptors.</content>
public sealed partial class WasiContext
{
    private const int SubscriptionBytes = 48;
    private const int EventBytes = 32;
    private const int AbsoluteFlag = 1;
    private const ushort HangUpFlag = 1;

    /// <summary>How long a sleep lasts before it looks whether the guest was interrupted.</summary>
    private static readonly TimeSpan SleepSlice = TimeSpan.FromMilliseconds(10);

    private enum EventType : byte
    {
        Clock,
        Read,
        Write,
    }

    /// <summary>One thing a guest waits for: a clock to reach a time, or a descriptor.</summary>
    private readonly record struct Subscription(ulong UserData, EventType Type, int Subject, ulong DueNs);

    /// <summary>What came of one; <see cref="IsReady"/> is false while it is waited for.</summary>
    private readonly record struct PollState(bool IsReady, Errno Error = Errno.Success, ulong Bytes = 0, bool IsHungUp = false);

    private Errno Poll(WasmInstance caller, uint subscriptions, uint events, uint count, uint result)
    {
        if (count == 0 || count > (uint)_limits.Subscriptions)
            return Errno.Invalid;
        var memory = GuestMemory.Of(caller);
        if (!memory.TryGetSpan(subscriptions, count * SubscriptionBytes, out var bytes)
            || !memory.TryGetSpan(events, count * EventBytes, out var written)
            || !memory.TryGetSpan(result, sizeof(uint), out _))
            return Errno.Fault;

        // The events may be written over the subscriptions.
        Span<Subscription> polled = new Subscription[count];
        for (var i = 0; i < polled.Length; i++)
        {
            if (Parse(bytes.Slice(i * SubscriptionBytes, SubscriptionBytes), out polled[i]) is var errno and not Errno.Success)
                return errno;
        }
        Span<PollState> states = new PollState[count];
        Wait(caller, polled, states);

        var ready = 0u;
        for (var i = 0; i < polled.Length; i++)
        {
            if (states[i].IsReady)
                WriteEvent(written.Slice((int)ready++ * EventBytes, EventBytes), polled[i], states[i]);
        }
        return memory.Write(result, ready);
    }

    private Errno Parse(ReadOnlySpan<byte> bytes, out Subscription subscription)
    {
        subscription = new Subscription
        {
            UserData = BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            Type = (EventType)bytes[8],
            Subject = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
        };
        if (subscription.Type > EventType.Write)
            return Errno.Invalid;
        if (subscription.Type != EventType.Clock)
            return Errno.Success;

        // Who waits uses no CPU: those clocks would never get there.
        if (subscription.Subject is ProcessClock or ThreadClock)
            return Errno.NotSupported;
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[40..]);
        if ((uint)subscription.Subject > LastClock || (flags & ~AbsoluteFlag) != 0)
            return Errno.Invalid;

        var timeout = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        var now = Time(subscription.Subject);
        subscription = subscription with { DueNs = flags == AbsoluteFlag ? timeout : timeout > ulong.MaxValue - now ? ulong.MaxValue : now + timeout };
        return Errno.Success;
    }

    /// <summary>Waits until one subscription is ready.</summary>
    [SuppressMessage("Usage", "MA0045:Do not use blocking calls in a sync method", Justification = "A guest's sleep blocks the guest's thread.")]
    private void Wait(WasmInstance caller, ReadOnlySpan<Subscription> polled, Span<PollState> states)
    {
        while (true)
        {
            var left = SleepSlice;
            var isReady = false;
            for (var i = 0; i < polled.Length; i++)
            {
                states[i] = Look(polled[i], ref left);
                isReady |= states[i].IsReady;
            }
            if (isReady)
                return;
            if (caller.IsInterrupted)
                throw new TrapException(TrapCode.Interrupted);
            Task.Delay(left, _options.TimeProvider).GetAwaiter().GetResult();
        }
    }

    /// <param name="subscription">What is waited for.</param>
    /// <param name="left">Made shorter when a clock is due before that.</param>
    private PollState Look(Subscription subscription, ref TimeSpan left)
    {
        if (subscription.Type != EventType.Clock)
            return Look(subscription.Subject, subscription.Type);
        var now = Time(subscription.Subject);
        if (now >= subscription.DueNs)
            return new PollState(IsReady: true);
        var milliseconds = Math.Clamp((subscription.DueNs - now) / WasiTime.NanosecondsPerMillisecond, 1, (ulong)SleepSlice.TotalMilliseconds);
        left = TimeSpan.FromMilliseconds(Math.Min(left.TotalMilliseconds, milliseconds));
        return default;
    }

    /// <summary>Files are always ready; of the streams, only an input that can tell is not.</summary>
    private PollState Look(int fd, EventType type)
    {
        var needed = Rights.Poll | (type == EventType.Read ? Rights.Read : Rights.Write);
        if (Find<Descriptor>(fd, needed, out var descriptor) is var errno and not Errno.Success)
            return new PollState(IsReady: true, errno);
        if (type == EventType.Write)
            return new PollState(IsReady: true, Bytes: (ulong)_limits.TransferBytes);
        if (descriptor is StreamDescriptor stream)
        {
            return stream.ReadableBytes is { } readable
                ? new PollState(IsReady: true, Bytes: (ulong)readable, IsHungUp: readable == 0)
                : default;
        }
        var failure = descriptor.Node!.GetStat(out var stat);
        var position = ((FileDescriptor)descriptor).Position;
        return new PollState(IsReady: true, failure, stat.Size - Math.Min(stat.Size, position));
    }

    private static void WriteEvent(Span<byte> bytes, Subscription subscription, PollState state)
    {
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, subscription.UserData);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], (ushort)state.Error);
        bytes[10] = (byte)subscription.Type;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], state.Bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[24..], state.IsHungUp ? HangUpFlag : (ushort)0);
    }
}
