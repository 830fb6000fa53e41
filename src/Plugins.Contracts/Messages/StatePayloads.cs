using System.Text.Json;

namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>Payload of <c>deactivate</c>: the instance ends; what it still calls has no effect.</summary>
public sealed record DeactivatePayload
{
    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary>
/// Answer to <c>dehydrate</c>. The message must change nothing: when the next instance cannot take over, this one goes on.
/// </summary>
public sealed record DehydrateAnswer
{
    /// <summary>Whatever the plugin wants to be given in <c>hydrate</c>; absent when it keeps nothing, and then there is no <c>hydrate</c>.</summary>
    public JsonElement? State { get; init; }
}

/// <summary>Payload of <c>hydrate</c>, which follows <c>activate</c> when an instance takes over from another.</summary>
public sealed record HydratePayload
{
    /// <summary>What the instance before answered to <c>dehydrate</c>.</summary>
    public required JsonElement State { get; init; }

    /// <summary>The version that gave it.</summary>
    public required string FromVersion { get; init; }
}

/// <summary>
/// Payload of <c>migrate</c>, the one message that the entry of a manifest's migration is given: it changes the store, of
/// which it sees a copy, with <c>storage.*</c>. When it fails the copy is thrown away, and the version before goes on.
/// </summary>
public sealed record MigratePayload
{
    /// <summary>The version that left the store as it is.</summary>
    public required string From { get; init; }
}
