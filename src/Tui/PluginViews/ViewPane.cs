using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginViews;

/// <summary>
/// A view that is open: what it shows, and what the user does with it. Focus, scrolling, selections, orders, folded items,
/// chosen tabs and half-filled forms are kept by node id while the plugin sends new content or patches. Not thread-safe.
/// <para>Keys, for who knows lazygit or k9s: up and down (<c>k</c>, <c>j</c>) go through rows, items, fields and buttons, from
/// one node to the next where it is in sight, and scroll where there is none; page up and down, <c>g</c> and <c>G</c> do it in
/// larger steps; <c>ctrl-n</c> and <c>ctrl-p</c> jump from node to node. Enter operates, space presses and folds. Left and right
/// (<c>h</c>, <c>l</c>) belong to the focused tree or field, then to the tabs around the focus. Tab stays the screen's, for its
/// panels, except while a line of a form is edited; escape ends that. Letters reach the view only as keys of row actions, and
/// as typing while a line is edited.</para>
/// </summary>
internal sealed class ViewPane
{
    private const int WheelRows = 3;

    private readonly PaneState _state = new();
    private readonly ViewBlocks _blocks;
    private readonly List<PlacedBlock> _places = [];
    private ViewNode _root = new ViewNode.Stack { Children = [] };
    private Block _block;
    private int _placedVersion = -1;
    private string? _focusKey;
    private int _width; // 0 until the first drawing: nothing is laid out for a guess
    private int _top;
    private bool _hasKeyboard;

    public ViewPane()
    {
        _blocks = new ViewBlocks(_state);
        _block = _blocks.Of(_root, _width);
    }

    /// <summary>Where the view was drawn last, in the coordinates of the frame.</summary>
    public Rect Area { get; private set; }

    /// <summary>Where the view stands, as of the last drawing; for the border of its panel.</summary>
    public Scrollbar Scroll => new(_block.Height, Area.Height, _top);

    /// <summary>When the view looks different although nothing happened (a spinner, an age); null when it stays as it is.</summary>
    public TimeSpan? RedrawAfter { get; private set; }

    /// <summary>Whether keys that type belong to the view now, so that the screen's own keys must wait.</summary>
    public bool TakesTyping => Focused?.Block.TakesTyping == true;

    /// <summary>The keys of the focused node; empty when there is none.</summary>
    public ImmutableArray<KeyHint> Hints => Focused?.Block.Hints ?? [];

    /// <summary>What the last drawing cost, in blocks drawn, and all so far in nodes laid out.</summary>
    internal (int Drawn, int LaidOut) Cost { get; private set; }

    private PlacedBlock? Focused => FindFocused() is >= 0 and var index ? Places[index] : null;

    /// <summary>The operable nodes in the order in which the focus goes through them.</summary>
    private List<PlacedBlock> Places
    {
        get
        {
            if (_placedVersion == _state.Version)
                return _places;
            _places.Clear();
            if (_block.IsOperable)
                _block.Place(new Rect(0, 0, _width, _block.Height), _places);
            _placedVersion = _state.Version;
            return _places;
        }
    }

    /// <summary>Shows new content; what the user did stays with the nodes that are still there, and the focused one where it is on the screen.</summary>
    public void Show(ViewNode root)
    {
        var before = FocusedRow();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        ViewBlocks.CollectKeys(root, keys);
        _state.Keep(keys);
        _root = root;
        LayOut();
        if (before is { } row && row >= _top && row < _top + Area.Height && FocusedRow() is { } now)
            ScrollTo(_top + now - row);
    }

    /// <summary>Draws the view, scrolled as it is, and remembers where things are for the mouse.</summary>
    /// <param name="canvas">All the room of the view.</param>
    /// <param name="focused">Whether the view has the keyboard.</param>
    /// <param name="now">The moment that ages and spinners show.</param>
    /// <returns>Rows of the whole view.</returns>
    public int Draw(Canvas canvas, bool focused, DateTimeOffset now)
    {
        _hasKeyboard = focused;
        var keepsFocus = (canvas.Width, canvas.OnScreen.Height) != (_width, Area.Height) && Focused is { } place && IsInSight(place);
        Area = canvas.OnScreen;
        if (canvas.Width != _width)
        {
            _width = canvas.Width;
            LayOut();
        }
        ScrollTo(_top);
        if (keepsFocus)
            Reveal();
        var pass = new DrawPass(now, Focused?.Block, focused);
        pass.Draw(_block, canvas.Scrolled(_top));
        RedrawAfter = pass.RedrawAfter;
        Cost = (pass.Blocks, _blocks.LaidOut);
        return _block.Height;
    }

