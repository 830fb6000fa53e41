using System.Collections.Immutable;
using System.Text;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Takes packages in. A version is in the records whole or not at all, and then never changes.</summary>
internal sealed class Submissions(Database database, PackageStorage packages, ScanQueue queue, RequiredScanners scanners, MarketMetrics metrics, TimeProvider time, MarketLimits limits, MarketOptions options)
{
    /// <summary>Whether the caller may publish this, before anything is sent; null, or why not.</summary>
    public Task<Refusal?> LacksAsync(Caller caller, PluginId id, CancellationToken cancellationToken) =>
        database.ReadAsync(sql => PublisherStore.LacksRoleAsync(sql, caller, id.Publisher, PublisherRole.Maintainer, TokenScope.Publish, id), cancellationToken);

    /// <summary>Takes a package in. The same one again is answered with how it fares.</summary>
    /// <returns>The submission, and whether it is new.</returns>
    public async Task<Answer<Accepted>> AcceptAsync(Caller caller, PluginId id, SemanticVersion version, Upload upload, CancellationToken cancellationToken)
    {
        options.AtStep(PublishSteps.Received);
        var before = await database.ReadAsync(sql => FindExistingAsync(sql, id, version, upload.Digest), cancellationToken);
        if (before is { } known) return known;

        // Parsed from memory: it is bounded, and checks need it whole.
        var bytes = await File.ReadAllBytesAsync(upload.File.Path, cancellationToken);
        if (!PluginPackage.Open(bytes).TryGet(out var package, out var problems)) return Refusal.Of(ProblemTypes.InvalidPackage, problems);
        if (package.Manifest.Id != id) return Mismatch("id", $"the manifest's id is `{package.Manifest.Id}`, and `{id}` is published");
        if (package.Manifest.Version.ToString() != version.ToString()) return Mismatch("version", $"the manifest's version is `{package.Manifest.Version}`, and `{version}` is published");
        if (!PackageSignatures.Read(upload.Signatures).TryGet(out var envelopes, out problems)) return Refusal.Of(ProblemTypes.InvalidPackage, problems) with { Field = MarketClient.SignaturesPart };

        // Nothing that will be refused takes room.
        var (refusal, mark) = await database.ReadAsync(async sql => (await WhyNotAsync(sql, package, envelopes), await PackageSweep.MarkAsync(sql, upload.Digest)), cancellationToken);
        if (refusal is not null) return refusal;
        await packages.KeepAsync(upload.File, upload.Digest, cancellationToken);
        options.AtStep(PublishSteps.Stored);
        // What is decided here holds when it is written: keys, roles and versions may have changed since they were looked at.
        var answer = await database.TryWriteAsync<Accepted>(sql => RecordAsync(sql, caller, package, envelopes, mark), cancellationToken);
        if (answer.TryGet(out var accepted, out _) && accepted.IsNew)
        {
            metrics.Submitted();
            options.AtStep(PublishSteps.Recorded);
            queue.Wake();
        }
        return answer;
    }

    /// <summary>The version without build metadata, which does not tell versions apart.</summary>
    public static string KeyOf(SemanticVersion version) => version.ToString().Split('+')[0];

    private async Task<Answer<Accepted>> RecordAsync(Sql sql, Caller caller, PluginPackage package, ImmutableArray<DsseEnvelope> envelopes, long? mark)
    {
        var (manifest, id) = (package.Manifest, package.Manifest.Id);
        if (await PublisherStore.LacksRoleAsync(sql, caller, id.Publisher, PublisherRole.Maintainer, TokenScope.Publish, id) is { } refusal) return refusal;
        if (await FindExistingAsync(sql, id, manifest.Version, package.Digest) is { } existing) return existing;
        if (await WhyNotAsync(sql, package, envelopes) is { } why) return why;
        // The same bytes lay there long enough, without a record, to be removed just now.
        if (mark is null || await PackageSweep.MarkAsync(sql, package.Digest) != mark) return new Refusal(ProblemTypes.Unavailable, "a copy of the package that was never published is being removed") { RetryAfter = TimeSpan.FromSeconds(5), Hint = "publish it again" };
        var authors = AuthorSignatures.Of(package, envelopes, await AuthorKeys.OfAsync(sql, id.Publisher));
        var line = IndexLine.Of(package, time.GetUtcNow());
        var now = time.Now();
        await sql.ExecuteAsync("INSERT INTO plugins (id, publisher, created) VALUES (@Id, @Publisher, @now) ON CONFLICT (id) DO NOTHING", new { Id = id.ToString(), id.Publisher, now });
        var key = new VersionKey(id.ToString(), KeyOf(manifest.Version));
        await sql.ExecuteAsync(
            """
            INSERT INTO versions (plugin_id, version_key, version, digest, size, state, reasons, submitted, submitted_by, since, line, manifest, signatures)
            VALUES (@PluginId, @Key, @Version, @Digest, @Size, 'accepted', '', @now, @AccountId, @now, @Line, @Manifest, @Signatures)
            """,
            new
            {
                key.PluginId,
                key.Key,
                Version = manifest.Version.ToString(),
                Digest = package.Digest.ToString(),
                Size = package.Bytes.Length,
                now,
                caller.AccountId,
                Line = Encoding.UTF8.GetString(line.ToUtf8()),
                Manifest = Encoding.UTF8.GetString(package.Find(PluginPackage.ManifestPath)!.Value.Span),
                Signatures = Encoding.UTF8.GetString(PackageSignatures.Write(authors)),
            });
        foreach (var (on, range, isOptional) in manifest.Dependencies.Select(pair => (pair.Key, pair.Value, 0)).Concat(manifest.OptionalDependencies.Select(pair => (pair.Key, pair.Value, 1))).DistinctBy(dependency => dependency.Key))
            await sql.ExecuteAsync("INSERT INTO dependencies (plugin_id, version_key, depends_on, range, is_optional) VALUES (@PluginId, @Key, @On, @Range, @isOptional)", new { key.PluginId, key.Key, On = on.ToString(), Range = range.ToString(), isOptional });
        await VersionTexts.AddAsync(sql, key, package, scanners.LooksOf(package), limits);
        await ScanQueue.AddAsync(sql, key, now);
        return new Accepted((await SubmissionRows.FindAsync(sql, key))!, IsNew: true);
    }

