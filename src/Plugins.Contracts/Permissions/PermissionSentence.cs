using System.Collections.Immutable;
using System.Globalization;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>How far a permission reaches, ascending.</summary>
public enum PermissionReach
{
    /// <summary>Takes part in the host's events and in other plugins' services, and keeps data of its own.</summary>
    Events,

    /// <summary>Reads objects of the cluster.</summary>
    Reads,

    /// <summary>Uses what is on this computer: folders, the clipboard, a port, the audit.</summary>
    Local,

    /// <summary>Sends requests to servers, and so what it reads.</summary>
    Network,

    /// <summary>Changes objects of the cluster.</summary>
    Writes,

    /// <summary>Reads or changes Secrets.</summary>
    Secrets,

    /// <summary>Could become whatever the user is: runs code in the cluster, or makes credentials or rights.</summary>
    FullTrust,
}

/// <summary>One permission as it is shown to a user who is asked to grant it.</summary>
/// <param name="Path">Its place in the manifest, such as <c>permissions.kubernetes[0]</c>.</param>
/// <param name="Reach">How far it reaches.</param>
/// <param name="Text">A sentence without full stop, beginning with a verb.</param>
public sealed record PermissionSentence(string Path, PermissionReach Reach, string Text)
{
    private static readonly ImmutableArray<HookEffect> HookEffects = [HookEffect.Warn, HookEffect.Deny, HookEffect.Patch];

    public override string ToString() => Reach == PermissionReach.FullTrust ? $"full trust: {Text}" : Text;

    internal static ImmutableArray<PermissionSentence> Of(PermissionSet permissions)
    {
        var sentences = new List<PermissionSentence>();
        for (var i = 0; i < permissions.Kubernetes.Length; i++)
        {
            var rule = permissions.Kubernetes[i];
            sentences.Add(new($"permissions.kubernetes[{i}]", rule.Reach, Describe(rule)));
        }
        for (var i = 0; i < permissions.Hooks.Length; i++)
        {
            var rule = permissions.Hooks[i];
            sentences.Add(new($"permissions.hooks[{i}]", rule.Effects.Contains(HookEffect.Patch) || rule.Effects.Contains(HookEffect.Deny) ? PermissionReach.Writes : PermissionReach.Reads, Describe(rule)));
        }
        for (var i = 0; i < permissions.Logs.Length; i++)
            sentences.Add(new($"permissions.logs[{i}]", PermissionReach.Reads, $"read and restyle the log lines of {And(permissions.Logs[i].Kinds)}"));
        for (var i = 0; i < permissions.Network.Connect.Length; i++)
        {
            var rule = permissions.Network.Connect[i];
            sentences.Add(new($"permissions.network.connect[{i}]", rule.UsesClusterToken ? PermissionReach.FullTrust : PermissionReach.Network, $"send requests to {(rule.Origin is { Host: "*" } any ? $"any server by {any.Scheme} on port {any.Port}" : rule)}"));
        }
        if (!permissions.Network.Listen.IsEmpty) sentences.Add(new("permissions.network.listen", PermissionReach.Local, $"answer requests of this computer on port {And([.. permissions.Network.Listen.Select(port => port.ToString(CultureInfo.InvariantCulture))])}"));
        for (var i = 0; i < permissions.Files.Length; i++)
        {
            var rule = permissions.Files[i];
            var folder = rule.Host ?? (rule.Suggest is { } suggested ? $"a folder that you choose (it suggests {suggested})" : "a folder that you choose");
            sentences.Add(new($"permissions.files[{i}]", PermissionReach.Local, $"{(rule.Access == FileAccess.ReadWrite ? "read and change" : "read")} the files in {folder}"));
        }
        if (permissions.Clipboard == ClipboardAccess.Write) sentences.Add(new("permissions.clipboard", PermissionReach.Local, "put text on the clipboard"));
        if (permissions.Audit == AuditAccess.Read) sentences.Add(new("permissions.audit", PermissionReach.Local, "read what every plugin did and was refused"));
        if (!permissions.Services.Call.IsEmpty) sentences.Add(new("permissions.services.call", PermissionReach.Events, $"call {And([.. permissions.Services.Call.Select(service => service.EndsWith("/*", StringComparison.Ordinal) ? $"every service of {service[..^2]}" : service)])}"));
        if (permissions.StorageBytes > 0) sentences.Add(new("permissions.storage", PermissionReach.Events, $"keep up to {ByteSize.Format(permissions.StorageBytes)} of data"));
        if (!permissions.Events.Publish.IsEmpty) sentences.Add(new("permissions.events.publish", PermissionReach.Events, $"publish the events {And(permissions.Events.Publish)}"));
        if (!permissions.Events.Subscribe.IsEmpty) sentences.Add(new("permissions.events.subscribe", PermissionReach.Events, $"receive the events {And(permissions.Events.Subscribe)}"));
        return [.. sentences.OrderByDescending(s => s.Reach)];
    }

    private static string Describe(HookRule rule)
    {
        var what = rule.Effects.IsEmpty ? "be told" : And([.. HookEffects.Where(rule.Effects.Contains).Select(effect => effect switch
        {
            HookEffect.Warn => "warn",
            HookEffect.Deny => "refuse",
            HookEffect.Patch => "propose a change",
            _ => throw new ArgumentOutOfRangeException(nameof(rule), effect, "this effect has no name"),
        })]);
        return $"{what} when you {And(rule.Verbs)} {And(rule.Kinds)}";
    }

    private static string Describe(KubernetesRule rule)
    {
        var verbs = rule.Verbs.Contains("*") ? "do anything with" : And(rule.Verbs);
        var resources = rule.Resources.Contains("*")
            ? "every resource" + (rule.Resources.Contains("secrets") ? ", secrets included," : " but secrets")
            : And(rule.Resources);
        var groups = rule.ApiGroups.Contains("*") ? " of every API group"
            : rule.ApiGroups is [""] ? ""
            : $" of {And([.. rule.ApiGroups.Select(g => g.Length == 0 ? "the core group" : g)])}";
        var namespaces = rule.Namespaces.Contains("*") ? "in every namespace" : $"in {And(rule.Namespaces)}";
        return $"{verbs} {resources}{groups} {namespaces}{(rule.Unattended ? ", without you having started it" : "")}";
    }

    private static string And(ImmutableArray<string> items) => items switch
    {
        [] => "nothing",
        [var only] => only,
        [.. var first, var last] => $"{string.Join(", ", first)} and {last}",
    };
}
