using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Installing;

/// <summary>A package that is here and sound, and what there is to tell whether it can be trusted.</summary>
/// <param name="Planned">What it is for.</param>
/// <param name="Package">The package.</param>
/// <param name="Envelopes">The signatures beside it.</param>
/// <param name="Registry">The keys of its registry; null when it comes from a file.</param>
/// <param name="Publisher">The keys of its publisher, as the registry that holds it says; null when none was asked or could be.</param>
internal sealed record FetchedPackage(PlannedInstall Planned, PluginPackage Package, ImmutableArray<DsseEnvelope> Envelopes, KeySet? Registry, PublisherKeys? Publisher);

/// <summary>Gets the packages of a plan, several at a time, and checks each as far as it goes without the user.</summary>
/// <param name="folder">Where parts of packages lie while they are downloaded.</param>
/// <param name="registries">Asked whether they have withdrawn what comes from a file; null for none.</param>
/// <param name="progress">Shows how far it is.</param>
internal sealed class PackageFetcher(string folder, RegistrySet? registries, DownloadProgress progress)
{
    /// <summary>All of them, or the first refusal; the others are given up then.</summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public async Task<Outcome<ImmutableArray<FetchedPackage>>> FetchAsync(ImmutableArray<PlannedInstall> plan, CancellationToken cancellationToken)
    {
        using var refusal = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(RegistryClientLimits.Default.Downloads);
        ImmutableArray<Problem> refused = [];
        async Task<FetchedPackage?> FetchInTurnAsync(PlannedInstall planned)
        {
            await places.WaitAsync(refusal.Token);
            try
            {
                if ((await FetchAsync(planned, refusal.Token)).TryGet(out var fetched, out var problems)) return fetched;
                if (refused.IsEmpty) refused = problems;
                await refusal.CancelAsync();
                return null;
            }
            finally
            {
                places.Release();
            }
        }

        var all = plan.Select(FetchInTurnAsync).ToArray();
        try
        {
            var fetched = await Task.WhenAll(all);
            return refused.IsEmpty ? fetched.OfType<FetchedPackage>().ToImmutableArray() : refused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return refused;
        }
        finally
        {
            DeleteFolder();
        }
    }

    private async Task<Outcome<FetchedPackage>> FetchAsync(PlannedInstall planned, CancellationToken cancellationToken) => planned.Origin switch
    {
        PackageOrigin.InFile file => await OpenAsync(planned, file, cancellationToken),
        PackageOrigin.InRegistry registry => await FetchAsync(planned, registry.Client, registry.Line, cancellationToken),
        _ => throw new InvalidOperationException($"{planned.Id} comes from nowhere"),
    };

    /// <summary>What comes from a file, unless its registry has withdrawn it. A registry that cannot be asked stops nothing.</summary>
    private async Task<Outcome<FetchedPackage>> OpenAsync(PlannedInstall planned, PackageOrigin.InFile file, CancellationToken cancellationToken)
    {
        if (!ReadSignatures(file.Path).TryGet(out var envelopes, out var problems)) return problems;
        if (registries?.Of(planned.Id) is not { } client) return new FetchedPackage(planned, file.Package, envelopes, null, null);
        if ((await client.IndexAsync(planned.Id, cancellationToken)).TryGet(out var index, out _)
            && index.Value?.Lines.FirstOrDefault(line => line.Digest == file.Package.Digest) is { } line && (line.Kill ?? line.Quarantined) is { } reason)
            return new Problem($"{planned.Id} {planned.Version}", $"must not be installed: {client.Registry.Name} has withdrawn it: {reason}", "choose another version");
        var publisher = (await client.PublisherAsync(planned.Id.Publisher, cancellationToken)).TryGet(out var listed, out _) ? listed.Keys : null;
        return new FetchedPackage(planned, file.Package, envelopes, null, publisher);
    }

    private async Task<Outcome<FetchedPackage>> FetchAsync(PlannedInstall planned, RegistryClient client, Marketplace.Protocol.IndexLine line, CancellationToken cancellationToken)
    {
        var name = $"{planned.Id} {planned.Version}";
        if (!(await client.PublisherAsync(planned.Id.Publisher, cancellationToken)).TryGet(out var publisher, out var problems)) return Of(problems);
        if (!(await client.SignaturesAsync(line.Digest, cancellationToken)).TryGet(out var envelopes, out problems)) return Of(problems);
        if (!(await client.DownloadAsync(line, folder, here => progress.Report(name, here), cancellationToken)).TryGet(out var bytes, out problems)) return Of(problems);
        if (!PluginPackage.Open(bytes).TryGet(out var package, out problems)) return Of(problems);
        if (package.Manifest.Id != planned.Id) return new Problem(name, $"is a package of {package.Manifest.Id}", "nothing of it can be trusted: tell those who run the registry");
        if (line.Difference(package) is { } difference) return difference;
        progress.Done(name, line.Size);
        return new FetchedPackage(planned, package, envelopes, client.Registry.Roots, publisher.Keys);

        ImmutableArray<Problem> Of(ImmutableArray<Problem> found) => [.. found.Select(problem => problem.In(name))];
    }

    /// <summary>The signatures beside a package's file; none when there is no such file.</summary>
    public static Outcome<ImmutableArray<DsseEnvelope>> ReadSignatures(string path)
    {
        var beside = path + PackageSignatures.Extension;
        if (!File.Exists(beside)) return ImmutableArray<DsseEnvelope>.Empty;
        if (new FileInfo(beside).Length > SigningLimits.Default.MaxSignatureFileBytes) return new Problem(beside, "is longer than signatures are");
        return PackageSignatures.Read(File.ReadAllBytes(beside)).TryGet(out var envelopes, out var problems) ? envelopes : problems.Select(problem => problem.In(Path.GetFileName(beside))).ToImmutableArray();
    }

    /// <summary>Removes the folder, unless it holds what was cut off, or what another process downloads.</summary>
    private void DeleteFolder()
    {
        try
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Another process has begun a download in it, or removed it, since it was looked at.
        }
    }
}
