namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>How messages fail and the guest ends.</summary>
internal abstract partial class Guest
{
    /// <summary>Fails a message and cancels the host calls made for it; false when it was finished already. From any thread.</summary>
    private bool Fail(Delivery delivery, GuestFault fault)
    {
        if (!Finish(delivery, new GuestReply.Failed(fault)))
            return false;
        delivery.CancelCalls();
        return true;
    }

    /// <summary>Stops the guest: nothing more enters it, what runs is trapped, what is open fails. From any thread; the first call counts.</summary>
    private void End(GuestFault? fault)
    {
        Delivery[] left;
        bool isScheduled;
        lock (Gate)
        {
            if (IsEnding)
                return;
            IsEnding = true;
            _endFault = fault;
            left = [.. _open.Values, .. _waiting];
            _mailbox.Clear();
            _waiting.Clear();
            isScheduled = _isScheduled;
            Trap();
        }
        foreach (var delivery in left)
            Fail(delivery, Gone(fault));
        OnEnding();
        // Otherwise the thread that runs the guest, or is about to, does it.
        if (!isScheduled)
            Release();
    }

    private void Release()
    {
        Budget.Dispose();
        DisposeInstance();
        _started.TrySetResult(new GuestStart.Failed(Gone(_endFault)));
        _ended.TrySetResult(_endFault);
    }

    private void TrapRunningCode()
    {
        lock (Gate)
            Trap();
    }

    private static ValueTask<GuestReply> Failed(GuestFault fault) => ValueTask.FromResult<GuestReply>(new GuestReply.Failed(fault));

    private static GuestFault Gone(GuestFault? cause) =>
        new(GuestFaultKind.Cancelled, cause is null ? "the plugin instance was stopped" : $"the plugin instance is gone: {cause.Message}", InstanceLost: true);
}
