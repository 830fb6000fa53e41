using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>
/// A tree, an item a row. Right unfolds an item or goes to its first child, left folds it or goes to its parent, space
/// folds and unfolds; enter opens a leaf and folds or unfolds the rest.
/// </summary>
internal sealed class TreeBlock : OperableBlock
{
    /// <summary>Cells left of the tree, for the bar of the selection.</summary>
    private const int Gutter = 2;

    /// <summary>Cells of a level: its guide and the line from it.</summary>
    private const int Indent = 2;

    private readonly ViewNode.Tree _tree;
    private readonly PaneState _state;
    private readonly TreeState _own;
    private readonly bool _isFlat;
    private readonly List<Line> _lines = [];

    public TreeBlock(string key, ViewNode.Tree tree, PaneState state) : base(key)
    {
        (_tree, _state, _own) = (tree, state, state.Of<TreeState>(key));
        _isFlat = tree.Nodes.All(n => n.Children.IsEmpty);
        Unfold();
    }

    public override int Height => _lines.Count;

    public override bool TakesFocus => _lines.Count > 0;

    public override (int First, int End) FocusRows => (_own.Index, _own.Index + 1);

    public override ImmutableArray<KeyHint> Hints =>
        _lines.Count > 0 && Selected.Item.Children.IsEmpty ? [new("enter", "open"), new("←", "parent")] : [new("←→", "fold")];

    private Line Selected => _lines[_own.Index];

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        var (first, end) = canvas.VisibleRows;
        var guides = new StringBuilder();
        for (var y = first; y < Math.Min(end, _lines.Count); y++)
        {
            var line = _lines[y];
            guides.Clear();
            AppendGuides(guides, line);
            var x = Gutter + canvas.Write(Gutter, y, guides.ToString(), new Style(Tone.Border));
            if (!line.Item.Children.IsEmpty)
                x += canvas.Write(x, y, IsUnfolded(line.Item) ? "▾ " : "▸ ", Style.Accent);
            else
                x += canvas.Write(x, y, line.Depth > 0 ? "─ " : _isFlat ? "" : "  ", new Style(Tone.Border));
            foreach (var span in line.Item.Label)
                x += WriteLabel(canvas, x, y, span);
            if (y == _own.Index && pass.IsChosen(this))
                DrawSelection(canvas, y, pass.IsFocused(this));
        }
    }

    public override void Enter(bool fromBelow, int first, int end) => Select(fromBelow ? end - 1 : first);

    public override bool Page(int rows)
    {
        Select(_own.Index + rows);
        return true;
    }

    public override ViewStep Handle(TerminalEvent input)
    {
        if (input is not TerminalEvent.KeyPressed { Press: var press })
            return ViewStep.None;
        return press switch
        {
            { Key: Key.Up } when _own.Index > 0 => MoveTo(_own.Index - 1),
            { Key: Key.Down } when _own.Index < _lines.Count - 1 => MoveTo(_own.Index + 1),
            { Key: Key.Home } when _own.Index > 0 => MoveTo(0),
            { Key: Key.End } when _own.Index < _lines.Count - 1 => MoveTo(_lines.Count - 1),
            { Key: Key.Left } => Selected.Item.Children.IsEmpty || !IsUnfolded(Selected.Item) ? MoveTo(Math.Max(0, Selected.Parent)) : Fold(Selected.Item),
            { Key: Key.Right } => Selected.Item.Children.IsEmpty ? ViewStep.Taken : IsUnfolded(Selected.Item) ? MoveTo(_own.Index + 1) : Fold(Selected.Item),
            { Key: Key.Enter } => Open(),
            { Key: Key.Character, Rune.Value: ' ', Modifiers: KeyModifiers.None } => Selected.Item.Children.IsEmpty ? ViewStep.Taken : Fold(Selected.Item),
            _ => ViewStep.None,
        };
    }

    public override ViewStep Click(int x, int y, bool hadFocus)
    {
        if (y < 0 || y >= _lines.Count)
            return ViewStep.None;
        var isAgain = hadFocus && y == _own.Index;
        Select(y);
        var sign = Gutter + Indent * _lines[y].Depth;
        return isAgain || x < sign + Indent && !_lines[y].Item.Children.IsEmpty ? Open() : ViewStep.Taken;
    }

    private static int WriteLabel(Canvas canvas, int x, int y, Span span)
    {
        canvas.Write(x, y, Math.Max(0, canvas.Width - x), span.Text, Style.Of(span.Style));
        return CellText.WidthOf(span.Text, Math.Max(0, canvas.Width - x));
    }

    private static void DrawSelection(Canvas canvas, int y, bool focused)
    {
        canvas.Write(0, y, "▌", new Style(focused ? Tone.Focus : Tone.Accent));
        if (focused)
            canvas.LayRow(y, Surface.Selected);
    }

    /// <summary>The lines from the item's ancestors: one goes on below each that has a sibling after it.</summary>
    private void AppendGuides(StringBuilder guides, Line line)
    {
        if (line.Depth == 0)
            return;
        guides.Append(line.IsLast ? '└' : '├').Append('─');
        for (var at = line.Parent; at >= 0 && _lines[at].Depth > 0; at = _lines[at].Parent)
            guides.Insert(0, _lines[at].IsLast ? "  " : "│ ");
    }

    /// <summary>Lists the items that can be seen, and finds the selection among them.</summary>
    private void Unfold()
    {
        _lines.Clear();
        Add(_tree.Nodes, -1, 0);
        var index = _own.Selected is { } selected ? _lines.FindIndex(l => l.Item.Id == selected) : -1;
        Select(index >= 0 ? index : _own.Index);
    }

    private void Add(ImmutableArray<TreeItem> items, int parent, int depth)
    {
        for (var i = 0; i < items.Length; i++)
        {
            _lines.Add(new Line(items[i], parent, depth, i == items.Length - 1));
            if (!items[i].Children.IsEmpty && depth < ViewBlocks.Limits.MaxDepth && IsUnfolded(items[i]))
                Add(items[i].Children, _lines.Count - 1, depth + 1);
        }
    }

    private bool IsUnfolded(TreeItem item) => _own.Unfolded.TryGetValue(item.Id, out var unfolded) ? unfolded : item.Expanded;

    private ViewStep Fold(TreeItem item)
    {
        _own.Unfolded[item.Id] = !IsUnfolded(item);
        Unfold();
        _state.Resize();
        return ViewStep.Taken;
    }

    private ViewStep Open() => Selected.Item.Children.IsEmpty
        ? new ViewStep.Input(new ViewInput { Node = NodeKey, Event = ViewEvent.Activate, Row = Selected.Item.Id }, Danger: default, string.Concat(Selected.Item.Label.Select(s => s.Text)))
        : Fold(Selected.Item);

    private ViewStep MoveTo(int index)
    {
        Select(index);
        return ViewStep.Taken;
    }

    private void Select(int index)
    {
        _own.Index = Math.Clamp(index, 0, Math.Max(0, _lines.Count - 1));
        _own.Selected = _lines.Count > 0 ? Selected.Item.Id : null;
    }

    /// <summary>An item that can be seen.</summary>
    /// <param name="Item">The item.</param>
    /// <param name="Parent">The line of its parent; -1 for none.</param>
    /// <param name="Depth">Its ancestors.</param>
    /// <param name="IsLast">Whether no sibling comes after it.</param>
    private readonly record struct Line(TreeItem Item, int Parent, int Depth, bool IsLast);
}
