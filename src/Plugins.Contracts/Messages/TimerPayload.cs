namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>Payload of <c>timer</c>: a timer that the plugin set is due.</summary>
public sealed record TimerPayload
{
    /// <summary>The timer's id.</summary>
    public required string Id { get; init; }
}
