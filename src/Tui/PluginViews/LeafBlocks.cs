using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>Text that was broken into lines.</summary>
internal sealed class LinesBlock(IReadOnlyList<StyledText[]> lines) : Block
{
    public override int Height => lines.Count;

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        var (first, end) = canvas.VisibleRows;
        for (var y = first; y < Math.Min(end, lines.Count); y++)
        {
            var x = 0;
            foreach (var part in lines[y])
                x += canvas.Write(x, y, part);
        }
    }
}

/// <summary>A picture of a known height.</summary>
internal sealed class PictureBlock(int height, Action<Canvas> draw) : Block
{
    public override int Height => height;

    public override void Draw(Canvas canvas, DrawPass pass) => draw(canvas);
}

/// <summary>Says that something is going on; its frame comes from the clock, so every spinner turns in step.</summary>
internal sealed class SpinnerBlock(string? label) : Block
{
    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    public override int Height => 1;

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        var frame = (int)(pass.Now.UtcTicks / Frame.Ticks % Frames.Length);
        canvas.Write(0, 0, Frames.AsSpan(frame, 1), Style.Accent);
        canvas.Write(2, 0, canvas.Width - 2, label ?? "working", Style.Muted);
        pass.ChangesWithin(Frame);
    }
}
