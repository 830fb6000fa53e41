using LazyOC.Tui.Overlays;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Screen;

/// <content>Where input goes: to the overlay on top, else to the field being typed in, the focused panel, the keymap.</content>
public sealed partial class LiveScreen
{
    private const int WheelRows = 3;

    private bool TakeInput()
    {
        var any = false;
        while (_exit is null && _input.TryDequeue(out var input))
        {
            Handle(input);
            any = true;
        }
        return any;
    }

    private void Handle(TerminalEvent input)
    {
        switch (input)
        {
            case TerminalEvent.Resized resized:
                Resize(resized.Size);
                return;
            case TerminalEvent.Closing closing:
                Leave(closing.Reason);
                return;
            case TerminalEvent.Resumed or TerminalEvent.FocusChanged:
                return; // the terminal repaints by itself
        }
        if (_dialogs.Handle(input, _size))
            return;
        if (input is TerminalEvent.KeyPressed { Press: { Key: Key.Character, Modifiers: KeyModifiers.Control, Rune.Value: 'c' } })
            Leave("ctrl-c");
        else if (_filtering is not null)
            HandleFiltering(input);
        else if (HandleTour(input))
            return;
        else if (_pluginsPage is { } page)
            HandlePluginsPage(page, input);
        else if (input is TerminalEvent.Mouse mouse)
            HandleMouse(mouse);
        else if (!HandlePanel(input) && input is TerminalEvent.KeyPressed { Press: var press })
            HandleKey(press.ToString());
    }

    /// <summary>What a plugin's view or the details do with an input themselves, such as scrolling or typing into a form.</summary>
    private bool HandlePanel(TerminalEvent input) => _chord.Length == 0 && _workbench switch
    {
        { Page: { } page, Focus: FocusedPanel.List } => page.Handle(input, PanelFrame.InsideOf(_workbench.LayoutAt(_size).List)),
        { Page: null, Details: { } details, Focus: FocusedPanel.Details } => details.Handle(input),
        _ => false,
    };

    private void HandleKey(string key)
    {
        var keys = _chord.Length == 0 ? key : $"{_chord} {key}";
        switch (_keymap.Match(Scope, keys))
        {
            case KeyMatch.Found found:
                _chord = "";
                Run(found.Command);
                break;
            case KeyMatch.Prefix:
                (_chord, _chordAt) = (keys, TimeProvider.System.GetTimestamp());
                break;
            default:
                var alone = _chord.Length > 0;
                _chord = "";
                if (alone)
                    HandleKey(key); // the chord came to nothing; the key still means what it means
                break;
        }
    }

    private void ForgetChord(Due due)
    {
        if (_chord.Length == 0)
            return;
        var rest = TuiLimits.Default.ChordTime - TimeProvider.System.GetElapsedTime(_chordAt);
        if (rest <= TimeSpan.Zero)
            _chord = "";
        else
            due.In(rest);
    }

    internal void Run(ScreenCommand command)
    {
        _workbench.List?.Settle();
        if (command.WhyNot() is { } reason)
            _dialogs.Notify(new Notice($"{command.Title}: {reason}", Plugins.Contracts.Views.TextStyle.Warn));
        else
            command.Run();
    }

    private KeyScope Scope => _workbench.Focus switch
    {
        FocusedPanel.Navigation => KeyScope.Navigation,
        FocusedPanel.Details => KeyScope.Details,
        _ => _workbench.Page is null ? KeyScope.List : KeyScope.Page,
    };

    /// <summary>The list follows while the filter is typed; enter keeps it, escape takes it away.</summary>
    private void HandleFiltering(TerminalEvent input)
    {
        switch (input)
        {
            case TerminalEvent.KeyPressed { Press.Key: Key.Enter }:
                _filtering = null;
                break;
            case TerminalEvent.KeyPressed { Press.Key: Key.Escape }:
                _filtering = null;
                _workbench.List?.FilterBy("");
                break;
            case TerminalEvent.KeyPressed { Press.Key: Key.Up or Key.Down or Key.PageUp or Key.PageDown } moved:
                _workbench.List?.MoveBy(moved.Press.Key switch { Key.Up => -1, Key.Down => 1, Key.PageUp => -PageRows, _ => PageRows });
                break;
            default:
                if (_filtering!.TryHandle(input, out var next))
                {
                    _filtering = next;
                    _workbench.List?.FilterBy(next.Text);
                }
                break;
        }
    }

