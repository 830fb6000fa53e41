using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary>A registry that is only files: a signed folder, to be served by any web server or read from a disk.</summary>
public static class StaticRegistry
{
    /// <summary>
    /// Makes the folder, or brings it up to date: adds packages, counts every sequence number up and signs everything anew.
    /// What is in the folder already is taken over only if the same keys have signed it. Each file is replaced in one
    /// step, and in an order in which nothing names a file that is not there yet; interrupted, it can be done again.
    /// </summary>
    /// <param name="directory">The registry's root; made when it is not there.</param>
    /// <param name="export">What goes in.</param>
    /// <param name="keys">The registry's keys; they stay the caller's.</param>
    /// <param name="limits"><see cref="RegistryLimits.Default"/> when null.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read or written.</exception>
    public static async Task<Outcome<StaticReport>> ExportAsync(
        string directory, StaticExport export, ImmutableArray<SigningKey> keys, RegistryLimits? limits = null, CancellationToken cancellationToken = default)
    {
        limits ??= RegistryLimits.Default;
        var config = new RegistryConfig
        {
            ConfigVersion = RegistryConfig.CurrentVersion,
            Name = export.Name,
            Packages = RegistryPaths.Packages,
            Keys = [.. keys.Select(key => key.PublicKey).Distinct().OrderBy(key => key.Id)],
            Threshold = export.Threshold,
            Features = [],
        };
        // What clients would refuse is not written.
        if (!RegistryConfig.Read(config.ToUtf8(), limits).TryGet(out _, out var problems)) return problems;
        if (!StaticFolder.Read(directory, config, limits).TryGet(out var folder, out problems)) return problems;

        var added = ImmutableArray.CreateBuilder<PackageIdentity>();
        foreach (var item in export.Packages.OrderBy(item => item.Package.Manifest.Id).ThenBy(item => item.Package.Manifest.Version))
        {
            if (!folder.Add(item, export.Revocations, export.Now).TryGet(out var isNew, out problems)) return problems;
            if (isNew) added.Add(PackageIdentity.Of(item.Package));
        }
        if (folder.Apply(export.Rotations, export.Revocations) is { } problem) return problem;

        if (!Write(folder, export, config, keys, limits).TryGet(out var files, out problems)) return problems;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ReplaceAsync(Path.Combine(directory, file.Path), file.Content, cancellationToken);
        }
        return new StaticReport(added.ToImmutable(), folder.Plugins.ToImmutableSortedDictionary(plugin => plugin.Key, plugin => plugin.Value.Sequence + 1), folder.Publishers.Count);
    }

    /// <summary>Every file that is to be there afterwards and is not yet as it should be, what is named before what names it.</summary>
    private static Outcome<ImmutableArray<(string Path, ReadOnlyMemory<byte> Content)>> Write(StaticFolder folder, StaticExport export, RegistryConfig config, ImmutableArray<SigningKey> keys, RegistryLimits limits)
    {
        var (issued, expires) = (export.Now, export.Now + export.Validity);
        var files = ImmutableArray.CreateBuilder<(string Path, ReadOnlyMemory<byte> Content)>();
        foreach (var (package, envelopes) in folder.NewPackages)
        {
            var identity = PackageIdentity.Of(package);
            var path = RegistryPaths.Packages.Replace(RegistryConfig.DigestPlace, identity.Digest.ToString(), StringComparison.Ordinal);
            files.Add((path, package.Bytes));
            files.Add((path + PackageSignatures.Extension, PackageSignatures.Write([.. envelopes, new AdmissionAttestation(identity.Id, identity.Version, identity.Digest, null, export.Now).Sign(keys.AsSpan())])));
        }
        foreach (var (publisher, state) in folder.Publishers)
        {
            var document = new PublisherDocument { Publisher = publisher, Sequence = state.Sequence + 1, Issued = issued, Expires = expires, Keys = state.Keys, Rotations = state.Rotations, Revocations = state.Revocations };
            var bytes = PublisherFile.Write(document, keys.AsSpan());
            if (!PublisherFile.Read(bytes, publisher, config.Roots, export.Now, state.Sequence, limits).TryGet(out _, out var problems)) return problems;
            files.Add((RegistryPaths.PublisherOf(publisher), bytes));
        }
        foreach (var (id, state) in folder.Plugins)
        {
            var bytes = IndexFile.Write(id, state.Sequence + 1, issued, expires, state.Lines, keys.AsSpan());
            if (!IndexFile.Read(bytes, id, config.Roots, export.Now, state.Sequence, limits).TryGet(out _, out var problems)) return problems;
            files.Add((RegistryPaths.IndexOf(id), bytes));
        }
        files.Add((RegistryPaths.Config, config.ToUtf8()));
        return files.ToImmutable();
    }

    private static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = path + ".next";
        await using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }
}
