using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Panels;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details;

/// <summary>The events about the object, as they come.</summary>
internal sealed class EventsTab(ScreenSession session, ResourceKind kind, ResourceRow row, ChangeSignal changed, TuiLimits limits) : DetailsTab
{
    private readonly ViewPane _pane = new();
    private (long Version, long Second) _shown = (-1, 0);
    private ResourceWatch? _watch;

    public override string Title => "Events";

    public override string? Pending => _watch is { } watch && (watch.Synced.IsCompletedSuccessfully || Refusal is not null) ? null : $"tab Events of {kind.Kind}/{row.Name}";

    public override IEnumerable<StyledText> Notes =>
        _watch is { Synced.IsCompletedSuccessfully: true, State: { Phase: ConnectionPhase.Reconnecting, Cause: { } cause } state } ? StaleNote.Of(state.Since, cause, session.Cluster.Client.Time.GetUtcNow()) : [];

    public override void Advance(FrameSize size)
    {
        if (_watch is not null)
            return;
        // The kubelet writes a node's name for its uid, so events about nodes are told by name alone.
        var uid = kind is { Group: "", Kind: "Node" } ? null : row.Uid;
        _watch = session.Cluster.Client.Watches.Open(
            ResourceClient.EventKind, kind.Namespaced ? row.Namespace : "default", EventsTable.Columns, ResourceClient.EventSelector(kind, row.Name, uid));
        _watch.Changed += (_, _) => changed.Raise();
        _ = _watch.Synced.ContinueWith(_ => changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public override TabContent Compose(FrameSize size)
    {
        if (Refusal is { } cause)
            return new TabContent.View(new ViewNode.Error { Message = cause.Message, Hint = cause.Hint });
        if (Pending is { } who)
            return new TabContent.Pending(who);
        var now = session.Clock.GetUtcNow();
        if (_shown != (_watch!.Version, now.ToUnixTimeSeconds()))
        {
            _shown = (_watch.Version, now.ToUnixTimeSeconds());
            _pane.Show(EventsTable.Of(_watch.Current, now, limits));
        }
        return new TabContent.Pane(_pane);
    }

    public override bool Handle(TerminalEvent input) => _pane.Handle(input.On(_pane)) is not ViewStep.Ignored;

    public override void Dispose() => _watch?.Dispose();

    private Cluster.Errors.ClusterException? Refusal => _watch is { Synced.IsCompletedSuccessfully: false, State.Cause: { IsTransient: false } cause } ? cause : null;
}

/// <summary>Says that what is shown is old, since when and why.</summary>
internal static class StaleNote
{
    public static IEnumerable<StyledText> Of(DateTimeOffset since, Cluster.Errors.ClusterException cause, DateTimeOffset now) =>
    [
        new StyledText($"▲ stale for {HumanDuration.Format(now - since)}: {cause.Message}", new Style(Tone.Warn)),
        new StyledText($"  hint: {cause.Hint}", Style.Muted),
    ];
}
