using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.HotSwap;

/// <summary>
/// The host calls of an instance that has not taken over yet: what it asks is answered, what it shows is kept until it takes
/// over, and what would have an effect outside is refused. Thread safe.
/// </summary>
internal sealed class StagedCalls(CapabilityBroker broker, PluginPrincipal plugin, int capacity)
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly Queue<HostCall> _recorded = new();
    private bool _committed;
    private bool _hasRefused;

    /// <summary>Whether a call was refused because it would have had an effect outside.</summary>
    public bool HasRefused
    {
        get { lock (_gate) return _hasRefused; }
    }

    public ValueTask<Answer> InvokeAsync(HostCall call, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_committed)
            {
                switch (broker.StagedRuleOf(call.Name))
                {
                    case StagedRule.Refused:
                        _hasRefused = true;
                        return Refuse(call, ErrorCode.Unavailable, $"`{call.Name}` has an effect outside, and this instance has not taken over yet: call it in `started` or later");
                    case StagedRule.Recorded when _recorded.Count >= capacity:
                        return Refuse(call, ErrorCode.QuotaExceeded, $"{capacity} calls wait already until this instance has taken over");
                    case StagedRule.Recorded:
                        _recorded.Enqueue(call);
                        return ValueTask.FromResult(Answer.Success(Nothing));
                }
            }
        }
        return broker.InvokeAsync(plugin, call, cancellationToken);
    }

    /// <summary>The instance has taken over: does what was kept, in order, and keeps nothing from then on.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            HostCall call;
            lock (_gate)
            {
                if (!_recorded.TryDequeue(out call))
                {
                    _committed = true;
                    return;
                }
            }
            // Refusals are in the audit; the guest was told earlier that it is done.
            await broker.InvokeAsync(plugin, call, cancellationToken);
        }
    }

    private ValueTask<Answer> Refuse(HostCall call, string code, string message) =>
        ValueTask.FromResult(broker.Refuse(plugin, call.Name, new CallError(code, message), code == ErrorCode.QuotaExceeded ? Violation.QuotaRefused : null));
}
