using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>Which files of a directory become a package.</summary>
internal sealed class PackageChoice(string directory, PackageLimits limits)
{
    private static readonly ImmutableArray<string> SourceFolders = ["src", "assembly", "test", "tests"];

    public List<(string Path, FileInfo File)> Files { get; } = [];

    public List<Problem> LeftOut { get; } = [];

    /// <summary>Where the bundler says what it took; null when it does not.</summary>
    public string? Metafile { get; private set; }

    /// <param name="folder">The directory, or one in it.</param>
    /// <param name="prefix">Its path in the package.</param>
    public void Take(DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var path = prefix + entry.Name;
            if (ReasonToLeaveOut(entry, path) is { } reason) LeftOut.Add(new Problem(path, $"is left out: {reason}"));
            else if (entry is DirectoryInfo inner) Take(inner, path + "/");
            else Files.Add((path, (FileInfo)entry));
        }
    }

    private string? ReasonToLeaveOut(FileSystemInfo entry, string path)
    {
        var isFolder = entry is DirectoryInfo;
        if (entry.LinkTarget is not null) return "it is a link";
        if (entry.Name.StartsWith('.')) return "its name begins with a dot";
        if (isFolder && entry.Name == "node_modules") return "dependencies belong in the bundle";
        if (isFolder && SourceFolders.Contains(path)) return "it holds sources or tests";
        if (!isFolder && entry.Name == "package-lock.json") return "it is of use only for building";
        if (!isFolder && entry.Extension == ".lzp") return "it is a package itself";
        if (!isFolder && entry.Name == BundledPackages.MetafileName && Metafile is null && BundledPackages.IsMetafile(Path.Combine(directory, path), limits))
        {
            Metafile = Path.Combine(directory, path);
            return $"it is the bundler's, and what it says is in `{Sbom.Path}`";
        }
        return path is FileList.Path or Sbom.Path ? "packing writes it" : null;
    }
}
