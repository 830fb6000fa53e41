using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Events;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <content>How what is watched gets to the guest: one message at a time, beside the events.</content>
internal sealed partial class PluginInstance
{
    public OpenWatches Watches { get; }

    private async Task DeliverWatchesAsync()
    {
        try
        {
            await Task.Yield();
            while (true)
            {
                await Watches.WaitAsync(_ended);
                await _actor.PauseAsync(_ended);
                if (!await _messages.EnterAsync(_ended)) return;
                try
                {
                    if (Watches.Take() is { } payload) await DeliverAsync(payload);
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

    private Task DeliverAsync(WatchPayload payload)
    {
        if (payload.Lost is { } lost) _context.Accounts.AddLost(Principal.Id, lost);
        return DeliverAsync(MessageType.Watch, JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.WatchPayload), $"what happened in the watch {payload.Watch}");
    }
}
