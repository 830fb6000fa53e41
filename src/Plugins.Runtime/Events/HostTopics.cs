using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>A topic of the host's own.</summary>
/// <param name="Name">As it is subscribed to; <c>resource.PLURAL</c> stands for one topic a kind.</param>
/// <param name="Description">When there is an event, and what it says: one sentence for the generated reference.</param>
/// <param name="Data">What it carries.</param>
internal sealed record HostTopic(string Name, string Description, JsonTypeInfo Data);

/// <summary>All that the host tells of, beside what plugins publish.</summary>
internal static class HostTopics
{
    /// <summary>Topics that name a kind of objects follow.</summary>
    public const string ResourcePrefix = "resource.";

    public const string PluginPrefix = "plugin.";
    public const string Violation = "plugin.violation";

    /// <summary>Told without being subscribed to: events were dropped.</summary>
    public const string Lost = "events.lost";

    /// <summary>Told before the objects of a topic are told anew: what is not among them is gone.</summary>
    public const string Reset = "events.reset";

    /// <summary>In the order of the reference.</summary>
    public static ImmutableArray<HostTopic> All { get; } =
    [
        new("resource.PLURAL", "An object of a kind, such as `resource.pods` or `resource.deployments.apps`, was added, modified or deleted; those that are there already are told first, as added. Waiting events of one object become one.", ContractJson.Default.ResourceEvent),
        .. Enum.GetValues<PluginState>().Select(state => new HostTopic(PluginPrefix + state.ToString().ToLowerInvariant(), $"A plugin became {state.ToString().ToLowerInvariant()}.", ContractJson.Default.PluginEvent)),
        new(Violation, "A plugin was refused, or something follows from its refusals. Of many refusals there are few events, which count them.", ContractJson.Default.PluginViolation),
        new(Lost, "Comes without being subscribed to: this plugin was too slow for events.", ContractJson.Default.EventsLost),
        new(Reset, "Comes without being subscribed to: the objects of a `resource.PLURAL` topic follow anew.", ContractJson.Default.EventsReset),
    ];

    /// <summary>Whether a topic is one of them, or a pattern covers any.</summary>
    public static bool Has(string topic) =>
        topic.StartsWith(PluginPrefix, StringComparison.Ordinal) || All.Any(known => known.Name is not (Lost or Reset) && TopicPattern.Matches(topic, known.Name));
}
