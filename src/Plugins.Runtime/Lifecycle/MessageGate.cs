namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>
/// Every message to an instance goes through here, so that the instance can be brought to rest: while the gate is held
/// messages wait before it, in no one's hands. Thread safe.
/// </summary>
internal sealed class MessageGate
{
    private readonly Lock _gate = new();
    private Signal? _held;
    private Signal? _emptied;
    private int _inside;
    private bool _closed;

    /// <summary>Waits until the gate is open and goes in; false when it is closed for good.</summary>
    public async Task<bool> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Signal held;
            lock (_gate)
            {
                if (_closed) return false;
                if (_held is null)
                {
                    _inside++;
                    return true;
                }
                held = _held;
            }
            await held.WaitAsync(cancellationToken);
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_inside == 0) _emptied?.Set();
        }
    }

    /// <summary>Lets nothing in from now on; completes when nothing is inside.</summary>
    public Task HoldAsync()
    {
        lock (_gate)
        {
            _held ??= new Signal();
            if (_inside == 0) return Task.CompletedTask;
            _emptied ??= new Signal();
            return _emptied.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Lets nothing in from now on, if nothing is inside and nobody holds it already.</summary>
    public bool TryHold()
    {
        lock (_gate)
        {
            if (_closed || _held is not null || _inside > 0) return false;
            _held = new Signal();
            return true;
        }
    }

    /// <summary>Lets in who waited, and everybody else.</summary>
    public void Reopen() => Release(close: false);

    /// <summary>Sends away who waited, and everybody else.</summary>
    public void Close() => Release(close: true);

    private void Release(bool close)
    {
        Signal? held;
        lock (_gate)
        {
            _closed |= close;
            (held, _held, _emptied) = (_held, null, null);
        }
        held?.Set();
    }
}
