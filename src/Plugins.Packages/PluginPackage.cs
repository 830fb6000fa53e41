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
    public static Outcome<PluginPackage> Open(ReadOnlyMemory<byte> bytes, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        if (!ArchiveReader.Read(bytes, limits).TryGet(out var files, out var problems)) return problems;
        if (Find(files, ManifestPath) is not { } document)
            return new Problem(ManifestPath, "is not in the package", "packages are made with `lazyoc plugin pack` from a directory with a `plugin.json`");
        if (FileList.Check(files) is { IsEmpty: false } mismatches) return mismatches;
        if (!ManifestReader.Read(document.Span).TryGet(out var manifest, out problems)) return problems.Select(p => p.In(ManifestPath)).ToImmutableArray();
        var package = new PluginPackage(bytes, files, manifest);
        return (MainCheck.Check(package, limits) ?? MigrationCheck.Check(package, limits) ?? TemplateFiles.Check(manifest, package.Find, limits)) is { } problem ? problem : package;
    }

    /// <summary>
    /// The plugin as its author is working on it: it runs without being installed, granted what its manifest asks for, with
    /// <see cref="InstalledEntry.DevelopmentSource"/> as its source.
    /// </summary>
    public InstalledPlugin ForDevelopment() => new()
    {
        Manifest = Manifest,
        Main = Find(Manifest.Main)!.Value,
        SourceMap = Find(Manifest.Main + ".map"),
        Content = PackageContent.Of(Files.Where(file => file.Path != FileList.Path)),
        Entry = new InstalledEntry
        {
            Id = Manifest.Id,
            Version = Manifest.Version,
            Digest = Digest,
            Files = Contracts.Digest.Of(Find(FileList.Path)!.Value.Span),
            Source = InstalledEntry.DevelopmentSource,
            Granted = Manifest.Permissions,
            GrantDigest = Manifest.Permissions.ComputeDigest(),
            StoreEpoch = InstalledEntry.DevelopmentEpoch,
            Enabled = true,
            Why = InstallReason.Requested,
        },
    };

    /// <summary>The content of a file; null when the package has none of that name.</summary>
    public ReadOnlyMemory<byte>? Find(string path) => Find(Files, path);

    private static ReadOnlyMemory<byte>? Find(ImmutableArray<PackageFile> files, string path)
    {
        foreach (var file in files)
            if (file.Path == path) return file.Content;
        return null;
    }
}
