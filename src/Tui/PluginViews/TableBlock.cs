using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginViews;

/// <summary>
/// A table. Its selection goes with the row's id; a row's actions are started by their keys, or by a digit when they have
/// none that is free; the order is changed by <c>&lt;</c> and <c>&gt;</c> or a click on a heading.
/// </summary>
internal sealed class TableBlock : OperableBlock
{
    private static readonly TimeSpan AgeStep = TimeSpan.FromSeconds(1);

    private static readonly Func<int, bool> NoRow = _ => false;

    private readonly ViewNode.Table _table;
    private readonly int _width;
    private readonly TableState _own;
    private readonly ImmutableArray<(KeyPress Key, RowAction Action)> _actions;
    private readonly ImmutableArray<Column> _columns;
    private ViewTableRows _rows;

    public TableBlock(string key, ViewNode.Table table, int width, PaneState state) : base(key)
    {
        (_table, _width, _own) = (table, width, state.Of<TableState>(key));
        _columns = [.. table.Header.Select(ViewTableRows.ColumnOf)];
        _actions = ActionKeys.For(table.RowActions);
        _rows = new ViewTableRows(table, Order);
        Select(_rows.IndexOf(_own.Selected) is >= 0 and var index ? index : _own.Index);
    }

    public override int Height => 1 + _rows.Count;

    public override bool TakesFocus => _table.HasSelectableRows && _rows.Count > 0;

    /// <summary>The selected row and the line above it, which is the heading or may be under it.</summary>
    public override (int First, int End) FocusRows => (_own.Index, _own.Index + 2);

    public override ImmutableArray<KeyHint> Hints =>
        [new("enter", "open"), .. _actions.Select(a => new KeyHint(a.Key.ToString(), a.Action.Title)), .. _columns.Length > 1 ? [new KeyHint("<>", "sort")] : Array.Empty<KeyHint>()];

    private Sort? Order => _own.IsSortChosen ? _own.Sort : _table.Sort is { } sort ? new Sort(sort.Column, sort.Descending) : null;

    /// <summary>Rows that can be selected leave room for the bar, wherever the focus is.</summary>
    private Table Widget => new() { Columns = _columns, Rows = _rows, Marked = _table.HasSelectableRows ? NoRow : null, Sort = Order, Widths = _own.Widths };

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        (_rows.Now, _rows.HasShownAge) = (pass.Now, false);
        (Widget with { Selected = TakesFocus && pass.IsChosen(this) ? _own.Index : null, Focused = pass.IsFocused(this) }).Draw(canvas);
        if (_rows.HasShownAge)
            pass.ChangesWithin(AgeStep);
    }

    public override void Enter(bool fromBelow, int first, int end) => Select(fromBelow ? end - 2 : first);

    public override ViewStep Handle(TerminalEvent input)
    {
        if (input is not TerminalEvent.KeyPressed { Press: var press })
            return ViewStep.None;
        return press switch
        {
            { Key: Key.Up } => Move(-1),
            { Key: Key.Down } => Move(1),
            { Key: Key.Home } when _own.Index > 0 => MoveTo(0),
            { Key: Key.End } when _own.Index < _rows.Count - 1 => MoveTo(_rows.Count - 1),
            { Key: Key.Enter } => Activate(),
            { Key: Key.Character, Rune.Value: '<' } => SortBy(Step(-1)),
            { Key: Key.Character, Rune.Value: '>' } => SortBy(Step(1)),
            _ => _actions.FirstOrDefault(a => a.Key == press) is { Action: { } action } ? Start(action) : ViewStep.None,
        };
    }

    public override ViewStep Click(int x, int y, bool hadFocus)
    {
        if (y == 0)
            return Widget.ColumnAt(x, _width) is { } column ? SortBy(new Sort(column, Order is { Descending: false } order && order.Column == column)) : ViewStep.None;
        if (!TakesFocus || Widget.RowAt(y) is not { } row)
            return ViewStep.None;
        return hadFocus && row == _own.Index ? Activate() : MoveTo(row);
    }

    public override bool Page(int rows)
    {
        Select(_own.Index + rows);
        return true;
    }

    private ViewStep Move(int by) => _own.Index + by is var index && index >= 0 && index < _rows.Count ? MoveTo(index) : ViewStep.None;

    private ViewStep MoveTo(int index)
    {
        Select(index);
        return ViewStep.Taken;
    }

    private void Select(int index)
    {
        _own.Index = Math.Clamp(index, 0, Math.Max(0, _rows.Count - 1));
        _own.Selected = _rows.Count > 0 ? _rows.Row(_own.Index).Id : null;
    }

    private ViewStep.Input Activate()
    {
        var row = _rows.Row(_own.Index);
        return new(new ViewInput { Node = NodeKey, Event = ViewEvent.Activate, Row = row.Id }, Danger: default, NameOf(row));
    }

    private ViewStep.Input Start(RowAction action)
    {
        var row = _rows.Row(_own.Index);
        return new(new ViewInput { Node = NodeKey, Event = ViewEvent.RowAction, Row = row.Id, Action = action.Id }, action.Danger, $"{action.Title} {NameOf(row)}");
    }

    /// <summary>The next of all orders: the table's own, then each column up and down.</summary>
    private Sort? Step(int by)
    {
        var count = 2 * _columns.Length + 1;
        var now = Order is { } order ? 1 + 2 * order.Column + (order.Descending ? 1 : 0) : 0;
        var next = (now + by + count) % count;
        return next == 0 ? null : new Sort((next - 1) / 2, next % 2 == 0);
    }

    private ViewStep SortBy(Sort? sort)
    {
        (_own.Sort, _own.IsSortChosen) = (sort, true);
        _rows = new ViewTableRows(_table, sort);
        if (_rows.IndexOf(_own.Selected) is >= 0 and var index)
            Select(index);
        return ViewStep.Taken;
    }

    /// <summary>What a row is called: the text of its first cell.</summary>
    private static string NameOf(TableRow row) => row.Cells.IsEmpty ? row.Id : row.Cells[0].Text;
}

/// <summary>The keys of row actions.</summary>
internal static class ActionKeys
{
    private const int Digits = 9;

    /// <summary>Keys that every view uses itself.</summary>
    private static readonly ImmutableArray<string> Taken = ["h", "j", "k", "l", "g", "G", "<", ">", "space", "ctrl-n", "ctrl-p"];

    /// <summary>Each action with its own key, or with the next digit when that has none, is used by views, or belongs to an action before it.</summary>
    public static ImmutableArray<(KeyPress Key, RowAction Action)> For(ImmutableArray<RowAction> actions)
    {
        var keys = new List<(KeyPress Key, RowAction Action)>();
        var digit = 0;
        foreach (var action in actions)
        {
            var isFree = KeyPress.TryParse(action.Key ?? "", out var key) && IsFree(key) && !keys.Exists(k => k.Key == key);
            while (!isFree && digit < Digits)
            {
                key = KeyPress.Of((char)('0' + ++digit));
                isFree = !keys.Exists(k => k.Key == key);
            }
            if (isFree)
                keys.Add((key, action));
        }
        return [.. keys];
    }

    /// <summary>Movement, enter and escape belong to the view; function keys and characters may be taken.</summary>
    private static bool IsFree(KeyPress key) =>
        key.Key is Key.Character or Key.Delete or Key.Insert or (>= Key.F1 and <= Key.F12) && !Taken.Contains(key.ToString());
}
