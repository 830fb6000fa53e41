using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>A topic of the host's own.</summary>
/// <param name="Name">As it is subscribed to; <c>resource.PLURAL</c> stands for one topic a kind.</param>
/// <param name="Description">When there is an event, and what it says: one sentence for the generated reference.</param>
/// <param name="Data">Gives the type of what it carries; only the reference asks.</param>
internal sealed record HostTopic(string Name, string Description, Func<JsonTypeInfo> Data)
{
    /// <summary>The name of what it tells the state of: who subscribes is told the latest event of all topics with it first; null for what merely happens.</summary>
    public string? State { get; init; }
}

/// <summary>All that the host tells of, beside what plugins publish.</summary>
internal static class HostTopics
{
    /// <summary>Topics that name a kind of objects follow.</summary>
    public const string ResourcePrefix = "resource.";

    public const string PluginPrefix = "plugin.";
    public const string Violation = "plugin.violation";

    public const string AuditPrefix = "audit.";
    public const string AuditEntry = "audit.entry";
    public const string Connected = "cluster.connected";
    public const string Disconnected = "cluster.disconnected";
    public const string Context = "cluster.context";
    public const string Screen = "ui.screen";
    public const string Selection = "ui.selection";
    public const string Namespace = "ui.namespace";
    public const string Theme = "ui.theme";

    /// <summary>The state that <see cref="Connected"/> and <see cref="Disconnected"/> tell of.</summary>
    public const string Connection = "cluster connection";

    /// <summary>Told without being subscribed to: events were dropped.</summary>
    public const string Lost = "events.lost";

    /// <summary>Told before the objects of a topic are told anew: what is not among them is gone.</summary>
    public const string Reset = "events.reset";

    private const string Latest = "Who subscribes is told first how it is.";

    /// <summary>In the order of the reference.</summary>
    public static ImmutableArray<HostTopic> All { get; } =
    [
        new("resource.PLURAL", "An object of a kind, such as `resource.pods` or `resource.deployments.apps`, was added, modified or deleted; those that are there already are told first, as added. Waiting events of one object become one.", static () => ContractJson.Default.ResourceEvent),
        .. Enum.GetValues<PluginState>().Select(state => new HostTopic(PluginPrefix + state.ToString().ToLowerInvariant(), $"A plugin became {state.ToString().ToLowerInvariant()}.", static () => ContractJson.Default.PluginEvent)),
        new(Violation, "A plugin was refused, or something follows from its refusals. Of many refusals there are few events, which count them.", static () => ContractJson.Default.PluginViolation),
        new(Connected, "The cluster answers, for the first time or again. " + Latest, static () => ContractJson.Default.ClusterConnected) { State = Connection },
        new(Disconnected, "The cluster does not answer any more. " + Latest, static () => ContractJson.Default.ClusterDisconnected) { State = Connection },
        new(Context, "A session with a cluster was opened, or is about to be closed, by a switch of the context or of the user: then this plugin's instance ends, too. " + Latest, static () => ContractJson.Default.ClusterContext) { State = Context },
        new(Screen, "The screen shows something else: another kind, a page, the details. " + Latest, static () => ContractJson.Default.UiScreen) { State = Screen },
        new(Selection, "Another object is selected. Of a fast walk through a list only some events are delivered, the last of them always. " + Latest, static () => ContractJson.Default.UiSelection) { State = Selection },
        new(Namespace, "The objects of another namespace are shown. " + Latest, static () => ContractJson.Default.UiNamespace) { State = Namespace },
        new(Theme, "The screen has other colours. " + Latest, static () => ContractJson.Default.UiTheme) { State = Theme },
        new(AuditEntry, "A line of this LazyOC's audit was written, at most 100 within a second. A plugin is not told of its own lines, nor of what others that are told do with permission. Permission besides: `audit: read`.", static () => ContractJson.Default.AuditTold),
        new(Lost, "Comes without being subscribed to: this plugin was too slow for events.", static () => ContractJson.Default.EventsLost),
        new(Reset, "Comes without being subscribed to: the objects of a `resource.PLURAL` topic follow anew.", static () => ContractJson.Default.EventsReset),
    ];

    // Behind the table that it is made of.
    private static readonly FrozenDictionary<string, string> States = All.Where(topic => topic.State is not null).ToFrozenDictionary(topic => topic.Name, topic => topic.State!, StringComparer.Ordinal);

    /// <summary>All that must be permitted to hear of a topic, or of those that a pattern covers.</summary>
    public static ImmutableArray<Demand> DemandsOf(string topic) =>
        topic.StartsWith(AuditPrefix, StringComparison.Ordinal) ? [new Demand.SubscribeEvents(topic), new Demand.ReadAudit()] : [new Demand.SubscribeEvents(topic)];

    /// <summary>What an event of a topic tells the state of; null for what merely happens.</summary>
    public static string? StateOf(string topic) => States.GetValueOrDefault(topic);

    /// <summary>Whether a topic is one of them, or a pattern covers any.</summary>
    public static bool Has(string topic) =>
        topic.StartsWith(PluginPrefix, StringComparison.Ordinal) || All.Any(known => known.Name is not (Lost or Reset) && TopicPattern.Matches(topic, known.Name));
}
