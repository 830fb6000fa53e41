using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>
/// The page of the installed plugins, in place of the panels. Belongs to the screen's loop; what the user starts in it runs
/// on the pool and ends with it.
/// </summary>
internal sealed class PluginsPage : IDisposable
{
    private const int WheelRows = 3;

    private readonly PluginsBackend _backend;
    private readonly PluginOperations _operations;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closed = new();
    private readonly IDisposable _watching;
    private PluginId? _selected;
    private PluginsState _view = new() { Rows = [] };

    public PluginsPage(PluginsBackend backend, Dialogs dialogs, ChangeSignal changed, TimeProvider time)
    {
        (_backend, _operations, _time) = (backend, new PluginOperations(backend, dialogs), time);
        _watching = backend.Watch(changed.Raise);
    }

    /// <summary>Whether the user has left the page.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The keys that mean something now, the most used first.</summary>
    public ImmutableArray<KeyHint> Hints =>
    [
        new("↑↓", _view.InDetails ? "scroll" : "move"), _view.InDetails ? new("[ ]", "tab") : new("enter", "open"),
        new("e", _view.Current is { Plugin.Enabled: false } ? "enable" : "disable"), new("i", "install"), new("u", "update"), new("x", "uninstall"),
        .. _view.Current is { Plugin.Manifest.Settings.IsEmpty: false } ? ImmutableArray.Create(new KeyHint("s", "settings")) : [],
        .. _view.Current is { IsStopped: true } ? ImmutableArray.Create(new KeyHint("l", "lift")) : [],
        new("tab", "panel"), new("esc", "back"), new("?", "keys"),
    ];

    /// <summary>All keys of the page, for the help.</summary>
    public HelpGroup Keys
    {
        get
        {
            var none = _view.Current is null ? "no plugin is installed" : null;
            return new HelpGroup("Plugins",
            [
                new("enter", "open the details", none), new("tab", "go to the other panel"), new("[", "tab before"), new("]", "next tab"),
                new("i", "install a plugin from a file"), new("u", "update the plugin from a file", none), new("e", "enable or disable the plugin", none),
                new("l", "let a stopped plugin run again", none ?? (_view.Current is { IsStopped: true } ? null : "the plugin is not stopped")),
                new("s", "change the plugin's settings", none ?? (_view.Current is { Plugin.Manifest.Settings.IsEmpty: true } ? "the plugin has none" : null)),
                new("x", "uninstall the plugin", none), new("esc", "leave"),
            ]);
        }
    }

    /// <summary>What to draw now.</summary>
    public PluginsState Compose()
    {
        var statuses = _backend.Statuses().ToDictionary(s => s.Id);
        ImmutableArray<PluginRow> rows = [.. _backend.Installed().Select(p => new PluginRow(p, statuses.GetValueOrDefault(p.Manifest.Id), _backend.History(p.Manifest.Id)))];
        var found = rows.Select((row, index) => (row, index)).FirstOrDefault(r => r.row.Plugin.Manifest.Id == _selected, (null!, -1)).index;
        // A plugin that was uninstalled leaves the selection to the one in its place.
        var selected = found >= 0 ? found : Math.Clamp(_view.Selected, 0, Math.Max(0, rows.Length - 1));
        _view = _view with { Rows = rows, Selected = selected, Scroll = found >= 0 ? _view.Scroll : null };
        _selected = _view.Current?.Plugin.Manifest.Id;
        return _view = _view with
        {
            Log = _selected is { } logged && _view.Tab == PluginTab.Log ? _backend.Log(logged) : [],
            Audit = _selected is { } audited && _view.Tab == PluginTab.Audit ? _backend.Audit(audited) : [],
        };
    }

    /// <summary>Takes an input; false when it means nothing here.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="area">Where the page is drawn in the frame.</param>
    public bool Handle(TerminalEvent input, Rect area)
    {
        switch (input)
        {
            case TerminalEvent.KeyPressed(var press):
                return Press(press) || Move(input, area);
            case TerminalEvent.Mouse mouse:
                return Click(mouse, area);
            default:
                return false;
        }
    }

