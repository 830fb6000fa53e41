using System.Collections.Immutable;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using ViewState = LazyOC.Plugins.Runtime.Extensions.ViewState;

namespace LazyOC.Tui.Details;

/// <summary>A tab that a plugin fills. Its view opens when it is looked at, and is rendered again when the object changed.</summary>
internal sealed class PluginTab : DetailsTab
{
    private readonly string _plugin;
    private readonly Func<FrameSize, ViewSession> _open;
    private readonly ViewInputs _inputs;
    private readonly ViewPane _pane = new();
    private readonly Throttle _refresh;
    private ViewSession? _view;
    private ViewNode? _shown;
    private bool _isOld;

    /// <param name="title">On the tab.</param>
    /// <param name="plugin">Display name of the plugin.</param>
    /// <param name="open">Opens its view in a room.</param>
    /// <param name="inputs">Tells the plugin what the user does.</param>
    /// <param name="clock">The screen's clock.</param>
    /// <param name="limits">Limits.</param>
    public PluginTab(string title, string plugin, Func<FrameSize, ViewSession> open, ViewInputs inputs, TimeProvider clock, TuiLimits limits)
    {
        (Title, _plugin, _open, _inputs) = (title, plugin, open, inputs);
        _refresh = new Throttle(() => _view?.Refresh(), limits.RefreshInterval, clock);
    }

    public override string Title { get; }

    public override string? Pending => _view is null or { State: ViewState.Pending } ? $"tab {Title} of {_plugin}" : null;

    public override bool IsTyping => _pane.TakesTyping;

    public override ImmutableArray<KeyHint> Hints => _pane.Hints;

    public override TimeSpan? RedrawAfter => _pane.RedrawAfter;

    public override void Advance(FrameSize size)
    {
        if (_view is { } view)
            view.Resize(size.Width, size.Height);
        if (_isOld)
            _refresh.Request();
        _isOld = false;
        _view ??= ViewOpening.Try(() => _open(size));
    }

    public override TabContent Compose(FrameSize size)
    {
        switch (_view?.State)
        {
            case ViewState.Ready { Content: var content }:
                if (!ReferenceEquals(content, _shown))
                    _pane.Show(_shown = content);
                return new TabContent.Pane(_pane);
            case ViewState.Faulted faulted:
                return new TabContent.Faulted(faulted.Failure);
            default:
                return new TabContent.Pending($"tab {Title} of {_plugin}");
        }
    }

    public override bool Handle(TerminalEvent input)
    {
        var step = _pane.Handle(input.On(_pane));
        if (step is ViewStep.Input operated && _view is { } view)
            _inputs.Send(view, operated);
        return step is not ViewStep.Ignored;
    }

    public override void Update(ResourceRow? row) => _isOld |= _view is not null && row is not null;

    public override void Dispose()
    {
        _refresh.Dispose();
        _view?.Dispose();
    }
}

/// <summary>Events in a panel, as the view in it takes them.</summary>
internal static class PaneEvents
{
    /// <summary>A mouse event in the coordinates of the content, in those of the frame that the pane was drawn on.</summary>
    public static TerminalEvent On(this TerminalEvent input, ViewPane pane) =>
        input is TerminalEvent.Mouse mouse ? mouse with { X = mouse.X + pane.Area.X, Y = mouse.Y + pane.Area.Y } : input;
}