    /// <summary>Takes an event. Mouse events are in the coordinates of the frame; those right of the view are taken as its scrollbar's.</summary>
    public ViewStep Handle(TerminalEvent input) => input switch
    {
        TerminalEvent.KeyPressed { Press: var press } => OnKey(press),
        TerminalEvent.Pasted when Focused is { Block: { TakesTyping: true } block } => Took(block.Handle(input)),
        TerminalEvent.Mouse mouse => OnMouse(mouse),
        _ => ViewStep.None,
    };

    private void LayOut()
    {
        _block = _blocks.Of(_root, _width);
        _state.Resize();
    }

    private ViewStep OnKey(KeyPress press)
    {
        var focused = Focused;
        if (focused is { Block: { TakesTyping: true } typing })
            return Took(typing.Handle(new TerminalEvent.KeyPressed(press)));
        var key = AsMovement(press);
        if (focused is { } place && (IsInSight(place) || !IsVertical(key)) && place.Block.Handle(new TerminalEvent.KeyPressed(key)) is var step and not ViewStep.Ignored)
            return Took(step);
        return (key.Key, key.Modifiers) switch
        {
            (Key.Up, KeyModifiers.None) => Step(-1),
            (Key.Down, KeyModifiers.None) => Step(1),
            (Key.PageUp, _) => PageBy(-1),
            (Key.PageDown, _) => PageBy(1),
            (Key.Home, _) => JumpTo(0),
            (Key.End, _) => JumpTo(Scroll.MaxTop),
            (Key.Left or Key.Right, KeyModifiers.None) => SwitchTab(key),
            (Key.Character, KeyModifiers.Control) when key.Rune.Value is 'n' or 'p' => Jump(key.Rune.Value == 'n' ? 1 : -1),
            _ => ViewStep.None,
        };
    }

    /// <summary>The keys of vi as the arrows and ends that they mean.</summary>
    private static KeyPress AsMovement(KeyPress press) => !press.IsText ? press : press.Rune.Value switch
    {
        'k' => new KeyPress(Key.Up),
        'j' => new KeyPress(Key.Down),
        'h' => new KeyPress(Key.Left),
        'l' => new KeyPress(Key.Right),
        'g' => new KeyPress(Key.Home),
        'G' => new KeyPress(Key.End),
        _ => press,
    };

    private static bool IsVertical(KeyPress press) => press.Key is Key.Up or Key.Down or Key.PageUp or Key.PageDown or Key.Home or Key.End;

    /// <summary>Goes to the next operable node when it is in sight or would be after one step, and scrolls otherwise.</summary>
    private ViewStep Step(int by)
    {
        var next = NextFrom(by);
        if (next is { } place && place.Area.Y < _top + Area.Height && place.Area.Bottom > _top)
            return FocusOn(place, fromBelow: by < 0);
        ScrollTo(_top + by);
        return ViewStep.Taken;
    }

    /// <summary>The node to go to: after the focused one, or at the edge of what is in sight when that is elsewhere.</summary>
    private PlacedBlock? NextFrom(int by)
    {
        var candidates = by > 0 ? Places : Enumerable.Reverse(Places);
        var focused = FindFocused();
        if (focused >= 0 && IsInSight(Places[focused]))
            candidates = by > 0 ? Places.Skip(focused + 1) : Enumerable.Reverse(Places.Take(focused));
        else
            candidates = candidates.Where(p => by > 0 ? p.Area.Bottom > _top : p.Area.Y < _top + Area.Height);
        return candidates.Where(p => p.Block.TakesFocus).Select(p => (PlacedBlock?)p).FirstOrDefault();
    }

    private ViewStep Jump(int by)
    {
        var ring = Places.Where(p => p.Block.TakesFocus).ToList();
        if (ring.Count == 0)
            return ViewStep.None;
        var at = ring.FindIndex(p => p.Block.NodeKey == Focused?.Block.NodeKey);
        return FocusOn(ring[((at < 0 && by < 0 ? 0 : at) + by + ring.Count) % ring.Count], fromBelow: false);
    }

    private ViewStep PageBy(int by)
    {
        var rows = Math.Max(1, Area.Height - 2);
        if (Focused is { } place && IsInSight(place) && place.Area.Height > Area.Height / 2 && place.Block.Page(by * rows))
        {
            Reveal();
            return ViewStep.Taken;
        }
        return JumpTo(_top + by * rows);
    }

