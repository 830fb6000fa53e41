using System.Collections.Immutable;
using System.Text.Json;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>What one message tells of a followed log.</summary>
/// <param name="Reset">Everything told before is void.</param>
/// <param name="Gap">Lines may be missing before these.</param>
/// <param name="Lines">In order.</param>
/// <param name="Lost">Lines dropped since the last one.</param>
/// <param name="Ended">There will be no more.</param>
internal sealed record LogBatch(bool Reset, bool Gap, ImmutableArray<string> Lines, long Lost, bool Ended);

/// <summary>
/// The lines of one followed log that wait for the plugin, bounded in number and bytes: when it is full the oldest is dropped
/// and counted. Thread safe.
/// </summary>
internal sealed class LogQueue(int maxLines, int maxBytes, int messageBytes, Action arrived)
{
    // Quotes and comma.
    private const int LineOverhead = 3;

    private readonly Lock _gate = new();
    private readonly Queue<WaitingLine> _waiting = new();
    private long _bytes;
    private long _lost;
    private bool _reset;
    private bool _ended;

    /// <summary>Adds a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="afterGap">Whether lines may be missing before it.</param>
    public void Post(string line, bool afterGap)
    {
        // In JSON: a control character takes six bytes.
        var bytes = JsonEncodedText.Encode(line).EncodedUtf8Bytes.Length + LineOverhead;
        lock (_gate)
        {
            if (bytes > messageBytes)
            {
                _lost++;
            }
            else
            {
                _waiting.Enqueue(new WaitingLine(line, afterGap, bytes));
                _bytes += bytes;
            }
            while (_waiting.Count > maxLines || (_bytes > maxBytes && _waiting.Count > 1))
            {
                _bytes -= _waiting.Dequeue().Bytes;
                _lost++;
            }
        }
        arrived();
    }

    /// <summary>What follows begins anew.</summary>
    public void PostReset()
    {
        lock (_gate) _reset = true;
        arrived();
    }

    /// <summary>The last line has been posted.</summary>
    public void PostEnded()
    {
        lock (_gate) _ended = true;
        arrived();
    }

    /// <summary>What waits, as much as a message takes and up to the next gap; null when nothing does.</summary>
    public LogBatch? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && _lost == 0 && !_reset && !_ended) return null;
            var lines = ImmutableArray.CreateBuilder<string>();
            var gap = false;
            for (long left = messageBytes; _waiting.TryPeek(out var next) && next.Bytes <= left && !(next.AfterGap && lines.Count > 0);)
            {
                _waiting.Dequeue();
                _bytes -= next.Bytes;
                left -= next.Bytes;
                gap |= next.AfterGap;
                lines.Add(next.Text);
            }
            var batch = new LogBatch(_reset, gap, lines.DrainToImmutable(), _lost, _ended && _waiting.Count == 0);
            (_reset, _lost) = (false, 0);
            if (batch.Ended) _ended = false;
            return batch;
        }
    }

    private readonly record struct WaitingLine(string Text, bool AfterGap, int Bytes);
}
