using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Packages;

/// <summary>A file of a package.</summary>
/// <param name="Path">Satisfies <see cref="PackagePath"/>.</param>
/// <param name="Content">The unpacked bytes.</param>
public sealed record PackageFile(string Path, ReadOnlyMemory<byte> Content);

/// <summary>A package that was read, unpacked and found sound: archive, file list, manifest and <c>main</c>.</summary>
/// <remarks>Immutable and thread safe. None of its code has run.</remarks>
public sealed class PluginPackage
{
    /// <summary>The manifest's name in every package.</summary>
    public const string ManifestPath = "plugin.json";

    private PluginPackage(ReadOnlyMemory<byte> bytes, ImmutableArray<PackageFile> files, PluginManifest manifest) =>
        (Bytes, Digest, Files, Manifest) = (bytes, Digest.Of(bytes.Span), files, manifest);

    /// <summary>The <c>.lzp</c> file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Digest of <see cref="Bytes"/>: the package's identity.</summary>
    public Digest Digest { get; }

    public PluginManifest Manifest { get; }

    /// <summary>Digest of <c>files.json</c>, which holds the digest of every other file.</summary>
    public Digest FilesDigest => Contracts.Digest.Of(Find(FileList.Path)!.Value.Span);

    /// <summary>All files, <c>files.json</c> included, in ordinal order of path.</summary>
    public ImmutableArray<PackageFile> Files { get; }

    /// <summary>Reads a <c>.lzp</c> file from anywhere. Whatever is wrong comes back as problems; it does not throw.</summary>
    /// <param name="bytes">The whole file; must not be changed afterwards.</param>
    /// <param name="limits"><see cref="PackageLimits.Default"/> when null.</param>
    public static Outcome<PluginPackage> Open(ReadOnlyMemory<byte> bytes, PackageLimits? limits = null) => PackageVerification.Of(bytes, limits).Package;

    /// <summary>Puts together what was checked.</summary>
    internal static PluginPackage Of(ReadOnlyMemory<byte> bytes, ImmutableArray<PackageFile> files, PluginManifest manifest) => new(bytes, files, manifest);

    /// <summary>
    /// The plugin as its author is working on it: it runs without being installed, granted what its manifest asks for, with
    /// <see cref="InstalledEntry.DevelopmentSource"/> as its source.
    /// </summary>
    public InstalledPlugin ForDevelopment() => InstalledAs(new InstalledEntry
    {
        Id = Manifest.Id,
        Version = Manifest.Version,
        Digest = Digest,
        Files = FilesDigest,
        Source = InstalledEntry.DevelopmentSource,
        Granted = Manifest.Permissions,
        GrantDigest = Manifest.Permissions.ComputeDigest(),
        StoreEpoch = InstalledEntry.DevelopmentEpoch,
        Enabled = true,
        Why = InstallReason.Requested,
    });

    /// <summary>The plugin as an entry says, read from this package rather than from a store.</summary>
    internal InstalledPlugin InstalledAs(InstalledEntry entry) => new()
    {
        Manifest = Manifest,
        Main = Find(Manifest.Main)!.Value,
        SourceMap = Find(Manifest.Main + ".map"),
        Content = PackageContent.Of(Files.Where(file => file.Path != FileList.Path)),
        Entry = entry,
    };

    /// <summary>The content of a file; null when the package has none of that name.</summary>
    public ReadOnlyMemory<byte>? Find(string path) => Find(Files, path);

    internal static ReadOnlyMemory<byte>? Find(ImmutableArray<PackageFile> files, string path)
    {
        foreach (var file in files)
            if (file.Path == path) return file.Content;
        return null;
    }
}
