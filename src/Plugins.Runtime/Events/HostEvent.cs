using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>An event, the host's own or a plugin's, on its way to one plugin.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Sequence">Counts up per topic.</param>
/// <param name="Time">When it was published.</param>
/// <param name="Data">What it carries, UTF-8 JSON: written once, however many hear it.</param>
/// <param name="CoalesceKey">Of events with one topic and key only the latest matters; null when each does.</param>
/// <param name="Publisher">Id of the plugin that publishes it; <see cref="Host"/> for the host's own.</param>
internal sealed record HostEvent(string Topic, long Sequence, DateTimeOffset Time, ReadOnlyMemory<byte> Data, string? CoalesceKey, string Publisher = HostEvent.Host)
{
    /// <summary>Who publishes the host's own topics.</summary>
    public const string Host = "lazyoc";

    /// <summary>The plugin that it tells of, and that is not to hear it; null for none.</summary>
    public PluginId? About { get; init; }
}
