using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>A plugin written in JavaScript: several messages open at once, host calls that are promises.</summary>
internal sealed class JavaScriptGuest : Guest
{
    // Under the gate.
    private readonly Dictionary<int, Delivery> _calls = [];
    private QuickJsVm? _compiler;
    private PluginContext? _context;

    /// <summary>The message that the present turn is for; the running thread's own.</summary>
    private Delivery? _current;

    private JavaScriptGuest(GuestOptions options)
        : base(options, GuestThreads.Shared, options.Limits.MessagesInFlight, GuestBounds.TrapGraceMs)
    {
    }

    public static ValueTask<GuestStart> StartAsync(GuestOptions options, CancellationToken cancellationToken)
    {
        if (options.Code.Length > GuestBounds.CodeBytes)
            return ValueTask.FromResult<GuestStart>(new GuestStart.Failed(new GuestFault(GuestFaultKind.LoadFailed, $"the bundle has {options.Code.Length} bytes; at most {GuestBounds.CodeBytes} are loaded", InstanceLost: true)));
        return new JavaScriptGuest(options).StartAsync(cancellationToken);
    }

    protected override long MemoryBytes => _context?.MemoryBytes ?? 0;

    protected override GuestFault? Load()
    {
        var stacks = new StackMapper(new Lazy<SourceMap?>(ReadSourceMap));
        var events = new PluginEvents
        {
            Replied = OnReplied,
            Called = OnCalled,
            Refused = Options.Refused,
            Logged = Options.Log,
        };
        var key = new StartImages.Key(Options.CodeDigest ?? "", Options.Limits.MemoryBytes);
        var images = Options.CodeDigest is null ? null : Options.Images;
        if (images?.Use(key, image => new PluginContext(Options, Budget, stacks, events, image)) is { } restored)
        {
            SetContext(restored);
            return restored.Reseed();
        }
        // Told when the code is loaded for the first time, not when something fails later.
        stacks.Load();
        var bytecode = Bytecode.CompileBundle(Options, Budget, stacks, SetCompiler);
        var context = new PluginContext(Options, Budget, stacks, events);
        SetContext(context);
        var fault = context.Evaluate(bytecode);
        if (fault is null && images?.Wants(key) == true && context.TryTakeImage() is { } taken) images.Add(key, taken);
        return fault;
    }

    private void SetContext(PluginContext context)
    {
        lock (Gate)
        {
            _context = context;
            if (IsEnding)
                context.Trap();
        }
    }

    protected override GuestFault? Enter(Delivery delivery)
    {
        _current = delivery;
        var fault = _context!.Dispatch(delivery.Slot, delivery.Message);
        var later = _context.RunJobs();
        return fault ?? later;
    }

    protected override void Trap()
    {
        _compiler?.Trap();
        _context?.Trap();
    }

    protected override void DisposeInstance() => _context?.Dispose();

    protected override void OnEnding()
    {
        Delivery[] callers;
        lock (Gate)
            callers = [.. _calls.Values];
        foreach (var caller in callers)
            caller.CancelCalls();
    }

    private GuestFault? Settle(Delivery owner, int call, Answer answer)
    {
        _current = owner;
        // Open until the guest is told, so that answers which wait for it are bounded too.
        lock (Gate)
            _calls.Remove(call);
        var fault = _context!.Settle(call, answer);
        var later = _context.RunJobs();
        return fault ?? later;
    }

    private void SetCompiler(QuickJsVm? compiler)
    {
        lock (Gate)
        {
            _compiler = compiler;
            if (IsEnding)
                compiler?.Trap();
        }
    }

    private SourceMap? ReadSourceMap()
    {
        try
        {
            return Options.SourceMap is { } json ? SourceMap.Parse(json) : null;
        }
        catch (FormatException exception)
        {
            Options.Log(PluginLogLevel.Warn, $"stacks are not mapped: {exception.Message}");
            return null;
        }
    }

    private void OnReplied(int slot, GuestReply reply)
    {
        if (FindOpen(slot) is { } delivery)
            Finish(delivery, reply);
    }

    private CallError? OnCalled(int id, HostCall call)
    {
        var owner = _current!;
        CancellationToken cancellation;
        lock (Gate)
        {
            if (IsEnding)
                return new CallError(ErrorCode.Cancelled, "the plugin instance is being stopped");
            if (_calls.Count >= Options.Limits.CallsInFlight)
                return new CallError(ErrorCode.QuotaExceeded, $"{_calls.Count} host calls are open already");
            if (!_calls.TryAdd(id, owner))
                return new CallError(ErrorCode.Invalid, "the call's id is in use");
            cancellation = owner.CallsCancelled;
        }
        CountCall();
        if (!Options.AnswersAtOnce(call.Name))
        {
            // Off the guest thread: a handler may take as long as it likes.
            _ = Task.Run(() => AnswerAsync(id, owner, call, cancellation), CancellationToken.None);
            return null;
        }
        Budget.Pause();
        _ = AnswerAsync(id, owner, call, cancellation);
        Budget.Resume();
        return null;
    }

    private async Task AnswerAsync(int id, Delivery owner, HostCall call, CancellationToken cancellation)
    {
        var answer = await CallHostAsync(call, cancellation);
        Post(owner, () => Settle(owner, id, answer));
    }
}
