using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>What is in a package, or in an installed plugin.</summary>
internal sealed record PackageReport
{
    public required PluginId Id { get; init; }
    public required string Version { get; init; }
    public required string Digest { get; init; }

    /// <summary>Size of the <c>.lzp</c> file; absent for what is installed, of which that file is not kept.</summary>
    public long? PackedBytes { get; init; }

    /// <summary>Size of all files together.</summary>
    public required long Bytes { get; init; }

    public required PackageSignature Signature { get; init; }

    /// <summary><c>plugin.json</c>.</summary>
    public required JsonElement Manifest { get; init; }

    /// <summary>What it asks for, in words, the most dangerous first.</summary>
    public required ImmutableArray<string> Permissions { get; init; }

    /// <summary>What its author says to it.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>What becomes of the user's own changes when it does not answer.</summary>
    public required ImmutableArray<string> Hooks { get; init; }

    public required ImmutableArray<PackageFileRow> Files { get; init; }

    /// <summary>What its author says is bundled in it; absent when the package does not say.</summary>
    public ImmutableArray<SbomEntry>? Sbom { get; init; }

    /// <summary>Why its SBOM cannot be shown; absent when it can, or there is none.</summary>
    public string? SbomProblem { get; init; }

    public static PackageReport Of(PluginPackage package, PackageSignature signature) =>
        Of(package.Manifest, package.Digest, [.. package.Files.Select(file => new PackageFileRow(file.Path, file.Content.Length))], signature, package.Find(Plugins.Packages.Sbom.Path)) with { PackedBytes = package.Bytes.Length };

    public static PackageReport Of(InstalledPlugin plugin) => Of(
        plugin.Manifest, plugin.Entry.Digest, [.. plugin.Content.Files.Select(file => new PackageFileRow(file.Path, file.Size))],
        plugin.Entry.Signer is { } signer ? new PackageSignature(null, "trusted", $"signed with {signer}, which was trusted when it was installed") : PackageSignature.Unsigned, plugin.Content.Read(Plugins.Packages.Sbom.Path));

    private static PackageReport Of(PluginManifest manifest, Digest digest, ImmutableArray<PackageFileRow> files, PackageSignature signature, ReadOnlyMemory<byte>? sbom)
    {
        var consent = ConsentText.Of(manifest, before: null);
        ImmutableArray<SbomEntry>? entries = null;
        string? problem = null;
        if (sbom is { } document)
        {
            if (Plugins.Packages.Sbom.Read(document).TryGet(out var read, out var problems)) entries = read;
            else problem = Problem.Join(problems);
        }
        return new PackageReport
        {
            Id = manifest.Id,
            Version = manifest.Version.ToString(),
            Digest = digest.ToString(),
            Bytes = files.Sum(file => file.Bytes),
            Signature = signature,
            Manifest = JsonSerializer.SerializeToElement(manifest, ContractJson.Default.PluginManifest),
            Permissions = [.. consent.Asked.Select(sentence => sentence.ToString())],
            Reasons = consent.Reasons,
            Hooks = consent.Hooks,
            Files = files,
            Sbom = entries,
            SbomProblem = problem,
        };
    }
}

/// <summary>A file of a package.</summary>
internal sealed record PackageFileRow(string Path, long Bytes);

/// <summary>What <c>plugin verify</c> found.</summary>
internal sealed record VerifiedRow
{
    public required string File { get; init; }

    /// <summary>Whether it could be installed, as far as its files go.</summary>
    public required bool Sound { get; init; }

    public required string Digest { get; init; }

    /// <summary>In their order; if one failed, it is the last.</summary>
    public required ImmutableArray<PackageCheck> Checks { get; init; }

    public required PackageSignature Signature { get; init; }
}
