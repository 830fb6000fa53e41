namespace LazyOC.Wasm.Execution;

/// <summary>
/// Instances that can reach each other through imports, tables or references. They live, run and are interrupted
/// together; nearly always there is one.
/// </summary>
/// <remarks>
/// One thread at a time runs in a store; <see cref="Enter"/> refuses a second. Native memory is released when every
/// instance is disposed and none runs, or by finalizers when none is reachable.
/// Source of the word: WebAssembly 2.0, §4.2.3.
/// </remarks>
internal sealed unsafe class Store
{
    private const int Idle = 0;
    private const int Released = -1;
    private const int Merged = -2;

    private readonly Lock _gate = new();
    private volatile WasmInstance[] _instances = [];
    private volatile bool _interrupted;
    private volatile bool _releaseRequested;
    private Action? _atCheck;
    private nuint _stackLimit;
    private int _owner;
    private int _depth;
    private int _armedThread;
    private long _armedBytes;
    private Store? _mergedInto;

    public bool IsInterrupted => _interrupted;

    public bool IsReleased => Volatile.Read(ref _owner) == Released;

    private Store Survivor => _mergedInto is null ? this : _mergedInto.Survivor;

    /// <summary>The store of both; either may be null.</summary>
    /// <exception cref="InvalidOperationException">They run on different threads.</exception>
    public static Store? Join(Store? first, Store? second)
    {
        first = first?.Survivor;
        second = second?.Survivor;
        if (first is null || second is null || first == second)
            return first ?? second;
        var thread = StackBounds.CurrentThread;
        var (host, guest) = second._owner == thread ? (second, first) : (first, second);
        host.Absorb(guest, thread);
        return host;
    }

    /// <summary>Claims the store of <paramref name="instance"/> for this thread until <see cref="Leave"/>.</summary>
    /// <exception cref="TrapException">The guest is to be interrupted, or the host has left it no stack.</exception>
    public static void Enter(WasmInstance instance)
    {
        Claim(instance);
        // Guest code checks where calls may go round in circles, not at every entry.
        byte here;
        var store = instance.Store;
        if (!store._interrupted && (nuint)(&here) >= store._stackLimit)
            return;
        store.Leave();
        throw store._interrupted ? new TrapException(TrapCode.Interrupted) : store.StackExhausted();
    }

    /// <summary>Claims the store of an instance in which nothing runs, interrupted or not, until <see cref="Leave"/>.</summary>
    /// <exception cref="InvalidOperationException">Something runs in it.</exception>
    public static void EnterIdle(WasmInstance instance)
    {
        Claim(instance);
        if (instance.Store._depth == 1)
            return;
        instance.Store.Leave();
        throw new InvalidOperationException("the instance is running");
    }

    private static void Claim(WasmInstance instance)
    {
        var thread = StackBounds.CurrentThread;
        while (true)
        {
            var store = instance.Store;
            if (store._owner == thread)
            {
                store._depth++;
                return;
            }
            switch (Interlocked.CompareExchange(ref store._owner, thread, Idle))
            {
                case Idle:
                    store._depth = 1;
                    store.ArmFor(thread, instance.Options.StackLimitBytes);
                    return;
                case Merged:
                    continue;
                case Released:
                    throw new ObjectDisposedException(nameof(WasmInstance));
                default:
                    throw new InvalidOperationException("the instance is running on another thread");
            }
        }
    }

    public void Leave()
    {
        if (--_depth > 0)
            return;
        // No fence between the two: OnDisposed makes up for it, because it is rare and this is not.
        Volatile.Write(ref _owner, Idle);
        if (_releaseRequested)
            TryRelease();
    }

    public void Add(WasmInstance instance)
    {
        lock (_gate)
        {
            _instances = [.. _instances, instance];
            instance.Store = this;
            Raise(instance, _interrupted);
        }
    }

