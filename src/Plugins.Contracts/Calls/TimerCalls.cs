namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>timers.set</c>: a <c>timer</c> message after a while. A timer of the same id is replaced; all end with the instance.</summary>
public sealed record TimersSetRequest
{
    /// <summary>Names it among the plugin's own timers.</summary>
    public required string Id { get; init; }

    /// <summary>Milliseconds until the message, at least 10.</summary>
    public required int DelayMs { get; init; }

    /// <summary>Whether there is a message again and again, each so long after the one before. One that is still being handled is not sent anew.</summary>
    public bool Repeat { get; init; }
}

/// <summary><c>timers.clear</c>: ends a timer; nothing happens when there is none of that id.</summary>
public sealed record TimersClearRequest
{
    public required string Id { get; init; }
}
