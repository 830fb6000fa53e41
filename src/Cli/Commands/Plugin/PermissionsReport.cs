using System.Collections.Immutable;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>What one plugin may do, and who says so.</summary>
internal sealed record PermissionsReport
{
    public required PluginId Id { get; init; }
    public required string Version { get; init; }

    /// <summary>Contexts, as globs, in which its cluster permissions hold.</summary>
    public required ImmutableArray<string> Contexts { get; init; }

    /// <summary>Files of the administrator's that were taken into account.</summary>
    public required ImmutableArray<string> Policies { get; init; }

    /// <summary>Why the policy does not let it run at all; absent when it does.</summary>
    public string? Blocked { get; init; }

    public required ImmutableArray<PermissionRow> Permissions { get; init; }

    /// <summary>What the running LazyOCs made of a change; absent where nothing changed.</summary>
    public ImmutableArray<RunningRow>? Running { get; init; }

    /// <param name="manifest">What it asks for.</param>
    /// <param name="entry">What is granted.</param>
    /// <param name="policy">What the administrator leaves.</param>
    public static PermissionsReport Of(PluginManifest manifest, InstalledEntry entry, PolicyInForce policy)
    {
        var blocked = policy.WhyNotRun(manifest.Id);
        return new PermissionsReport
        {
            Id = manifest.Id,
            Version = manifest.Version.ToString(),
            Contexts = entry.Contexts,
            Policies = policy.Paths,
            Blocked = blocked,
            Permissions = [.. PermissionPath.Of(manifest.Permissions).Select(path => Row(path, manifest, entry, policy, blocked is not null))],
        };
    }

    private static PermissionRow Row(string path, PluginManifest manifest, InstalledEntry entry, PolicyInForce policy, bool isBlocked)
    {
        var asked = PermissionPath.Select(manifest.Permissions, other => other == path);
        var granted = asked.IsWithin(entry.Granted);
        var limits = policy.Beyond(asked);
        var isOfCluster = asked.WithoutCluster().IsNone;
        return new PermissionRow
        {
            Path = path,
            Text = asked.InWords() is [var sentence, ..] ? sentence.ToString() : path,
            Reason = manifest.PermissionReasons.FirstOrDefault(reason => PermissionPath.Names(reason.Key, path)).Value,
            Granted = granted,
            LimitedBy = limits.IsEmpty ? null : string.Join(", ", limits.Select(limit => limit.Path)),
            Effective = !granted || isBlocked || (isOfCluster && entry.Contexts.IsEmpty) ? "no"
                : !limits.IsEmpty ? "within the policy"
                : isOfCluster && entry.Contexts is not ["*"] ? "in its contexts"
                : "yes",
        };
    }
}

/// <summary>One permission that a plugin asks for.</summary>
internal sealed record PermissionRow
{
    /// <summary>Its place, for <c>--revoke</c> and <c>--restore</c>.</summary>
    public required string Path { get; init; }

    /// <summary>In words.</summary>
    public required string Text { get; init; }

    /// <summary>What its author says to it.</summary>
    public string? Reason { get; init; }

    public required bool Granted { get; init; }

    /// <summary>Policies that do not permit all of it; absent when all do.</summary>
    public string? LimitedBy { get; init; }

    /// <summary><c>yes</c>, <c>no</c>, or under which condition.</summary>
    public required string Effective { get; init; }
}
