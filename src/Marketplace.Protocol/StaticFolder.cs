using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary>The contents of a static registry while the next state of it is made.</summary>
internal sealed class StaticFolder
{
    private const string FolderHint = "export to another folder, or with the keys that made this one";

    private readonly List<(PluginPackage Package, ImmutableArray<DsseEnvelope> Envelopes)> _newPackages = [];

    /// <summary>A plugin's versions, and the number of the index they are from; 0 when there was none.</summary>
    public sealed record PluginState(long Sequence, ImmutableArray<IndexLine> Lines);

    /// <summary>A publisher's keys, and the number of the file they are from; 0 when there was none.</summary>
    public sealed record PublisherState(long Sequence, ImmutableArray<PublicKey> Keys, ImmutableArray<SignedRotation> Rotations, ImmutableArray<KeyRevocation> Revocations)
    {
        /// <summary>Whether packages may be signed with a key; null, or why not.</summary>
        public string? WhyNot(PublicKey key) =>
            Revocations.Any(revocation => revocation.Key == key.Id) ? "was revoked"
            : Rotations.Any(rotation => rotation.Old.Equals(key)) ? "was replaced by another"
            : null;

        public bool Knows(KeyId key) => Keys.Any(known => known.Id == key) || Rotations.Any(rotation => rotation.Old.Id == key);
    }

    public SortedDictionary<PluginId, PluginState> Plugins { get; } = [];

