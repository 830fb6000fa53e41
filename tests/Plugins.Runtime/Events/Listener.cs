using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Tests.Events;

/// <summary>A plugin that subscribes when it is activated, and notes what it is told.</summary>
internal sealed class Listener(params string[] topics)
{
    private readonly ConcurrentQueue<EventPayload> _heard = [];

    /// <summary>A line an event: topic and data.</summary>
    public IReadOnlyList<string> Heard => [.. _heard.Select(told => $"{told.Topic} {told.Data.GetRawText()}")];

    public IReadOnlyList<EventPayload> Events => [.. _heard];

    /// <summary>Why it was not let subscribe; null when it was.</summary>
    public CallError? Refused { get; private set; }

    /// <summary>What it does with each event.</summary>
    public Func<Turn, Task> OnEvent { get; init; } = static _ => Task.CompletedTask;

    public async Task<string> ListenAsync(Turn turn)
    {
        if (turn.Message.Type == MessageType.Activate)
            Refused = (await turn.TryCallAsync("events.subscribe", $$"""{"topics":[{{string.Join(',', topics.Select(topic => $"\"{topic}\""))}}]}""", null)).Error;
        if (turn.Message.Type == MessageType.Event)
        {
            _heard.Enqueue(turn.Payload.Deserialize(ContractJson.Default.EventPayload)!);
            await OnEvent(turn);
        }
        return "{}";
    }

    /// <summary>Waits until it has been told so much.</summary>
    public async Task HearsAsync(Func<IReadOnlyList<string>, bool> enough)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!enough(Heard))
        {
            Assert.False(patience.IsCancellationRequested, string.Join("\n", Heard));
            await Task.Delay(10);
        }
    }

    public Task HearsAsync(int events) => HearsAsync(heard => heard.Count >= events);
}
