using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>One registry, as far as it can be believed: every document it gives is verified.</summary>
/// <remarks>Thread safe. A document is fetched once in the life of a client.</remarks>
/// <param name="registry">Which one, and its keys.</param>
/// <param name="files">How its files come.</param>
/// <param name="cache">What was accepted before.</param>
/// <param name="time">The clock, by which documents expire.</param>
/// <param name="note">Told what the user should know though it stops nothing.</param>
public sealed class RegistryClient(RegistryEntry registry, IRegistryFiles files, RegistryCache cache, TimeProvider time, Action<string> note)
{
    /// <summary>How often a folder is made that another process removes.</summary>
    private const int FolderAttempts = 10;

    private static readonly RegistryLimits Limits = RegistryLimits.Default;

    private readonly ConcurrentDictionary<PluginId, IndexFile?> _indexes = new();
    private readonly ConcurrentDictionary<string, PublisherFile> _publishers = new(StringComparer.Ordinal);

    // Other keys begin a registry anew, with its sequence numbers: what was seen under the old ones says nothing any more.
    private readonly string _origin = $"{files.Location} {registry.Threshold} {string.Join(' ', registry.Keys.Select(key => key.Id).Order())}";
    private RegistryConfig? _config;
    private Found<PolicyFile>? _policy;

    // One that does not answer is not waited for again and again.
    private Fetched.Refused? _unreachable;
    private int _hasToldOffline;

    public RegistryEntry Registry { get; } = registry;

    /// <summary>What the registry says about itself, which is not signed.</summary>
    public async Task<Outcome<RegistryConfig>> ConfigAsync(CancellationToken cancellationToken)
    {
        if (_config is { } known) return known;
        switch (await files.FetchAsync(RegistryPaths.Config, null, Limits.MaxConfigBytes, cancellationToken))
        {
            case Fetched.File file:
                if (!RegistryConfig.Read(file.Bytes.Span, Limits).TryGet(out var config, out var problems)) return problems.Select(problem => problem.In($"{files.Location}: {RegistryPaths.Config}")).ToImmutableArray();
                _config = config;
                return config;
            case Fetched.Missing:
                return new Problem("", $"{files.Location} is not a registry: it has no {RegistryPaths.Config}", "check the address");
            case Fetched.Refused refused:
                return refused.Why;
            case var other:
                throw new InvalidOperationException($"a document that was asked for anew came as {other}");
        }
    }

    /// <summary>The versions of a plugin; null inside when the registry does not have it.</summary>
    public async Task<Outcome<Found<IndexFile>>> IndexAsync(PluginId id, CancellationToken cancellationToken)
    {
        if (_indexes.TryGetValue(id, out var known)) return new Found<IndexFile>(known);
        var read = await ReadAsync(
            RegistryPaths.IndexOf(id), Limits.MaxIndexBytes,
            (bytes, lastSeen) => IndexFile.Read(bytes.Span, id, Registry.Roots, time.GetUtcNow(), lastSeen, Limits),
            index => index.Header.Sequence,
            cancellationToken);
        if (read.TryGet(out var found, out _)) _indexes[id] = found.Value;
        return read;
    }

    /// <summary>The keys of a publisher; a registry without them is refused.</summary>
    public async Task<Outcome<PublisherFile>> PublisherAsync(string publisher, CancellationToken cancellationToken)
    {
        if (_publishers.TryGetValue(publisher, out var known)) return known;
        var read = await ReadAsync(
            RegistryPaths.PublisherOf(publisher), Limits.MaxPublisherBytes,
            (bytes, lastSeen) => PublisherFile.Read(bytes.Span, publisher, Registry.Roots, time.GetUtcNow(), lastSeen, Limits),
            file => file.Sequence,
            cancellationToken);
        if (!read.TryGet(out var found, out var problems)) return problems;
        // Whoever keeps the file from the user keeps its revocations back.
        if (found.Value is null) return new Problem($"{files.Location}: keys of {publisher}", "are not there, so nobody can tell which were revoked", "try again later; if it stays so, tell who keeps the registry");
        return _publishers[publisher] = found.Value;
    }

