using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <content>How events get to the guest.</content>
internal sealed partial class PluginInstance
{
    /// <summary>Begins to deliver events, after the guest has been activated; the first message is <c>started</c>.</summary>
    public void StartDelivery()
    {
        var started = ReportAsync(TellAsync(new Request(MessageType.Started, "{}"u8.ToArray(), _context.Limits.MessageDeadline)));
        _pump = Task.WhenAll(started, DeliverEventsAsync(), DeliverWatchesAsync(), WatchAsync(_guest!));
    }

    private async Task DeliverEventsAsync()
    {
        try
        {
            await Task.Yield();
            while (true)
            {
                await Mailbox.WaitAsync(_ended);
                await _actor.PauseAsync(_ended);
                if (!await _messages.EnterAsync(_ended)) return;
                try
                {
                    await DeliverNextAsync();
                }
                finally
                {
                    _messages.Leave();
                }
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The instance ends; what still waits is for nobody.
        }
    }

    /// <summary>Sends a message that nobody waits for, in its turn; its failure is told as an event's is.</summary>
    /// <param name="request">The message.</param>
    /// <param name="isWanted">Asked when its turn has come.</param>
    public async Task DeliverAsync(Request request, Func<bool> isWanted)
    {
        try
        {
            await _actor.PauseAsync(_ended);
            if (!await _messages.EnterAsync(_ended)) return;
            try
            {
                CancellationToken interrupted;
                lock (_gate) interrupted = _interrupts.Token;
                if (isWanted()) await ReportAsync(SendAsync(request, null, interrupted));
            }
            finally
            {
                _messages.Leave();
            }
        }
        catch (OperationCanceledException)
        {
            // The instance ends or is being replaced: the next one has timers of its own.
        }
    }

    // Taken only inside the gate: what is not being delivered is in the mailbox.
    private async Task DeliverNextAsync()
    {
        if (Mailbox.TakeLost() is > 0 and var lost)
        {
            _context.Accounts.AddLost(Principal.Id, lost);
            await DeliverAsync(new HostEvent(HostTopics.Lost, 0, _context.Time.GetUtcNow(), JsonSerializer.SerializeToUtf8Bytes(new EventsLost { Count = lost }, ContractJson.Default.EventsLost), null));
            return;
        }
        var mail = Mailbox.Take();
        if (mail?.Event is { } happened) await DeliverAsync(happened);
        mail?.Reached?.Invoke();
    }

    private Task DeliverAsync(HostEvent happened)
    {
        var json = EventPayload.ToUtf8(happened.Topic, happened.Publisher, happened.Sequence, happened.Time, happened.Data.Span);
        return DeliverAsync(MessageType.Event, json, $"the event {happened.Topic} {happened.Sequence}");
    }

    private async Task DeliverAsync(string type, ReadOnlyMemory<byte> json, string what)
    {
        CancellationToken interrupted;
        lock (_gate) interrupted = _interrupts.Token;
        try
        {
            await ReportAsync(SendAsync(new Request(type, json, _context.Limits.MessageDeadline), null, interrupted));
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested && !_ended.IsCancellationRequested)
        {
            _context.Log(Principal.Id, PluginLogLevel.Warn, $"{what} was cancelled while it was handled: the plugin is being replaced");
        }
    }

    private async Task WatchAsync(IGuest guest)
    {
        if (await guest.Ended is { } fault) _actor.OnFault(this, fault with { InstanceLost = true });
    }
}
