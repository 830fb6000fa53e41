using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Packages;

/// <summary>What <see cref="PackageSource.Pack"/> made.</summary>
/// <param name="Package">The package, checked as at installation.</param>
/// <param name="LeftOut">Files and folders of the directory that are not in it, each with the reason.</param>
/// <param name="SbomGaps">What is in the code and could not be named in <see cref="Sbom.Path"/> with its version.</param>
public sealed record PackedPlugin(PluginPackage Package, ImmutableArray<Problem> LeftOut, ImmutableArray<Problem> SbomGaps);

/// <summary>Makes packages from the directory of a built plugin.</summary>
public static class PackageSource
{
    /// <summary><see cref="Sbom.Path"/> and <c>files.json</c>.</summary>
    private const int WrittenFiles = 2;

    /// <summary>
    /// Packs a directory with <c>plugin.json</c> at its root: every file but sources (<c>src</c>, <c>assembly</c>,
    /// <c>test</c>, <c>tests</c>), <c>node_modules</c>, names that begin with a dot, links, lock files, the bundler's metafile
    /// and other packages. Adds <see cref="Sbom.Path"/> and <c>files.json</c>. The same files give the same bytes.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static Outcome<PackedPlugin> Pack(string directory, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        if (!File.Exists(Path.Combine(directory, PluginPackage.ManifestPath)))
            return new Problem(PluginPackage.ManifestPath, $"is not in `{directory}`", "give the directory of a plugin");
        var choice = new PackageChoice(directory, limits);
        choice.Take(new DirectoryInfo(directory), "");
        if (choice.Files.Count + WrittenFiles > limits.MaxEntries) return new Problem("", $"the directory has {choice.Files.Count:N0} files to pack; a package has at most {limits.MaxEntries - WrittenFiles:N0}", "bundle the plugin's code into one file");
        if (choice.Files.Sum(c => c.File.Length) > limits.MaxUnpackedBytes) return new Problem("", $"the directory has more than {ByteSize.Format(limits.MaxUnpackedBytes)} to pack", "leave large files out of it");
        var files = choice.Files.ConvertAll(c => new PackageFile(c.Path, File.ReadAllBytes(c.File.FullName)));
        var document = PluginPackage.Find([.. files], PluginPackage.ManifestPath);
        if (document is null) return new Problem(PluginPackage.ManifestPath, "is left out, as it is a link", "copy the file it leads to");
        if (!ManifestReader.Read(document.Value.Span).TryGet(out var manifest, out var problems)) return problems.Select(p => p.In(PluginPackage.ManifestPath)).ToImmutableArray();
        if (!BundledPackages.Find(directory, choice.Metafile, limits).TryGet(out var bundled, out problems)) return problems;
        files.Add(new PackageFile(Sbom.Path, SbomDocument.Of(manifest, bundled.Packages).ToUtf8()));
        files.Add(new PackageFile(FileList.Path, FileList.Of(files).ToUtf8()));
        return PluginPackage.Open(ArchiveWriter.Write(files), limits).TryGet(out var package, out problems)
            ? new PackedPlugin(package, [.. choice.LeftOut.OrderBy(p => p.Where, StringComparer.Ordinal)], bundled.Gaps)
            : problems;
    }
}