    /// <summary>What those who keep the registry have laid down; null inside when they have not.</summary>
    public async Task<Outcome<Found<PolicyFile>>> PolicyAsync(CancellationToken cancellationToken)
    {
        if (_policy is { } known) return known;
        var read = await ReadAsync(
            RegistryPaths.Policy, Limits.MaxPolicyBytes,
            (bytes, lastSeen) => PolicyFile.Read(bytes.Span, Registry.Roots, time.GetUtcNow(), lastSeen, Limits),
            file => file.Sequence,
            cancellationToken);
        if (read.TryGet(out var found, out _)) _policy = found;
        return read;
    }

    /// <summary>What the registry's scanners have said of a package; null inside when nothing is said of it.</summary>
    public async Task<Outcome<Found<VerdictFile>>> VerdictsAsync(Digest package, CancellationToken cancellationToken)
    {
        var path = RegistryPaths.VerdictsOf(package);
        switch (await files.FetchAsync(path, null, Limits.MaxPolicyBytes, cancellationToken))
        {
            case Fetched.File file:
                return VerdictFile.Read(file.Bytes.Span, package, Registry.Roots, time.GetUtcNow(), Limits).TryGet(out var verdicts, out var problems)
                    ? new Found<VerdictFile>(verdicts)
                    : problems.Select(problem => problem.In(files.Location)).ToImmutableArray();
            case Fetched.Missing:
                return new Found<VerdictFile>(null);
            case Fetched.Refused refused:
                return refused.Why;
            case var other:
                throw new InvalidOperationException($"{path}, which was asked for anew, came as {other}");
        }
    }

    /// <summary>The envelopes beside a package, whoever has put them there; none when there is no such file.</summary>
    public async Task<Outcome<ImmutableArray<DsseEnvelope>>> SignaturesAsync(Digest package, CancellationToken cancellationToken)
    {
        if (!(await PlaceOfAsync(package, cancellationToken)).TryGet(out var place, out var problems)) return problems;
        return await files.FetchAsync(place + PackageSignatures.Extension, null, SigningLimits.Default.MaxSignatureFileBytes, cancellationToken) switch
        {
            Fetched.File file => PackageSignatures.Read(file.Bytes.Span),
            Fetched.Missing => ImmutableArray<DsseEnvelope>.Empty,
            Fetched.Refused refused => refused.Why,
            var other => throw new InvalidOperationException($"signatures that were asked for anew came as {other}"),
        };
    }

    /// <summary>
    /// Downloads a package and compares it with its digest. What is cut off stays in the folder and is gone on with the next
    /// time; what is cancelled, or not what the index says, does not.
    /// </summary>
    /// <param name="line">The version.</param>
    /// <param name="folder">Where the part lies that is here; made when it is not there.</param>
    /// <param name="progress">Told how many bytes are here, often, from another thread.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public async Task<Outcome<ReadOnlyMemory<byte>>> DownloadAsync(IndexLine line, string folder, Action<long> progress, CancellationToken cancellationToken)
    {
        if (!(await PlaceOfAsync(line.Digest, cancellationToken)).TryGet(out var place, out var problems)) return problems;
        var (part, isOwn) = OpenPart(folder, line.Digest);
        var isKept = false;
        try
        {
            if (part.Length > line.Size) part.SetLength(0);
            for (var isResumed = part.Length > 0; ; isResumed = false)
            {
                progress(part.Length);
                if (part.Length < line.Size && await files.AppendAsync(place, part, line.Size, progress, cancellationToken) is { } shortfall)
                {
                    isKept = !isOwn && shortfall.GoesOn && part.Length > 0;
                    return shortfall.Why;
                }
                var bytes = new byte[line.Size];
                part.Position = 0;
                await part.ReadExactlyAsync(bytes, cancellationToken);
                if (Digest.Of(bytes) == line.Digest) return (ReadOnlyMemory<byte>)bytes;
                if (!isResumed) return new Problem("", $"{files.Location} sent another package than its index lists: the digest is not {line.Digest}", "nothing was installed; try again, and tell who keeps the registry if it stays so");
                // It may be the part that was damaged, here: once more, from the beginning.
                part.SetLength(0);
            }
        }
        finally
        {
            if (!isKept) File.Delete(part.Name);
            await part.DisposeAsync();
        }
    }

