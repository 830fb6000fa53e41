using System.Globalization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Installing;

/// <summary>
/// Shows how far downloads are: on a terminal one line that is written again, with speed and time left; elsewhere a line for
/// each that is done. Thread safe.
/// </summary>
internal sealed class DownloadProgress : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _here = new(StringComparer.Ordinal);
    private readonly TextWriter _writer;
    private readonly bool _isTerminal;
    private readonly TimeProvider _time;
    private readonly long _total;
    private readonly long _began;
    private long _shown;
    private long _resumed = -1;
    private int _width;

    /// <param name="writer">Where to.</param>
    /// <param name="isTerminal">Whether a line can be written again there.</param>
    /// <param name="total">Bytes of everything.</param>
    /// <param name="time">The clock.</param>
    public DownloadProgress(TextWriter writer, bool isTerminal, long total, TimeProvider time)
    {
        (_writer, _isTerminal, _total, _time) = (writer, isTerminal, total, time);
        _began = time.GetTimestamp();
    }

    /// <summary>So many bytes of one are here.</summary>
    public void Report(string name, long bytes)
    {
        lock (_gate)
        {
            // What was here at the beginning says nothing about the speed.
            if (!_here.ContainsKey(name)) _resumed = Math.Max(0, _resumed) + bytes;
            _here[name] = bytes;
            if (!_isTerminal || (_shown != 0 && _time.GetElapsedTime(_shown) < Interval)) return;
            _shown = _time.GetTimestamp();
            Write(Line(_here.Values.Sum()));
        }
    }

    /// <summary>One is here and verified.</summary>
    public void Done(string name, long bytes)
    {
        lock (_gate)
        {
            _here[name] = bytes;
            Clear();
            _writer.WriteLine($"  {name}  {ByteSize.Format(bytes)}, verified");
        }
    }

    public void Dispose()
    {
        lock (_gate) Clear();
    }

    /// <summary>As it is written: <c>1.2MiB of 3MiB, 640KiB/s, 0:03 left</c>.</summary>
    internal string Line(long here)
    {
        var elapsed = _time.GetElapsedTime(_began).TotalSeconds;
        var speed = elapsed > 0 ? (here - Math.Max(0, _resumed)) / elapsed : 0;
        var line = $"  {ByteSize.Format(here)} of {ByteSize.Format(_total)}";
        if (speed < 1) return line;
        var left = TimeSpan.FromSeconds(Math.Min((_total - here) / speed, TimeSpan.FromHours(99).TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{line}, {ByteSize.Format((long)speed)}/s, {(int)left.TotalMinutes}:{left.Seconds:00} left");
    }

    private void Write(string line)
    {
        _writer.Write('\r' + line.PadRight(_width));
        _width = line.Length;
    }

    private void Clear()
    {
        if (_width == 0) return;
        Write("");
        _writer.Write('\r');
        _width = 0;
    }
}