    private ViewStep JumpTo(int top)
    {
        ScrollTo(top);
        return ViewStep.Taken;
    }

    /// <summary>Switches the innermost tabs around the focus, which goes to them when what had it is not shown any more.</summary>
    private ViewStep SwitchTab(KeyPress key)
    {
        if (Focused is not { } focused || Places.FindLast(p => p.Block is TabsBlock && p.Area.Intersect(focused.Area) == focused.Area) is not { Block: TabsBlock tabs })
            return ViewStep.None;
        var step = tabs.Handle(new TerminalEvent.KeyPressed(key));
        if (!Places.Exists(p => p.Block.NodeKey == focused.Block.NodeKey))
            _focusKey = tabs.NodeKey;
        return step;
    }

    private ViewStep OnMouse(TerminalEvent.Mouse mouse)
    {
        if (mouse.Action is MouseAction.WheelUp or MouseAction.WheelDown)
            return Scroll.IsNeeded ? JumpTo(_top + (mouse.Action == MouseAction.WheelUp ? -WheelRows : WheelRows)) : ViewStep.None;
        if (mouse.Action == MouseAction.Release)
            return ViewStep.None;
        if (mouse.X >= Area.Right && Scroll.IsNeeded)
            return JumpTo(Scroll.TopAt(mouse.Y - Area.Y, Area.Height));
        if (mouse.Action != MouseAction.Press || !Area.Contains(mouse.X, mouse.Y))
            return ViewStep.None;
        var (x, y) = (mouse.X - Area.X, mouse.Y - Area.Y + _top);
        var hit = Places.FindLastIndex(p => p.Area.Contains(x, y) && (p.Block is not TabsBlock || y == p.Area.Y));
        if (hit < 0)
            return ViewStep.None;
        var place = Places[hit];
        var hadFocus = _hasKeyboard && place.Block.NodeKey == Focused?.Block.NodeKey;
        if (place.Block.TakesFocus)
            _focusKey = place.Block.NodeKey;
        // A heading that stays in sight is drawn over a row, but it is still the heading.
        var row = place.Block is TableBlock && mouse.Y == Area.Y && place.Area.Y < _top ? 0 : y - place.Area.Y;
        return Took(place.Block.Click(x - place.Area.X, row, hadFocus), reveal: false) is var step and not ViewStep.Ignored ? step : ViewStep.Taken;
    }

    private ViewStep FocusOn(PlacedBlock place, bool fromBelow)
    {
        _focusKey = place.Block.NodeKey;
        place.Block.Enter(fromBelow, Math.Max(0, _top - place.Area.Y), Math.Min(place.Area.Height, _top + Area.Height - place.Area.Y));
        Reveal();
        return ViewStep.Taken;
    }

    private ViewStep Took(ViewStep step, bool reveal = true)
    {
        if (reveal && step is not ViewStep.Ignored)
            Reveal();
        return step;
    }

    /// <summary>Index of the focused node; of the first in sight while the user has not chosen; -1 for none.</summary>
    private int FindFocused()
    {
        var chosen = _focusKey is null ? -1 : Places.FindIndex(p => p.Block.NodeKey == _focusKey && p.Block.TakesFocus);
        return chosen >= 0 ? chosen : Places.FindIndex(p => p.Block.TakesFocus && IsInSight(p));
    }

    private int? FocusedRow() => Focused is { } place ? place.Area.Y + place.Block.FocusRows.First : null;

    /// <summary>Whether the rows of a node that has the focus can be seen, at least in part.</summary>
    private bool IsInSight(PlacedBlock place)
    {
        var (first, end) = place.Block.FocusRows;
        return place.Area.Y + first < _top + Area.Height && place.Area.Y + end > _top;
    }

    /// <summary>Scrolls as little as brings the focused rows into sight; at the very first ones, what is above them too.</summary>
    private void Reveal()
    {
        if (Focused is not { } place)
            return;
        var (first, end) = (place.Area.Y + place.Block.FocusRows.First, place.Area.Y + place.Block.FocusRows.End);
        if (end > _top + Area.Height)
            ScrollTo(end - Area.Height);
        if (first < _top)
            ScrollTo(end <= Area.Height && Places.FindIndex(p => p.Block.TakesFocus) == FindFocused() ? 0 : first);
    }

    private void ScrollTo(int top) => _top = Math.Clamp(top, 0, Scroll.MaxTop);
}
