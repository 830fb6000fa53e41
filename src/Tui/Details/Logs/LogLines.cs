using System.Globalization;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details.Logs;

/// <summary>The lines of a log as they are shown.</summary>
internal sealed class LogLines(LogBuffer buffer, TuiLimits limits) : ITextLines
{
    /// <summary>Cells of the longest name of a pod before a line.</summary>
    private const int LongestName = 24;

    private static readonly Tone[] PodTones = [Tone.Info, Tone.Accent, Tone.Key, Tone.Ok, Tone.Focus, Tone.Warn];

    /// <summary>Shows when each line was written.</summary>
    public bool Timestamps { get; set; }

    /// <summary>Shows whose line it is.</summary>
    public bool Names { get; set; }

    /// <summary>Names the container too.</summary>
    public bool Containers { get; set; }

    public long First => buffer.First;

    public long End => buffer.End;

    public IReadOnlyList<StyledText> this[long number]
    {
        get
        {
            var line = buffer[number];
            if (line.Source is not { } source)
                return [new StyledText(line.Text, Style.Muted)];
            var runs = new List<StyledText>(4);
            if (Names)
                runs.Add(new StyledText(NameOf(source) + " ", new Style(PodTones[source.Color % PodTones.Length])));
            if (Timestamps)
                runs.Add(new StyledText(line.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture), Style.Muted));
            if (!line.Spans.IsDefault)
            {
                runs.AddRange(line.Spans.Select(span => new StyledText(span.Text, Style.Of(span.Style))));
                return runs;
            }
            var hidden = Math.Max(0, line.Text.Length - limits.LineCharacters);
            var text = hidden > 0 ? line.Text[..^hidden] : line.Text;
            runs.AddRange(CodeColors.Runs(text, "log"));
            if (hidden > 0)
                runs.Add(LongLine.Rest(hidden));
            return runs;
        }
    }

    /// <summary>The end of a pod's name tells it from its siblings.</summary>
    private string NameOf(LogSource source)
    {
        var name = Containers ? $"{source.Pod}/{source.Container}" : source.Pod;
        return name.Length <= LongestName ? name : "…" + name[^(LongestName - 1)..];
    }
}