    public SortedDictionary<string, PublisherState> Publishers { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that were added and are not in the folder yet, with the envelopes of their authors.</summary>
    public IReadOnlyList<(PluginPackage Package, ImmutableArray<DsseEnvelope> Envelopes)> NewPackages => _newPackages;

    /// <summary>Reads what is there; everything in it has to be signed by the same keys, whether it has expired or not.</summary>
    public static Outcome<StaticFolder> Read(string directory, RegistryConfig next, RegistryLimits limits)
    {
        var folder = new StaticFolder();
        var configFile = Path.Combine(directory, RegistryPaths.Config);
        if (File.Exists(configFile))
        {
            if (!ReadFile(configFile, limits.MaxConfigBytes).TryGet(out var bytes, out var problems) || !RegistryConfig.Read(bytes.Span, limits).TryGet(out var before, out problems)) return In(configFile, problems);
            if (!before.Keys.Order(ById).SequenceEqual(next.Keys.Order(ById))) return new Problem(configFile, "is of a registry with other keys", FolderHint);
        }
        foreach (var file in Files(Path.Combine(directory, "v1", "index"), 2))
        {
            if (!PluginId.TryParse($"{Path.GetFileName(Path.GetDirectoryName(file))}.{Path.GetFileName(file)}", out var id)) continue;
            if (!ReadFile(file, limits.MaxIndexBytes).TryGet(out var bytes, out var problems) || !IndexFile.ReadOfAnyAge(bytes.Span, id, next.Roots, limits).TryGet(out var index, out problems)) return In(file, problems);
            folder.Plugins.Add(id, new PluginState(index.Header.Sequence, index.Lines));
        }
        foreach (var file in Files(Path.Combine(directory, "v1", "publishers"), 1))
        {
            if (Path.GetExtension(file) != ".json") continue;
            var publisher = Path.GetFileNameWithoutExtension(file);
            if (!ReadFile(file, limits.MaxPublisherBytes).TryGet(out var bytes, out var problems) || !PublisherFile.ReadOfAnyAge(bytes.Span, publisher, next.Roots, limits).TryGet(out var read, out problems)) return In(file, problems);
            folder.Publishers.Add(publisher, new PublisherState(read.Sequence, read.Keys.Keys, read.Rotations, read.Keys.Revocations));
        }
        return folder;
    }

    /// <summary>Adds a package; false when it is there already.</summary>
    /// <param name="item">The package.</param>
    /// <param name="revocations">Keys that are about to be revoked.</param>
    /// <param name="now">The time.</param>
    public Outcome<bool> Add(StaticPackage item, ImmutableArray<KeyRevocation> revocations, DateTimeOffset now)
    {
        var identity = PackageIdentity.Of(item.Package);
        var publisher = Publishers.GetValueOrDefault(identity.Id.Publisher) ?? new PublisherState(0, [], [], []);
        var plugin = Plugins.GetValueOrDefault(identity.Id) ?? new PluginState(0, []);
        if (plugin.Lines.FirstOrDefault(line => line.Version == identity.Version) is { } before)
            return before.Digest == identity.Digest ? false : new Problem(identity.FileName, $"is another package than the {before.Version} that is there; a version never changes", "give it a new version");

        var authors = AuthorsOf(item.Envelopes, identity);
        if (authors.IsEmpty) return new Problem(identity.FileName, "is not signed by its author", "`lazyoc plugin pack DIR --sign KEY` signs it");
        foreach (var (author, _) in authors)
            if ((revocations.Any(revocation => revocation.Key == author.Id) ? "was revoked" : publisher.WhyNot(author)) is { } reason) return new Problem(identity.FileName, $"is signed with the key {author.Id.Fingerprint}, which {reason}", "sign it with a key that is in use");
        Publishers[identity.Id.Publisher] = publisher with { Keys = [.. publisher.Keys.Union(authors.Select(author => author.Key))] };
        Plugins[identity.Id] = plugin with { Lines = plugin.Lines.Add(IndexLine.Of(item.Package, now)) };
        _newPackages.Add((item.Package, [.. authors.Select(author => author.Envelope).Distinct()]));
        return true;
    }

    /// <summary>Replaces and revokes authors' keys; null, or what is wrong.</summary>
    public Problem? Apply(ImmutableArray<SignedRotation> rotations, ImmutableArray<KeyRevocation> revocations)
    {
        foreach (var name in Publishers.Keys.ToArray())
        {
            var publisher = Publishers[name];
            var open = rotations.ToList();
            // One may be of a key that another brings in.
            while (open.FindIndex(rotation => publisher.Keys.Contains(rotation.Old)) is >= 0 and var found)
            {
                var signed = open[found];
                open.RemoveAt(found);
                if (!signed.Verify().TryGet(out var rotation, out var problems)) return problems[0].In(name);
                publisher = publisher with { Keys = [.. publisher.Keys.Remove(rotation.Old).Union([rotation.New])], Rotations = publisher.Rotations.Add(signed) };
            }
            foreach (var revocation in revocations)
            {
                if (!publisher.Knows(revocation.Key) || publisher.Revocations.Any(known => known.Key == revocation.Key)) continue;
                publisher = publisher with { Keys = [.. publisher.Keys.Where(key => key.Id != revocation.Key)], Revocations = publisher.Revocations.Add(revocation) };
            }
            Publishers[name] = publisher;
        }
        return null;
    }

    /// <summary>The keys that come with the envelopes and have signed a statement about just this package.</summary>
    private static ImmutableArray<(PublicKey Key, DsseEnvelope Envelope)> AuthorsOf(ImmutableArray<DsseEnvelope> envelopes, PackageIdentity identity)
    {
        var authors = ImmutableArray.CreateBuilder<(PublicKey, DsseEnvelope)>();
        foreach (var envelope in envelopes)
        {
            foreach (var key in envelope.Signatures.Select(signature => signature.PublicKey).OfType<PublicKey>().Distinct())
            {
                if (envelope.Verify(PackageAttestation.PayloadType, KeySet.Of(key)).TryGet(out var payload, out _)
                    && PackageAttestation.Read(payload).TryGet(out var statement, out _)
                    && statement.Package == identity) authors.Add((key, envelope));
            }
        }
        return authors.ToImmutable();
    }

    private static readonly Comparer<PublicKey> ById = Comparer<PublicKey>.Create((left, right) => left.Id.CompareTo(right.Id));

    /// <summary>The files so many levels below a folder, in order.</summary>
    private static IEnumerable<string> Files(string folder, int levels)
    {
        if (!Directory.Exists(folder)) return [];
        return levels == 1
            ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
            : Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(inner => Files(inner, levels - 1));
    }

    private static Outcome<ReadOnlyMemory<byte>> ReadFile(string path, int maxBytes)
    {
        var length = new FileInfo(path).Length;
        return length <= maxBytes ? (ReadOnlyMemory<byte>)File.ReadAllBytes(path) : new Problem("", $"it has {length:N0} bytes; at most {maxBytes:N0} are allowed");
    }

    private static ImmutableArray<Problem> In(string file, ImmutableArray<Problem> problems) => [.. problems.Select(problem => problem.In(file) with { Hint = FolderHint })];
}
