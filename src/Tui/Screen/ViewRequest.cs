using System.Globalization;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>What a frame shows: a list, or one object with a tab.</summary>
/// <param name="Resource">Kind as a user names it: plural, singular, short name, <c>deployments.apps</c>.</param>
/// <param name="Name">An object; <c>NAMESPACE/NAME</c> when several namespaces are shown. Null shows the list.</param>
/// <param name="Tab">Title of a details tab, in any case; null is the first one.</param>
public sealed record ViewRequest(string Resource, string? Name = null, string? Tab = null)
{
    /// <summary>Reads <c>RESOURCE</c>, <c>RESOURCE/NAME</c> or <c>RESOURCE/NAMESPACE/NAME</c>.</summary>
    public static ViewRequest Parse(string text, string? tab = null)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new ViewRequest(text, null, tab) : new ViewRequest(text[..slash], text[(slash + 1)..], tab);
    }
}

/// <summary>Size of a frame in cells.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct FrameSize(int Width, int Height)
{
    /// <summary>Reads <c>120x40</c>; null when it is not a size from 1x1 to <see cref="CellBuffer.MaxSize"/>.</summary>
    public static FrameSize? TryParse(string text)
    {
        var x = text.IndexOf('x', StringComparison.OrdinalIgnoreCase);
        if (x < 0 || !Side(text.AsSpan(0, x), out var width) || !Side(text.AsSpan(x + 1), out var height))
            return null;
        return new FrameSize(width, height);

        static bool Side(ReadOnlySpan<char> digits, out int value) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= CellBuffer.MaxSize;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
