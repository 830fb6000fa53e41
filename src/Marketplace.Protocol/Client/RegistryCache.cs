using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>A document that was accepted before.</summary>
/// <param name="Bytes">As it came.</param>
/// <param name="ETag">To ask whether there is a newer one; null when the registry gave none.</param>
/// <param name="Sequence">Its sequence number; an older one is not accepted any more.</param>
public sealed record SeenDocument(ReadOnlyMemory<byte> Bytes, string? ETag, long Sequence);

/// <summary>The documents of registries that were accepted before, in a folder.</summary>
/// <remarks>
/// Thread safe, and safe among processes: the document with the higher sequence number stays, and files are replaced whole.
/// It is a memory of what was seen, not a mere cache: who deletes it can be shown an older state again, until that expires.
/// </remarks>
public sealed class RegistryCache(string folder)
{
    private const int MaxBytes = 32 << 20;

    private readonly Lock _gate = new();

    /// <summary>What was accepted last; null when nothing was, or what is there cannot be read.</summary>
    /// <param name="registry">Which registry: its address and keys.</param>
    /// <param name="path">Of the document.</param>
    public SeenDocument? Find(string registry, string path)
    {
        var file = FileOf(registry, path);
        if (!File.Exists(file) || new FileInfo(file).Length > MaxBytes) return null;
        var bytes = File.ReadAllBytes(file);
        var end = bytes.AsSpan().IndexOf((byte)'\n');
        if (end < 0 || !StrictJson.Read(bytes.AsSpan(0, end), SeenJson.Default.SeenHead, new JsonLimits(MaxBytes: 4 << 10)).TryGet(out var head, out _)) return null;
        return new SeenDocument(bytes.AsMemory(end + 1), head.ETag, head.Sequence);
    }

    /// <summary>Remembers an accepted document.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(string registry, string path, SeenDocument document)
    {
        var file = FileOf(registry, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var head = JsonSerializer.SerializeToUtf8Bytes(new SeenHead { ETag = document.ETag, Sequence = document.Sequence }, SeenJson.Default.SeenHead);
        lock (_gate)
        {
            // Who waits in vain has a document that another process will show again.
            if (!UserFile.Lock(Path.GetDirectoryName(file)!).TryGet(out var turn, out _)) return;
            using (turn)
            {
                if (Find(registry, path) is { } before && before.Sequence > document.Sequence) return;
                // One name for all, so that what a killed process left is written over.
                var pending = file + ".next";
                using (var stream = new FileStream(pending, FileMode.Create, FileAccess.Write))
                {
                    stream.Write(head);
                    stream.WriteByte((byte)'\n');
                    stream.Write(document.Bytes.Span);
                }
                File.Move(pending, file, overwrite: true);
            }
        }
    }

    // The path has slashes, and an address more than a file name may hold.
    private string FileOf(string registry, string path) => Path.Combine(folder, Name(registry), Name(path));

    private static string Name(string text) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(text)).ToString()[7..39];
}

/// <summary>The first line of a remembered document.</summary>
internal sealed record SeenHead
{
    public string? ETag { get; init; }

    public required long Sequence { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SeenHead))]
internal sealed partial class SeenJson : JsonSerializerContext;
