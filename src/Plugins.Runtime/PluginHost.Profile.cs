using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Plugins.Runtime;

/// <content>What a plugin does, looked at for a while.</content>
public sealed partial class PluginHost
{
    /// <summary>Records the messages, turns, host calls and spans of a plugin, over all its instances.</summary>
    /// <param name="plugin">Which.</param>
    /// <param name="duration">How long.</param>
    /// <param name="cancellationToken">Ends it without an answer.</param>
    /// <returns>What it did; null when no such plugin runs here, or somebody else records it.</returns>
    public async Task<PluginProfile?> ProfileAsync(PluginId plugin, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        if (!_actors.TryGetValue(plugin, out var actor)) return null;
        var recorder = new ProfileRecorder(_options.Limits, _options.Time);
        if (!actor.TryBeginProfile(recorder)) return null;
        try
        {
            await Task.Delay(duration, _options.Time, cancellationToken);
            return recorder.Take(plugin, actor.Version);
        }
        finally
        {
            actor.EndProfile();
        }
    }
}
