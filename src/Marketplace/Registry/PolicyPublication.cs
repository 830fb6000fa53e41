using System.Text;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Registry;

/// <summary>What the registry lays down for its users, as it is signed and served.</summary>
internal sealed class PolicyPublication(Database database, SignedDocuments documents, RootKey root, MarketOptions options, MarketLimits limits, TimeProvider time)
{
    /// <summary>Signs the policy that the server was started with, when it is another than the one that is served.</summary>
    public Task PublishAsync(CancellationToken cancellationToken) => database.WriteAsync(async sql =>
    {
        var served = await SignedDocuments.FindAsync(sql, RegistryPaths.Policy);
        // One that was served once is not just gone: clients would take that for withholding. One that restricts nothing follows it.
        if (served is null && options.Policy is null) return;
        var next = (options.Policy ?? RegistryPolicy.None).ToUtf8();
        if (served is null || !PolicyFile.ReadOfAnyAge(Encoding.UTF8.GetBytes(served.Content), KeySet.Of(root.PublicKey)).TryGet(out var before, out _) || !before.Policy.ToUtf8().AsSpan().SequenceEqual(next))
            await documents.WritePolicyAsync(sql);
    }, cancellationToken);

    /// <summary>What the scanners have said of a live version, signed now; null when there is no such version.</summary>
    public async Task<byte[]?> VerdictsAsync(Sql sql, Digest package)
    {
        var rows = await sql.ListAsync<Row>(
            "SELECT s.scanner, s.verdict, s.rules_version, s.at FROM versions v JOIN scans s ON s.plugin_id = v.plugin_id AND s.version_key = v.version_key WHERE v.digest = @Package AND v.state = 'live' ORDER BY s.scanner",
            new { Package = package.ToString() });
        if (rows.Count == 0) return null;
        var issued = Stored.Time(time.Now());
        var document = new VerdictDocument
        {
            Package = package,
            Issued = issued,
            Expires = issued + limits.DocumentValidity,
            Scans = [.. rows.Select(row => new ScannerVerdict(row.Scanner, row.Verdict, (int)row.RulesVersion, Stored.Time(row.At)))],
        };
        return root.Sign(key => VerdictFile.Write(document, key));
    }

    private sealed record Row
    {
        public string Scanner { get; init; } = "";

        public string Verdict { get; init; } = "";

        public long RulesVersion { get; init; }

        public long At { get; init; }
    }
}
