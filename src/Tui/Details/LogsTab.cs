using System.Collections.Immutable;
using System.Text;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Details.Logs;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Details;

/// <summary>The logs of a pod, or of all pods of a workload, as they are written.</summary>
internal sealed class LogsTab : DetailsTab
{
    private static readonly ImmutableArray<(string Key, TimeSpan? Since)> Spans =
        [("0", null), ("1", TimeSpan.FromMinutes(1)), ("2", TimeSpan.FromMinutes(5)), ("3", TimeSpan.FromMinutes(15)), ("4", TimeSpan.FromHours(1)), ("5", TimeSpan.FromHours(6))];

    private readonly ScreenSession _session;
    private readonly ResourceKind _kind;
    private readonly ResourceRow _row;
    private readonly ObjectSource _source;
    private readonly ContainerQuestion? _ask;
    private readonly ChangeSignal _changed;
    private readonly TuiLimits _limits;
    private readonly TextPane _pane = new() { Follow = true };
    private LogChoice _choice = new();
    private Task<LogChoice?>? _asking;
    private LogFollow? _follow;
    private LogLines? _lines;
    private bool _timestamps;
    private bool _isTransformed;

    /// <summary>Lets the user choose a container; null when they keep what is.</summary>
    public delegate Task<LogChoice?> ContainerQuestion(ImmutableArray<string> containers, LogChoice current);

    public LogsTab(ScreenSession session, ResourceKind kind, ResourceRow row, ObjectSource source, ContainerQuestion? ask, ChangeSignal changed, TuiLimits limits) =>
        (_session, _kind, _row, _source, _ask, _changed, _limits) = (session, kind, row, source, ask, changed, limits);

    public override string Title => "Logs";

    public override string? Pending => _follow is { IsOpen: true } || IsImpossible ? null : $"tab Logs of {_kind.Kind}/{_row.Name}";

    public override bool IsTyping => _pane.IsTyping;

    public override string? SelectedText => _pane.CurrentMatch;

    public override string? WholeText
    {
        get
        {
            if (_lines is not { } lines)
                return null;
            var text = new StringBuilder();
            for (var number = lines.First; number < lines.End; number++)
                text.Append(TextRuns.TextOf(lines[number])).Append('\n');
            return text.ToString();
        }
    }

    public override ImmutableArray<KeyHint> Hints =>
    [
        new("f", _pane.Follow ? "stop following" : "follow"), new("/", "search"), new("o", "container"), new("p", _choice.Previous ? "present run" : "previous run"),
        new("t", "timestamps"), new("w", "wrap"), new("0-5", "since"),
    ];

    public override IEnumerable<StyledText> Notes
    {
        get
        {
            if (_follow is not { } follow)
                yield break;
            yield return new StyledText(string.Join(" · ", Facts(follow)), _pane.Follow && !_choice.Previous ? new Style(Tone.Ok) : Style.Muted);
            foreach (var failure in follow.Buffer.Through?.Failures ?? [])
                yield return new StyledText($"▲ {new PluginMark(failure.Plugin, failure.PluginName)} failed on some lines, which are shown as they are: {failure.Code}: {failure.Message}", new Style(Tone.Warn));
            if (follow.Stale is { Cause: { } cause } stale)
            {
                foreach (var note in StaleNote.Of(stale.Since, cause, _session.Cluster.Client.Time.GetUtcNow()))
                    yield return note;
            }
            else if (HasLines && follow.Troubles.FirstOrDefault() is { Cause: { } trouble } first)
            {
                yield return new StyledText($"▲ {first.Source.Pod}/{first.Source.Container}: {trouble.Message}", new Style(Tone.Warn));
                yield return new StyledText($"  hint: {trouble.Hint}", Style.Muted);
            }
        }
    }

    public override void Advance(FrameSize size)
    {
        if (_asking is { IsCompleted: true } asked)
        {
            _asking = null;
            if (asked.GetAwaiter().GetResult() is { } choice)
                Open(choice);
        }
        if (_follow is null && Selector() is { } pods)
        {
            _follow = new LogFollow(_session, _row.Namespace ?? "", pods, _choice, _changed, _limits, IsTransformed ? Passage : null);
            _isTransformed = IsTransformed;
            _lines = new LogLines(_follow.Buffer, _limits) { Timestamps = _timestamps, Containers = _choice.AllContainers, Names = LogPods.MakesPods(_kind) || _choice.AllContainers };
        }
        _follow?.Advance();
    }

