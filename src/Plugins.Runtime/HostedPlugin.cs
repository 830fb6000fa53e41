using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Runtime;

/// <summary>An installed and enabled plugin, as the plugin host needs it.</summary>
public sealed record HostedPlugin
{
    public required PluginManifest Manifest { get; init; }

    /// <summary>What the user granted; the effective right is this and nothing of the manifest's beyond it.</summary>
    public required PermissionSet Granted { get; init; }

    /// <summary>SHA-256 of the package, as the audit names it.</summary>
    public required string Digest { get; init; }

    /// <summary>The manifest's <c>main</c>.</summary>
    public required ReadOnlyMemory<byte> Code { get; init; }

    /// <summary>Source map of a JavaScript bundle.</summary>
    public ReadOnlyMemory<byte>? SourceMap { get; init; }

    /// <summary>The package carries no signature; shown wherever the plugin is named.</summary>
    public bool Unsigned { get; init; }

    public PluginId Id => Manifest.Id;
}
