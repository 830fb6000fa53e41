using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>What a signature binds together: which bytes are which version of which plugin, with which permissions.</summary>
/// <param name="Id">Of the manifest.</param>
/// <param name="Version">Of the manifest.</param>
/// <param name="Digest">Of the <c>.lzp</c> file.</param>
/// <param name="Permissions">Digest of the manifest's permissions.</param>
public sealed record PackageIdentity(PluginId Id, SemanticVersion Version, Digest Digest, Digest Permissions)
{
    /// <summary>The usual name of the package's file.</summary>
    public string FileName => $"{Id}-{Version}.lzp";

    public static PackageIdentity Of(PluginPackage package) => new(package.Manifest.Id, package.Manifest.Version, package.Digest, package.Manifest.Permissions.ComputeDigest());
}
