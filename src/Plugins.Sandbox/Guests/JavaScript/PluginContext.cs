using System.Buffers;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>What a plugin's JavaScript tells its host, during a turn.</summary>
internal sealed record PluginEvents
{
    /// <summary>The message in this slot has its answer or its fault.</summary>
    public required Action<int, GuestReply> Replied { get; init; }

    /// <summary>A host call with this id; what is returned refuses it at once.</summary>
    public required Func<int, HostCall, CallError?> Called { get; init; }

    /// <summary>A host call was refused, by this side or that one.</summary>
    public required Action<RefusedCall> Refused { get; init; }

    public required Action<PluginLogLevel, string> Logged { get; init; }
}

/// <summary>
/// A VM with the prelude and one evaluated plugin: the ways in (<see cref="Dispatch"/>, <see cref="Settle"/>,
/// <see cref="RunJobs"/>), and out (<see cref="PluginEvents"/>).
/// </summary>
/// <remarks>As <see cref="QuickJsVm"/>: one guest thread at a time. A fault returned ends what the turn was for; the context lives on.</remarks>
internal sealed class PluginContext : IDisposable
{
    /// <summary>Jobs between looks at the budget: a look costs about as much as a small job.</summary>
    private const int JobsPerLook = 32;

    private readonly QuickJsVm _vm;
    private readonly TurnBudget _budget;
    private readonly PluginEvents _events;
    private readonly StackMapper _stacks;
    private readonly Action<Span<byte>> _fillRandom;
    private readonly GuestLimits _limits;
    private readonly Func<string, string>? _changesPrelude;
    private readonly Func<IStackSampler?>? _sampler;
    private readonly StackSamples _samples;
    private readonly SamplePace _pace;
    private readonly ArrayBufferWriter<byte> _errorJson = new();
    private readonly List<(JsValue Promise, JsValue Reason)> _rejections = [];
    private int _untrackedRejections;
    private Entries _entries;
    private bool _isEvaluated;
    private bool _hasDrawnRandom;

    /// <param name="options">Bounds, clock and randomness.</param>
    /// <param name="budget">Of the turns.</param>
    /// <param name="stacks">Maps stacks to the plugin's sources.</param>
    /// <param name="events">The ways out.</param>
    /// <param name="image">What to start from; null for an empty VM, to be <see cref="Evaluate">given</see> its code.</param>
    public PluginContext(GuestOptions options, TurnBudget budget, StackMapper stacks, PluginEvents events, StartImage? image = null)
    {
        _budget = budget;
        _events = events;
        _stacks = stacks;
        _fillRandom = options.FillRandom;
        _limits = options.Limits;
        _changesPrelude = options.ChangesPrelude;
        _sampler = options.Sampler;
        _samples = new StackSamples(stacks);
        _pace = new SamplePace(budget);
        var host = new QuickJsHost
        {
            Time = options.Time,
            FillRandom = options.FillRandom,
            ShouldInterrupt = ShouldInterrupt,
            OnRejection = OnRejection,
        };
        if (image is null)
        {
            _vm = new QuickJsVm(options.Limits, options.CompilesAtRunTime, host);
            return;
        }
        _vm = new QuickJsVm(image.Vm, options.Limits.MemoryBytes, host);
        foreach (var (name, bridge) in Bridges) _vm.Bind(name, bridge);
        _entries = image.Entries;
        _isEvaluated = true;
    }

    /// <summary>Draws randomness of its own, after the start from an image: what was drawn before belongs to all that start from it.</summary>
    public GuestFault? Reseed()
    {
        var result = _vm.Call(_entries.Reseed);
        return result.IsException ? TakeFault() : null;
    }

    /// <summary>What another instance may start from; null when this one is no longer, or never was, the same as any other of its package.</summary>
    public StartImage? TryTakeImage() => _isEvaluated && !_hasDrawnRandom && !_vm.IsJobPending
        ? new StartImage(_vm.TakeImage(), _entries)
        : null;

    /// <summary>Linear memory now, in bytes.</summary>
    public long MemoryBytes => _vm.MemoryBytes;

    /// <summary>Ends what runs with a trap; from any thread.</summary>
    public void Trap() => _vm.Trap();

    public void Dispose() => _vm.Dispose();

    /// <summary>Runs the prelude, then the plugin's module; null when the plugin is ready.</summary>
    public GuestFault? Evaluate(ReadOnlySpan<byte> bytecode)
    {
        if (RunPrelude() is { } fault)
            return fault;
        var evaluation = _vm.Evaluate(bytecode);
        if (evaluation.IsException)
            return TakeFault();
        fault = RunDueJobs();
        Forget(evaluation);
        LogRejections();
        fault ??= _vm.StateOf(evaluation) switch
        {
            PromiseState.Fulfilled => null,
            PromiseState.Rejected => TakeRejection(evaluation),
            _ => new GuestFault(
                GuestFaultKind.LoadFailed,
                "the module awaits something that does not come before the plugin is active\nhint: do it in the handler of `activate`"),
        };
        _vm.Free(evaluation);
        _isEvaluated = fault is null;
        return fault;
    }

