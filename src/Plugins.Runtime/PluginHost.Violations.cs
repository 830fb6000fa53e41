using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime;

/// <content>What follows from violations, and who hears of it.</content>
public sealed partial class PluginHost
{
    private void OnViolation(ViolationReport report)
    {
        if (!_actors.TryGetValue(report.Plugin, out var actor)) return;
        // Of a consequence that goes on already everybody has been told.
        if (report.Consequence is { } consequence && !actor.Apply(consequence)) return;
        var becomes = NameOf(report.Consequence);
        var violation = new PluginViolation
        {
            Plugin = actor.Id.ToString(),
            Version = actor.Version,
            Violation = report.Violation,
            Call = report.Call,
            Reason = report.Reason,
            Consequence = becomes,
            Count = report.Count,
        };
        _bus.Publish(HostTopics.Violation, violation, ContractJson.Default.PluginViolation);
        if (becomes == ViolationConsequence.None) return;
        var word = becomes.ToString().ToLowerInvariant();
        _options.Audit.Record(new AuditEvent
        {
            Plugin = actor.Id,
            Version = actor.Version,
            Digest = actor.Plugin.Entry.Digest.ToString(),
            Call = HostTopics.Violation,
            Target = report.Call,
            Decision = AuditDecision.Transition,
            Reason = $"{word}: {report.Reason}",
        });
        if (becomes == ViolationConsequence.Throttled)
        {
            Tell(actor, $"is {word}: {report.Reason}, the last `{report.Call}`", "it goes on, with pauses between its messages", TextStyle.Warn);
            Extensions.RaiseChanged();
        }
        else
        {
            Tell(actor, $"is {word}: {report.Reason}", LiftHint(actor), TextStyle.Error);
        }
    }

    // A guest with a C library opens files without a call, and as often as it can.
    private void OnFileUsed(PluginPrincipal plugin, string call, string path, bool isChange)
    {
        if (path.Split('/') is ["", "mnt", var mount, ..]) plugin.Demanded(plugin, new Demand.MountedFile(mount, isChange), DemandOutcome.Permitted);
        _options.Audit.RecordAct(OfWasi(plugin, call, path, AuditDecision.Done, isChange ? "for writing" : "for reading"));
    }

    private void OnEscaped(PluginPrincipal plugin, string path)
    {
        _options.Audit.RecordRefusal(OfWasi(plugin, "path", path, AuditDecision.Refused, "leads out of the plugin's files"));
        _context.Violations.Record(plugin.Id, Violation.EscapeAttempt, "wasi.path");
    }

    private static AuditEvent OfWasi(PluginPrincipal plugin, string call, string path, AuditDecision decision, string? reason) => new()
    {
        Plugin = plugin.Id,
        Version = plugin.Version,
        Digest = plugin.Digest,
        Call = $"wasi.{call}",
        Target = path,
        Decision = decision,
        Reason = reason,
    };

    private void Tell(PluginActor actor, string what, string hint, TextStyle style) => Extensions.UserPrompts?.Tell(actor.Id, actor.Name, what, hint, style);

    private static string LiftHint(PluginActor actor) => $"`lazyoc plugin audit --plugin {actor.Id}` shows what it did; `lazyoc plugin enable {actor.Id}` lets it run again";

    private static ViolationConsequence NameOf(Consequence? consequence) => consequence switch
    {
        null => ViolationConsequence.None,
        Consequence.Throttle => ViolationConsequence.Throttled,
        Consequence.Suspend => ViolationConsequence.Suspended,
        Consequence.Quarantine => ViolationConsequence.Quarantined,
        _ => throw new ArgumentOutOfRangeException(nameof(consequence), consequence, "this consequence has no name"),
    };
}
