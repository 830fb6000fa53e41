using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Registry;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Publishers;

/// <summary>The keys that publishers sign their packages with. Every change is in the signed document of the publisher at once.</summary>
internal sealed class AuthorKeys(Database database, SignedDocuments documents, TimeProvider time, MarketLimits limits)
{
    private static readonly int MaxKeys = RegistryLimits.Default.MaxKeys;

    public async Task<Answer<PublisherInfo>> AddAsync(Caller caller, string publisher, NewAuthorKey asked, CancellationToken cancellationToken)
    {
        if (Texts.CheckBlock("comment", asked.Comment, limits.MaxTextChars) is { } bad) return bad;
        return await ChangeAsync(caller, publisher, "publisher.key", asked.Key.Id.ToString(), "added", async sql =>
        {
            var keys = await OfAsync(sql, publisher);
            if (keys.Count >= MaxKeys) return new Refusal(ProblemTypes.QuotaExceeded, $"`{publisher}` has {MaxKeys} keys already");
            // One that was replaced or revoked stays so.
            if (keys.Any(key => key.Info.Id == asked.Key.Id)) return new Refusal(ProblemTypes.NameTaken, "the key is one of the publisher's already") { Field = "key" };
            await InsertAsync(sql, publisher, asked.Key, asked.Comment);
            return null;
        }, cancellationToken);
    }

    /// <summary>Puts a new key in the place of an old one, which has signed that.</summary>
    public async Task<Answer<PublisherInfo>> RotateAsync(Caller caller, string publisher, NewRotation asked, CancellationToken cancellationToken)
    {
        var signed = new SignedRotation(asked.Old, asked.Envelope);
        if (!signed.Verify().TryGet(out var rotation, out var problems)) return Refusal.Of(ProblemTypes.InvalidRequest, problems);
        return await ChangeAsync(caller, publisher, "publisher.key", asked.Old.Id.ToString(), $"replaced by {rotation.New.Id}", async sql =>
        {
            var keys = await OfAsync(sql, publisher);
            if (keys.FirstOrDefault(key => key.Info.Id == rotation.Old.Id) is not { IsInUse: true }) return Refusal.NotFound("key of this publisher that is in use and is replaced");
            if (keys.Count >= MaxKeys) return new Refusal(ProblemTypes.QuotaExceeded, $"`{publisher}` has {MaxKeys} keys already");
            var known = keys.FirstOrDefault(key => key.Info.Id == rotation.New.Id);
            if (known is { IsInUse: false }) return new Refusal(ProblemTypes.WrongState, "the new key was replaced or revoked before") { Field = "envelope" };
            if (known is null) await InsertAsync(sql, publisher, rotation.New, "");
            await sql.ExecuteAsync(
                "UPDATE author_keys SET replaced_by = @New, rotation = @Envelope WHERE publisher = @publisher AND key_id = @Old",
                new { publisher, Old = rotation.Old.Id.ToString(), New = rotation.New.Id.ToString(), Envelope = System.Text.Encoding.UTF8.GetString(asked.Envelope.ToUtf8()) });
            return null;
        }, cancellationToken);
    }

    /// <summary>Says that a key is not to be trusted any more.</summary>
    public async Task<Answer<PublisherInfo>> RevokeAsync(Caller caller, string publisher, KeyId key, string reason, CancellationToken cancellationToken)
    {
        if (KeyRevocation.CheckReason(reason) is { } bad) return Refusal.Invalid("reason", bad.Message);
        return await ChangeAsync(caller, publisher, "publisher.key", key.ToString(), $"revoked: {reason}", async sql =>
        {
            var changed = await sql.ExecuteAsync(
                "UPDATE author_keys SET revoked = @reason, revoked_at = @Now WHERE publisher = @publisher AND key_id = @Key AND revoked IS NULL",
                new { publisher, Key = key.ToString(), reason, Now = time.Now() });
            return changed > 0 ? null : Refusal.NotFound("key of this publisher that is not revoked");
        }, cancellationToken);
    }

    /// <summary>All keys of a publisher, the oldest first.</summary>
    public static async Task<IReadOnlyList<PublisherKey>> OfAsync(Sql sql, string publisher) => [.. (await sql.ListAsync<KeyRow>(
        "SELECT spki, comment, added, replaced_by, rotation, revoked, revoked_at FROM author_keys WHERE publisher = @publisher ORDER BY added, key_id", new { publisher })).Select(row => row.ToKey())];

    private async Task<Answer<PublisherInfo>> ChangeAsync(Caller caller, string publisher, string action, string subject, string what, Func<Sql, Task<Refusal?>> change, CancellationToken cancellationToken) => await database.TryWriteAsync<PublisherInfo>(async sql =>
    {
        if (await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
        if (await change(sql) is { } refused) return refused;
        await documents.WritePublisherAsync(sql, publisher);
        await AuditTrail.AddAsync(sql, time, caller.Name, action, $"{publisher}/{subject}", what);
        return await PublisherStore.InfoAsync(sql, caller, publisher);
    }, cancellationToken);

    private Task InsertAsync(Sql sql, string publisher, PublicKey key, string comment) => sql.ExecuteAsync(
        "INSERT INTO author_keys (publisher, key_id, spki, comment, added) VALUES (@publisher, @Id, @Spki, @comment, @Now)",
        new { publisher, Id = key.Id.ToString(), Spki = Convert.ToBase64String(key.SubjectPublicKeyInfo.Span), comment, Now = time.Now() });

    private sealed record KeyRow
    {
        public string Spki { get; init; } = "";

        public string Comment { get; init; } = "";

        public long Added { get; init; }

        public string? ReplacedBy { get; init; }

        public string? Rotation { get; init; }

        public string? Revoked { get; init; }

        public long? RevokedAt { get; init; }

        public PublisherKey ToKey()
        {
            var key = PublicKey.FromSubjectPublicKeyInfo(Convert.FromBase64String(Spki)).OrThrow();
            return new PublisherKey(
                new AuthorKey
                {
                    Key = key,
                    Id = key.Id,
                    Fingerprint = key.Id.Fingerprint,
                    Comment = Comment,
                    Added = Stored.Time(Added),
                    ReplacedBy = KeyId.TryParse(ReplacedBy, out var next) ? next : null,
                    Revoked = Revoked,
                },
                Rotation is null ? null : new SignedRotation(key, DsseEnvelope.Read(System.Text.Encoding.UTF8.GetBytes(Rotation)).OrThrow()),
                Revoked is null ? null : new KeyRevocation { Key = key.Id, At = Stored.Time(RevokedAt!.Value), Reason = Revoked });
        }
    }
}

/// <summary>A key of a publisher, and what was signed and said about it.</summary>
internal sealed record PublisherKey(AuthorKey Info, SignedRotation? Rotation, KeyRevocation? Revocation)
{
    /// <summary>Whether packages may be signed with it.</summary>
    public bool IsInUse => Rotation is null && Revocation is null;
}
