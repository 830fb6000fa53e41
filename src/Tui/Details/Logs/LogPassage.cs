using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.Details.Logs;

/// <summary>
/// The way of log lines through plugins into a buffer, in their order. Who writes lines never waits: when too many are on
/// the way, or a plugin fails, they are shown as they are. Thread safe.
/// </summary>
internal sealed class LogPassage : IDisposable
{
    private readonly ExtensionPoints _extensions;
    private readonly GroupKind _kind;
    private readonly WhenContext _context;
    private readonly ObjectReference _object;
    private readonly Action<LogLine[]> _shown;
    private readonly TuiLimits _limits;
    private readonly CancellationTokenSource _closes = new();
    private readonly CancellationToken _closing;
    private readonly Lock _gate = new();
    private List<LogLine> _waiting = [];
    private ImmutableArray<PluginFailure> _failures = [];
    private bool _running;

    /// <param name="extensions">Asks the plugins.</param>
    /// <param name="kind">Kind of the object whose logs are looked at.</param>
    /// <param name="context">What contributions' <c>when</c> is decided on.</param>
    /// <param name="obj">The object.</param>
    /// <param name="shown">Takes the lines as they are to be shown.</param>
    /// <param name="limits">Limits.</param>
    public LogPassage(ExtensionPoints extensions, GroupKind kind, WhenContext context, ObjectReference obj, Action<LogLine[]> shown, TuiLimits limits) =>
        (_extensions, _kind, _context, _object, _shown, _limits, _closing) = (extensions, kind, context, obj, shown, limits, _closes.Token);

    /// <summary>Whether nothing is on the way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return !_running;
        }
    }

    /// <summary>Plugins that failed, each with what it failed by first.</summary>
    public ImmutableArray<PluginFailure> Failures
    {
        get
        {
            lock (_gate)
                return _failures;
        }
    }

    /// <summary>Sends lines on their way.</summary>
    public void Send(ReadOnlySpan<LogLine> lines)
    {
        lock (_gate)
        {
            _waiting.AddRange(lines);
            if (_running)
                return;
            _running = true;
        }
        _ = Task.Run(RunAsync, CancellationToken.None);
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
            while (Take() is { } lines)
            {
                var late = Math.Max(0, lines.Count - _limits.TransformedLines);
                if (late > 0)
                    _shown([.. lines.Take(late)]);
                _shown(await TransformAsync([.. lines.Skip(late)]));
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Nobody reads any more.
        }
    }

    private List<LogLine>? Take()
    {
        lock (_gate)
        {
            _running = _waiting.Count > 0 && !_closing.IsCancellationRequested;
            if (!_running)
                return null;
            var lines = _waiting;
            _waiting = [];
            return lines;
        }
    }

    /// <summary>Lines of several containers go to the plugins by container, and come back in the order they were in.</summary>
    private async Task<LogLine[]> TransformAsync(LogLine[] lines)
    {
        var groups = Enumerable.Range(0, lines.Length).Where(i => lines[i].Source is not null).GroupBy(i => lines[i].Source!).ToList();
        var hidden = new bool[lines.Length];
        foreach (var group in groups)
        {
            int[] places = [.. group];
            var source = new LogLinesPayload { Transform = "", Object = _object, Pod = group.Key.Pod, Container = group.Key.Container, Lines = [.. places.Select(i => lines[i].Text)] };
            var answer = await _extensions.TransformLogAsync(_kind, _context, source, _closing);
            Note(answer.Failures);
            for (var i = 0; i < places.Length; i++)
            {
                hidden[places[i]] = answer.Lines[i].IsHidden;
                lines[places[i]] = lines[places[i]] with { Spans = Plain(answer.Lines[i].Spans) };
            }
        }
        return [.. lines.Where((_, i) => !hidden[i])];
    }

    /// <summary>What a plugin says is text like any other log: no half of a control sequence is left as letters.</summary>
    private static ImmutableArray<Span> Plain(ImmutableArray<Span> spans) => spans.IsDefault ? default : [.. spans.Select(span => span with { Text = AnsiText.Strip(span.Text) })];

    private void Note(ImmutableArray<PluginFailure> failures)
    {
        lock (_gate)
            _failures = [.. _failures, .. failures.Where(failure => _failures.All(known => known.Plugin != failure.Plugin))];
    }
}
