using LazyOC.Cluster;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;

namespace LazyOC.Tui.Details.Logs;

/// <summary>Which container's log to read.</summary>
/// <param name="Namespace">Namespace of the pod.</param>
/// <param name="Source">Pod and container.</param>
/// <param name="Previous">The container's run before the present one.</param>
/// <param name="Since">Only lines younger than this; null for the last <see cref="TuiLimits.LogTailLines"/>.</param>
internal sealed record LogRequest(string Namespace, LogSource Source, bool Previous = false, TimeSpan? Since = null);

/// <summary>
/// Follows one container's log into a buffer until disposed. A stream that breaks or ends is opened again where it
/// stopped; where the server cannot prove that nothing is missing, a remark says so.
/// </summary>
internal sealed class LogTail : IDisposable
{
    private readonly LogRequest _request;
    private readonly ResourceClient _resources;
    private readonly LogBuffer _buffer;
    private readonly LogOpening _opening;
    private readonly TuiLimits _limits;
    private readonly RetryPause _pause;
    private readonly LogPosition _position = new();
    private readonly CancellationTokenSource _closes = new();
    private readonly CancellationToken _closing;
    private ClusterException? _trouble;
    private bool _ended;

    public LogTail(LogRequest request, ClusterClient client, LogBuffer buffer, LogOpening opening, TimeProvider time, TuiLimits limits)
    {
        (_request, _resources, _buffer, _opening, _limits) = (request, client.Resources, buffer, opening, limits);
        _pause = new RetryPause(client, time, limits);
        _closing = _closes.Token;
        _ = Task.Run(RunAsync, CancellationToken.None);
    }

    public LogSource Source => _request.Source;

    /// <summary>Why there are no new lines just now; null when there is nothing wrong.</summary>
    public ClusterException? Trouble => Volatile.Read(ref _trouble);

    /// <summary>The pod changed: a container that had ended or not begun may be running.</summary>
    public void Wake() => _pause.Wake();

    /// <summary>The pod has run to its end or is gone: the log that ends from now on is complete.</summary>
    public void Finish()
    {
        Volatile.Write(ref _ended, true);
        Wake();
    }

    public void Dispose()
    {
        _closes.Cancel();
        _closes.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await OpenAsync();
            while (!_request.Previous)
            {
                var isLast = Volatile.Read(ref _ended);
                if (await FollowAsync() && isLast)
                {
                    _buffer.Append(LogLine.Remark(_position.Last ?? default, $"── {Name} has ended ──"));
                    return;
                }
                await _pause.WaitAsync(_closing);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Nobody reads any more.
        }
        finally
        {
            _pause.Dispose();
        }
    }

    /// <summary>Reads what there is; a log that cannot be read yet holds up no other.</summary>
    private async Task OpenAsync()
    {
        var options = Options() with { TailLines = _request.Since is null ? _limits.LogTailLines : _limits.LogLines, Since = _request.Since };
        while (true)
        {
            var lines = new List<LogLine>();
            try
            {
                await foreach (var text in ReadAsync(options))
                {
                    var line = Parse(text, out var time);
                    _position.TryAdvance(time, out _);
                    lines.Add(line);
                }
                Become(null);
                await _opening.AddAsync(lines);
                return;
            }
            catch (ClusterException e)
            {
                Become(e);
                await _opening.AddAsync([]);
                if (_request.Previous || (e is NotFoundException && Volatile.Read(ref _ended)))
                    return; // there will be no more than there is
            }
            await _pause.WaitAsync(_closing);
        }
    }

    /// <summary>Delivers new lines until the stream ends; false when it broke before its end.</summary>
    private async Task<bool> FollowAsync()
    {
        _position.Resume();
        var wasBroken = Trouble is not null;
        var options = Options() with { Follow = true, SinceTime = _position.Last, TailLines = _limits.LogLines };
        try
        {
            await foreach (var text in ReadAsync(options))
            {
                var line = Parse(text, out var time);
                if (!_position.TryAdvance(time, out var isGap))
                    continue;
                if (isGap)
                    _buffer.Append(LogLine.Remark(line.Time, GapWords(wasBroken)));
                _buffer.Append(line);
                _pause.Reset();
                Become(null);
            }
            Become(null);
            return true;
        }
        catch (NotFoundException e)
        {
            Become(e);
            return true;
        }
        catch (ClusterException e)
        {
            Become(e);
            return false;
        }
    }

    private string Name => $"{_request.Source.Pod}/{_request.Source.Container}";

    private string GapWords(bool wasBroken) => wasBroken
        ? $"── {Name}: the connection was lost; lines may be missing here ──"
        : $"── {Name} started again ──";

    private LogOptions Options() => new() { Container = _request.Source.Container, Previous = _request.Previous, Timestamps = true };

    private IAsyncEnumerable<string> ReadAsync(LogOptions options) =>
        _resources.LogsAsync(_request.Namespace, _request.Source.Pod, options, _closing);

    private LogLine Parse(string text, out DateTimeOffset? time)
    {
        (time, var rest) = LogPosition.Split(text);
        return new LogLine(_request.Source, time ?? _position.Last ?? default, AnsiText.Strip(rest));
    }

    private void Become(ClusterException? trouble)
    {
        if (ReferenceEquals(Interlocked.Exchange(ref _trouble, trouble), trouble))
            return;
        _buffer.Wake();
    }
}
