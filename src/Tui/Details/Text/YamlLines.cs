using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details.Text;

/// <summary>The lines of a YAML text. Immutable.</summary>
internal sealed class YamlLines : ITextLines
{
    private readonly int[] _starts;
    private readonly int _maxCharacters;

    public YamlLines(string text, TuiLimits limits)
    {
        Text = text;
        _maxCharacters = limits.LineCharacters;
        var starts = new List<int>();
        for (var at = 0; at < text.Length;)
        {
            starts.Add(at);
            var end = text.IndexOf('\n', at);
            at = end < 0 ? text.Length : end + 1;
        }
        _starts = [.. starts];
    }

    /// <summary>All of it.</summary>
    public string Text { get; }

    public long First => 0;

    public long End => _starts.Length;

    public IReadOnlyList<StyledText> this[long number]
    {
        get
        {
            var start = _starts[number];
            var end = number + 1 < _starts.Length ? _starts[number + 1] : Text.Length;
            var line = Text.AsSpan(start, end - start).TrimEnd('\n');
            var hidden = Math.Max(0, line.Length - _maxCharacters);
            var shown = line[..(line.Length - hidden)];
            var runs = CodeColors.Runs(shown, "yaml");
            if (hidden > 0)
                runs.Add(LongLine.Rest(hidden));
            return runs;
        }
    }
}

/// <summary>Says how much of a line is not shown.</summary>
internal static class LongLine
{
    public static StyledText Rest(int characters) => new($"… {Widgets.Scale.Format(characters)} more characters", Style.Muted);
}
