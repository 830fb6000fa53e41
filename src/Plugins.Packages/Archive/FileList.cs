using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Packages;

/// <summary><c>files.json</c>: every other file of the package, so that an unpacked package can be checked without its archive.</summary>
internal sealed record FileList
{
    public const string Path = "files.json";

    /// <summary>Enough for the largest number of the longest names.</summary>
    private const int MaxBytes = 4 << 20;

    /// <summary>In ordinal order of path.</summary>
    public required ImmutableArray<ListedFile> Files { get; init; }

    public static FileList Of(IEnumerable<PackageFile> files) => new()
    {
        Files = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new ListedFile { Path = f.Path, Size = f.Content.Length, Digest = Digest.Of(f.Content.Span) })],
    };

    public static Outcome<FileList> Read(ReadOnlySpan<byte> utf8) => StrictJson.Read(utf8, PackagesJson.Default.FileList, new JsonLimits(MaxBytes));

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, PackagesJson.Default.FileList);

    /// <summary>Compares an archive's files with the list among them; empty when they agree.</summary>
    public static ImmutableArray<Problem> Check(ImmutableArray<PackageFile> files)
    {
        const string repack = "pack it with `lazyoc plugin pack`";
        if (files.FirstOrDefault(f => f.Path == Path) is not { } listing) return [new Problem(Path, "is not in the package", repack)];
        if (!Read(listing.Content.Span).TryGet(out var list, out var problems)) return [.. problems.Select(p => p.In(Path))];
        var listed = new Dictionary<string, ListedFile>(StringComparer.Ordinal);
        foreach (var file in list.Files)
            if (!listed.TryAdd(file.Path, file)) return [new Problem(file.Path, $"is in `{Path}` twice", repack)];
        var found = ImmutableArray.CreateBuilder<Problem>();
        foreach (var file in files)
        {
            if (file.Path == Path) continue;
            if (!listed.Remove(file.Path, out var entry)) found.Add(new Problem(file.Path, $"is not listed in `{Path}`", repack));
            else if (!entry.Matches(file.Content.Span)) found.Add(new Problem(file.Path, $"is not the file that `{Path}` lists", "fetch the package again"));
        }
        foreach (var path in listed.Keys) found.Add(new Problem(path, $"is listed in `{Path}` but not in the package", repack));
        return found.ToImmutable();
    }
}

/// <summary>A line of <see cref="FileList"/>.</summary>
internal sealed record ListedFile
{
    public required string Path { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    public required Digest Digest { get; init; }

    public bool Matches(ReadOnlySpan<byte> content) => content.Length == Size && Digest.Of(content) == Digest;
}
