using System.Text;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Mirror;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Storage;
using LazyOC.Marketplace.Teams;
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
    public static readonly TimeSpan PackageAge = TimeSpan.FromDays(365);

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1").ExcludeFromDescription();
        group.MapMethods("/config.json", Reading, Config);
        group.MapMethods("/index/{publisher}/{name}", Reading, IndexAsync);
        group.MapMethods("/policy.json", Reading, PolicyAsync);
        group.MapMethods("/verdicts/{file}", Reading, VerdictsAsync);
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

    private static Task<IResult> IndexAsync(string publisher, string name, HttpContext context, Database database, UpstreamMirror mirror, CancellationToken cancellationToken) =>
        PluginId.TryParse($"{publisher}.{name}", out var id)
            ? DocumentAsync(context, database, RegistryPaths.IndexOf(id), "application/jsonl", sql => Sight.Of(context).OfAsync(sql, id), () => mirror.IndexAsync(id, cancellationToken), cancellationToken)
            : Task.FromResult<IResult>(NoFile);

    private static Task<IResult> PublisherAsync(string file, HttpContext context, Database database, UpstreamMirror mirror, CancellationToken cancellationToken) =>
        file.EndsWith(".json", StringComparison.Ordinal) && file[..^".json".Length] is var name && AccountStore.IsName(name)
            ? DocumentAsync(context, database, RegistryPaths.PublisherOf(name), "application/json", sql => Sight.Of(context).OfAsync(sql, name), () => mirror.PublisherAsync(name, cancellationToken), cancellationToken)
            : Task.FromResult<IResult>(NoFile);

    private static Task<IResult> PolicyAsync(HttpContext context, Database database, MarketOptions options, CancellationToken cancellationToken) => DocumentAsync(
        context, database, RegistryPaths.Policy, "application/json",
        _ => Task.FromResult(options.IsPrivate ? Visible.ToSome : Visible.ToEverybody), () => Task.FromResult<Answer<SignedDocument>>(NoFile), cancellationToken);

    private static async Task<IResult> VerdictsAsync(string file, HttpContext context, Database database, PolicyPublication policy, CancellationToken cancellationToken)
    {
        if (!file.EndsWith(".json", StringComparison.Ordinal) || !Digest.TryParse(file[..^".json".Length], out var digest)) return NoFile;
        var (visible, bytes) = await database.ReadAsync(async sql =>
        {
            var plugin = await sql.FirstAsync<string>("SELECT plugin_id FROM versions WHERE digest = @Digest AND state = 'live'", new { Digest = digest.ToString() });
            return (plugin is null ? Visible.No : await Sight.Of(context).OfAsync(sql, PluginId.Parse(plugin)), await policy.VerdictsAsync(sql, digest));
        }, cancellationToken);
        if (visible == Visible.No || bytes is null) return NoFile;
        Cache(context, visible, DocumentAge, isImmutable: false);
        return Results.Bytes(bytes, "application/json");
    }

    private static async Task<IResult> DocumentAsync(HttpContext context, Database database, string path, string type, Func<Sql, Task<Visible>> look, Func<Task<Answer<SignedDocument>>> ask, CancellationToken cancellationToken)
    {
        var (visible, document) = await database.ReadAsync(async sql => (await look(sql), await SignedDocuments.FindAsync(sql, path)), cancellationToken);
        if (visible == Visible.No) return NoFile;
        if (document is null && !(await ask()).TryGet(out document, out var refusal)) return refusal;
        Cache(context, visible, DocumentAge, isImmutable: false);
        return Results.Bytes(Encoding.UTF8.GetBytes(document.Content), type, entityTag: TagOf(document.Digest));
    }

    private static async Task<IResult> PackageAsync(string file, HttpContext context, Database database, PackageStorage packages, DownloadCounts counts, UpstreamMirror mirror, CancellationToken cancellationToken)
    {
        var isSignatures = file.EndsWith(PackageSignatures.Extension, StringComparison.Ordinal);
        var name = isSignatures ? file[..^PackageSignatures.Extension.Length] : file;
        if (!name.EndsWith(PackageSuffix, StringComparison.Ordinal) || !Digest.TryParse(name[..^PackageSuffix.Length], out var digest)) return NoFile;
        var sight = Sight.Of(context);
        if (await database.ReadAsync(sql => PackageRecord.FindAsync(sql, digest, sight), cancellationToken) is not { } record) return await MirroredAsync(context, mirror, packages, digest, isSignatures, cancellationToken);
        if (record.WhyNot is { } refusal) return refusal;
        if (isSignatures) return Signatures(context, record.Visible, record.Signatures, record.Admission!);
        counts.Add(context, record.Key, record.Version);
        return Package(context, record.Visible, packages, digest, record.Size);
    }

    /// <summary>A package of another registry that this one passes on.</summary>
    private static async Task<IResult> MirroredAsync(HttpContext context, UpstreamMirror mirror, PackageStorage packages, Digest digest, bool isSignatures, CancellationToken cancellationToken)
    {
        if (!(await mirror.PackageAsync(digest, cancellationToken)).TryGet(out var version, out var refusal)) return refusal;
        // Its publisher is none of this registry, so that nothing of it is kept for teams.
        var visible = Sight.Of(context).OfOthers(PluginId.Parse(version.PluginId));
        if (visible == Visible.No) return NoFile;
        return isSignatures ? Signatures(context, visible, version.Signatures!, version.Admission!) : Package(context, visible, packages, digest, version.Size);
    }

    private static IResult Signatures(HttpContext context, Visible visible, string authors, string admission)
    {
        Cache(context, visible, DocumentAge, isImmutable: false);
        var bytes = Encoding.UTF8.GetBytes($"{authors}{admission}\n");
        return Results.Bytes(bytes, "application/jsonl", entityTag: TagOf(Digest.Of(bytes).ToString()));
    }

    private static IResult Package(HttpContext context, Visible visible, PackageStorage packages, Digest digest, long size)
    {
        Cache(context, visible, PackageAge, isImmutable: true);
        return Results.Stream(packages.Open(digest, size), "application/octet-stream", entityTag: TagOf(digest.ToString()), enableRangeProcessing: true);
    }

    public static Refusal NoFile => Refusal.NotFound("such file in this registry");

    public static void Cache(HttpContext context, Visible visible, TimeSpan age, bool isImmutable) =>
        context.Response.Headers.CacheControl = $"{(visible == Visible.ToEverybody ? "public" : "private")}, max-age={age.TotalSeconds:0}{(isImmutable ? ", immutable" : "")}";

    private static EntityTagHeaderValue TagOf(string digest) => new($"\"{digest}\"");
}
