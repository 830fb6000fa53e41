using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Details.Logs;

/// <summary>Whose log a line is from.</summary>
/// <param name="Pod">Name of the pod.</param>
/// <param name="Container">Name of the container.</param>
/// <param name="Color">Number of the pod's colour, the same as long as the log is open.</param>
internal sealed record LogSource(string Pod, string Container, int Color);

/// <summary>A line of a log, or a remark of the host between lines (no source).</summary>
/// <param name="Source">Whose line it is; null for a remark.</param>
/// <param name="Time">When it was written; the earliest time when the server did not say.</param>
/// <param name="Text">The line without time and line end.</param>
internal readonly record struct LogLine(LogSource? Source, DateTimeOffset Time, string Text)
{
    /// <summary>What plugins have shown in the place of <see cref="Text"/>; default shows it as it is.</summary>
    public ImmutableArray<Span> Spans { get; init; }

    /// <summary>Characters kept of it.</summary>
    public int Length => Text.Length + (Spans.IsDefault ? 0 : Spans.Sum(span => span.Text.Length));

    public static LogLine Remark(DateTimeOffset time, string text) => new(null, time, text);
}

/// <summary>
/// The newest lines of one or several logs, numbered from 0 as they came; the oldest make room and are counted. Written by
/// any thread, read by the screen's loop, which is woken once for whatever comes until it looks again.
/// </summary>
internal sealed class LogBuffer(TuiLimits limits, ChangeSignal changed)
{
    private readonly Lock _gate = new();
    private LogLine[] _ring = new LogLine[256];
    private long _first;
    private int _count;
    private long _characters;
    private bool _woken;

    /// <summary>Takes lines on their way through plugins before they come here; null when none transforms them.</summary>
    public LogPassage? Through { get; set; }

    /// <summary>Number of the oldest line that is kept: as many as were dropped.</summary>
    public long First
    {
        get
        {
            lock (_gate)
                return _first;
        }
    }

    /// <summary>Number after the newest line.</summary>
    public long End
    {
        get
        {
            lock (_gate)
                return _first + _count;
        }
    }

    /// <summary>A line by its number; an empty remark when it was dropped meanwhile.</summary>
    public LogLine this[long number]
    {
        get
        {
            lock (_gate)
                return number >= _first && number < _first + _count ? _ring[number % _ring.Length] : LogLine.Remark(default, "");
        }
    }

    /// <summary>Adds lines in their order, by way of the plugins that transform them.</summary>
    public void Append(params ReadOnlySpan<LogLine> lines)
    {
        if (lines.IsEmpty)
            return;
        if (Through is { } passage)
            passage.Send(lines);
        else
            AppendShown(lines);
    }

    /// <summary>Adds lines as they are to be shown.</summary>
    public void AppendShown(params ReadOnlySpan<LogLine> lines)
    {
        lock (_gate)
        {
            foreach (var line in lines)
                Add(line);
        }
        Wake();
    }

    /// <summary>Wakes the loop, unless it has been woken since it looked.</summary>
    public void Wake()
    {
        if (!Interlocked.Exchange(ref _woken, true))
            changed.Raise();
    }

    /// <summary>The loop looks now: what comes from here on wakes it again.</summary>
    public void Look() => Volatile.Write(ref _woken, false);

    private void Add(LogLine line)
    {
        while (_count > 0 && (_count >= limits.LogLines || _characters + line.Length > limits.LogCharacters))
            DropOldest();
        if (_count == _ring.Length)
            Grow();
        _ring[(_first + _count) % _ring.Length] = line;
        _count++;
        _characters += line.Length;
    }

    private void DropOldest()
    {
        ref var oldest = ref _ring[_first % _ring.Length];
        _characters -= oldest.Length;
        oldest = default;
        _first++;
        _count--;
    }

    private void Grow()
    {
        var larger = new LogLine[Math.Min(_ring.Length * 2, Math.Max(limits.LogLines, 1))];
        for (var i = 0; i < _count; i++)
            larger[(_first + i) % larger.Length] = _ring[(_first + i) % _ring.Length];
        _ring = larger;
    }
}
