using System.Globalization;

namespace LazyOC.Cluster.Resources;

/// <summary>
/// How far a container's log has been read, told from the times of its lines, so that the next stream goes on without a
/// line twice. The API resumes at a whole second: what was read of that second comes again and is skipped. It rests on
/// one container's lines coming in the order of their times, as runtimes write them.
/// </summary>
/// <remarks>Used by one reader at a time.</remarks>
public sealed class LogPosition
{
    private const int DateLength = 10;

    private DateTimeOffset? _last;
    private int _atLast;
    private int _repeated;
    private bool _resuming;
    private bool _overlapped;

    /// <summary>Time of the newest line; null before the first.</summary>
    public DateTimeOffset? Last => _last;

    /// <summary>Splits the time off that the server puts before each line when <see cref="LogOptions.Timestamps"/> asks for it; the rest of a line that was cut has none.</summary>
    public static (DateTimeOffset? Time, string Text) Split(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var stamp = space < 0 ? line : line.AsSpan(0, space);
        return stamp.Length > DateLength && stamp[DateLength] == 'T' && DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? (time, space < 0 ? "" : line[(space + 1)..])
            : (null, line);
    }

    /// <summary>A new stream begins at <see cref="Last"/>.</summary>
    public void Resume() => (_resuming, _overlapped, _repeated) = (_last is not null, false, 0);

    /// <summary>Takes the next line of the stream.</summary>
    /// <param name="time">When it was written; null for the rest of a line that was cut, which goes where the line before went.</param>
    /// <param name="isGap">Whether lines may be missing before it: nothing that was read before came again.</param>
    /// <returns>False when it was read before.</returns>
    public bool TryAdvance(DateTimeOffset? time, out bool isGap)
    {
        isGap = false;
        if (_resuming)
        {
            if (time is null || time < _last || (time == _last && _repeated++ < _atLast))
            {
                _overlapped = true;
                return false;
            }
            (_resuming, isGap) = (false, !_overlapped);
        }
        if (time == _last)
            _atLast++;
        else if (_last is null || time > _last)
            (_last, _atLast) = (time, 1);
        return true;
    }
}
