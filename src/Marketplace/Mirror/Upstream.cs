using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Reflection;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Mirror;

/// <summary>The upstream registry: what it gives is nothing but bytes, until its keys have vouched for them. Thread safe.</summary>
internal sealed class Upstream : IDisposable
{
    private static readonly RegistryLimits Limits = RegistryLimits.Default;

    private readonly UpstreamOptions _options;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly HttpRegistryFiles _files;
    private (KeySet Roots, DateTimeOffset Until)? _known;

    /// <param name="options">Which registry.</param>
    /// <param name="limits">How long and how often it is asked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="folder">Where packages are while they come; made when it is needed.</param>
    public Upstream(UpstreamOptions options, MarketLimits limits, TimeProvider time, string folder)
    {
        (_options, _time, _folder) = (options, time, folder);
        var asked = new RegistryClientLimits { Attempts = 1, MaxRedirects = limits.UpstreamRedirects, ConnectTimeout = limits.UpstreamConnectTime, AnswerTimeout = limits.UpstreamAnswerTime };
        _files = new HttpRegistryFiles(options.Url, options.Token, asked, TimeProvider.System, UserAgent, new UpstreamConnections(options.Url, options.Networks).ConnectAsync);
    }

    private static ProductInfoHeaderValue UserAgent { get; } = new("lazyoc-market", typeof(Upstream).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    public void Dispose() => _files.Dispose();

    /// <summary>Asks for a document; nothing of it is verified.</summary>
    public Task<Fetched> FetchAsync(string path, string? etag, int maxBytes, CancellationToken cancellationToken) => _files.FetchAsync(path, etag, maxBytes, cancellationToken);

    /// <summary>The keys that it says it has, as far as their fingerprints were told by those who keep it.</summary>
    public async Task<Outcome<KeySet>> RootsAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && known.Until > _time.GetUtcNow()) return known.Roots;
        if (!(await Client(new KeySet([], 1)).ConfigAsync(cancellationToken)).TryGet(out var config, out var problems)) return problems;
        var keys = _options.Fingerprints.Select(typed => config.Keys.FirstOrDefault(key => key.Id.IsTypedAs(typed))).OfType<PublicKey>().Distinct().ToImmutableArray();
        if (keys.IsEmpty || keys.Length < _options.Fingerprints.Length) return new Problem(_options.Url.AbsoluteUri, "has no key of a fingerprint that was named for it", "check the fingerprint with those who keep it; if it is right, this is not their registry");
        var roots = new KeySet(keys, keys.Length);
        _known = (roots, _time.GetUtcNow() + TimeSpan.FromMinutes(10));
        return roots;
    }

    /// <summary>A package, once everything that has to vouch for it does; with the envelopes of its authors.</summary>
    public async Task<Outcome<VerifiedPackage>> PackageAsync(PluginId id, IndexLine line, KeySet roots, PublisherKeys publisher, CancellationToken cancellationToken)
    {
        var client = Client(roots);
        if (!(await client.SignaturesAsync(line.Digest, cancellationToken)).TryGet(out var envelopes, out var problems)) return problems;
        if (!(await client.DownloadAsync(line, _folder, _ => { }, cancellationToken)).TryGet(out var bytes, out problems)) return problems;
        return VerifiedPackage.Check(id, line, bytes, envelopes, roots, publisher);
    }

    // Nothing is remembered in a folder: what was seen is in the records.
    private RegistryClient Client(KeySet roots) => new(new RegistryEntry { Name = "upstream", Url = _options.Url, Keys = roots.Keys, Threshold = roots.Threshold }, _files, new RegistryCache(_folder), _time, _ => { });

    internal static Outcome<IndexFile> ReadIndex(ReadOnlyMemory<byte> bytes, PluginId id, KeySet roots, DateTimeOffset now, long lastSeen) => IndexFile.Read(bytes.Span, id, roots, now, lastSeen, Limits);

    internal static Outcome<PublisherFile> ReadPublisher(ReadOnlyMemory<byte> bytes, string publisher, KeySet roots, DateTimeOffset now, long lastSeen) => PublisherFile.Read(bytes.Span, publisher, roots, now, lastSeen, Limits);
}

/// <summary>A package that its registry has admitted and its author has signed.</summary>
/// <param name="Package">The package.</param>
/// <param name="Authors">The envelopes of its authors; no others are passed on.</param>
internal sealed record VerifiedPackage(PluginPackage Package, ImmutableArray<DsseEnvelope> Authors)
{
    /// <summary>Holds a package against its line of the index and against its signatures.</summary>
    public static Outcome<VerifiedPackage> Check(PluginId id, IndexLine line, ReadOnlyMemory<byte> bytes, ImmutableArray<DsseEnvelope> envelopes, KeySet roots, PublisherKeys publisher)
    {
        if (!PluginPackage.Open(bytes).TryGet(out var package, out var problems)) return problems;
        if (package.Manifest.Id != id) return new Problem($"{id} {line.Version}", $"is a package of {package.Manifest.Id}");
        if (line.Difference(package) is { } difference) return difference;
        var identity = PackageIdentity.Of(package);
        return TrustPolicy.Decide(TrustMode.Strict, new TrustRequest { Package = identity, Envelopes = envelopes, Registry = roots, Publisher = publisher, Pins = Pins.None }) switch
        {
            TrustDecision.Trusted => new VerifiedPackage(package, [.. envelopes.Where(envelope => IsAuthors(envelope, identity)).Take(SigningLimits.Default.MaxEnvelopes - 1)]),
            TrustDecision.Refused refused => refused.Problem,
            _ => new Problem(identity.FileName, "is signed with no key that its registry lists for its publisher"),
        };
    }

    /// <summary>Whether a key that comes with an envelope has signed in it a statement of an author about just this package.</summary>
    private static bool IsAuthors(DsseEnvelope envelope, PackageIdentity identity) => envelope.Signatures.Select(signature => signature.PublicKey).OfType<PublicKey>().Any(key =>
        envelope.Verify(PackageAttestation.PayloadType, KeySet.Of(key)).TryGet(out var payload, out _)
        && PackageAttestation.Read(payload).TryGet(out var statement, out _)
        && statement.Package == identity);
}