    /// <summary>Hands a message to the plugin's handler; its reply comes through <see cref="PluginEvents.Replied"/>, now or later.</summary>
    public GuestFault? Dispatch(int slot, Envelope message)
    {
        // Only the payload is JSON to parse: the rest of the envelope costs a third of it when it goes through text.
        ReadOnlySpan<JsValue> arguments =
        [
            JsValue.FromInteger(slot),
            _vm.NewString(message.Id),
            _vm.NewString(message.Type),
            _vm.NewString(message.Session),
            message.Gesture is null ? JsValue.Undefined : _vm.NewString(message.Gesture),
            JsValue.FromInteger(message.DeadlineMs),
            Parse(message.Payload.Span),
        ];
        var result = IsAnyException(arguments) ? JsValue.Exception : _vm.Call(_entries.Dispatch, arguments);
        foreach (var argument in arguments)
            _vm.Free(argument);
        if (result.IsException)
            return TakeFault();
        if (result.IsUndefined)
            return null;
        var isText = Succeed(slot, result);
        _vm.Free(result);
        return isText ? null : TakeFault();
    }

    /// <summary>Settles the promise of a host call.</summary>
    public GuestFault? Settle(int call, Answer answer)
    {
        var json = answer.Error is { } error ? ToJson(error) : answer.Ok.Span;
        var value = Parse(json);
        if (value.IsException)
            return TakeFault();
        var result = _vm.Call(_entries.Settle, JsValue.FromInteger(call), answer.Error is null ? JsValue.True : JsValue.False, value);
        _vm.Free(value);
        return result.IsException ? TakeFault() : null;
    }

    private JsValue Parse(ReadOnlySpan<byte> json)
    {
        json.CopyTo(_vm.Scratch(json.Length));
        return _vm.ParseScratch(json.Length);
    }

    private static bool IsAnyException(ReadOnlySpan<JsValue> values)
    {
        foreach (var value in values)
            if (value.IsException) return true;
        return false;
    }

    /// <summary>Runs promise jobs until none is due or the budget is spent, then logs rejections nobody handles.</summary>
    public GuestFault? RunJobs()
    {
        var fault = RunDueJobs();
        LogRejections();
        return fault;
    }

    private GuestFault? RunDueJobs()
    {
        GuestFault? fault = null;
        for (var i = 1; _vm.IsJobPending && !_budget.WasSpent; i++)
        {
            if (!_vm.RunJob())
                fault ??= TakeFault();
            else if (i % JobsPerLook == 0)
                _budget.IsSpent();
        }
        // QuickJS turns the interruption of an async function into a rejection, which the plugin may have handled.
        return _budget.WasSpent ? fault ?? Interrupted() : fault;
    }

    private GuestFault? RunPrelude()
    {
        var prelude = _vm.Evaluate(_changesPrelude is null ? Bytecode.Prelude : Bytecode.CompilePrelude(_changesPrelude));
        if (prelude.IsException)
            return TakeFault();
        var entries = _vm.Call(prelude, [.. Bridges.Select(bridge => _vm.NewFunction(bridge.Name, bridge.Bridge))]);
        _vm.Free(prelude);
        if (entries.IsException)
            return TakeFault();
        _entries = new Entries(_vm.GetProperty(entries, "dispatch"), _vm.GetProperty(entries, "settle"), _vm.GetProperty(entries, "reseed"), _vm.GetProperty(entries, "sample"));
        _vm.Free(entries);
        foreach (var script in Bytecode.Web)
        {
            var completed = _vm.Evaluate(script);
            if (completed.IsException)
                return TakeFault();
            _vm.Free(completed);
        }
        return null;
    }

    private bool ShouldInterrupt()
    {
        if (_sampler?.Invoke() is { } sampler && _isEvaluated) _pace.Look(sampler, () => _samples.Read(_vm, _entries.Sample));
        return _budget.IsSpent();
    }

    // Bridges; their counterparts in prelude.js take them in this order.

    private (char Name, Bridge Bridge)[] Bridges =>
    [
        ('a', Answer),
        ('c', Call),
        ('l', Log),
        ('r', FillRandom),
        ('e', (vm, arguments) => vm.NewUtf8Array(arguments[0])),
        ('d', (vm, arguments) => vm.Decode(arguments[0], arguments[1].IsTrue, arguments[2].IsTrue)),
    ];

    private JsValue FillRandom(QuickJsVm vm, JsArguments arguments)
    {
        _hasDrawnRandom = true;
        _fillRandom(vm.GetBytes(arguments[0]));
        return JsValue.Undefined;
    }

    private JsValue Answer(QuickJsVm vm, JsArguments arguments)
    {
        const int succeeded = 0, threw = 1;
        var slot = arguments[0].Integer;
        var outcome = arguments[1].Integer;
        if (outcome == succeeded)
            return Succeed(slot, arguments[2]) ? JsValue.Undefined : JsValue.Exception;
        var error = new JsError(
            vm.ToText(arguments[2], GuestBounds.FaultTextBytes),
            vm.ToText(arguments[3], GuestBounds.FaultTextBytes),
            vm.ToText(arguments[4], GuestBounds.FaultTextBytes));
        _events.Replied(slot, new GuestReply.Failed(ToFault(error, outcome == threw ? GuestFaultKind.Threw : GuestFaultKind.InvalidAnswer)));
        return JsValue.Undefined;
    }

