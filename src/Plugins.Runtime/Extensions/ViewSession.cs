using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>What an open view shows.</summary>
public abstract record ViewState
{
    private ViewState() { }

    /// <summary>The plugin has not answered yet.</summary>
    public sealed record Pending : ViewState;

    /// <summary>The latest content; within <see cref="ViewLimits"/>.</summary>
    public sealed record Ready(ViewNode Content) : ViewState;

    /// <summary>The plugin failed; replaced by its next successful answer.</summary>
    public sealed record Faulted(PluginFailure Failure) : ViewState;
}

/// <summary>
/// A view (tab, section, page or card) that is open on the screen. The plugin is asked to render when it opens, when its size
/// changes and when it is refreshed, is told what the user does in it, and may replace the content at any time. Thread safe;
/// dispose to close.
/// </summary>
public sealed class ViewSession : IDisposable
{
    private readonly PluginActor _actor;
    private readonly RuntimeLimits _limits;
    private readonly TimeProvider _time;
    private readonly Action<ViewSession> _changed;
    private readonly Action<ViewSession> _closed;
    private readonly CancellationTokenSource _closes = new();
    private readonly CancellationToken _isClosed;
    private readonly ITimer _nextUpdate;
    private readonly Lock _gate = new();
    private ViewState _state = new ViewState.Pending();
    private ViewNode? _update;
    private long? _updatedAt;
    private (int Width, int Height) _size;
    private bool _rendering;
    private bool _renderAgain;
    private bool _takingInput;
    private int _takeovers;

