using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>What a plugin did when a marketplace tried it, for people.</summary>
internal static class BehaviourText
{
    public static IEnumerable<string> Lines(PluginSummary plugin, Behaviour observed)
    {
        yield return $"{plugin.DisplayName}  {plugin.Id} {observed.Version}, tried on {observed.At.ToLocalTime():yyyy-MM-dd} against a simulated cluster";
        yield return observed.Calls.IsEmpty ? "It made no call." : "What it did";
        foreach (var call in observed.Calls)
            yield return $"  {call.Count,5:N0} × {call.Call}{(call.Target.Length > 0 ? $" on {call.Target}" : "")}{(call.Outcome == "done" ? "" : $", {call.Outcome}{(call.Reason is { } reason ? $": {reason}" : "")}")}";
        if (observed.CallsLeftOut > 0) yield return $"  and {observed.CallsLeftOut:N0} that are not listed";
        if (!observed.Servers.IsEmpty) yield return $"It sent requests to {string.Join(", ", observed.Servers)}; none of them was reached.";
        if (!observed.UnusedPermissions.IsEmpty) yield return $"It asks for and did not use {string.Join(", ", observed.UnusedPermissions)}.";
        if (!observed.Visits.IsEmpty) yield return "What was visited";
        foreach (var visit in observed.Visits)
            yield return $"  {visit.Kind} {visit.Id}{(visit.Target is { } target ? $" on {target}" : "")}{(visit.Failure is { } failure ? $", failed: {failure}" : "")}";
        if (!observed.MissingLayers.IsEmpty) yield return $"It was tried without {string.Join(", ", observed.MissingLayers)}, which the marketplace's machine does not have.";
    }
}