    public override TabContent Compose(FrameSize size)
    {
        _follow?.Buffer.Look();
        if (_follow?.Refusal is { } refusal)
            return Error(refusal);
        if (IsImpossible)
            return _source.State.Failure is { } failure ? Error(failure) : new TabContent.View(new ViewNode.Empty { Message = $"{_kind.Kind}/{_row.Name} selects no pods" });
        if (Pending is { } who)
            return new TabContent.Pending(who);
        if (HasLines)
            return new TabContent.Lines(_pane.Compose(_lines!, size));
        return _follow!.Troubles.FirstOrDefault() is { Cause: { } cause } ? Error(cause)
            : new TabContent.View(new ViewNode.Empty { Message = _follow.Pods == 0 ? $"{_kind.Kind}/{_row.Name} has no pods" : $"Nothing written{(_choice.Since is { } since ? $" in the last {HumanDuration.Format(since)}" : "")}; new lines appear here" });
    }

    public override bool Handle(TerminalEvent input)
    {
        if (_pane.IsTyping)
            return _pane.Handle(input);
        var key = input is TerminalEvent.KeyPressed { Press: var press } ? press.ToString() : "";
        if (key is "f" or "end" or "G")
        {
            _pane.Follow = key != "f" || !_pane.Follow;
            return true;
        }
        return _pane.Handle(input) || TryChange(key);
    }

    public override void Dispose() => _follow?.Dispose();

    /// <summary>Plugins came or went: the log is read anew when its lines take another way than before.</summary>
    public void Replug()
    {
        if (_follow is not null && IsTransformed != _isTransformed)
            Open(_choice);
    }

    private GroupKind GroupKind => new(_kind.Group, _kind.Kind);

    private WhenContext When => _session.Cluster.When(_session.Cluster.Client.Discovery.Known, GroupKind, _row.Namespace);

    private bool IsTransformed => _session.Extensions?.TransformsLogs(GroupKind, When) == true;

    private LogPassage Passage(Action<LogLine[]> shown) => new(
        _session.Extensions!, GroupKind, When, new ObjectReference { Group = _kind.Group, Kind = _kind.Kind, Namespace = _row.Namespace, Name = _row.Name, Uid = _row.Uid }, shown, _limits);

    private bool HasLines => _lines is { } lines && lines.End > lines.First;

    /// <summary>A workload that cannot be read, or that selects nothing, has no logs to wait for.</summary>
    private bool IsImpossible => _follow is null && LogPods.MakesPods(_kind)
        && _source.State is var state && (state.Root is { } root ? LogPods.Of(root) is null : state.Failure is not null || state.GoneSince is not null);

    private bool TryChange(string key)
    {
        switch (key)
        {
            case "t":
                _timestamps = !_timestamps;
                if (_lines is not null)
                    _lines.Timestamps = _timestamps;
                return true;
            case "p":
                Open(_choice with { Previous = !_choice.Previous });
                return true;
            case "o" when _ask is not null && _follow is { Containers: { IsEmpty: false } containers } && _asking is null:
                _asking = _ask(containers, _choice);
                _ = _asking.ContinueWith(_ => _changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                return true;
            default:
                if (Spans.FirstOrDefault(s => s.Key == key) is not { Key: not null } span)
                    return false;
                Open(_choice with { Since = span.Since });
                return true;
        }
    }

    /// <summary>Opens the logs anew.</summary>
    private void Open(LogChoice choice)
    {
        _choice = choice;
        _follow?.Dispose();
        (_follow, _lines) = (null, null);
        _pane.Follow = true;
        _changed.Raise();
    }

    private Selector? Selector()
    {
        if (!LogPods.MakesPods(_kind))
            return LogPods.Only(_row.Name);
        _source.Advance();
        return _source.State.Root is { } root ? LogPods.Of(root) : null;
    }

    private IEnumerable<string> Facts(LogFollow follow)
    {
        yield return _choice.Previous ? "previous run" : _pane.Follow ? "● following" : "‖ stopped, f follows";
        yield return _choice.AllContainers ? "all containers" : _choice.Container ?? "default container";
        if (LogPods.MakesPods(_kind))
            yield return $"{follow.Pods} pods";
        if (_choice.Since is { } since)
            yield return $"last {HumanDuration.Format(since)}";
        if (follow.NotFollowed > 0)
            yield return $"{follow.NotFollowed} more containers not followed";
        if (follow.Buffer.First > 0)
            yield return $"{Scale.Format(follow.Buffer.First)} earlier lines dropped";
    }

    private static TabContent.View Error(Cluster.Errors.ClusterException cause) => new(new ViewNode.Error { Message = cause.Message, Hint = cause.Hint });
}