    /// <summary>Makes running guest code trap at its next check, and all that starts before <see cref="ClearInterrupt"/>.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            _interrupted = true;
            if (IsReleased)
                return;
            foreach (var instance in _instances)
                Raise(instance, isInterrupted: true);
        }
    }

    public void ClearInterrupt()
    {
        lock (_gate)
        {
            _interrupted = false;
            if (IsReleased)
                return;
            foreach (var instance in _instances)
                Raise(instance, isInterrupted: false);
        }
    }

    /// <summary>What generated code calls when a frame is below the limit in its context. Returns if nothing is wrong.</summary>
    /// <exception cref="TrapException">The guest is to be interrupted, or its stack is exhausted.</exception>
    public void OnLimitReached(nuint frameAddress)
    {
        if (_interrupted)
            throw new TrapException(TrapCode.Interrupted);
        if (frameAddress < _stackLimit)
            throw StackExhausted();
        // An interrupt came and was cleared, or a look was asked for: only the thread that runs may lower the limit again.
        var look = Interlocked.Exchange(ref _atCheck, null);
        Arm();
        look?.Invoke();
    }

    /// <summary>Has the thread that runs here call <paramref name="look"/> when it next enters a function that checks its stack.</summary>
    public void AtNextCheck(Action look)
    {
        lock (_gate)
        {
            if (IsReleased)
                return;
            Volatile.Write(ref _atCheck, look);
            RaiseStackLimits();
        }
    }

    private TrapException StackExhausted() => new(TrapCode.StackExhausted, StackBounds.DescribeLimit(_armedBytes));

    private void RaiseStackLimits()
    {
        foreach (var instance in _instances)
            Volatile.Write(ref ((Context*)instance.Context)->StackLimit, nuint.MaxValue);
    }

    /// <summary>Releases native memory as soon as every instance is disposed and none runs.</summary>
    public void OnDisposed()
    {
        lock (_gate)
        {
            if (Array.Exists(_instances, instance => !instance.IsDisposed))
                return;
            _releaseRequested = true;
        }
        // Afterwards either the store is seen idle here, or the thread that leaves it sees the request.
        Interlocked.MemoryBarrierProcessWide();
        if (Volatile.Read(ref _owner) > Idle)
            Interrupt();
        TryRelease();
    }

    private void TryRelease()
    {
        if (Interlocked.CompareExchange(ref _owner, Released, Idle) != Idle)
            return;
        lock (_gate)
        {
            foreach (var instance in _instances)
                instance.Release();
        }
    }

    /// <summary>Limits stay as they are between calls, so that calls from one thread need not set them.</summary>
    private void ArmFor(int thread, long stackLimitBytes)
    {
        if (_armedThread == thread && _armedBytes == stackLimitBytes)
            return;
        (_armedThread, _armedBytes) = (thread, stackLimitBytes);
        _stackLimit = StackBounds.LimitFor(stackLimitBytes);
        Arm();
    }

    private void Arm()
    {
        foreach (var instance in _instances)
            Volatile.Write(ref ((Context*)instance.Context)->StackLimit, _stackLimit);
        Interlocked.MemoryBarrier();
        // An interrupt, or a look that was asked for in between, has raised limits that were just lowered.
        if (_interrupted)
            Interrupt();
        if (Volatile.Read(ref _atCheck) is not null)
            RaiseStackLimits();
    }

    /// <summary>The limit is never lowered here: that is for the thread that runs (<see cref="OnLimitReached"/>).</summary>
    private static void Raise(WasmInstance instance, bool isInterrupted)
    {
        var context = (Context*)instance.Context;
        Volatile.Write(ref context->Interrupt, isInterrupted ? 1 : 0);
        Volatile.Write(ref context->StackLimit, nuint.MaxValue);
    }

    private void Absorb(Store other, int thread)
    {
        var owner = Interlocked.CompareExchange(ref other._owner, Merged, Idle);
        ObjectDisposedException.ThrowIf(owner == Released, typeof(WasmInstance));
        if (owner != Idle && owner != thread)
            throw new InvalidOperationException("an instance to be linked is running on another thread");
        lock (_gate)
        {
            // A store that runs on this thread gives its unfinished calls to the one that also does.
            if (owner == thread)
                _depth += other._depth;
            foreach (var instance in other._instances)
            {
                instance.Store = this;
                Raise(instance, _interrupted);
            }
            _instances = [.. _instances, .. other._instances];
            other._mergedInto = this;
            Volatile.Write(ref other._owner, Merged);
        }
    }
}
