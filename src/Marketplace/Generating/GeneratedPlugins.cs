using System.Globalization;
using System.Text;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Scanning.Lookalikes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Generating;

/// <summary>
/// Fills the records with plugins that are made up, the same ones every time, for measurements: listed, indexed for searching
/// and signed by the code that does so for any plugin, but neither uploaded nor checked. Of their packages there is nothing but
/// a digest.
/// </summary>
internal sealed class GeneratedPlugins(Database database, SignedDocuments documents, PluginListing listing, RequiredScanners scanners, TimeProvider time)
{
    /// <summary>Plugins that are written in one transaction.</summary>
    private const int Batch = 200;

    private const int PluginsOfAPublisher = 25;
    private const int MaxVersions = 3;

    private static readonly string[] Licenses = ["Apache-2.0", "MIT", "BSD-3-Clause", "MPL-2.0"];

    /// <summary>What plugins ask for: nothing, a little, and more.</summary>
    private static readonly string[] Permissions =
    [
        "{}",
        """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list","watch"]}]}""",
        """{"kubernetes":[{"apiGroups":["apps"],"resources":["deployments"],"verbs":["list","patch"]}],"storage":"1MiB"}""",
        """{"network":{"connect":[{"origin":"https://api.example.com"}]},"clipboard":"write"}""",
    ];

    /// <summary>What all checks have said of a version, or the server would look at them all when it starts.</summary>
    private readonly string _passed = $"INSERT INTO scans (plugin_id, version_key, scanner, verdict, rules_version, findings, at) VALUES {string.Join(", ", scanners.All.Select(scanner => string.Create(CultureInfo.InvariantCulture, $"(@PluginId, @Key, '{scanner.Name}', 'pass', {scanner.RulesVersion}, '[]', @now)")))}";

    /// <summary>Adds plugins until there are as many as wanted.</summary>
    /// <param name="count">How many there are to be.</param>
    /// <param name="told">Told after each step how many there are.</param>
    /// <param name="cancellationToken">Ends it after a step.</param>
    public async Task FillAsync(int count, Action<int> told, CancellationToken cancellationToken)
    {
        using var key = SigningKey.Create();
        var account = await database.WriteAsync(AccountAsync, cancellationToken);
        var there = (int)await database.ReadAsync(sql => sql.FirstAsync<long>("SELECT COUNT(*) FROM plugins WHERE id LIKE 'gen-%'"), cancellationToken);
        while (there < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (from, to) = (there, Math.Min(count, there + Batch));
            await database.WriteAsync(async sql =>
            {
                for (var i = from; i < to; i++) await AddAsync(sql, i, account, key.PublicKey);
            }, cancellationToken);
            told(there = to);
        }
    }

    private async Task<string> AccountAsync(Sql sql)
    {
        const string Name = "generated";
        // Nobody signs in with a hash that is none.
        await sql.ExecuteAsync("INSERT INTO accounts (id, name, password_hash, role, created) VALUES (@Id, @Name, '', 'user', @Now) ON CONFLICT (name) DO NOTHING", new { Id = time.NewId(), Name, Now = time.Now() });
        return (await sql.FirstAsync<string>("SELECT id FROM accounts WHERE name = @Name", new { Name }))!;
    }

    private async Task AddAsync(Sql sql, int number, string account, PublicKey key)
    {
        var random = new Random(number);
        var publisher = string.Create(CultureInfo.InvariantCulture, $"gen-{number / PluginsOfAPublisher}");
        if (number % PluginsOfAPublisher == 0) await AddPublisherAsync(sql, publisher, account, key);
        var words = Words.Pick(random, 2);
        var id = PluginId.Parse(string.Create(CultureInfo.InvariantCulture, $"{publisher}.{words[0]}-{words[1]}-{number}"));
        var now = time.Now();
        await sql.ExecuteAsync(
            "INSERT INTO plugins (id, publisher, created, installs) VALUES (@Id, @Publisher, @now, @Installs)",
            // A few have most of the installs.
            new { Id = id.ToString(), Publisher = publisher, now, Installs = (long)(10 / Math.Pow(1 - random.NextDouble(), 1.2)) });
        var versions = 1 + random.Next(MaxVersions);
        for (var version = 0; version < versions; version++) await AddVersionAsync(sql, id, version, words, random, account, now);
        if (random.Next(10) == 0) await RateAsync(sql, id, random);
        await listing.RefreshAsync(sql, id);
        await documents.WriteIndexAsync(sql, id);
    }

    private async Task AddPublisherAsync(Sql sql, string publisher, string account, PublicKey key)
    {
        var values = new { publisher, Looks = Reserved.LooksOf(publisher), account, KeyId = key.Id.ToString(), Spki = Convert.ToBase64String(key.SubjectPublicKeyInfo.Span), Now = time.Now() };
        await sql.ExecuteAsync("INSERT INTO publishers (name, looks, display_name, created) VALUES (@publisher, @Looks, @publisher, @Now)", values);
        await sql.ExecuteAsync("INSERT INTO members (publisher, account_id, role, since) VALUES (@publisher, @account, 'owner', @Now)", values);
        await sql.ExecuteAsync("INSERT INTO author_keys (publisher, key_id, spki, comment, added) VALUES (@publisher, @KeyId, @Spki, '', @Now)", values);
        await documents.WritePublisherAsync(sql, publisher);
    }

