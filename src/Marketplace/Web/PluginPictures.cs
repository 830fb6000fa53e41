using System.Collections.Concurrent;
using System.Collections.Frozen;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Storage;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using Microsoft.Net.Http.Headers;

namespace LazyOC.Marketplace.Web;

/// <summary>
/// The pictures that READMEs show, moving ones such as terminal casts too, out of the packages. Those of a package are kept in
/// memory for a while, as a page asks for one after another. Thread safe.
/// </summary>
internal sealed class PluginPictures(PackageStorage packages, MarketLimits limits) : IDisposable
{
    public const string Path = "/pictures";

    /// <summary>A picture is a stranger's document where it is opened by itself: nothing in it runs, asks or leads anywhere.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<Digest, Lazy<Task<FrozenDictionary<string, ReadOnlyMemory<byte>>>>> _kept = new();
    private readonly SemaphoreSlim _opening = new(limits.MaxPackagesOpened);
    private long _keptBytes;
    private long _opened;

    /// <summary>Packages that were opened.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    public static void Map(RouteGroupBuilder pages) => pages.MapMethods($"{Path}/{{digest}}/{{**file}}", [HttpMethods.Get, HttpMethods.Head], AnswerAsync);

    /// <summary>Where a picture is that a README names by its path in the package; null when it names none.</summary>
    public static string? AddressOf(Digest package, string? path)
    {
        var file = path is null ? "" : Uri.UnescapeDataString(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path);
        return IsPicture(file) ? $"{Path}/{package}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}" : null;
    }

    public void Dispose() => _opening.Dispose();

    private static bool IsPicture(string path) => PackagePath.IsValid(path, out _) && Types.ContainsKey(System.IO.Path.GetExtension(path));

    private static async Task<IResult> AnswerAsync(string digest, string file, HttpContext context, Database database, PluginPictures pictures, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(digest, out var package) || !IsPicture(file)) return RegistryEndpoints.NoFile;
        var sight = Sight.Of(context);
        if (await database.ReadAsync(sql => PackageRecord.FindAsync(sql, package, sight), cancellationToken) is not { } record) return RegistryEndpoints.NoFile;
        if (record.WhyNot is { } refusal) return refusal;
        if (!(await pictures.OfAsync(package).WaitAsync(cancellationToken)).TryGetValue(file, out var bytes)) return RegistryEndpoints.NoFile;
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        RegistryEndpoints.Cache(context, record.Visible, RegistryEndpoints.PackageAge, isImmutable: true);
        return Results.Bytes(bytes, Types[System.IO.Path.GetExtension(file)], entityTag: new EntityTagHeaderValue($"\"{Digest.Of(bytes.Span)}\""));
    }

    private async Task<FrozenDictionary<string, ReadOnlyMemory<byte>>> OfAsync(Digest package)
    {
        try
        {
            return await _kept.GetOrAdd(package, digest => new(() => ReadAsync(digest))).Value;
        }
        catch
        {
            // It may be there the next time.
            _kept.TryRemove(package, out _);
            throw;
        }
    }

    private async Task<FrozenDictionary<string, ReadOnlyMemory<byte>>> ReadAsync(Digest digest)
    {
        await _opening.WaitAsync();
        try
        {
            Interlocked.Increment(ref _opened);
            var pictures = PluginPackage.Open(await packages.ReadAsync(digest, CancellationToken.None)).OrThrow().Files.Where(file => IsPicture(file.Path))
                // Copied, so that the rest of the package is not kept with them.
                .ToFrozenDictionary(file => file.Path, file => new ReadOnlyMemory<byte>(file.Content.ToArray()), StringComparer.Ordinal);
            var bytes = pictures.Sum(picture => (long)picture.Value.Length);
            if (Interlocked.Add(ref _keptBytes, bytes) > limits.MaxPictureBytes)
            {
                _kept.Clear();
                Interlocked.Exchange(ref _keptBytes, 0);
            }
            return pictures;
        }
        finally
        {
            _opening.Release();
        }
    }
}