    /// <summary>A message's answer is there, as a string of JSON; false when it cannot be read, with the exception to take.</summary>
    private bool Succeed(int slot, JsValue answer)
    {
        var json = _vm.ToUtf8(answer, _limits.AnswerBytes, out var length);
        if (json is null)
            return false;
        _events.Replied(slot, Answers.Complain(length, _limits) is { } complaint
            ? new GuestReply.Failed(new GuestFault(GuestFaultKind.InvalidAnswer, complaint))
            : Answers.ToReply(json, _limits));
        return true;
    }

    private JsValue Call(QuickJsVm vm, JsArguments arguments)
    {
        var json = vm.ToUtf8(arguments[3], Envelope.MaxBytes, out var length);
        if (json is null)
            return JsValue.Exception;
        var gesture = arguments[2].IsUndefined ? null : vm.ToText(arguments[2], GuestBounds.CallNameBytes);
        var name = vm.ToText(arguments[1], GuestBounds.CallNameBytes);
        var refusal =
            !_isEvaluated ? new CallError(ErrorCode.Unavailable, "host calls are possible once the plugin is active, not while its code is loaded") :
            length > Envelope.MaxBytes ? new CallError(ErrorCode.TooLarge, $"the arguments have {length} bytes; a call has at most {Envelope.MaxBytes}") :
            _events.Called(arguments[0].Integer, new HostCall(name, json, gesture));
        if (refusal is not null) _events.Refused(new RefusedCall(name, refusal));
        return refusal is null ? JsValue.Undefined : vm.NewString(ToJson(refusal));
    }

    private JsValue Log(QuickJsVm vm, JsArguments arguments)
    {
        var line = vm.ToUtf8(arguments[1], GuestBounds.LogLineBytes, out var length);
        if (line is null)
            return JsValue.Exception;
        var text = Encoding.UTF8.GetString(line);
        _events.Logged((PluginLogLevel)Math.Clamp(arguments[0].Integer, 0, (int)PluginLogLevel.Error), length > line.Length ? text + '…' : text);
        return JsValue.Undefined;
    }

    // Faults

    private void OnRejection(JsValue promise, JsValue reason, bool isHandled)
    {
        if (!isHandled && _rejections.Count < GuestBounds.RejectionsPerTurn)
        {
            _rejections.Add((promise, reason));
            return;
        }
        if (!isHandled)
        {
            _untrackedRejections++;
        }
        else
        {
            Forget(promise);
        }
        Free((promise, reason));
    }

    /// <summary>Somebody handles what this promise is rejected with.</summary>
    private void Forget(JsValue promise)
    {
        var tracked = _rejections.FindIndex(rejection => rejection.Promise.Address == promise.Address);
        if (tracked < 0)
            return;
        Free(_rejections[tracked]);
        _rejections.RemoveAt(tracked);
    }

    private void LogRejections()
    {
        foreach (var rejection in _rejections)
        {
            var error = JsError.Describe(_vm, rejection.Reason);
            _events.Logged(PluginLogLevel.Error, $"unhandled rejection: {error}\n{_stacks.Map(error.Stack)}".TrimEnd());
            Free(rejection);
        }
        _rejections.Clear();
        if (_untrackedRejections > 0)
            _events.Logged(PluginLogLevel.Error, $"{_untrackedRejections} more unhandled rejections");
        _untrackedRejections = 0;
    }

    private void Free((JsValue Promise, JsValue Reason) rejection)
    {
        _vm.Free(rejection.Promise);
        _vm.Free(rejection.Reason);
    }

    private GuestFault TakeFault()
    {
        var error = JsError.Take(_vm);
        return _budget.WasSpent ? Interrupted() with { Stack = _stacks.Map(error.Stack) } : ToFault(error, GuestFaultKind.Threw);
    }

    private GuestFault TakeRejection(JsValue promise)
    {
        var reason = _vm.ResultOf(promise);
        var error = JsError.Describe(_vm, reason);
        _vm.Free(reason);
        return ToFault(error, GuestFaultKind.Threw);
    }

    private GuestFault Interrupted() =>
        new(GuestFaultKind.Interrupted, $"the turn used more than its {_budget.LimitMs} ms of CPU");

    private GuestFault ToFault(JsError error, GuestFaultKind kind) =>
        new(error.IsOutOfMemory ? GuestFaultKind.OutOfMemory : kind, error.ToString(), _stacks.Map(error.Stack));

    private ReadOnlySpan<byte> ToJson(CallError error)
    {
        _errorJson.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_errorJson))
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, error.Code);
            writer.WriteString("message"u8, error.Message);
            writer.WriteEndObject();
        }
        return _errorJson.WrittenSpan;
    }
}
