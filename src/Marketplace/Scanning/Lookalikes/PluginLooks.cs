using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning.Lookalikes;

/// <summary>What people know a plugin by, besides its name: its README and its icon.</summary>
internal static class PluginLooks
{
    private static readonly ImmutableArray<string> Icons = ["icon.svg", "icon.png"];

    /// <summary>The package's <c>README.md</c>, in any case; null when it has none.</summary>
    public static PackageFile? ReadmeOf(PluginPackage package) => package.Files.FirstOrDefault(file => file.Path.Equals("README.md", StringComparison.OrdinalIgnoreCase));

    /// <summary>Digest of the package's <c>icon.svg</c> or <c>icon.png</c>; null when it has neither.</summary>
    public static Digest? IconOf(PluginPackage package) => package.Files.FirstOrDefault(file => Icons.Contains(file.Path)) is { } icon ? Digest.Of(icon.Content.Span) : null;

    /// <summary>The sketch of the package's README, as <see cref="KnownPlugin.ReadmeSketch"/> has it.</summary>
    public static ImmutableArray<uint> SketchOf(PluginPackage package, ScannerLimits limits)
    {
        if (ReadmeOf(package) is not { } readme || readme.Content.Length > limits.TextFileBytes) return [];
        var text = TextFile.Read(readme).Text;
        return ReadmeSketch.Of(text.AsSpan(0, Math.Min(text.Length, limits.ReadmeChars)));
    }

    /// <summary>What a scanner is to know of a plugin that is live.</summary>
    /// <param name="package">Its latest version.</param>
    /// <param name="installs">How often it was installed.</param>
    /// <param name="limits">The scanners'.</param>
    public static KnownPlugin Of(PluginPackage package, long installs, ScannerLimits limits) =>
        new(package.Manifest.Id, package.Manifest.DisplayName, installs, SketchOf(package, limits), IconOf(package));
}
