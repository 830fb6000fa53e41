using System.Text;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.Net.Http.Headers;

namespace LazyOC.Marketplace.Registry;

/// <summary>The files of the registry, as <c>docs/registry.md</c> has them: what is served here could lie in a folder.</summary>
internal static class RegistryEndpoints
{
    private const string PackageSuffix = ".lzp";

    private static readonly TimeSpan ConfigAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DocumentAge = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PackageAge = TimeSpan.FromDays(365);

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1").ExcludeFromDescription();
        group.MapMethods("/config.json", Reading, Config);
        group.MapMethods("/index/{publisher}/{name}", Reading, IndexAsync);
        group.MapMethods("/publishers/{file}", Reading, PublisherAsync);
        group.MapMethods("/packages/{file}", Reading, PackageAsync);
    }

    private static string[] Reading => [HttpMethods.Get, HttpMethods.Head];

    /// <summary>What the registry says about itself.</summary>
    public static RegistryConfig ConfigOf(MarketOptions options, RootKey root) => new()
    {
        ConfigVersion = RegistryConfig.CurrentVersion,
        Name = options.Name,
        Packages = RegistryPaths.Packages,
        ApiRoot = "v1/api",
        AuthRequired = options.IsPrivate,
        Keys = [root.PublicKey],
        Threshold = 1,
        Features = ["search", "reviews", "publish"],
    };

    private static IResult Config(HttpContext context, MarketOptions options, RootKey root)
    {
        var bytes = ConfigOf(options, root).ToUtf8();
        context.Response.Headers.CacheControl = $"public, max-age={ConfigAge.TotalSeconds:0}";
        return Results.Bytes(bytes, "application/json", entityTag: TagOf(Digest.Of(bytes).ToString()));
    }

    private static Task<IResult> IndexAsync(string publisher, string name, HttpContext context, Database database, MarketOptions options, CancellationToken cancellationToken) =>
        PluginId.TryParse($"{publisher}.{name}", out var id) ? DocumentAsync(context, database, options, RegistryPaths.IndexOf(id), "application/jsonl", cancellationToken) : Task.FromResult<IResult>(NoFile);

    private static Task<IResult> PublisherAsync(string file, HttpContext context, Database database, MarketOptions options, CancellationToken cancellationToken) =>
        file.EndsWith(".json", StringComparison.Ordinal) && AccountStore.IsName(file[..^".json".Length]) ? DocumentAsync(context, database, options, $"v1/publishers/{file}", "application/json", cancellationToken) : Task.FromResult<IResult>(NoFile);

    private static async Task<IResult> DocumentAsync(HttpContext context, Database database, MarketOptions options, string path, string type, CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(sql => SignedDocuments.FindAsync(sql, path), cancellationToken) is not { } document) return NoFile;
        Cache(context, options, DocumentAge, isImmutable: false);
        return Results.Bytes(Encoding.UTF8.GetBytes(document.Content), type, entityTag: TagOf(document.Digest));
    }

    private static async Task<IResult> PackageAsync(string file, HttpContext context, Database database, PackageStorage packages, DownloadCounts counts, MarketOptions options, CancellationToken cancellationToken)
    {
        var isSignatures = file.EndsWith(PackageSignatures.Extension, StringComparison.Ordinal);
        var name = isSignatures ? file[..^PackageSignatures.Extension.Length] : file;
        if (!name.EndsWith(PackageSuffix, StringComparison.Ordinal) || !Digest.TryParse(name[..^PackageSuffix.Length], out var digest)) return NoFile;
        var row = await database.ReadAsync(sql => sql.FirstAsync<PackageRow>("SELECT plugin_id, version_key, version, size, state, signatures, admission, quarantined, kill FROM versions WHERE digest = @Digest", new { Digest = digest.ToString() }), cancellationToken);
        // What is not public yet is as if it were not there.
        if (row?.Admission is null) return NoFile;
        if (row.Kill is not null || row.Quarantined is not null || row.State != "live") return new Refusal(ProblemTypes.Gone, row.Kill ?? row.Quarantined ?? "its author has taken it back");
        if (isSignatures)
        {
            Cache(context, options, DocumentAge, isImmutable: false);
            var bytes = Encoding.UTF8.GetBytes($"{row.Signatures}{row.Admission}\n");
            return Results.Bytes(bytes, "application/jsonl", entityTag: TagOf(Digest.Of(bytes).ToString()));
        }
        Cache(context, options, PackageAge, isImmutable: true);
        counts.Add(context, new VersionKey(row.PluginId, row.VersionKey), row.Version);
        return Results.Stream(packages.Open(digest, row.Size), "application/octet-stream", entityTag: TagOf(digest.ToString()), enableRangeProcessing: true);
    }

    private static Refusal NoFile => Refusal.NotFound("such file in this registry");

    private static void Cache(HttpContext context, MarketOptions options, TimeSpan age, bool isImmutable) =>
        context.Response.Headers.CacheControl = $"{(options.IsPrivate ? "private" : "public")}, max-age={age.TotalSeconds:0}{(isImmutable ? ", immutable" : "")}";

    private static EntityTagHeaderValue TagOf(string digest) => new($"\"{digest}\"");

    private sealed record PackageRow
    {
        public string PluginId { get; init; } = "";

        public string VersionKey { get; init; } = "";

        public string Version { get; init; } = "";

        public long Size { get; init; }

        public string State { get; init; } = "";

        public string Signatures { get; init; } = "";

        public string? Admission { get; init; }

        public string? Quarantined { get; init; }

        public string? Kill { get; init; }
    }
}
