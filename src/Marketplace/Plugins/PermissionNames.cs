using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Marketplace.Plugins;

/// <summary>The names by which plugins are searched for what they may do.</summary>
internal static class PermissionNames
{
    /// <summary>All names, in alphabetical order.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        "audit", "clipboard", "events", "files", "full-trust", "hooks", "kubernetes", "kubernetes-write", "logs", "network", "secrets", "services", "storage",
    ];

    /// <summary>Those that a set has: the groups of the manifest, and <c>kubernetes-write</c>, <c>secrets</c> and <c>full-trust</c> for how far they reach.</summary>
    public static ImmutableArray<string> Of(PermissionSet permissions)
    {
        var names = PermissionPath.Of(permissions).Select(path => path.Split('[', '.')[0]);
        var reaches = permissions.InWords().Where(word => word.Path.StartsWith("permissions.kubernetes", StringComparison.Ordinal) || word.Reach == PermissionReach.FullTrust).Select(word => word.Reach switch
        {
            PermissionReach.Writes => "kubernetes-write",
            PermissionReach.Secrets => "secrets",
            PermissionReach.FullTrust => "full-trust",
            _ => "kubernetes",
        });
        return [.. names.Concat(reaches).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
