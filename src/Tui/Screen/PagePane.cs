using System.Collections.Immutable;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>What stands in place of the list: a page of a plugin, or the cards of all on the dashboard. Belongs to the loop.</summary>
internal sealed class PagePane : IDisposable
{
    private readonly ImmutableArray<Func<FrameSize, ViewSession>> _opening;
    private readonly ViewInputs _inputs;
    private ImmutableArray<OpenView> _views = [];
    private int _focused;
    private bool _isOpen;

    private PagePane(NavigationTarget target, string title, ImmutableArray<Func<FrameSize, ViewSession>> opening, ViewInputs inputs) =>
        (Target, Title, _opening, _inputs) = (target, title, opening, inputs);

    public NavigationTarget Target { get; }

    public string Title { get; }

    public IEnumerable<string> Pending => _isOpen ? _views.Select(view => view.Pending).OfType<string>() : [$"page {Title}"];

    /// <summary>Keys of the focused view.</summary>
    public ImmutableArray<KeyHint> Hints => _views.IsEmpty ? [] : _views.Length == 1 ? _views[0].Hints : [new("ctrl-n", "next card"), .. _views[_focused].Hints];

    private bool HasCards => Target is NavigationTarget.Dashboard;

    /// <summary>What an entry of the navigation stands for; null when no plugin contributes it.</summary>
    /// <param name="extensions">Opens the views, once there is room for them.</param>
    /// <param name="offered">What plugins contribute here and now.</param>
    /// <param name="target">A page, or the dashboard.</param>
    /// <param name="inputs">Tells plugins what the user does.</param>
    /// <param name="workingNamespace">The namespace in view; null for all.</param>
    public static PagePane? Of(ExtensionPoints extensions, ContributionIndex offered, NavigationTarget target, ViewInputs inputs, string? workingNamespace)
    {
        switch (target)
        {
            case NavigationTarget.Dashboard:
                return new PagePane(target, "Dashboard", [.. offered.Cards.Select(card => (Func<FrameSize, ViewSession>)(size => extensions.OpenCard(card.Contribution.Id, size.Width, size.Height)))], inputs);
            case NavigationTarget.Page page when offered.Pages.FirstOrDefault(p => p.Contribution.Id == page.Id) is { } contributed:
                return new PagePane(target, $"{contributed.Contribution.Title} · {contributed.PluginName}", [size => extensions.OpenPage(page.Id, size.Width, size.Height)], inputs);
            case NavigationTarget.ResourceView view when offered.ResourceViews.FirstOrDefault(v => v.Contribution.Id == view.Id) is { } contributed:
                var ns = view.Kind.Namespaced ? workingNamespace : null;
                var where = view.Kind.Namespaced ? ns ?? "all namespaces" : "cluster";
                return new PagePane(target, $"{contributed.Contribution.Title} · {where} · {contributed.PluginName}", [size => extensions.OpenResourceView(view.Id, null, ns, size.Width, size.Height)], inputs);
            default:
                return null;
        }
    }

    /// <summary>Opens the views, or tells their plugins the room there is now.</summary>
    public void Advance(FrameSize size, Due due)
    {
        var areas = PageGrid.Of(size, _opening.Length, HasCards, _focused);
        FrameSize RoomOf(int i)
        {
            var inside = PageGrid.InsideOf(areas[i], HasCards);
            return new FrameSize(Math.Max(1, inside.Width), Math.Max(1, inside.Height));
        }

        if (!_isOpen)
            _views = [.. _opening.Select((open, i) => ViewOpening.Try(() => open(RoomOf(i)))).OfType<ViewSession>().Select(view => new OpenView(view, _inputs))];
        _isOpen = true;
        for (var i = 0; i < _views.Length; i++)
        {
            _views[i].Resize(RoomOf(i));
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
            var areas = PageGrid.Of(new FrameSize(area.Width, area.Height), _views.Length, HasCards, _focused);
            var hit = Enumerable.Range(0, _views.Length).FirstOrDefault(i => areas[i].Contains(mouse.X - area.X, mouse.Y - area.Y), -1);
            if (hit < 0)
                return false;
            _focused = hit;
        }
        return _views[_focused].Handle(input);
    }

    public PageState Compose() => new(Title, _views, _focused, HasCards);

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
/// <param name="HasCards">Each view stands in a card.</param>
internal sealed record PageState(string Title, ImmutableArray<OpenView> Views, int Focused, bool HasCards);

/// <summary>Where the views of a page stand: one has all of it, several stand in a grid of cards.</summary>
internal static class PageGrid
{
    private const int CardWidth = 46;

    /// <summary>A card alone does not fill the page.</summary>
    private const int FewestColumns = 2;

    private const int LowestCard = 7;
    private const int HighestCard = 14;

    /// <summary>The area of each view, in the coordinates of the page's content.</summary>
    /// <param name="size">The room there is.</param>
    /// <param name="views">How many there are.</param>
    /// <param name="cards">In a grid, scrolled so that the focused one is in sight.</param>
    /// <param name="focused">Which one has the keyboard.</param>
    public static ImmutableArray<Rect> Of(FrameSize size, int views, bool cards, int focused)
    {
        if (!cards || views == 0)
            return [new Rect(0, 0, size.Width, size.Height)];
        var columns = Math.Clamp(size.Width / CardWidth, 1, Math.Max(views, FewestColumns));
        var rows = (views + columns - 1) / columns;
        var height = Math.Clamp(size.Height / rows, LowestCard, HighestCard);
        var hidden = Math.Max(0, (focused / columns + 1) * height - size.Height);
        return [.. Enumerable.Range(0, views).Select(i => new Rect(
            i % columns * size.Width / columns, i / columns * height - hidden, (i % columns + 1) * size.Width / columns - i % columns * size.Width / columns, height))];
    }

    /// <summary>The inside of a view's area: cards have a border of their own.</summary>
    public static Rect InsideOf(Rect area, bool cards) => cards ? Widgets.PanelFrame.InsideOf(area) : area;
}