    internal ViewSession(Contributed<ViewContribution> view, ObjectReference? obj, string instance, PluginActor actor, RuntimeLimits limits, TimeProvider time, Action<ViewSession> changed, Action<ViewSession> closed)
    {
        (View, Object, Instance, _actor, _limits, _time, _changed, _closed) = (view, obj, instance, actor, limits, time, changed, closed);
        _isClosed = _closes.Token;
        _nextUpdate = time.CreateTimer(_ => ShowUpdate(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Contributed<ViewContribution> View { get; }

    /// <summary>What a tab or section is about; null for a page or card.</summary>
    public ObjectReference? Object { get; }

    /// <summary>The namespace that a view of a list shows; null for all of them, and for every other view.</summary>
    internal string? Namespace { get; init; }

    /// <summary>What the plugin names this view by; no other view of the host, open or closed, has the same.</summary>
    internal string Instance { get; }

    /// <summary>What to draw now.</summary>
    public ViewState State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>Whether the plugin is at work on the user's last input; until then it takes no other.</summary>
    public bool IsTakingInput
    {
        get { lock (_gate) return _takingInput; }
    }

    /// <summary>Tells the plugin the area's new size in cells; the old content stays until it answers.</summary>
    public void Resize(int width, int height)
    {
        lock (_gate)
        {
            if (_size == (width, height)) return;
            _size = (width, height);
        }
        Refresh();
    }

    /// <summary>Asks the plugin to render again, for example because the object changed; at most one request is open.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            if (_isClosed.IsCancellationRequested) return;
            _renderAgain = true;
            if (_rendering) return;
            _rendering = true;
        }
        _ = RenderAsync();
    }

    /// <summary>
    /// Tells the plugin what the user has just done (and confirmed, when it is destructive): it may write until it has
    /// answered, with new content or none. A view takes one input at a time.
    /// </summary>
    /// <returns>Done, or why the input failed or was not possible; what is shown stays then.</returns>
    public async Task<InvocationResult> InputAsync(ViewInput input, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (WhyNot(input) is { } failure) return new InvocationResult.Faulted(failure);
            _takingInput = true;
        }
        _changed(this);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _isClosed);
        try
        {
            return await AskAsync(input, ends.Token);
        }
        catch (OperationCanceledException) when (_isClosed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new InvocationResult.Faulted(_actor.Failure(ErrorCode.Cancelled, "the view was closed"));
        }
        finally
        {
            lock (_gate) _takingInput = false;
            _changed(this);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close(null);

    /// <summary>Closes the view for good; what it shows then is final, however late an answer comes.</summary>
    /// <param name="failure">Why, to be shown in place of the content; null keeps what is shown.</param>
    internal void Close(PluginFailure? failure)
    {
        lock (_gate)
        {
            if (_isClosed.IsCancellationRequested) return;
            if (failure is not null) _state = new ViewState.Faulted(failure);
            _update = null;
            _closes.Cancel();
        }
        _closes.Dispose();
        _nextUpdate.Dispose();
        _closed(this);
        if (failure is not null) _changed(this);
    }

    /// <summary>The plugin sends new content: shown at once, or, when the last is too young, the latest when its time comes.</summary>
    internal CallError? Update(ViewNode content)
    {
        lock (_gate)
        {
            if (_isClosed.IsCancellationRequested) return Closed();
            if (Delay(content)) return null;
        }
        ShowUpdate();
        return null;
    }

    /// <summary>The plugin replaces nodes of the latest content, be it shown or waiting for its time: all of them or none.</summary>
    internal CallError? Patch(ImmutableArray<ViewPatch> patches)
    {
        lock (_gate)
        {
            if (_isClosed.IsCancellationRequested) return Closed();
            if ((_update ?? (_state as ViewState.Ready)?.Content) is not { } content) return new CallError(ErrorCode.NotFound, "the view has no content to patch");
            if (!ViewPatch.Apply(content, patches).TryGet(out var patched, out var unknown)) return new CallError(ErrorCode.NotFound, unknown[0].ToString());
            if (ViewReader.Check(patched, _limits.Views) is [var problem, ..]) return new CallError(ErrorCode.Invalid, $"the patched view is not valid: {problem}");
            if (Delay(patched)) return null;
        }
        ShowUpdate();
        return null;
    }

    /// <summary>The plugin failed.</summary>
    internal void Fail(PluginFailure failure) => Show(new ViewState.Faulted(failure));

    /// <summary>Has an instance that is about to take over render it; what is shown stays.</summary>
    internal async Task<RenderedView> PreviewAsync(PluginInstance candidate)
    {
        RenderPayload payload;
        lock (_gate) payload = Payload();
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.RenderPayload);
        var reply = await candidate.TellAsync(new Request(MessageType.Render, json, _limits.RenderDeadline));
        if (reply is GuestReply.Failed failed) return new RenderedView(this, new ViewState.Faulted(_actor.Failure(failed.Fault)), candidate.WasHeldBack && UncaughtRefusal.Is(failed.Fault));
        return new RenderedView(this, Read(((GuestReply.Answered)reply).Json).TryGet(out var content, out var problems)
            ? new ViewState.Ready(content)
            : new ViewState.Faulted(_actor.Failure(ErrorCode.Invalid, $"the answer to `render` is not a view: {problems[0]}")));
    }

    /// <summary>Another instance has taken over: shows its content, and nothing more of the one before.</summary>
    internal void TakeOver(ViewState state)
    {
        lock (_gate)
        {
            _takeovers++;
            _update = null;
            if (!_isClosed.IsCancellationRequested) _state = state;
        }
    }

    private string Activation => ActivationEvent.Of(View.Contribution).ToString();

    /// <summary>Why an input cannot be taken now; null when it can. Under the gate.</summary>
    private PluginFailure? WhyNot(ViewInput input)
    {
        if (_isClosed.IsCancellationRequested) return _actor.Failure(ErrorCode.Cancelled, "the view is closed");
        if (_takingInput) return _actor.Failure(ErrorCode.Conflict, "it is still at work on what you did before");
        if (_state is not ViewState.Ready ready) return _actor.Failure(ErrorCode.NotFound, "the view shows nothing to operate");
        return InputRules.Check(ready.Content, input) is { } problem ? _actor.Failure(ErrorCode.Invalid, problem.ToString()) : null;
    }

    private static CallError Closed() => new(ErrorCode.NotFound, "the view is closed");

    /// <summary>Keeps content for later when the last is too young; false when it is to be shown now.</summary>
    private bool Delay(ViewNode content)
    {
        _update = content;
        var wait = _updatedAt is { } last ? _limits.ViewUpdateInterval - _time.GetElapsedTime(last) : TimeSpan.Zero;
        if (wait <= TimeSpan.Zero) return false;
        _nextUpdate.Change(wait, Timeout.InfiniteTimeSpan);
        return true;
    }

