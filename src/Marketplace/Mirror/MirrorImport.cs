using System.Collections.Immutable;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Mirror;

/// <summary>What was taken from a folder.</summary>
/// <param name="Plugins">How many plugins it has.</param>
/// <param name="Publishers">How many publishers.</param>
/// <param name="Packages">How many packages.</param>
internal sealed record ImportReport(int Plugins, int Publishers, int Packages);

/// <summary>Takes in a registry that came as a folder, for networks that reach no other. All of it is verified before anything is taken.</summary>
internal sealed class MirrorImport(Database database, PackageStorage packages, MirrorRecords records, TimeProvider time)
{
    private static readonly RegistryLimits Limits = RegistryLimits.Default;

    /// <summary>Imports all of a folder, or nothing.</summary>
    /// <param name="directory">The registry's root.</param>
    /// <param name="fingerprints">Those of its keys, from those who keep it; as many have to have signed.</param>
    /// <param name="cancellationToken">Ends it; nothing is taken then.</param>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    public async Task<Outcome<ImportReport>> RunAsync(string directory, ImmutableArray<string> fingerprints, CancellationToken cancellationToken)
    {
        if (!Read(directory, RegistryPaths.Config, Limits.MaxConfigBytes).TryGet(out var bytes, out var problems) || !RegistryConfig.Read(bytes.Span, Limits).TryGet(out var config, out problems)) return problems;
        var keys = fingerprints.Select(typed => config.Keys.FirstOrDefault(key => key.Id.IsTypedAs(typed))).OfType<PublicKey>().Distinct().ToImmutableArray();
        if (keys.IsEmpty || keys.Length < fingerprints.Length) return new Problem(directory, "has no key of a fingerprint that was given", "check it with those who have made the folder");
        var roots = new KeySet(keys, keys.Length);
        var publishers = new Dictionary<string, Document<PublisherFile>>(StringComparer.Ordinal);
        foreach (var name in Files(directory, "publishers", levels: 1).Where(file => file.EndsWith(".json", StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file)!))
        {
            if (!(await ReadPublisherAsync(directory, name, roots, cancellationToken)).TryGet(out var publisher, out problems)) return problems;
            publishers.Add(name, publisher);
        }
        var indexes = new List<Document<IndexFile>>();
        var found = new List<(PluginId Id, IndexLine Line, ImmutableArray<DsseEnvelope> Authors)>();
        foreach (var file in Files(directory, "index", levels: 2))
        {
            if (!PluginId.TryParse($"{Path.GetFileName(Path.GetDirectoryName(file))}.{Path.GetFileName(file)}", out var id)) return new Problem(file, "is no plugin's index");
            if (!publishers.TryGetValue(id.Publisher, out var publisher)) return new Problem(file, "is of a publisher whose keys are not there");
            if (!(await ReadIndexAsync(directory, id, roots, cancellationToken)).TryGet(out var index, out problems)) return problems;
            indexes.Add(index);
            foreach (var line in index.Value.Lines.Where(line => line.Kill is null && line.Quarantined is null))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!ReadPackage(directory, config, id, line, roots, publisher.Value.Keys).TryGet(out var verified, out problems)) return problems;
                // Kept one by one: they need not fit into memory together, and one that no record names is swept away.
                await UpstreamMirror.KeepAsync(packages, verified, cancellationToken);
                found.Add((id, line, verified.Authors));
            }
        }
        await database.WriteAsync(async sql =>
        {
            foreach (var publisher in publishers.Values) await records.StoreAsync(sql, publisher.Value, publisher.Bytes, null, roots);
            foreach (var index in indexes) await records.StoreAsync(sql, index.Value, index.Bytes, null, roots);
            foreach (var (id, line, authors) in found) await records.AdmitAsync(sql, id, line, authors);
        }, cancellationToken);
        return new ImportReport(indexes.Count, publishers.Count, found.Count);
    }

    private async Task<Outcome<Document<PublisherFile>>> ReadPublisherAsync(string directory, string name, KeySet roots, CancellationToken cancellationToken)
    {
        var path = RegistryPaths.PublisherOf(name);
        var (isOwn, seen) = await SeenAsync(name, path, roots, cancellationToken);
        if (isOwn) return new Problem(name, "is a publisher of this registry itself, and another's word about it is not taken", "leave it out of the folder");
        if (!Read(directory, path, Limits.MaxPublisherBytes).TryGet(out var bytes, out var problems) || !PublisherFile.Read(bytes.Span, name, roots, time.GetUtcNow(), seen, Limits).TryGet(out var file, out problems)) return problems;
        return new Document<PublisherFile>(file, bytes);
    }

    private async Task<Outcome<Document<IndexFile>>> ReadIndexAsync(string directory, PluginId id, KeySet roots, CancellationToken cancellationToken)
    {
        var path = RegistryPaths.IndexOf(id);
        var (_, seen) = await SeenAsync(id.Publisher, path, roots, cancellationToken);
        if (!Read(directory, path, Limits.MaxIndexBytes).TryGet(out var bytes, out var problems) || !IndexFile.Read(bytes.Span, id, roots, time.GetUtcNow(), seen, Limits).TryGet(out var file, out problems)) return problems;
        return new Document<IndexFile>(file, bytes);
    }

    /// <summary>Whether a publisher is this registry's own, and the number of the document that was taken before.</summary>
    private Task<(bool IsOwn, long Seen)> SeenAsync(string publisher, string path, KeySet roots, CancellationToken cancellationToken) => database.ReadAsync(async sql =>
        (await MirrorRecords.IsOwnAsync(sql, publisher), await MirrorRecords.FindAsync(sql, path) is { } row && row.Roots == MirrorRecords.TextOf(roots) ? row.OriginalSequence : 0), cancellationToken);

    private static Outcome<VerifiedPackage> ReadPackage(string directory, RegistryConfig config, PluginId id, IndexLine line, KeySet roots, PublisherKeys publisher)
    {
        var place = config.PlaceOf(line.Digest);
        if (place.Contains(':', StringComparison.Ordinal)) return new Problem(RegistryPaths.Config, "has its packages elsewhere", "a folder that is imported has them in it");
        if (!Read(directory, place, Limits.MaxPackageBytes).TryGet(out var bytes, out var problems)) return problems;
        if (!Read(directory, place + PackageSignatures.Extension, SigningLimits.Default.MaxSignatureFileBytes).TryGet(out var signatures, out problems)) return problems;
        if (!PackageSignatures.Read(signatures.Span).TryGet(out var envelopes, out problems)) return problems;
        return VerifiedPackage.Check(id, line, bytes, envelopes, roots, publisher);
    }

    private static Outcome<ReadOnlyMemory<byte>> Read(string directory, string path, int maxBytes)
    {
        var file = new FileInfo(Path.Combine(directory, path));
        if (!file.Exists) return new Problem(file.FullName, "is not there", "the folder is not whole: copy it again");
        return file.Length <= maxBytes ? (ReadOnlyMemory<byte>)File.ReadAllBytes(file.FullName) : new Problem(file.FullName, $"has {file.Length:N0} bytes; at most {maxBytes:N0} are allowed");
    }

    private static IEnumerable<string> Files(string directory, string kind, int levels)
    {
        var folder = Path.Combine(directory, "v1", kind);
        if (!Directory.Exists(folder)) return [];
        return (levels == 1 ? [folder] : Directory.EnumerateDirectories(folder)).SelectMany(Directory.EnumerateFiles).Order(StringComparer.Ordinal);
    }

    private sealed record Document<T>(T Value, ReadOnlyMemory<byte> Bytes);
}
