using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>
/// Tells of the audit's lines as they are written, so many within a second; the others are counted. Lines of what a plugin that
/// is told them does with permission are not told, nor is any of its own told to itself: otherwise two that write down what they
/// hear would hear of it without end.
/// </summary>
internal sealed class AuditEvents : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly EventBus _bus;
    private readonly Func<PluginId, bool> _hears;
    private readonly int _perSecond;
    private readonly TimeProvider _time;
    private readonly IDisposable _listening;

    // The audit writes on one thread at a time.
    private long _windowBegan;
    private int _told;
    private long _skipped;
    private long _sequence;

    /// <param name="audit">Whose lines.</param>
    /// <param name="bus">Where to.</param>
    /// <param name="hears">Whether a plugin is told of them.</param>
    /// <param name="perSecond">How many are told within a second.</param>
    /// <param name="time">The clock.</param>
    public AuditEvents(AuditLog audit, EventBus bus, Func<PluginId, bool> hears, int perSecond, TimeProvider time)
    {
        (_bus, _hears, _perSecond, _time) = (bus, hears, perSecond, time);
        _windowBegan = time.GetTimestamp();
        _listening = audit.Listen(OnWritten);
    }

    /// <summary>A line in the words of host calls.</summary>
    public static AuditReadEntry EntryOf(AuditLine line) => new()
    {
        Time = line.Time,
        Plugin = line.Event.Plugin,
        Version = line.Event.Version,
        Call = line.Event.Call,
        Target = line.Event.Target,
        Decision = line.Event.Decision.ToString().ToLowerInvariant(),
        Reason = line.Event.Reason,
        Count = line.Event.Count,
    };

    public void Dispose() => _listening.Dispose();

    private void OnWritten(AuditLine line)
    {
        if (!_bus.IsHeard(HostTopics.AuditEntry) || (IsPermittedAct(line.Event.Decision) && _hears(line.Event.Plugin))) return;
        if (_time.GetElapsedTime(_windowBegan) >= Window) (_windowBegan, _told) = (_time.GetTimestamp(), 0);
        if (_told >= _perSecond)
        {
            _skipped++;
            return;
        }
        _told++;
        var told = new AuditTold { Entry = EntryOf(line), Skipped = _skipped == 0 ? null : _skipped };
        _skipped = 0;
        // A key of its own: a mailbox that is full may drop it rather than what has none.
        _bus.Publish(HostTopics.AuditEntry, told, ContractJson.Default.AuditTold, $"{++_sequence}", about: line.Event.Plugin);
    }

    private static bool IsPermittedAct(AuditDecision decision) => decision is AuditDecision.Intent or AuditDecision.Done or AuditDecision.Failed or AuditDecision.Counted;
}
