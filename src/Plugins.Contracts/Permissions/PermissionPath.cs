using System.Collections.Immutable;
using System.Globalization;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>The permissions of a set by their places, such as <c>kubernetes[0]</c>, <c>network.connect[1]</c> or <c>clipboard</c>.</summary>
public static class PermissionPath
{
    /// <summary>The place of each permission of a set; lists that are one permission, such as <c>events.subscribe</c>, count once.</summary>
    public static ImmutableArray<string> Of(PermissionSet permissions) =>
    [
        .. Indexed("kubernetes", permissions.Kubernetes.Length),
        .. Indexed("hooks", permissions.Hooks.Length),
        .. Indexed("logs", permissions.Logs.Length),
        .. Indexed("network.connect", permissions.Network.Connect.Length),
        .. If("network.listen", !permissions.Network.Listen.IsEmpty),
        .. Indexed("files", permissions.Files.Length),
        .. If("events.publish", !permissions.Events.Publish.IsEmpty),
        .. If("events.subscribe", !permissions.Events.Subscribe.IsEmpty),
        .. If("services.call", !permissions.Services.Call.IsEmpty),
        .. If("storage", permissions.StorageBytes > 0),
        .. If("clipboard", permissions.Clipboard != ClipboardAccess.None),
        .. If("audit", permissions.Audit != AuditAccess.None),
    ];

    /// <summary>Whether a path names a permission, or a group that it is in: <c>kubernetes</c> names <c>kubernetes[0]</c>, <c>network</c> names <c>network.listen</c>.</summary>
    public static bool Names(string path, string permission) =>
        permission.StartsWith(path, StringComparison.Ordinal) && (permission.Length == path.Length || permission[path.Length] is '[' or '.');

    /// <summary>Those permissions of a set whose places are wanted.</summary>
    public static PermissionSet Select(PermissionSet permissions, Predicate<string> wanted) => new()
    {
        Kubernetes = Select("kubernetes", permissions.Kubernetes, wanted),
        Hooks = Select("hooks", permissions.Hooks, wanted),
        Logs = Select("logs", permissions.Logs, wanted),
        Network = new()
        {
            Connect = Select("network.connect", permissions.Network.Connect, wanted),
            Listen = wanted("network.listen") ? permissions.Network.Listen : [],
        },
        Files = Select("files", permissions.Files, wanted),
        Events = new()
        {
            Publish = wanted("events.publish") ? permissions.Events.Publish : [],
            Subscribe = wanted("events.subscribe") ? permissions.Events.Subscribe : [],
        },
        Services = new() { Call = wanted("services.call") ? permissions.Services.Call : [] },
        Storage = wanted("storage") ? permissions.Storage : null,
        Clipboard = wanted("clipboard") ? permissions.Clipboard : ClipboardAccess.None,
        Audit = wanted("audit") ? permissions.Audit : AuditAccess.None,
    };

    private static ImmutableArray<T> Select<T>(string group, ImmutableArray<T> rules, Predicate<string> wanted) =>
        [.. rules.Where((_, i) => wanted(At(group, i)))];

    private static IEnumerable<string> Indexed(string group, int count) => Enumerable.Range(0, count).Select(i => At(group, i));

    private static string At(string group, int index) => string.Create(CultureInfo.InvariantCulture, $"{group}[{index}]");

    private static IEnumerable<string> If(string path, bool given) => given ? [path] : [];
}
