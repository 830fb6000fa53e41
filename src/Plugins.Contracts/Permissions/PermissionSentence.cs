using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>How far a permission reaches, ascending.</summary>
public enum PermissionReach
{
    /// <summary>Takes part in the host's events.</summary>
    Events,

    /// <summary>Reads objects of the cluster.</summary>
    Reads,

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
    public override string ToString() => Reach == PermissionReach.FullTrust ? $"full trust: {Text}" : Text;

    internal static ImmutableArray<PermissionSentence> Of(PermissionSet permissions)
    {
        var sentences = new List<PermissionSentence>();
        for (var i = 0; i < permissions.Kubernetes.Length; i++)
        {
            var rule = permissions.Kubernetes[i];
            sentences.Add(new($"permissions.kubernetes[{i}]", rule.Reach, Describe(rule)));
        }
        if (!permissions.Events.Publish.IsEmpty) sentences.Add(new("permissions.events.publish", PermissionReach.Events, $"publish the events {And(permissions.Events.Publish)}"));
        if (!permissions.Events.Subscribe.IsEmpty) sentences.Add(new("permissions.events.subscribe", PermissionReach.Events, $"receive the events {And(permissions.Events.Subscribe)}"));
        return [.. sentences.OrderByDescending(s => s.Reach)];
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
