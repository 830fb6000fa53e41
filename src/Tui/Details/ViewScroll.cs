using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details;

/// <summary>How far a view tree is scrolled in its panel. Loop only.</summary>
internal sealed class ViewScroll
{
    private const int WheelRows = 3;
    private int _last;
    private int _page = 1;

    /// <summary>Rows scrolled away at the top.</summary>
    public int Top { get; private set; }

    /// <summary>Keeps the scroll within what there is to see.</summary>
    public void Fit(ViewNode view, FrameSize size)
    {
        var rows = ViewDrawing.Draw(new Canvas(new CellBuffer(Math.Clamp(size.Width, 1, CellBuffer.MaxSize), 1)), view);
        _page = Math.Max(1, size.Height - 2);
        _last = Math.Max(0, rows - size.Height);
        Top = Math.Min(Top, _last);
    }

    public bool Handle(TerminalEvent input) => input switch
    {
        TerminalEvent.Mouse { Action: MouseAction.WheelUp } => Move(-WheelRows),
        TerminalEvent.Mouse { Action: MouseAction.WheelDown } => Move(WheelRows),
        TerminalEvent.KeyPressed { Press: var press } => press.ToString() switch
        {
            "up" or "k" => Move(-1),
            "down" or "j" => Move(1),
            "pageup" or "ctrl-b" => Move(-_page),
            "pagedown" or "ctrl-f" => Move(_page),
            "ctrl-u" => Move(-_page / 2),
            "ctrl-d" => Move(_page / 2),
            "home" or "g" => Move(-Top),
            "end" or "G" => Move(_last - Top),
            _ => false,
        },
        _ => false,
    };

    private bool Move(int rows)
    {
        Top = Math.Clamp(Top + rows, 0, _last);
        return true;
    }
}
