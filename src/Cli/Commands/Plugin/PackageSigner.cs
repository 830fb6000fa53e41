using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>Writes the author's signature beside a package.</summary>
internal static class PackageSigner
{
    private static readonly string Builder = $"lazyoc/{typeof(PackageSigner).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>The path of the file with the signature.</summary>
    public static async Task<string> SignAsync(PluginPackage package, string packageFile, SigningKey key, CancellationToken cancellationToken)
    {
        var facts = new BuildFacts { Builder = Builder, Signed = TimeProvider.System.GetUtcNow(), Repository = package.Manifest.Repository };
        var path = packageFile + PackageSignatures.Extension;
        await File.WriteAllBytesAsync(path, PackageSignatures.Write([new PackageAttestation(PackageIdentity.Of(package), facts).Sign(key)]), cancellationToken);
        return path;
    }
}
