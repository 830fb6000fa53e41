using LazyOC.Plugins.Contracts;

namespace LazyOC.Fuzz.Packages;

/// <summary>
/// A folder some levels deep to unpack into, with files all around it that names which lead out would meet. Disposing
/// deletes all of it.
/// </summary>
internal sealed class Surroundings : IDisposable
{
    private static readonly string[] Watched = ["evil", "plugin.json", "a/evil", "store/x", "tmp/y", "Files.json"];

    private readonly string _arena;
    private readonly string _before;

    public Surroundings(string scratch)
    {
        _arena = Directory.CreateDirectory(Path.Combine(scratch, "arena")).FullName;
        Target = Path.Combine(_arena, "x", "y", "home");
        foreach (var folder in new[] { _arena, Path.Combine(_arena, "x"), Path.Combine(_arena, "x", "y") })
        {
            foreach (var name in Watched)
            {
                var file = Path.Combine(folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, "not to be touched: " + file);
            }
        }
        _before = Listing();
    }

    /// <summary>Where a store may write; not there at first.</summary>
    public string Target { get; }

    /// <summary>Whether anything around the target is other than it was.</summary>
    public bool IsTouched => Listing() != _before;

    /// <summary>Empties the target.</summary>
    public void Clear()
    {
        if (Directory.Exists(Target)) Directory.Delete(Target, recursive: true);
    }

    public void Dispose() => Directory.Delete(_arena, recursive: true);

    private string Listing() => string.Join('\n', new DirectoryInfo(_arena).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Where(entry => entry.FullName != Target && !entry.FullName.StartsWith(Target + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        .Select(entry => $"{entry.FullName} {entry.LinkTarget} {(entry is FileInfo file ? Digest.Of(File.ReadAllBytes(file.FullName)).ToString() : "")}").Order(StringComparer.Ordinal));
}
