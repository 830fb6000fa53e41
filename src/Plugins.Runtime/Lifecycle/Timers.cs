using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>
/// The timers of one instance; they end with it. Those of an instance that has not taken over yet begin when it does, but for
/// those of its language (<c>setTimeout</c>): what it is asked meanwhile may wait by them. Thread safe.
/// </summary>
/// <param name="instance">Whose; it does not hibernate while one is set.</param>
/// <param name="context">Clock and bounds.</param>
/// <param name="staged">Whether it has not taken over yet.</param>
internal sealed class Timers(PluginInstance instance, ActorContext context, bool staged) : IDisposable
{
    /// <summary>Ids of a language's own timers begin so; no handler of the plugin is told of them by name.</summary>
    private const char OfLanguage = '$';

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PluginTimer> _timers = new(StringComparer.Ordinal);
    private bool _staged = staged;
    private bool _isDisposed;

    /// <summary>Sets a timer, in the place of one of the same id; null, or why not.</summary>
    public CallError? Set(string id, TimeSpan delay, bool repeat)
    {
        lock (_gate)
        {
            if (_isDisposed) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
            if (_timers.Remove(id, out var before)) before.Dispose();
            if (_timers.Count >= context.Limits.Timers) return new CallError(ErrorCode.QuotaExceeded, $"{context.Limits.Timers} timers are set already");
            var timer = new PluginTimer(this, id, delay, repeat);
            _timers.Add(id, timer);
            if (!_staged || (id.StartsWith(OfLanguage) && !repeat)) timer.Start();
            return null;
        }
    }

    public void Clear(string id)
    {
        lock (_gate)
        {
            if (_timers.Remove(id, out var timer)) timer.Dispose();
        }
    }

    /// <summary>The instance has taken over: what waited for that begins.</summary>
    public void TakeOver()
    {
        lock (_gate)
        {
            _staged = false;
            foreach (var timer in _timers.Values) timer.Start();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var timer in _timers.Values) timer.Dispose();
            _timers.Clear();
        }
    }

    private sealed class PluginTimer : IDisposable
    {
        private readonly Timers _owner;
        private readonly string _id;
        private readonly TimeSpan _delay;
        private readonly bool _repeats;
        private readonly ITimer _timer;
        private readonly IDisposable _awake;
        private int _isDelivering;
        private bool _hasStarted;

        public PluginTimer(Timers owner, string id, TimeSpan delay, bool repeats)
        {
            (_owner, _id, _delay, _repeats) = (owner, id, delay, repeats);
            _awake = owner.Instance.KeepAwake();
            _timer = owner.Context.Time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Begins to count, if it has not begun. Under the gate.</summary>
        public void Start()
        {
            if (_hasStarted) return;
            _hasStarted = true;
            _timer.Change(_delay, _repeats ? _delay : Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _timer.Dispose();
            _awake.Dispose();
        }

        private void Fire()
        {
            // A plugin that is slower than its timer is not told more often than it can listen.
            if (Interlocked.Exchange(ref _isDelivering, 1) != 0) return;
            _ = DeliverAsync();
        }

        private async Task DeliverAsync()
        {
            try
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(new TimerPayload { Id = _id }, ContractJson.Default.TimerPayload);
                await _owner.Instance.DeliverAsync(new Request(MessageType.Timer, json, _owner.Context.Limits.MessageDeadline), IsSet);
            }
            finally
            {
                Interlocked.Exchange(ref _isDelivering, 0);
                if (!_repeats) _owner.Drop(this);
            }
        }

        private bool IsSet() => _owner.Has(this);

        public string Id => _id;
    }

    private PluginInstance Instance => instance;

    private ActorContext Context => context;

    private bool Has(PluginTimer timer)
    {
        lock (_gate) return _timers.GetValueOrDefault(timer.Id) == timer;
    }

    // By then there may be another of the same id.
    private void Drop(PluginTimer timer)
    {
        lock (_gate)
        {
            if (_timers.GetValueOrDefault(timer.Id) != timer) return;
            _timers.Remove(timer.Id);
            timer.Dispose();
        }
    }
}
