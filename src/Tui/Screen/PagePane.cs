using System.Collections.Immutable;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>What stands in place of the list: a page of a plugin, or the cards of all on the dashboard. Belongs to the loop.</summary>
internal sealed class PagePane : IDisposable
{
    private readonly ImmutableArray<OpenView> _views;
    private int _focused;

    private PagePane(NavigationTarget target, string title, ImmutableArray<OpenView> views) => (Target, Title, _views) = (target, title, views);

    public NavigationTarget Target { get; }

    public string Title { get; }

    public IEnumerable<string> Pending => _views.Select(view => view.Pending).OfType<string>();

    /// <summary>Keys of the focused view.</summary>
    public ImmutableArray<KeyHint> Hints => _views.IsEmpty ? [] : _views.Length == 1 ? _views[0].Hints : [new("ctrl-n", "next card"), .. _views[_focused].Hints];

    /// <summary>Opens what an entry of the navigation stands for.</summary>
    /// <param name="extensions">Opens the views.</param>
    /// <param name="offered">What plugins contribute here and now.</param>
    /// <param name="target">A page, or the dashboard.</param>
    /// <param name="inputs">Tells plugins what the user does.</param>
    public static PagePane? Open(ExtensionPoints extensions, ContributionIndex offered, NavigationTarget target, ViewInputs inputs) => target switch
    {
        NavigationTarget.Dashboard => new PagePane(target, "Dashboard", [.. offered.Cards.Select(card => new OpenView(extensions.OpenCard(card.Contribution.Id, 1, 1), inputs))]),
        NavigationTarget.Page page when offered.Pages.FirstOrDefault(p => p.Contribution.Id == page.Id) is { } contributed =>
            new PagePane(target, $"{contributed.Contribution.Title} · {contributed.PluginName}", [new OpenView(extensions.OpenPage(page.Id, 1, 1), inputs)]),
        _ => null,
    };

    /// <summary>Tells the plugins the room there is.</summary>
    public void Advance(FrameSize size, Due due)
    {
        var areas = PageGrid.Of(size, _views.Length);
        for (var i = 0; i < _views.Length; i++)
        {
            var inside = PageGrid.InsideOf(areas[i], _views.Length);
            _views[i].Resize(new FrameSize(Math.Max(1, inside.Width), Math.Max(1, inside.Height)));
            if (_views[i].RedrawAfter is { } wait)
                due.In(wait);
        }
    }

    /// <summary>Takes an event, the mouse in the coordinates of the frame.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="area">Where the page's content stands in the frame.</param>
    public bool Handle(TerminalEvent input, Rect area)
    {
        if (_views.IsEmpty)
            return false;
        if (_views.Length > 1 && !_views[_focused].TakesTyping && input is TerminalEvent.KeyPressed { Press: var press } && press.ToString() is "ctrl-n" or "ctrl-p")
        {
            _focused = (_focused + (press.ToString() == "ctrl-n" ? 1 : -1) + _views.Length) % _views.Length;
            return true;
        }
        if (input is TerminalEvent.Mouse mouse)
        {
            var areas = PageGrid.Of(new FrameSize(area.Width, area.Height), _views.Length);
            var hit = Enumerable.Range(0, _views.Length).FirstOrDefault(i => areas[i].Contains(mouse.X - area.X, mouse.Y - area.Y), -1);
            if (hit < 0)
                return false;
            _focused = hit;
        }
        return _views[_focused].Handle(input);
    }

    public PageState Compose() => new(Title, _views, _focused);

    public void Dispose()
    {
        foreach (var view in _views)
            view.Dispose();
    }
}

/// <summary>A page as it is drawn.</summary>
/// <param name="Title">On its border.</param>
/// <param name="Views">One for a page, any number for the dashboard.</param>
/// <param name="Focused">Which of them has the keyboard.</param>
internal sealed record PageState(string Title, ImmutableArray<OpenView> Views, int Focused);

/// <summary>Where the views of a page stand: one has all of it, several stand in a grid of cards.</summary>
internal static class PageGrid
{
    private const int CardWidth = 46;
    private const int LowestCard = 7;
    private const int HighestCard = 14;

    /// <summary>The area of each view, in the coordinates of the page's content.</summary>
    public static ImmutableArray<Rect> Of(FrameSize size, int views)
    {
        if (views <= 1)
            return [new Rect(0, 0, size.Width, size.Height)];
        var columns = Math.Clamp(size.Width / CardWidth, 1, views);
        var rows = (views + columns - 1) / columns;
        var height = Math.Clamp(size.Height / rows, LowestCard, HighestCard);
        return [.. Enumerable.Range(0, views).Select(i => new Rect(
            i % columns * size.Width / columns, i / columns * height, (i % columns + 1) * size.Width / columns - i % columns * size.Width / columns, height))];
    }

    /// <summary>The inside of a view's area: cards have a border of their own.</summary>
    public static Rect InsideOf(Rect area, int views) => views <= 1 ? area : Widgets.PanelFrame.InsideOf(area);
}