    private async Task AddVersionAsync(Sql sql, PluginId id, int minor, string[] words, Random random, string account, long now)
    {
        var (category, keywords) = (Words.Pick(random, 1)[0], Words.Pick(random, 3));
        var text = Encoding.UTF8.GetBytes($$"""
            {"manifestVersion":1,"id":"{{id}}","version":"1.{{minor}}.0","displayName":"{{Words.Title(words)}}","description":"{{string.Join(' ', Words.Prose(random, 9, tradeShare: 0.3))}}",
             "license":"{{Licenses[random.Next(Licenses.Length)]}}","categories":["{{category}}"],"keywords":["{{string.Join("\",\"", keywords)}}"],"engines":{"lazyoc":"^1.0"},"main":"plugin.js",
             "permissions":{{Permissions[random.Next(Permissions.Length)]}} }
            """);
        var manifest = ManifestReader.Read(text).OrThrow();
        var digest = Digest.Of(text);
        var line = new IndexLine
        {
            Version = manifest.Version,
            Digest = digest,
            Size = 20_000 + random.Next(200_000),
            FilesDigest = digest,
            Engines = manifest.Engines,
            Permissions = manifest.Permissions,
            PermissionsDigest = manifest.Permissions.ComputeDigest(),
            Published = Stored.Time(now),
        };
        var readme = string.Join(' ', Words.Prose(random, 150, tradeShare: 0.03));
        var key = new VersionKey(id.ToString(), manifest.Version.ToString());
        await sql.ExecuteAsync(
            """
            INSERT INTO versions (plugin_id, version_key, version, digest, size, state, reasons, submitted, submitted_by, since, published, line, manifest, signatures, admission, verdict_digest)
            VALUES (@PluginId, @Key, @Key, @Digest, @Size, 'live', '', @now, @account, @now, @now, @Line, @Manifest, '', '', @Digest)
            """,
            new { key.PluginId, key.Key, Digest = digest.ToString(), line.Size, now, account, Line = Encoding.UTF8.GetString(line.ToUtf8()), Manifest = Encoding.UTF8.GetString(text) });
        await sql.ExecuteAsync(
            "INSERT INTO version_texts (plugin_id, version_key, readme, changelog, readme_sketch, icon) VALUES (@PluginId, @Key, @readme, NULL, @Sketch, NULL)",
            new { key.PluginId, key.Key, readme, Sketch = VersionTexts.ToText(ReadmeSketch.Of(readme)) });
        await sql.ExecuteAsync(_passed, new { key.PluginId, key.Key, now });
    }

    private static async Task RateAsync(Sql sql, PluginId id, Random random)
    {
        var (four, five) = ((long)random.Next(20), (long)random.Next(20));
        await sql.ExecuteAsync("INSERT INTO ratings (plugin_id, stars4, stars5) VALUES (@Id, @four, @five)", new { Id = id.ToString(), four, five });
        var rating = Ratings.Of([0, 0, 0, four, five]);
        await sql.ExecuteAsync("UPDATE plugins SET rating = @Bayesian, rated = @Count WHERE id = @Id", new { Id = id.ToString(), rating.Bayesian, rating.Count });
    }

    /// <summary>Words of which the first are used most, as in any language: <c>pod</c> is in most plugins, <c>backup</c> in one of five, and what does not belong to the trade in few.</summary>
    internal static class Words
    {
        /// <summary>Of this trade.</summary>
        private static readonly string[] Common =
        [
            "pod", "log", "node", "cost", "quota", "secret", "route", "image", "build", "event", "metric", "volume", "policy", "network", "health", "backup", "scale", "deploy", "namespace", "certificate",
            "alert", "trace", "usage", "memory", "storage", "audit", "access", "service", "operator", "chart", "viewer", "lens", "watch", "guard", "report", "explorer", "graph", "timeline", "inspector", "radar",
        ];

        private static readonly string[] Rare = [.. from head in new[] { "ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu" } from middle in new[] { "lan", "mer", "nit", "rol", "sun", "tik", "vas", "wen" } from tail in new[] { "a", "el", "is", "or" } select head + middle + tail];

        /// <summary>Of a name, a keyword or a category.</summary>
        public static string[] Pick(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(3) < 2 ? Trade(random) : Rare[random.Next(Rare.Length)])];

        /// <summary>Of sentences, in which the words of the trade are few between those that nobody looks for.</summary>
        public static string[] Prose(Random random, int count, double tradeShare) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < tradeShare ? Trade(random) : $"u{Rare[random.Next(Rare.Length)]}{Rare[random.Next(Rare.Length)]}")];

        private static string Trade(Random random) => Common[(int)(Common.Length * Math.Pow(random.NextDouble(), 2))];

        public static string Title(IEnumerable<string> words) => string.Join(' ', words.Select(Web.Words.Sentence));
    }
}
