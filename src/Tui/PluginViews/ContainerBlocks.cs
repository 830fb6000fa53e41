using System.Collections.Immutable;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>Blocks below each other; only those that can be seen are drawn.</summary>
internal sealed class StackBlock : Block
{
    private readonly ImmutableArray<Block> _children;
    private readonly int _gap;
    private readonly PaneState _state;
    private readonly int[] _tops;
    private int _version = -1;

    public StackBlock(ImmutableArray<Block> children, int gap, PaneState state)
    {
        (_children, _gap, _state, _tops) = (children, gap, state, new int[children.Length + 1]);
        IsOperable = children.Any(c => c.IsOperable);
    }

    public override bool IsOperable { get; }

    public override int Height => _children.IsEmpty ? 0 : Tops[^1] - _gap;

    /// <summary>First row of each child, and of one more.</summary>
    private int[] Tops
    {
        get
        {
            if (_version == _state.Version)
                return _tops;
            for (var i = 0; i < _children.Length; i++)
                _tops[i + 1] = _tops[i] + _children[i].Height + _gap;
            _version = _state.Version;
            return _tops;
        }
    }

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        var tops = Tops;
        var (first, end) = canvas.VisibleRows;
        var at = Array.BinarySearch(tops, 0, _children.Length, first);
        for (var i = Math.Max(0, at < 0 ? ~at - 1 : at); i < _children.Length && tops[i] < end; i++)
            pass.Draw(_children[i], canvas.Part(new Rect(0, tops[i], canvas.Width, _children[i].Height)));
    }

    public override void Place(Rect area, List<PlacedBlock> places)
    {
        for (var i = 0; i < _children.Length; i++)
        {
            if (_children[i].IsOperable)
                _children[i].Place(area with { Y = area.Y + Tops[i], Height = _children[i].Height }, places);
        }
    }
}

/// <summary>Blocks beside each other.</summary>
/// <param name="children">Each with its left edge and its width.</param>
internal sealed class ColumnsBlock(ImmutableArray<(Block Block, int X, int Width)> children) : Block
{
    public override bool IsOperable { get; } = children.Any(c => c.Block.IsOperable);

    public override int Height => children.Max(c => c.Block.Height);

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        foreach (var (block, x, width) in children)
            pass.Draw(block, canvas.Part(new Rect(x, 0, width, block.Height)));
    }

    public override void Place(Rect area, List<PlacedBlock> places)
    {
        foreach (var (block, x, width) in children)
        {
            if (block.IsOperable)
                block.Place(new Rect(area.X + x, area.Y, width, block.Height), places);
        }
    }
}
