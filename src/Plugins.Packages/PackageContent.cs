using System.Collections.Immutable;

namespace LazyOC.Plugins.Packages;

/// <summary>The files of a package as a plugin that runs may read them.</summary>
/// <remarks>
/// Immutable and thread safe. What is installed stays on disk, and is checked against its digest again each time it is read:
/// a plugin that never looks at its files costs no memory for them. A package under development is in memory as a whole.
/// </remarks>
public sealed class PackageContent
{
    private readonly ImmutableSortedDictionary<string, (int Size, Func<ReadOnlyMemory<byte>?> Read)> _files;

    private PackageContent(IEnumerable<KeyValuePair<string, (int Size, Func<ReadOnlyMemory<byte>?> Read)>> files) =>
        _files = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, files);

    /// <summary>Nothing.</summary>
    public static PackageContent Empty { get; } = new([]);

    /// <summary>Path and size in bytes of each file, in ordinal order.</summary>
    public IEnumerable<(string Path, int Size)> Files => _files.Select(file => (file.Key, file.Value.Size));

    /// <summary>The bytes of a file; null when there is none of that name, or it was changed or cannot be read.</summary>
    public ReadOnlyMemory<byte>? Read(string path) => _files.TryGetValue(path, out var file) ? file.Read() : null;

    /// <summary>Files that are in memory.</summary>
    public static PackageContent Of(IEnumerable<PackageFile> files) =>
        new(files.Select(file => KeyValuePair.Create(file.Path, (file.Content.Length, (Func<ReadOnlyMemory<byte>?>)(() => file.Content)))));

    /// <summary>Files of an unpacked package, which were in order when it was opened.</summary>
    internal static PackageContent Of(string directory, FileList list) =>
        new(list.Files.Select(file => KeyValuePair.Create(file.Path, ((int)file.Size, (Func<ReadOnlyMemory<byte>?>)(() => Read(directory, file))))));

    private static ReadOnlyMemory<byte>? Read(string directory, ListedFile file)
    {
        try
        {
            var path = Path.Combine(directory, file.Path);
            // The size first, so that a file that grew is not read.
            if (new FileInfo(path).Length != file.Size) return null;
            var content = File.ReadAllBytes(path);
            // A bare null would become memory of no bytes.
            return file.Matches(content) ? content : default(ReadOnlyMemory<byte>?);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Told to the reader as a file that cannot be read.
            return null;
        }
    }
}
