using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>An npm package that has code in a plugin.</summary>
/// <param name="Name">With its scope.</param>
/// <param name="Version">Null when nothing tells.</param>
/// <param name="License">As the package states it.</param>
/// <param name="Integrity">Of the archive that npm fetched; null for what was not fetched.</param>
internal sealed record BundledPackage(string Name, string? Version, string? License, string? Integrity)
{
    /// <summary>Such as <c>@acme</c>; null when the name has none.</summary>
    public string? Scope => Name.StartsWith('@') && Name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? Name[..slash] : null;

    /// <summary>Package URL of type npm (https://github.com/package-url/purl-spec).</summary>
    public string Purl => $"pkg:npm/{string.Join('/', Name.Split('/').Select(Uri.EscapeDataString))}{(Version is null ? "" : "@" + Uri.EscapeDataString(Version))}";
}

/// <summary>Which packages are in a plugin's code: by the bundler's metafile, else those that its lock has and that are not for building only.</summary>
/// <param name="Packages">In order of name and version, each once.</param>
/// <param name="Gaps">What is in the code and is not named well enough.</param>
internal sealed record BundledPackages(ImmutableArray<BundledPackage> Packages, ImmutableArray<Problem> Gaps)
{
    /// <summary>The metafile's name, beside <c>main</c> or in the plugin's folder.</summary>
    public const string MetafileName = "meta.json";

    private const string LockName = "package-lock.json";
    private const string Modules = "node_modules/";

    /// <summary>Whether a file is a metafile of esbuild's, and not one of the plugin's own that has its name.</summary>
    public static bool IsMetafile(string path, PackageLimits limits) =>
        new NpmFiles(limits).ReadMetafile(path).TryGet(out var metafile, out _) && metafile.Outputs is not null;

    /// <param name="directory">The plugin's.</param>
    /// <param name="metafile">Path of the bundler's metafile; null when there is none.</param>
    /// <param name="limits">Bounds of the files read.</param>
    public static Outcome<BundledPackages> Find(string directory, string? metafile, PackageLimits limits)
    {
        var files = new NpmFiles(limits);
        var found = new List<BundledPackage>();
        var gaps = new List<Problem>();
        if (metafile is not null)
        {
            if (!files.ReadMetafile(metafile).TryGet(out var build, out var problems)) return problems;
            foreach (var folder in build.Used.Select(input => PackageFolderOf(directory, input)).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                if (!Identify(files, folder).TryGet(out var package, out problems)) return problems;
                if (package.Name.Length > 0) found.Add(package);
                if (package.Version is null) gaps.Add(new Problem(Path.GetRelativePath(directory, folder).Replace('\\', '/'), $"is in the code, but neither a `{LockName}` nor a `package.json` tells its version", $"`{Sbom.Path}` is incomplete; install what the plugin is built from, then build and pack it there"));
            }
        }
        else if (Path.Combine(directory, LockName) is var file && File.Exists(file))
        {
            if (!files.ReadLock(file).TryGet(out var own, out var problems)) return problems;
            found.AddRange(own.Packages?.Where(entry => entry.Key.Contains(Modules, StringComparison.Ordinal) && !entry.Value.Dev && !entry.Value.Link).Select(entry => Of(NameOf(entry.Key), entry.Value)) ?? []);
        }
        ImmutableArray<BundledPackage> packages = [.. found.OrderBy(package => package.Purl, StringComparer.Ordinal).ThenBy(package => package.Integrity, StringComparer.Ordinal).ThenBy(package => package.License, StringComparer.Ordinal).DistinctBy(package => package.Purl)];
        return packages.Length > limits.MaxSbomComponents
            ? new Problem(Sbom.Path, $"would have {packages.Length:N0} components; at most {limits.MaxSbomComponents:N0} are allowed", "bundle less, or keep what only builds the plugin among `devDependencies`")
            : new BundledPackages(packages, [.. gaps]);
    }

    /// <summary>The folder of the package that a file of the build belongs to; null for the plugin's own.</summary>
    private static string? PackageFolderOf(string directory, string input)
    {
        // A plugin of the bundler can make up files that no disk has.
        if (input.Contains('\0', StringComparison.Ordinal)) return null;
        if (input.LastIndexOf(Modules, StringComparison.Ordinal) is >= 0 and var at)
        {
            var parts = input[(at + Modules.Length)..].Split('/');
            var name = string.Join('/', parts.Take(parts[0].StartsWith('@') ? 2 : 1));
            return Path.GetFullPath(Path.Combine(directory, input[..(at + Modules.Length)], name));
        }
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)) + Path.DirectorySeparatorChar;
        var file = Path.GetFullPath(Path.Combine(directory, input));
        if (file.StartsWith(root, StringComparison.Ordinal)) return null;
        // A package of a workspace is linked into node_modules, and the bundler follows the link.
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "package.json"))) return folder;
        return Path.GetDirectoryName(file);
    }

    /// <summary>What a folder holds; without a name when nothing tells.</summary>
    private static Outcome<BundledPackage> Identify(NpmFiles files, string folder)
    {
        var normal = folder.Replace('\\', '/');
        var name = normal.Contains(Modules, StringComparison.Ordinal) ? NameOf(normal) : "";
        for (var above = Path.GetDirectoryName(folder); above is not null; above = Path.GetDirectoryName(above))
        {
            var file = Path.Combine(above, LockName);
            if (!File.Exists(file)) continue;
            if (!files.ReadLock(file).TryGet(out var document, out var problems)) return problems;
            // The nearest lock is the one that npm installed by.
            if (document.Packages?.GetValueOrDefault(Path.GetRelativePath(above, folder).Replace('\\', '/')) is { Version: not null } entry) return Of(entry.Name ?? name, entry);
            break;
        }
        var manifest = Path.Combine(folder, "package.json");
        if (!File.Exists(manifest)) return new BundledPackage(name, null, null, null);
        return files.ReadPackage(manifest).TryGet(out var package, out var wrong) ? Of(package.Name ?? name, package) : wrong;
    }

    private static BundledPackage Of(string name, NpmPackage package) =>
        new(package.Name ?? name, package.Version, package.License.ValueKind == JsonValueKind.String ? package.License.GetString() : null, package.Integrity);

    private static string NameOf(string folder) => folder[(folder.LastIndexOf(Modules, StringComparison.Ordinal) + Modules.Length)..];
}
