using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests;

/// <summary>What a scripted guest does with a message: its answer as JSON.</summary>
internal delegate Task<string> Script(Turn turn);

/// <summary>A message and the way out, as a scripted guest has them.</summary>
internal sealed record Turn(Envelope Message, HostCallHandler Door, CancellationToken CancellationToken)
{
    /// <summary>Counts guest CPU, as if it had been used.</summary>
    public required Action<TimeSpan> Burn { get; init; }

    public JsonElement Payload { get; } = JsonDocument.Parse(Message.Payload).RootElement.Clone();

    /// <summary>Makes a call with the message's gesture, or another; a refusal throws, as it does in JavaScript.</summary>
    public async Task<JsonElement> CallAsync(string name, string arguments, string? gesture = null)
    {
        var answer = await TryCallAsync(name, arguments, gesture ?? Message.Gesture);
        return answer.Error is { } error ? throw new GuestException($"{error.Code}: {error.Message}") : JsonDocument.Parse(answer.Ok).RootElement.Clone();
    }

    public ValueTask<Answer> TryCallAsync(string name, string arguments, string? gesture) =>
        Door(new HostCall(name, Encoding.UTF8.GetBytes(arguments), gesture), CancellationToken);
}

/// <summary>Thrown by a script: the message fails as the guest's doing.</summary>
internal sealed class GuestException(string message, GuestFaultKind kind = GuestFaultKind.Threw, bool instanceLost = false) : Exception(message)
{
    public GuestFault Fault => new(kind, Message, InstanceLost: instanceLost);
}

/// <summary>A guest in C#, behind the same door as any other. Honours deadlines by the real clock unless told to hang.</summary>
internal sealed class ScriptedGuest(GuestOptions options, Script script, bool answersAsItIs = false) : IGuest
{
    private readonly CancellationTokenSource _ends = new();
    private readonly TaskCompletionSource<GuestFault?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _messages;
    private long _cpuTicks;

    public GuestUsage Usage => new(new TimeSpan(Interlocked.Read(ref _cpuTicks)), 1 << 20, Interlocked.Read(ref _messages), 0, 0);

    public Task<GuestFault?> Ended => _ended.Task;

    public async ValueTask<GuestReply> SendAsync(Envelope message, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _messages);
        using var deadline = new CancellationTokenSource(message.DeadlineMs);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ends.Token, deadline.Token);
        async ValueTask<Answer> CallAsync(HostCall call, CancellationToken cancelled)
        {
            var waits = options.WaitsForUser(call.Name);
            if (waits) deadline.CancelAfter(Timeout.Infinite);
            var answer = await options.Call(call, cancelled);
            if (waits) deadline.CancelAfter(message.DeadlineMs);
            return answer;
        }
        try
        {
            var answer = await Task.Run(() => script(new Turn(message, CallAsync, ends.Token) { Burn = cpu => Interlocked.Add(ref _cpuTicks, cpu.Ticks) }), ends.Token).WaitAsync(ends.Token);
            // As the SDK does, where nothing is asked for.
            return new GuestReply.Answered(Encoding.UTF8.GetBytes(!answersAsItIs && NothingAnswer.IsOf(message.Type) ? "{}" : answer));
        }
        catch (GuestException fault)
        {
            return new GuestReply.Failed(fault.Fault);
        }
        catch (OperationCanceledException)
        {
            return new GuestReply.Failed(deadline.IsCancellationRequested
                ? new GuestFault(GuestFaultKind.Deadline, $"`{message.Type}` took longer than {message.DeadlineMs} ms")
                : new GuestFault(GuestFaultKind.Cancelled, "cancelled"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _ended.TrySetResult(null);
    }
}
