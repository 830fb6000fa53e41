using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details;

/// <summary>A tab that a plugin fills. Its view opens when it is looked at, and is rendered again when the object changed.</summary>
internal sealed class PluginTab : DetailsTab
{
    private readonly Contributed<TabContribution> _tab;
    private readonly ExtensionPoints _extensions;
    private readonly ObjectReference _object;
    private readonly ViewScroll _scroll = new();
    private readonly Throttle _refresh;
    private ViewSession? _view;
    private bool _isOld;

    public PluginTab(Contributed<TabContribution> tab, ExtensionPoints extensions, ObjectReference obj, TimeProvider clock, TuiLimits limits)
    {
        (_tab, _extensions, _object) = (tab, extensions, obj);
        _refresh = new Throttle(() => _view?.Refresh(), limits.RefreshInterval, clock);
    }

    public Contributed<TabContribution> Contribution => _tab;

    public override string Title => _tab.Contribution.Title;

    public override string? Pending => _view is null or { State: ViewState.Pending } ? $"tab {Title} of {_tab.PluginName}" : null;

    public override int Scroll => _scroll.Top;

    public override void Advance(FrameSize size)
    {
        if (_view is { } view)
            view.Resize(size.Width, size.Height);
        if (_isOld)
            _refresh.Request();
        _isOld = false;
        _view ??= _extensions.OpenTab(_tab.Contribution.Id, _object, size.Width, size.Height);
    }

    public override TabContent Compose(FrameSize size)
    {
        switch (_view?.State)
        {
            case ViewState.Ready ready:
                _scroll.Fit(ready.Content, size);
                return new TabContent.View(ready.Content);
            case ViewState.Faulted faulted:
                return new TabContent.Faulted(faulted.Failure);
            default:
                return new TabContent.Pending($"tab {Title} of {_tab.PluginName}");
        }
    }

    public override bool Handle(TerminalEvent input) => _scroll.Handle(input);

    public override void Update(ResourceRow? row)
    {
        _isOld = _view is not null && row is not null;
    }

    public override void Dispose()
    {
        _refresh.Dispose();
        _view?.Dispose();
    }
}
