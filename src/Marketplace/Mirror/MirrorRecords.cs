using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Registry;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Mirror;

/// <summary>What is stored of another registry, and this registry's own documents made from it.</summary>
internal sealed class MirrorRecords(RootKey root, TimeProvider time, MarketLimits limits)
{
    public static Task<MirroredDocument?> FindAsync(Sql sql, string path) => sql.FirstAsync<MirroredDocument>("SELECT * FROM mirrored_documents WHERE path = @path", new { path });

    public static Task<MirroredVersion?> FindAsync(Sql sql, Digest digest) => sql.FirstAsync<MirroredVersion>("SELECT * FROM mirrored_versions WHERE digest = @Digest", new { Digest = digest.ToString() });

    /// <summary>Whether a publisher is this registry's own: another registry is never asked for it, and never believed about it.</summary>
    public static async Task<bool> IsOwnAsync(Sql sql, string publisher) => await sql.FirstAsync<string>("SELECT name FROM publishers WHERE name = @publisher", new { publisher }) is not null;

    /// <summary>The keys that a document was verified with, as they are stored.</summary>
    public static string TextOf(KeySet roots) => string.Join(' ', roots.Keys.OrderBy(key => key.Id.ToString(), StringComparer.Ordinal).Select(key => Convert.ToBase64String(key.SubjectPublicKeyInfo.Span)).Prepend(roots.Threshold.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Stores the verified index of a plugin.</summary>
    public async Task StoreAsync(Sql sql, IndexFile index, ReadOnlyMemory<byte> bytes, string? etag, KeySet roots)
    {
        var id = index.Header.Id;
        await StoreAsync(sql, RegistryPaths.IndexOf(id), id.Publisher, roots, bytes, index.Header.Sequence, index.Header.Expires, etag);
        // A version that is not listed any more is not handed out any more; its package stays, and is there when it comes back.
        await sql.ExecuteAsync("UPDATE mirrored_versions SET withdrawn = 'its registry lists it no more' WHERE plugin_id = @Id", new { Id = id.ToString() });
        foreach (var line in index.Lines)
        {
            await sql.ExecuteAsync(
                """
                INSERT INTO mirrored_versions (digest, plugin_id, version, size, line, withdrawn) VALUES (@Digest, @Id, @Version, @Size, @Line, @Withdrawn)
                ON CONFLICT (digest) DO UPDATE SET line = excluded.line, withdrawn = excluded.withdrawn WHERE mirrored_versions.plugin_id = excluded.plugin_id
                """,
                new { Digest = line.Digest.ToString(), Id = id.ToString(), Version = line.Version.ToString(), line.Size, Line = Encoding.UTF8.GetString(line.ToUtf8()), Withdrawn = line.Kill ?? line.Quarantined });
        }
    }

    /// <summary>Stores the verified keys of a publisher.</summary>
    public Task StoreAsync(Sql sql, PublisherFile file, ReadOnlyMemory<byte> bytes, string? etag, KeySet roots) =>
        StoreAsync(sql, RegistryPaths.PublisherOf(file.Keys.Publisher), file.Keys.Publisher, roots, bytes, file.Sequence, file.Expires, etag);

    /// <summary>Says that a document was asked for and is still the latest.</summary>
    public Task TouchAsync(Sql sql, string path) => sql.ExecuteAsync("UPDATE mirrored_documents SET checked = @Now WHERE path = @path", new { path, Now = time.Now() });

    /// <summary>Notes that the package of a version is here, and signs that this registry hands it out.</summary>
    public Task AdmitAsync(Sql sql, PluginId id, IndexLine line, ImmutableArray<DsseEnvelope> authors)
    {
        var admission = new AdmissionAttestation(id, line.Version, line.Digest, line.VerdictDigest, Stored.Time(time.Now()));
        return sql.ExecuteAsync(
            "UPDATE mirrored_versions SET stored = @Now, signatures = @Signatures, admission = @Admission WHERE digest = @Digest AND plugin_id = @Id",
            new
            {
                Now = time.Now(),
                Signatures = Encoding.UTF8.GetString(PackageSignatures.Write(authors)),
                Admission = Encoding.UTF8.GetString(root.Sign(key => admission.Sign(key)).ToUtf8()),
                Digest = line.Digest.ToString(),
                Id = id.ToString(),
            });
    }

    /// <summary>This registry's own document; null when nothing of it is stored.</summary>
    /// <param name="database">Where it is.</param>
    /// <param name="path">Which document.</param>
    /// <param name="rules">Which versions are passed on.</param>
    /// <param name="isFrozen">Whether nothing more will come: only what is here is listed, and it is good for as long as this registry says.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SignedDocument?> ServeAsync(Database database, string path, UpstreamRules rules, bool isFrozen, CancellationToken cancellationToken) =>
        await database.ReadAsync(async sql => await StateAsync(sql, path, rules, isFrozen) is { IsCurrent: true } state ? state.Document : null, cancellationToken)
        ?? await database.WriteAsync(sql => SignAsync(sql, path, rules, isFrozen), cancellationToken);

    /// <summary>Signs a document anew when what it is made from has changed or its time is half over.</summary>
    /// <param name="sql">Where it is written.</param>
    /// <param name="path">Which document.</param>
    /// <param name="rules">Which versions are passed on.</param>
    /// <param name="isFrozen">Whether nothing more will come: only what is here is listed, and it is good for as long as this registry says.</param>
    private async Task<SignedDocument?> SignAsync(Sql sql, string path, UpstreamRules rules, bool isFrozen)
    {
        // Looked at within the transaction: another request may have signed it.
        if (await StateAsync(sql, path, rules, isFrozen) is not { } state) return null;
        if (state.IsCurrent) return state.Document;
        var issued = Stored.Time(time.Now());
        var bytes = Write(state, path, rules, issued);
        var document = new SignedDocument { Content = Encoding.UTF8.GetString(bytes), Digest = Digest.Of(bytes).ToString() };
        await sql.ExecuteAsync(
            "UPDATE mirrored_documents SET basis = @Basis, sequence = @Sequence, expires = @Expires, content = @Content, digest = @Digest WHERE path = @path",
            new { path, state.Basis, Sequence = state.Row.Sequence + 1, Expires = state.Expires.ToUnixTimeMilliseconds(), document.Content, document.Digest });
        return document;
    }

    private async Task<State?> StateAsync(Sql sql, string path, UpstreamRules rules, bool isFrozen)
    {
        if (await FindAsync(sql, path) is not { } row) return null;
        var stored = isFrozen && IsIndex(path)
            ? (await sql.ListAsync<string>("SELECT digest FROM mirrored_versions WHERE plugin_id = @Id AND stored IS NOT NULL ORDER BY digest", new { Id = IdOf(path).ToString() })).ToImmutableSortedSet(StringComparer.Ordinal)
            : null;
        var basis = Digest.Of(Encoding.UTF8.GetBytes($"{row.Roots} {row.OriginalSequence} {isFrozen} {rules} {string.Join(' ', stored ?? [])}")).ToString();
        var now = Stored.Time(time.Now());
        var expires = now + limits.DocumentValidity;
        // What would be good for longer than the upstream's hides that it says nothing any more.
        if (!isFrozen && Stored.Time(row.OriginalExpires) < expires) expires = Stored.Time(row.OriginalExpires);
        var isOld = Stored.Time(row.Expires) - now < limits.DocumentValidity / 2 && expires > Stored.Time(row.Expires);
        return new State(row, basis, expires, stored, row.Basis == basis && !isOld);
    }

    /// <summary>The plugin of an index's path.</summary>
    public static PluginId IdOf(string path) => path.Split('/') is ["v1", "index", var publisher, var name] ? PluginId.Parse($"{publisher}.{name}") : throw new InvalidOperationException($"{path} is no index");

    public static bool IsIndex(string path) => path.StartsWith("v1/index/", StringComparison.Ordinal);

    private byte[] Write(State state, string path, UpstreamRules rules, DateTimeOffset issued)
    {
        var row = state.Row;
        var (original, roots, sequence) = (Encoding.UTF8.GetBytes(row.Original), RootsOf(row.Roots), row.Sequence + 1);
        if (IsIndex(path))
        {
            var id = IdOf(path);
            var lines = IndexFile.ReadOfAnyAge(original, id, roots).OrThrow().Lines
                .Where(line => rules.Permits(id, line.Version))
                // What must not run any more is told of, whether it is here or not.
                .Where(line => state.Listed is not { } listed || listed.Contains(line.Digest.ToString()) || line.Kill is not null);
            return root.Sign(key => IndexFile.Write(id, sequence, issued, state.Expires, lines, key));
        }
        var file = PublisherFile.ReadOfAnyAge(original, row.Publisher, roots).OrThrow();
        return root.Sign(key => PublisherFile.Write(
            new PublisherDocument { Publisher = row.Publisher, Sequence = sequence, Issued = issued, Expires = state.Expires, Keys = file.Keys.Keys, Rotations = file.Rotations, Revocations = file.Keys.Revocations }, key));
    }

    private static KeySet RootsOf(string text)
    {
        var parts = text.Split(' ');
        return new KeySet([.. parts.Skip(1).Select(spki => PublicKey.FromSubjectPublicKeyInfo(Convert.FromBase64String(spki)).OrThrow())], int.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    /// <summary>A document, and what it would be made from now.</summary>
    /// <param name="Row">As it is stored.</param>
    /// <param name="Basis">What it would be made from, in a digest.</param>
    /// <param name="Expires">Until when it would be good.</param>
    /// <param name="Listed">The packages of an index that are here, when it is to list no others.</param>
    /// <param name="IsCurrent">Whether it need not be signed anew.</param>
    private sealed record State(MirroredDocument Row, string Basis, DateTimeOffset Expires, ImmutableSortedSet<string>? Listed, bool IsCurrent)
    {
        public SignedDocument Document => new() { Content = Row.Content, Digest = Row.Digest };
    }

    private Task StoreAsync(Sql sql, string path, string publisher, KeySet roots, ReadOnlyMemory<byte> bytes, long sequence, DateTimeOffset expires, string? etag) => sql.ExecuteAsync(
        """
        INSERT INTO mirrored_documents (path, publisher, roots, original, original_sequence, original_expires, etag, checked) VALUES (@path, @publisher, @Roots, @Original, @sequence, @Expires, @etag, @Now)
        ON CONFLICT (path) DO UPDATE SET roots = excluded.roots, original = excluded.original, original_sequence = excluded.original_sequence, original_expires = excluded.original_expires, etag = excluded.etag, checked = excluded.checked
        """,
        new { path, publisher, Roots = TextOf(roots), Original = Encoding.UTF8.GetString(bytes.Span), sequence, Expires = expires.ToUnixTimeMilliseconds(), etag, Now = time.Now() });
}

/// <summary>A document of another registry, and what is made of it.</summary>
internal sealed record MirroredDocument
{
    public string Path { get; init; } = "";

    public string Publisher { get; init; } = "";

    public string Roots { get; init; } = "";

    public string Original { get; init; } = "";

    public long OriginalSequence { get; init; }

    public long OriginalExpires { get; init; }

    public string? Etag { get; init; }

    public long Checked { get; init; }

    public string Basis { get; init; } = "";

    public long Sequence { get; init; }

    public long Expires { get; init; }

    public string Content { get; init; } = "";

    public string Digest { get; init; } = "";
}

/// <summary>A version that another registry lists.</summary>
internal sealed record MirroredVersion
{
    public string Digest { get; init; } = "";

    public string PluginId { get; init; } = "";

    public string Version { get; init; } = "";

    public long Size { get; init; }

    public string Line { get; init; } = "";

    public string? Withdrawn { get; init; }

    public long? Stored { get; init; }

    public string? Signatures { get; init; }

    public string? Admission { get; init; }
}
