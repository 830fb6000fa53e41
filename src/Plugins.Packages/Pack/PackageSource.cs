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
    private static readonly ImmutableArray<string> SourceFolders = ["src", "assembly", "test", "tests"];

    /// <summary>
    /// Packs a directory with <c>plugin.json</c> at its root: every file but sources (<c>src</c>, <c>assembly</c>,
    /// <c>test</c>, <c>tests</c>), <c>node_modules</c>, names that begin with a dot, links, lock files and other packages.
    /// The same files give the same bytes.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static Outcome<PackedPlugin> Pack(string directory, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        if (!File.Exists(Path.Combine(directory, PluginPackage.ManifestPath)))
            return new Problem(PluginPackage.ManifestPath, $"is not in `{directory}`", "give the directory of a plugin");
        var chosen = new List<(string Path, FileInfo File)>();
        var leftOut = new List<Problem>();
        Choose(new DirectoryInfo(directory), "", chosen, leftOut);
        if (chosen.Count >= limits.MaxEntries) return new Problem("", $"the directory has {chosen.Count:N0} files to pack; a package has less than {limits.MaxEntries:N0}", "bundle the plugin's code into one file");
        if (chosen.Sum(c => c.File.Length) > limits.MaxUnpackedBytes) return new Problem("", $"the directory has more than {ByteSize.Format(limits.MaxUnpackedBytes)} to pack", "leave large files out of it");
        var files = chosen.ConvertAll(c => new PackageFile(c.Path, File.ReadAllBytes(c.File.FullName)));
        files.Add(new PackageFile(FileList.Path, FileList.Of(files).ToUtf8()));
        return PluginPackage.Open(ArchiveWriter.Write(files), limits).TryGet(out var package, out var problems)
            ? new PackedPlugin(package, [.. leftOut.OrderBy(p => p.Where, StringComparer.Ordinal)])
            : problems;
    }

    private static void Choose(DirectoryInfo directory, string prefix, List<(string Path, FileInfo File)> chosen, List<Problem> leftOut)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            if (ReasonToLeaveOut(entry, path) is { } reason) leftOut.Add(new Problem(path, $"is left out: {reason}"));
            else if (entry is DirectoryInfo folder) Choose(folder, path + "/", chosen, leftOut);
            else chosen.Add((path, (FileInfo)entry));
        }
    }

    private static string? ReasonToLeaveOut(FileSystemInfo entry, string path)
    {
        var isFolder = entry is DirectoryInfo;
        if (entry.LinkTarget is not null) return "it is a link";
        if (entry.Name.StartsWith('.')) return "its name begins with a dot";
        if (isFolder && entry.Name == "node_modules") return "dependencies belong in the bundle";
        if (isFolder && SourceFolders.Contains(path)) return "it holds sources or tests";
        if (!isFolder && entry.Name == "package-lock.json") return "it is of use only for building";
        if (!isFolder && entry.Extension == ".lzp") return "it is a package itself";
        return path == FileList.Path ? "packing writes it" : null;
    }
}