    /// <summary>The part that is here, held against other downloads of the same; or a file of one's own when another has it.</summary>
    private static (FileStream Part, bool IsOwn) OpenPart(string folder, Digest digest)
    {
        // On Unix only `None` is exclusive, and what is open can be deleted; on Windows it takes `Delete` for that.
        var share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
        var path = Path.Combine(folder, digest + ".part");
        for (var attempt = 1; ; attempt++)
        {
            Directory.CreateDirectory(folder);
            try
            {
                return (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share), IsOwn: false);
            }
            catch (DirectoryNotFoundException) when (attempt < FolderAttempts)
            {
                // Another process has ended its downloads, and removed the folder, at this very moment.
            }
            catch (IOException)
            {
                return (new FileStream(Path.Combine(folder, $"{digest}-{Guid.NewGuid():N}.part"), FileMode.CreateNew, FileAccess.ReadWrite, share), IsOwn: true);
            }
        }
    }

    private async Task<Outcome<string>> PlaceOfAsync(Digest package, CancellationToken cancellationToken) =>
        (await ConfigAsync(cancellationToken)).TryGet(out var config, out var problems)
            ? config.PlaceOf(package)
            : problems;

    private async Task<Outcome<Found<T>>> ReadAsync<T>(
        string path, int maxBytes, Func<ReadOnlyMemory<byte>, long, Outcome<T>> read, Func<T, long> sequenceOf, CancellationToken cancellationToken)
        where T : class
    {
        var seen = cache.Find(_origin, path);
        var before = seen is null ? null : read(seen.Bytes, seen.Sequence);
        var kept = before is not null && before.TryGet(out var good, out _) ? good : null;
        // One that has expired is asked for anew: whoever says that it is the latest has to show it.
        var fetched = _unreachable ?? await files.FetchAsync(path, kept is null ? null : seen!.ETag, maxBytes, cancellationToken);
        if (fetched is Fetched.Refused { IsUnreachable: true } silent) _unreachable = silent;
        switch (fetched)
        {
            case Fetched.File file:
                if (!read(file.Bytes, seen?.Sequence ?? 0).TryGet(out var document, out var problems)) return problems.Select(problem => problem.In(files.Location)).ToImmutableArray();
                cache.Keep(_origin, path, new SeenDocument(file.Bytes, file.ETag, sequenceOf(document)));
                return new Found<T>(document);
            case Fetched.NotModified when kept is not null:
                return new Found<T>(kept);
            case Fetched.Missing when seen is not null:
                return new Problem($"{files.Location}: {path}", "was there before, and is withheld now", "try again later; if it stays so, tell who keeps the registry");
            case Fetched.Missing:
                return new Found<T>(null);
            case Fetched.Refused { IsUnreachable: true } unreachable when kept is not null:
                if (Interlocked.Exchange(ref _hasToldOffline, 1) == 0) note($"{unreachable.Why with { Hint = null }}; going by what it said before");
                return new Found<T>(kept);
            case Fetched.Refused { IsUnreachable: true } unreachable when seen is not null:
                return unreachable.Why with { Message = $"{unreachable.Why.Message}; what it said before has expired" };
            case Fetched.Refused refused:
                return refused.Why;
            case var other:
                throw new InvalidOperationException($"{path} came as {other}");
        }
    }
}

/// <summary>What was found; null when there is no such thing.</summary>
public sealed record Found<T>(T? Value) where T : class;
