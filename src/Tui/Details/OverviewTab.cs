using System.Collections.Immutable;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Panels;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details;

/// <summary>What one wants to know of the object at a glance, and below it the sections of plugins.</summary>
internal sealed class OverviewTab(ObjectSource source, Sections? sections, string objectName, TimeProvider clock, TuiLimits limits) : DetailsTab
{
    private readonly ViewPane _pane = new();
    private (int Generation, long Second, int Sections) _shown = (-1, 0, 0);

    public override string Title => "Overview";

    public override string? Pending => source.State is { Root: null, Failure: null, GoneSince: null } ? $"tab Overview of {objectName}" : sections?.Pending;

    public override bool IsTyping => _pane.TakesTyping;

    public override ImmutableArray<KeyHint> Hints => _pane.Hints;

    public override TimeSpan? RedrawAfter => _pane.RedrawAfter;

    public override void Advance(FrameSize size)
    {
        source.Advance();
        sections?.Advance(size);
    }

    public override TabContent Compose(FrameSize size)
    {
        var state = source.State;
        if (state.Root is not { } root)
            return ObjectContent.Missing(state, Title, objectName);
        var now = clock.GetUtcNow();
        var (below, version) = sections?.Compose() ?? ([], 0);
        if (_shown != (state.Generation, now.ToUnixTimeSeconds(), version))
        {
            _shown = (state.Generation, now.ToUnixTimeSeconds(), version);
            _pane.Show(new ViewNode.Stack { Children = [Overview.Of(root, now, limits), .. below], Gap = 1 });
        }
        return new TabContent.Pane(_pane);
    }

    public override bool Handle(TerminalEvent input)
    {
        var step = _pane.Handle(input.On(_pane));
        if (step is ViewStep.Input operated)
            sections?.Send(operated);
        return step is not ViewStep.Ignored;
    }

    public override void Update(ResourceRow? row)
    {
        if (row is not null)
            sections?.Update();
    }

    public override void Dispose() => sections?.Dispose();
}

/// <summary>What stands in the place of an object that could not be read, or is not read yet.</summary>
internal static class ObjectContent
{
    public static TabContent Missing(ObjectState state, string tab, string objectName) => state switch
    {
        { Failure: { } failure } => new TabContent.View(new ViewNode.Error { Message = failure.Message, Hint = failure.Hint }),
        { GoneSince: not null } => new TabContent.View(new ViewNode.Empty { Message = $"{objectName} is gone, and was before it could be read" }),
        _ => new TabContent.Pending($"tab {tab} of {objectName}"),
    };
}
