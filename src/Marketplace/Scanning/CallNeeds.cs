using System.Collections.Immutable;
using LazyOC.Marketplace.Scanning.JavaScript;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Marketplace.Scanning;

/// <summary>What a host call needs to be permitted, as far as it can be said without running it.</summary>
/// <param name="Permission">The permission's place in the manifest, such as <c>network.connect</c>; null for a call that any plugin may make.</param>
/// <param name="IsGiven">Whether some rule of the manifest could permit the call; true where that cannot be said.</param>
internal sealed record CallNeed(string? Permission, Func<PermissionSet, ScriptCall, bool> IsGiven);

/// <summary>All host calls. A test compares the table with <c>schemas/host-api-v1.json</c>.</summary>
internal static class CallNeeds
{
    private static readonly CallNeed Nothing = new(null, static (_, _) => true);
    private static readonly CallNeed Connect = new("network.connect", static (set, _) => !set.Network.Connect.IsEmpty);
    private static readonly CallNeed Storage = new("storage", static (set, _) => set.StorageBytes > 0);
    // Below `/plugin` and `/tmp` files need no permission.
    private static readonly CallNeed Files = new("files", static (set, call) => call.Path?.StartsWith("/mnt/", StringComparison.Ordinal) != true || !set.Files.IsEmpty);

    public static ImmutableSortedDictionary<string, CallNeed> ByName { get; } = new Dictionary<string, CallNeed>(StringComparer.Ordinal)
    {
        ["audit.read"] = new("audit", static (set, _) => set.Audit == AuditAccess.Read),
        ["clipboard.write"] = new("clipboard", static (set, _) => set.Clipboard == ClipboardAccess.Write),
        ["config.get"] = Nothing,
        ["crypto.hash"] = Nothing,
        ["crypto.random"] = Nothing,
        ["events.publish"] = new("events.publish", static (set, _) => !set.Events.Publish.IsEmpty),
        ["events.subscribe"] = new("events.subscribe", static (set, _) => !set.Events.Subscribe.IsEmpty),
        ["events.unsubscribe"] = Nothing,
        ["files.delete"] = Files,
        ["files.list"] = Files,
        ["files.read"] = Files,
        ["files.rename"] = Files,
        ["files.stat"] = Files,
        ["files.write"] = Files,
        ["host.info"] = Nothing,
        ["http.fetch"] = Connect,
        ["http.listen"] = new("network.listen", static (set, _) => !set.Network.Listen.IsEmpty),
        ["kubernetes.apply"] = Kubernetes("create", "patch"),
        ["kubernetes.canI"] = Nothing,
        ["kubernetes.create"] = Kubernetes("create"),
        ["kubernetes.delete"] = Kubernetes("delete"),
        ["kubernetes.discover"] = Nothing,
        ["kubernetes.exec"] = Kubernetes("pods", "exec", "create"),
        ["kubernetes.get"] = Kubernetes("get"),
        ["kubernetes.list"] = Kubernetes("list"),
        ["kubernetes.logs"] = Kubernetes("pods", "log", "get"),
        ["kubernetes.patch"] = Kubernetes("patch"),
        ["kubernetes.scale"] = new("kubernetes", static (set, call) => IsGiven(set, call with { Subresource = "scale" }, "update")),
        ["kubernetes.schema"] = Nothing,
        ["kubernetes.serviceProxy"] = new("kubernetes", static (set, call) =>
            (call.Method is null or "GET" or "HEAD" && IsGiven(set, new ScriptCall(call.Name, call.Line, call.Certain, "", "services", "proxy"), "get"))
            || (call.Method is not ("GET" or "HEAD") && IsGiven(set, new ScriptCall(call.Name, call.Line, call.Certain, "", "services", "proxy"), "create"))),
        ["kubernetes.unwatch"] = Nothing,
        ["kubernetes.watch"] = Kubernetes("list", "watch"),
        ["log.write"] = Nothing,
        ["metrics.record"] = Nothing,
        ["services.call"] = new("services.call", static (set, _) => !set.Services.Call.IsEmpty),
        ["storage.batch"] = Storage,
        ["storage.delete"] = Storage,
        ["storage.get"] = Storage,
        ["storage.list"] = Storage,
        ["storage.set"] = Storage,
        ["timers.clear"] = Nothing,
        ["timers.set"] = Nothing,
        ["trace.span"] = Nothing,
        ["ui.browse"] = Connect,
        ["ui.confirm"] = Nothing,
        ["ui.notify"] = Nothing,
        ["ui.open"] = Nothing,
        ["ui.progress"] = Nothing,
        ["ui.prompt"] = Nothing,
        ["ui.status"] = Nothing,
        ["ui.update"] = Nothing,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The permissions that stand in a set, by the names of <see cref="CallNeed.Permission"/>, so far as a call can use them.</summary>
    public static IEnumerable<string> Declared(PermissionSet set)
    {
        if (!set.Kubernetes.IsEmpty) yield return "kubernetes";
        if (!set.Network.Connect.IsEmpty) yield return "network.connect";
        if (!set.Network.Listen.IsEmpty) yield return "network.listen";
        if (!set.Files.IsEmpty) yield return "files";
        if (!set.Events.Publish.IsEmpty) yield return "events.publish";
        if (!set.Events.Subscribe.IsEmpty) yield return "events.subscribe";
        if (!set.Services.Call.IsEmpty) yield return "services.call";
        if (set.StorageBytes > 0) yield return "storage";
        if (set.Clipboard != ClipboardAccess.None) yield return "clipboard";
        if (set.Audit != AuditAccess.None) yield return "audit";
    }

    private static CallNeed Kubernetes(params string[] verbs) => new("kubernetes", (set, call) => verbs.All(verb => IsGiven(set, call, verb)));

    private static CallNeed Kubernetes(string resource, string subresource, string verb) =>
        new("kubernetes", (set, call) => IsGiven(set, new ScriptCall(call.Name, call.Line, call.Certain, "", resource, subresource), verb));

    /// <summary>Whether a rule could permit it: with a resource that is known by the rules themselves, in one of their namespaces; else by the verb.</summary>
    private static bool IsGiven(PermissionSet set, ScriptCall call, string verb)
    {
        foreach (var rule in set.Kubernetes)
        {
            if (call.Resource is not { } resource)
            {
                if (rule.Verbs.Contains(verb) || rule.Verbs.Contains("*")) return true;
                continue;
            }
            var one = new PermissionSet { Kubernetes = [rule] };
            var slash = resource.IndexOf('/', StringComparison.Ordinal);
            var (name, subresource) = slash < 0 ? (resource, call.Subresource) : (resource[..slash], resource[(slash + 1)..]);
            // A group that is left out is the core group, but it may be spread into the arguments unseen.
            var groups = call.Group is { } group ? [group] : rule.ApiGroups;
            if (rule.Namespaces.Any(ns => groups.Any(g => one.Decide(new Demand.Kubernetes(g, name, subresource, verb, ns == "*" ? null : ns)) != Decision.Denied))) return true;
        }
        return false;
    }
}
