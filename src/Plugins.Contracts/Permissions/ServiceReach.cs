using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>What a plugin reaches through the services of others, which answer by their own rights: part of what is consented to.</summary>
public static class ServiceReach
{
    private const string Path = "permissions.services.call";

    /// <summary>The permissions of every plugin whose services may be called, and of those that these call in turn, the most dangerous first.</summary>
    /// <param name="plugin">The caller.</param>
    /// <param name="permissions">What the caller may do.</param>
    /// <param name="grantOf">What a plugin was granted; null for one that is not installed, through which nothing is reached.</param>
    public static ImmutableArray<PermissionSentence> InWords(PluginId plugin, PermissionSet permissions, Func<PluginId, PermissionSet?> grantOf)
    {
        var sentences = new List<PermissionSentence>();
        var seen = new HashSet<PluginId> { plugin };
        var waiting = new Queue<PluginId>(Callees(permissions).Where(seen.Add));
        while (waiting.TryDequeue(out var callee))
        {
            if (grantOf(callee) is not { } grant) continue;
            sentences.AddRange(grant.InWords().Where(s => s.Path != Path).Select(s => new PermissionSentence(Path, s.Reach, $"let {callee} {s.Text}")));
            foreach (var next in Callees(grant))
                if (seen.Add(next)) waiting.Enqueue(next);
        }
        return [.. sentences.OrderByDescending(s => s.Reach)];
    }

    private static IEnumerable<PluginId> Callees(PermissionSet permissions)
    {
        foreach (var service in permissions.Services.Call)
            if (service.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && PluginId.TryParse(service[..slash], out var id)) yield return id;
    }
}