    private void ShowUpdate()
    {
        lock (_gate)
        {
            if (_update is not { } content) return;
            _update = null;
            _updatedAt = _time.GetTimestamp();
            _state = new ViewState.Ready(content);
        }
        _changed(this);
    }

    private async Task RenderAsync()
    {
        await Task.Yield();
        try
        {
            while (TakeRequest() is var (request, takeovers))
                Show(await AskAsync(request), takeovers);
        }
        catch (OperationCanceledException) when (_isClosed.IsCancellationRequested)
        {
            // Closed while the plugin was working; nobody sees the answer.
        }
    }

    private (RenderPayload Request, int Takeovers)? TakeRequest()
    {
        lock (_gate)
        {
            _rendering = _renderAgain && !_isClosed.IsCancellationRequested;
            _renderAgain = false;
            return _rendering ? (Payload(), _takeovers) : null;
        }
    }

    private RenderPayload Payload() => new() { View = View.Contribution.Id, Instance = Instance, Object = Object, Namespace = Namespace, Width = _size.Width, Height = _size.Height };

    private async Task<ViewState> AskAsync(RenderPayload payload)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.RenderPayload);
        switch (await _actor.AskAsync(Activation, new Request(MessageType.Render, json, _limits.RenderDeadline), _isClosed))
        {
            case Reply.Failed failed:
                return new ViewState.Faulted(failed.Failure);
            case Reply.Answered answered:
                return Read(answered.Json).TryGet(out var content, out var problems)
                    ? new ViewState.Ready(content)
                    : new ViewState.Faulted(answered.Instance.Reject($"the answer to `render` is not a view: {problems[0]}"));
            case var other:
                throw new InvalidOperationException($"A request ended in {other}.");
        }
    }

    private async Task<InvocationResult> AskAsync(ViewInput input, CancellationToken cancellationToken)
    {
        var payload = new InputPayload
        {
            View = View.Contribution.Id,
            Instance = Instance,
            Object = Object,
            Node = input.Node,
            Event = input.Event,
            Row = input.Row,
            Action = input.Action,
            Values = input.Values,
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.InputPayload);
        switch (await _actor.AskAsync(Activation, new Request(MessageType.Input, json, _limits.MessageDeadline, NeedsGesture: true), cancellationToken))
        {
            case Reply.Failed failed:
                return new InvocationResult.Faulted(failed.Failure);
            // A guest that answers nothing at all answers an empty object.
            case Reply.Answered answered when NothingAnswer.Is(answered.Json.Span):
                return new InvocationResult.Done();
            case Reply.Answered answered:
                if (!Read(answered.Json).TryGet(out var content, out var problems))
                    return new InvocationResult.Faulted(answered.Instance.Reject($"the answer to `input` is neither a view nor `null`: {problems[0]}"));
                Show(new ViewState.Ready(content));
                return new InvocationResult.Done();
            case var other:
                throw new InvalidOperationException($"A request ended in {other}.");
        }
    }

    private Outcome<ViewNode> Read(ReadOnlyMemory<byte> json) => _limits.ReadsViewsBy is { } careless ? careless(json) : ViewReader.Read(json.Span, _limits.Views);

    // What the plugin said last counts: an update that still waits is older.
    private void Show(ViewState state, int? takeovers = null)
    {
        lock (_gate)
        {
            if (_isClosed.IsCancellationRequested) return;
            // What the plugin's instance before said last must not replace what this one says.
            if (takeovers is { } asked && asked != _takeovers) return;
            _update = null;
            _state = state;
        }
        _changed(this);
    }
}

/// <summary>What an open view shows when another instance takes over.</summary>
/// <param name="Session">The view.</param>
/// <param name="State">What the instance made of it.</param>
/// <param name="IsHeldBack">It failed only because the instance cannot ask servers yet.</param>
internal readonly record struct RenderedView(ViewSession Session, ViewState State, bool IsHeldBack = false);