    /// <summary>Stops watching and cancels what the page has started.</summary>
    public void Dispose()
    {
        _watching.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    private bool Press(KeyPress press)
    {
        switch (press)
        {
            case { Key: Key.Escape } when _view.InDetails:
            case { Key: Key.Tab }:
                _view = _view with { InDetails = !_view.InDetails };
                return true;
            case { Key: Key.Escape } or { IsText: true, Rune.Value: 'P' }:
                return IsClosed = true;
            case { Key: Key.Enter } when !_view.InDetails:
                _view = _view with { InDetails = _view.Current is not null };
                return true;
            case { IsText: true, Rune.Value: ']' } or { Key: Key.Right } when _view.InDetails || press.IsText:
                return Show((PluginTab)(((int)_view.Tab + 1) % PluginTabCount));
            case { IsText: true, Rune.Value: '[' } or { Key: Key.Left } when _view.InDetails || press.IsText:
                return Show((PluginTab)(((int)_view.Tab + PluginTabCount - 1) % PluginTabCount));
            default:
                return press.IsText && Operate((char)press.Rune.Value);
        }
    }

    private static int PluginTabCount => Enum.GetValues<PluginTab>().Length;

    private bool Show(PluginTab tab)
    {
        _view = _view with { Tab = tab, Scroll = null };
        return true;
    }

    private bool Operate(char key)
    {
        if (key == 'i')
            return Start(_operations.InstallAsync);
        if (_view.Current is not { Plugin: var plugin })
            return false;
        switch (key)
        {
            case 'u':
                return Start(closed => _operations.UpdateAsync(plugin, closed));
            case 'x':
                return Start(closed => _operations.UninstallAsync(plugin, closed));
            case 'e':
                return Start(closed => _operations.SwitchAsync(plugin, closed));
            case 's':
                return Start(closed => _operations.ChangeSettingsAsync(plugin, closed));
            case 'l':
                _operations.Lift(plugin);
                return true;
            default:
                return false;
        }
    }

    private bool Start(Func<CancellationToken, Task> operation)
    {
        var closed = _closed.Token;
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await operation(closed);
                }
                catch (OperationCanceledException) when (closed.IsCancellationRequested)
                {
                    // The page is gone, and with it whoever wanted this.
                }
                catch (Exception bug)
                {
                    _backend.Bug(bug);
                }
            },
            CancellationToken.None);
        return true;
    }

    private bool Move(TerminalEvent input, Rect area)
    {
        var layout = PluginsLayout.Of(area, _view.InDetails);
        if (_view.InDetails)
            return ScrollBy(input, layout.Content);
        var page = Math.Max(1, layout.Table.Height - 2);
        int? to = ((TerminalEvent.KeyPressed)input).Press switch
        {
            { Key: Key.Up } or { IsText: true, Rune.Value: 'k' } => _view.Selected - 1,
            { Key: Key.Down } or { IsText: true, Rune.Value: 'j' } => _view.Selected + 1,
            { Key: Key.PageUp } => _view.Selected - page,
            { Key: Key.PageDown } => _view.Selected + page,
            { Key: Key.Home } or { IsText: true, Rune.Value: 'g' } => 0,
            { Key: Key.End } or { IsText: true, Rune.Value: 'G' } => int.MaxValue,
            _ => null,
        };
        return to is { } index && Select(index);
    }

    private bool Select(int index)
    {
        index = Math.Clamp(index, 0, Math.Max(0, _view.Rows.Length - 1));
        if (index != _view.Selected)
            _view = _view with { Selected = index, Scroll = null };
        _selected = _view.Current?.Plugin.Manifest.Id;
        return true;
    }

    private bool ScrollBy(TerminalEvent input, Rect content)
    {
        var text = PluginTabs.Of(_view, content.Width, _time.GetUtcNow());
        if (text.Scroll(input, PluginsDrawing.ScrollOf(_view, text, content.Height), content.Height) is not { } scroll)
            return false;
        // At the end of what grows one follows it.
        _view = _view with { Scroll = _view.Follows && scroll == text.MaxScroll(content.Height) ? null : scroll };
        return true;
    }

    private bool Click(TerminalEvent.Mouse mouse, Rect area)
    {
        var layout = PluginsLayout.Of(area, _view.InDetails);
        var inList = layout.List.Contains(mouse.X, mouse.Y);
        if (!inList && !layout.Details.Contains(mouse.X, mouse.Y))
            return false;
        switch (mouse.Action)
        {
            case MouseAction.WheelUp or MouseAction.WheelDown when !inList:
                return ScrollBy(mouse, layout.Content);
            case MouseAction.WheelUp:
                return Select(_view.Selected - WheelRows);
            case MouseAction.WheelDown:
                return Select(_view.Selected + WheelRows);
            case MouseAction.Press when inList:
                _view = _view with { InDetails = false };
                var row = PluginsDrawing.TopOf(_view, layout.Table.Height) + mouse.Y - layout.Table.Y - 1;
                return mouse.Y <= layout.Table.Y || row >= _view.Rows.Length || Select(row);
            case MouseAction.Press:
                var tabs = layout.Tabs;
                var tab = mouse.Y == tabs.Y ? PluginsDrawing.TabsOf(_view).TabAt(mouse.X - tabs.X, tabs.Width) : null;
                _view = _view with { InDetails = true };
                return tab is not { } chosen || Show((PluginTab)chosen);
            default:
                return false;
        }
    }
}
