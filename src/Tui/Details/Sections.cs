using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using ViewState = LazyOC.Plugins.Runtime.Extensions.ViewState;

namespace LazyOC.Tui.Details;

/// <summary>
/// The sections that plugins add below an overview. Each is a view of its own: one that waits or fails says so in its
/// place. Their nodes are put under names of their own, so that two plugins may use one id. Loop only.
/// </summary>
internal sealed class Sections : IDisposable
{
    private readonly ExtensionPoints _extensions;
    private readonly ObjectReference _object;
    private readonly ViewInputs _inputs;
    private readonly ImmutableArray<Contributed<SectionContribution>> _contributed;
    private readonly Throttle _refresh;
    private ImmutableArray<ViewSession> _views = [];
    private ImmutableArray<ViewState> _composed = [];
    private ImmutableArray<ViewNode> _nodes = [];
    private int _version;
    private bool _isOld;

    public Sections(ImmutableArray<Contributed<SectionContribution>> contributed, ExtensionPoints extensions, ObjectReference obj, ViewInputs inputs, TimeProvider clock, TuiLimits limits)
    {
        (_contributed, _extensions, _object, _inputs) = (contributed, extensions, obj, inputs);
        _refresh = new Throttle(Refresh, limits.RefreshInterval, clock);
    }

    /// <summary>The section that has not answered; null when all have.</summary>
    public string? Pending => _views.Length < _contributed.Length ? NameOf(_contributed[0])
        : _views.FirstOrDefault(v => v.State is ViewState.Pending) is { } view ? $"section {view.View.Contribution.Title} of {view.View.PluginName}" : null;

    public void Advance(FrameSize size)
    {
        if (_views.IsEmpty)
            _views = [.. _contributed.Select(s => ViewOpening.Try(() => _extensions.OpenSection(s.Contribution.Id, _object, size.Width, size.Height))).OfType<ViewSession>()];
        foreach (var view in _views)
            view.Resize(size.Width, size.Height);
        if (_isOld)
            _refresh.Request();
        _isOld = false;
    }

    /// <summary>The object changed.</summary>
    public void Update() => _isOld = !_views.IsEmpty;

    /// <summary>What stands below the overview, and a number that is another one when that is.</summary>
    public (ImmutableArray<ViewNode> Nodes, int Version) Compose()
    {
        ImmutableArray<ViewState> states = [.. _views.Select(v => v.State)];
        if (!states.AsEnumerable<object>().SequenceEqual(_composed, ReferenceEqualityComparer.Instance))
        {
            _composed = states;
            _nodes = [.. _views.Select((view, i) => Section(view, states[i]))];
            _version++;
        }
        return (_nodes, _version);
    }

    /// <summary>Tells the section in which the user did something.</summary>
    public void Send(ViewStep.Input step)
    {
        foreach (var view in _views)
        {
            if (step.Value.Node.StartsWith(PrefixOf(view), StringComparison.Ordinal))
                _inputs.Send(view, step with { Value = step.Value with { Node = step.Value.Node[PrefixOf(view).Length..] } });
        }
    }

    public void Dispose()
    {
        _refresh.Dispose();
        foreach (var view in _views)
            view.Dispose();
    }

    private void Refresh()
    {
        foreach (var view in _views)
            view.Refresh();
    }

    private static string NameOf(Contributed<SectionContribution> section) => $"section {section.Contribution.Title} of {section.PluginName}";

    private static string PrefixOf(ViewSession view) => view.View.Contribution.Id + "/";

    private static ViewNode.Stack Section(ViewSession view, ViewState state) => new()
    {
        Children =
        [
            new ViewNode.Text { Spans = [new Span { Text = view.View.Contribution.Title, Style = TextStyle.Strong }, new Span { Text = $"  {view.View.PluginName}", Style = TextStyle.Muted }] },
            state switch
            {
                ViewState.Ready ready => Under(ready.Content, PrefixOf(view)),
                ViewState.Faulted faulted => FaultView.Of(faulted.Failure),
                _ => new ViewNode.Text { Spans = [new Span { Text = "… waiting for its plugin", Style = TextStyle.Muted }] },
            },
        ],
    };

    /// <summary>The same tree with every id behind a prefix.</summary>
    private static ViewNode Under(ViewNode node, string prefix)
    {
        var named = node.Id is { } id ? node with { Id = prefix + id } : node;
        return named switch
        {
            ViewNode.Stack stack => stack with { Children = [.. stack.Children.Select(child => Under(child, prefix))] },
            ViewNode.Columns columns => columns with { Children = [.. columns.Children.Select(child => Under(child, prefix))] },
            ViewNode.Tabs tabs => tabs with { Children = [.. tabs.Children.Select(page => page with { Content = Under(page.Content, prefix) })] },
            _ => named,
        };
    }
}
