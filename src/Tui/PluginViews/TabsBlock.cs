using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginViews;

/// <summary>A line of tabs over the chosen one's content, which alone is laid out.</summary>
internal sealed class TabsBlock : OperableBlock
{
    /// <summary>The line and an empty one below it.</summary>
    private const int LineHeight = 2;

    private static readonly ImmutableArray<KeyHint> Keys = [new("←→", "tab")];
    private readonly ViewNode.Tabs _tabs;
    private readonly int _width;
    private readonly PaneState _state;
    private readonly TabsState _own;
    private readonly Func<int, Block> _layOut;
    private Block? _content;
    private int _laidOut = -1;

    public TabsBlock(string key, ViewNode.Tabs tabs, int width, PaneState state, Func<int, Block> layOut) : base(key) =>
        (_tabs, _width, _state, _own, _layOut) = (tabs, width, state, state.Of<TabsState>(key), layOut);

    public override int Height => LineHeight + Content.Height;

    public override (int First, int End) FocusRows => (0, 1);

    public override ImmutableArray<KeyHint> Hints => Keys;

    private int Current
    {
        get
        {
            for (var i = 0; i < _tabs.Children.Length; i++)
            {
                if (NameOf(_tabs.Children[i]) == _own.Page)
                    return i;
            }
            return Math.Clamp(_tabs.Selected, 0, _tabs.Children.Length - 1);
        }
    }

    private TabsLine Line => new([.. _tabs.Children.Select(c => c.Title)], Current);

    private Block Content
    {
        get
        {
            if (_laidOut != Current || _content is null)
                (_laidOut, _content) = (Current, _layOut(Current));
            return _content;
        }
    }

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        (Line with { Focused = pass.IsFocused(this) }).Draw(canvas, 0);
        pass.Draw(Content, canvas.Part(new Rect(0, LineHeight, canvas.Width, Content.Height)));
    }

    public override void Place(Rect area, List<PlacedBlock> places)
    {
        base.Place(area, places);
        if (Content.IsOperable)
            Content.Place(new Rect(area.X, area.Y + LineHeight, area.Width, Content.Height), places);
    }

    public override ViewStep Handle(TerminalEvent input) => input switch
    {
        TerminalEvent.KeyPressed { Press.Key: Key.Left } => Choose(Current - 1),
        TerminalEvent.KeyPressed { Press.Key: Key.Right } => Choose(Current + 1),
        _ => ViewStep.None,
    };

    public override ViewStep Click(int x, int y, bool hadFocus) => y == 0 && Line.TabAt(x, _width) is { } tab ? Choose(tab) : ViewStep.None;

    private ViewStep Choose(int index)
    {
        var count = _tabs.Children.Length;
        _own.Page = NameOf(_tabs.Children[(index + count) % count]);
        _state.Resize();
        return ViewStep.Taken;
    }

    private static string NameOf(TabPage page) => page.Id ?? page.Title;
}
