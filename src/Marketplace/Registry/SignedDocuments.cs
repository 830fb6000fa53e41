using System.Text;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Publishers;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Registry;

/// <summary>
/// The documents that clients believe, signed by the registry. One is written in the transaction of the change that it tells
/// of, so it is never older or newer than the records, and its number goes up with each.
/// </summary>
internal sealed class SignedDocuments(RootKey root, TimeProvider time, MarketLimits limits, MarketOptions options)
{
    /// <summary>Signs the keys of a publisher anew.</summary>
    public async Task WritePublisherAsync(Sql sql, string publisher)
    {
        var keys = await AuthorKeys.OfAsync(sql, publisher);
        await WriteAsync(sql, RegistryPaths.PublisherOf(publisher), (sequence, issued, expires) => root.Sign(key => PublisherFile.Write(
            new PublisherDocument
            {
                Publisher = publisher,
                Sequence = sequence,
                Issued = issued,
                Expires = expires,
                Keys = [.. keys.Where(known => known.IsInUse).Select(known => known.Info.Key)],
                Rotations = [.. keys.Select(known => known.Rotation).OfType<SignedRotation>()],
                Revocations = [.. keys.Select(known => known.Revocation).OfType<KeyRevocation>()],
            },
            key)));
    }

    /// <summary>Signs the index of a plugin anew; it lists what is live.</summary>
    public async Task WriteIndexAsync(Sql sql, PluginId id)
    {
        var rows = await sql.ListAsync<LineRow>(
            """
            SELECT v.line, v.published, v.verdict_digest, v.cooldown_hours, v.yanked, v.quarantined, v.kill, p.deprecated, p.successor
            FROM versions v JOIN plugins p ON p.id = v.plugin_id
            WHERE v.plugin_id = @Id AND v.state = 'live'
            """, new { Id = id.ToString() });
        await WriteAsync(sql, RegistryPaths.IndexOf(id), (sequence, issued, expires) => root.Sign(key => IndexFile.Write(id, sequence, issued, expires, rows.Select(row => row.ToLine()), key)));
    }

    /// <summary>Signs what is laid down for users anew.</summary>
    public Task WritePolicyAsync(Sql sql) => WriteAsync(sql, RegistryPaths.Policy, (sequence, issued, expires) => root.Sign(key => PolicyFile.Write(
        new PolicyDocument { Sequence = sequence, Issued = issued, Expires = expires, Policy = options.Policy ?? RegistryPolicy.None }, key)));

    /// <summary>Signs those documents anew that expire soonest, once half of their time is over.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RenewAsync(Sql sql)
    {
        var paths = await sql.ListAsync<string>(
            "SELECT path FROM documents WHERE expires < @Before ORDER BY expires LIMIT @ResignBatch",
            new { Before = (time.GetUtcNow() + (limits.DocumentValidity / 2)).ToUnixTimeMilliseconds(), limits.ResignBatch });
        foreach (var path in paths)
        {
            if (path.Split('/') is ["v1", "index", var publisher, var name]) await WriteIndexAsync(sql, PluginId.Parse($"{publisher}.{name}"));
            else if (path == RegistryPaths.Policy) await WritePolicyAsync(sql);
            else await WritePublisherAsync(sql, Path.GetFileNameWithoutExtension(path));
        }
        return paths.Count;
    }

    /// <summary>A document as it is served; null when there is none.</summary>
    public static Task<SignedDocument?> FindAsync(Sql sql, string path) => sql.FirstAsync<SignedDocument>("SELECT content, digest FROM documents WHERE path = @path", new { path });

    private async Task WriteAsync(Sql sql, string path, Func<long, DateTimeOffset, DateTimeOffset, byte[]> write)
    {
        var sequence = await sql.FirstAsync<long>("SELECT sequence FROM documents WHERE path = @path", new { path }) + 1;
        var issued = Stored.Time(time.Now());
        var expires = issued + limits.DocumentValidity;
        var bytes = write(sequence, issued, expires);
        await sql.ExecuteAsync(
            """
            INSERT INTO documents (path, sequence, expires, content, digest) VALUES (@path, @sequence, @Expires, @Content, @Digest)
            ON CONFLICT (path) DO UPDATE SET sequence = excluded.sequence, expires = excluded.expires, content = excluded.content, digest = excluded.digest
            """,
            new { path, sequence, Expires = expires.ToUnixTimeMilliseconds(), Content = Encoding.UTF8.GetString(bytes), Digest = Digest.Of(bytes).ToString() });
    }

    private sealed record LineRow
    {
        public string Line { get; init; } = "";

        public long Published { get; init; }

        public string? VerdictDigest { get; init; }

        public int CooldownHours { get; init; }

        public string? Yanked { get; init; }

        public string? Quarantined { get; init; }

        public string? Kill { get; init; }

        public string? Deprecated { get; init; }

        public string? Successor { get; init; }

        public IndexLine ToLine() => IndexLine.Read(Encoding.UTF8.GetBytes(Line)).OrThrow() with
        {
            Published = Stored.Time(Published),
            VerdictDigest = Digest.TryParse(VerdictDigest, out var digest) ? digest : null,
            CooldownHours = CooldownHours,
            Yanked = Yanked,
            Quarantined = Quarantined,
            Kill = Kill,
            Deprecated = Deprecated is null ? null : new Deprecation { Reason = Deprecated, Successor = PluginId.TryParse(Successor, out var next) ? next : null },
        };
    }
}

/// <summary>A document, and the digest of its bytes.</summary>
internal sealed record SignedDocument
{
    public string Content { get; init; } = "";

    public string Digest { get; init; } = "";
}
