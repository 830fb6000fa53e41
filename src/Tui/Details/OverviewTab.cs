using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details;

/// <summary>What one wants to know of the object at a glance.</summary>
internal sealed class OverviewTab(ObjectSource source, string objectName, TimeProvider clock, TuiLimits limits) : DetailsTab
{
    private readonly ViewScroll _scroll = new();

    public override string Title => "Overview";

    public override string? Pending => source.State is { Root: null, Failure: null, GoneSince: null } ? $"tab Overview of {objectName}" : null;

    public override int Scroll => _scroll.Top;

    public override void Advance(FrameSize size) => source.Advance();

    public override TabContent Compose(FrameSize size)
    {
        var state = source.State;
        if (state.Root is not { } root)
            return ObjectContent.Missing(state, Title, objectName);
        ViewNode view = Overview.Of(root, clock.GetUtcNow(), limits);
        _scroll.Fit(view, size);
        return new TabContent.View(view);
    }

    public override bool Handle(TerminalEvent input) => _scroll.Handle(input);

    public override void Dispose() { }
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