    private void HandleMouse(TerminalEvent.Mouse mouse)
    {
        var layout = _workbench.LayoutAt(_size);
        if (layout.PanelAt(mouse.X, mouse.Y) is not { } panel || _shown is not { } shown)
            return;
        var wheel = mouse.Action switch { MouseAction.WheelUp => -WheelRows, MouseAction.WheelDown => WheelRows, _ => 0 };
        if (mouse.Action == MouseAction.Press && panel != _workbench.Focus)
            _workbench.FocusOn(panel);
        switch (panel)
        {
            case FocusedPanel.Navigation when wheel != 0:
                _workbench.Navigation.MoveBy(wheel);
                break;
            case FocusedPanel.Navigation when mouse.Action == MouseAction.Press:
                ClickNavigation(shown, layout, mouse.Y - layout.Navigation.Y);
                break;
            case FocusedPanel.List when _workbench.Page is { } page:
                page.Handle(mouse, PanelFrame.InsideOf(layout.List));
                break;
            case FocusedPanel.List when wheel != 0:
                _workbench.List?.MoveBy(wheel);
                break;
            case FocusedPanel.List when mouse.Action == MouseAction.Press:
                ClickList(shown, layout, mouse);
                break;
            case FocusedPanel.Details:
                _workbench.Details?.Handle(Within(mouse, layout.Details));
                break;
        }
    }

    /// <summary>The event in a panel's own coordinates, its border counted.</summary>
    private static TerminalEvent.Mouse Within(TerminalEvent.Mouse mouse, Rect panel) => mouse with { X = mouse.X - panel.X, Y = mouse.Y - panel.Y };

    private void ClickNavigation(ScreenState shown, ScreenLayout layout, int y)
    {
        if (NavigationPanel.KeyAt(shown.Navigation, shown.Focus == FocusedPanel.Navigation, layout.Navigation.Height, y) is not { } key)
            return;
        _workbench.Navigation.MoveTo(key);
        OpenNavigation();
    }

    private void ClickList(ScreenState shown, ScreenLayout layout, TerminalEvent.Mouse mouse)
    {
        var inner = PanelFrame.InsideOf(layout.List);
        var table = ListPanel.TableOf(shown.List, focused: true);
        var y = mouse.Y - inner.Y;
        if (y == 0 && table.ColumnAt(mouse.X - inner.X, inner.Width) is { } column)
            SortByHeading(shown.List, column);
        else if (y < inner.Height && table.RowAt(y) is { } row)
            _workbench.List?.MoveTo(row);
    }

    private void SortByHeading(ListState list, int column)
    {
        if (_workbench.List is not { } pane || column >= list.Columns.Length)
            return;
        var id = pane.Columns.FirstOrDefault(c => c.Column.Title == list.Columns[column].Title)?.Id;
        if (id is not null)
            pane.SortBy(NextOrder(pane.Order, id));
    }

    /// <summary>Choosing a column once sorts by it, twice the other way, three times leaves the names.</summary>
    internal static RowOrder? NextOrder(RowOrder? current, string column) =>
        current?.Column != column ? new RowOrder(column, Descending: false)
        : current.Descending ? null
        : current with { Descending = true };

    private int PageRows => Math.Max(1, _workbench.LayoutAt(_size).List.Height - ScreenLayout.ListChrome - 1);

    internal void OpenNavigation()
    {
        switch (_workbench.Navigation.Current)
        {
            case NavigationTarget.List list:
                _workbench.OpenKind(list.Kind);
                break;
            case { } page:
                _workbench.OpenPage(page);
                break;
        }
    }
}