    private async Task<Refusal?> WhyNotAsync(Sql sql, PluginPackage package, ImmutableArray<DsseEnvelope> envelopes)
    {
        var id = package.Manifest.Id;
        if (AuthorSignatures.Of(package, envelopes, await AuthorKeys.OfAsync(sql, id.Publisher)).IsEmpty)
            return new Refusal(ProblemTypes.UntrustedSignature, $"no key of `{id.Publisher}` that is in use has signed this package") { Field = MarketClient.SignaturesPart, Hint = "sign it with `lazyoc plugin pack DIR --sign KEY`, and add the key to the publisher" };
        var line = IndexLine.Of(package, time.GetUtcNow()).ToUtf8();
        // With room for what is said of the version later.
        if (line.Length > RegistryLimits.Default.MaxIndexLineBytes - limits.IndexLineReserveBytes)
            return new Refusal(ProblemTypes.InvalidPackage, $"what the index has to say of the package has {line.Length:N0} bytes; at most {RegistryLimits.Default.MaxIndexLineBytes - limits.IndexLineReserveBytes:N0} are allowed") { Hint = "ask for fewer permissions, or name fewer dependencies" };
        return await LacksRoomAsync(sql, id, package.Bytes.Length, line.Length);
    }

    private static async Task<Answer<Accepted>?> FindExistingAsync(Sql sql, PluginId id, SemanticVersion version, Digest digest)
    {
        if (await SubmissionRows.FindAsync(sql, new VersionKey(id.ToString(), KeyOf(version))) is not { } existing) return null;
        if (existing.Digest == digest && existing.Version == version.ToString()) return new Accepted(existing, IsNew: false);
        var why = existing.Version == version.ToString()
            ? $"{id} {existing.Version} is there with other bytes; a version never changes"
            : $"{id} {existing.Version} is there; build metadata does not tell versions apart";
        return new Refusal(ProblemTypes.VersionExists, why) { Field = "version", Hint = "give it a new version" };
    }

    private async Task<Refusal?> LacksRoomAsync(Sql sql, PluginId id, long bytes, int lineBytes)
    {
        var usage = (await sql.FirstAsync<UsageRow>(
            """
            SELECT
              COALESCE(SUM(v.size), 0) AS bytes,
              COALESCE(SUM(CASE WHEN v.state IN ('accepted', 'scanning', 'held') THEN 1 ELSE 0 END), 0) AS open,
              COALESCE(SUM(CASE WHEN v.plugin_id = @Id THEN 1 ELSE 0 END), 0) AS versions,
              COALESCE(SUM(CASE WHEN v.plugin_id = @Id THEN LENGTH(v.line) ELSE 0 END), 0) AS index_chars,
              COUNT(DISTINCT v.plugin_id) AS plugins
            FROM versions v JOIN plugins p ON p.id = v.plugin_id WHERE p.publisher = @Publisher
            """, new { Id = id.ToString(), id.Publisher }))!;
        var why = usage.Bytes + bytes > limits.MaxPublisherBytes ? $"the packages of `{id.Publisher}` would have more than {limits.MaxPublisherBytes:N0} bytes"
            : usage.Open >= limits.MaxOpenSubmissions ? $"{limits.MaxOpenSubmissions:N0} versions of `{id.Publisher}` wait to be decided about"
            : usage.Versions >= RegistryLimits.Default.MaxVersions ? $"{id} has {RegistryLimits.Default.MaxVersions:N0} versions"
            : usage.IndexChars + lineBytes > limits.MaxIndexBytes ? $"the index of {id} would have more than {limits.MaxIndexBytes:N0} bytes"
            : usage.Versions == 0 && usage.Plugins >= limits.MaxPlugins ? $"`{id.Publisher}` has {limits.MaxPlugins:N0} plugins"
            : null;
        return why is null ? null : new Refusal(ProblemTypes.QuotaExceeded, why) { Hint = "wait for what is open, or ask who keeps the marketplace" };
    }

    private static Refusal Mismatch(string field, string detail) => new(ProblemTypes.InvalidPackage, detail) { Field = field };

    private sealed record UsageRow
    {
        public long Bytes { get; init; }

        public long Open { get; init; }

        public long Versions { get; init; }

        public long IndexChars { get; init; }

        public long Plugins { get; init; }
    }
}

/// <summary>A version as the records name it.</summary>
/// <param name="PluginId">The plugin.</param>
/// <param name="Key">The version without build metadata.</param>
internal sealed record VersionKey(string PluginId, string Key)
{
    public override string ToString() => $"{PluginId} {Key}";
}

/// <summary>A version that was taken in, now or before.</summary>
internal sealed record Accepted(Submission Submission, bool IsNew);
