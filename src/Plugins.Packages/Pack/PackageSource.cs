using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>What <see cref="PackageSource.Pack"/> made.</summary>
/// <param name="Package">The package, checked as at installation.</param>
/// <param name="LeftOut">Files and folders of the directory that are not in it, each with the reason.</param>
public sealed record PackedPlugin(PluginPackage Package, ImmutableArray<Problem> LeftOut);

/// <summary>Makes packages from the directory of a built plugin.</summary>
public static class PackageSource
{
    /// <summary>Packs a directory with <c>plugin.json</c> at its root. The same files give the same bytes.</summary>
    public static Outcome<PackedPlugin> Pack(string directory, PackageLimits? limits = null) => throw new NotSupportedException();
}
