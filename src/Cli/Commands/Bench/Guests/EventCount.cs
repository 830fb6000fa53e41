using System.Diagnostics;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>Counts the events that one plugin has handled, and looks whether they are all there and in order. Thread safe; one waits.</summary>
/// <param name="topic">Of the events that count.</param>
internal sealed class EventCount(string topic)
{
    private readonly Lock _gate = new();
    private readonly List<long> _handledAt = [];
    private TaskCompletionSource? _reached;
    private long _target;
    private long _last;

    /// <summary>Events that came after one that should have come later, or came twice.</summary>
    public long Doubled { get; private set; }

    /// <summary>Events that did not come.</summary>
    public long Lost { get; private set; }

    /// <summary>Stamps of <see cref="Stopwatch"/>, one an event.</summary>
    public long[] HandledAt
    {
        get { lock (_gate) return [.. _handledAt]; }
    }

    /// <summary>Takes note of an answered message.</summary>
    public void Take(Envelope message, GuestReply reply)
    {
        if (message.Type != MessageType.Event) return;
        if (reply is GuestReply.Failed { Fault: var fault }) throw new InvalidOperationException($"an event failed: {fault}");
        var happened = JsonSerializer.Deserialize(message.Payload.Span, ContractJson.Default.EventPayload) ?? throw new InvalidOperationException("an event is null");
        if (happened.Topic != topic) return;
        lock (_gate)
        {
            _handledAt.Add(Stopwatch.GetTimestamp());
            if (happened.Sequence <= _last) Doubled++;
            else Lost += happened.Sequence - _last - 1;
            _last = Math.Max(_last, happened.Sequence);
            if (_last >= _target) _reached?.TrySetResult();
        }
    }

    /// <summary>Waits until the event of this number, counted from 1, has been handled.</summary>
    public Task ReachAsync(long sequence)
    {
        lock (_gate)
        {
            if (_last >= sequence) return Task.CompletedTask;
            _target = sequence;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task;
        }
    }
}
