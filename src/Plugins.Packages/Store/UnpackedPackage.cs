using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>A package's folder in the store.</summary>
internal sealed class UnpackedPackage(string directory)
{
    /// <summary>Reads every file and checks it: <c>files.json</c> against the digest given, the others against <c>files.json</c>.</summary>
    public Outcome<ImmutableDictionary<string, ReadOnlyMemory<byte>>> Read(Digest filesDigest) => Read(filesDigest, out _);

    /// <param name="filesDigest">Digest of <c>files.json</c>.</param>
    /// <param name="content">The same files, to be read later; empty when one is not in order.</param>
    public Outcome<ImmutableDictionary<string, ReadOnlyMemory<byte>>> Read(Digest filesDigest, out PackageContent content)
    {
        content = PackageContent.Empty;
        if (!ReadList(filesDigest).TryGet(out var list, out var problems)) return problems;
        var files = ImmutableDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var file in list.Files)
        {
            if (!ReadListed(file).TryGet(out var bytes, out problems)) return problems;
            files.Add(file.Path, bytes);
        }
        content = PackageContent.Of(directory, list);
        return files.ToImmutable();
    }

    private Outcome<FileList> ReadList(Digest filesDigest)
    {
        var listing = Path.Combine(directory, FileList.Path);
        if (!File.Exists(listing)) return Changed(listing, "is missing");
        var document = File.ReadAllBytes(listing);
        if (Digest.Of(document) != filesDigest) return Changed(listing, "was changed after the plugin was installed");
        if (!FileList.Read(document).TryGet(out var list, out var problems)) return problems.Select(p => p.In(listing)).ToImmutableArray();
        foreach (var file in list.Files)
            if (!PackagePath.IsValid(file.Path, out var reason)) return Changed(listing, $"lists `{file.Path}`, which {reason}");
        return list;
    }

    private Outcome<ReadOnlyMemory<byte>> ReadListed(ListedFile file)
    {
        var path = Path.Combine(directory, file.Path);
        var info = new FileInfo(path);
        if (!info.Exists) return Changed(path, "is missing");
        // The size first, so that a file that grew is not read.
        if (info.Length != file.Size) return Changed(path, "was changed after the plugin was installed");
        var bytes = File.ReadAllBytes(path);
        return file.Matches(bytes) ? new ReadOnlyMemory<byte>(bytes) : Changed(path, "was changed after the plugin was installed");
    }

    /// <summary>Reads one file and checks it as <see cref="Read(Digest)"/> does.</summary>
    public Outcome<ReadOnlyMemory<byte>> ReadOne(Digest filesDigest, string path)
    {
        if (!ReadList(filesDigest).TryGet(out var list, out var problems)) return problems;
        return list.Files.FirstOrDefault(file => file.Path == path) is { } listed ? ReadListed(listed) : Changed(Path.Combine(directory, path), "is missing");
    }

    private static Problem Changed(string path, string what) => new(path, what, "install the plugin again");
}
