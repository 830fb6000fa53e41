using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Packages;

/// <summary>Every check of a package that is made before it is installed, in their order, up to the first that fails.</summary>
/// <remarks>Immutable and thread safe. None of the package's code runs.</remarks>
public sealed record PackageVerification
{
    private PackageVerification() { }

    /// <summary>The checks that were made; if one failed, it is the last.</summary>
    public required ImmutableArray<PackageCheck> Checks { get; init; }

    /// <summary>The package, or what is wrong with it, in text without control characters.</summary>
    public required Outcome<PluginPackage> Package { get; init; }

    /// <summary>Checks a <c>.lzp</c> file from anywhere. Whatever is wrong comes back as problems; it does not throw.</summary>
    /// <param name="bytes">The whole file; must not be changed afterwards.</param>
    /// <param name="limits"><see cref="PackageLimits.Default"/> when null.</param>
    public static PackageVerification Of(ReadOnlyMemory<byte> bytes, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        var passed = ImmutableArray.CreateBuilder<PackageCheck>();

        if (!ArchiveReader.Read(bytes, limits).TryGet(out var files, out var problems)) return Failed("archive", problems);
        passed.Add(new("archive", true, $"{files.Length:N0} files with safe names, {ByteSize.Format(files.Sum(file => (long)file.Content.Length))} in {ByteSize.Format(bytes.Length)}, no byte more than they need, checksums match"));

        if (PluginPackage.Find(files, PluginPackage.ManifestPath) is not { } document)
            return Failed("file list", [new Problem(PluginPackage.ManifestPath, "is not in the package", "packages are made with `lazyoc plugin pack` from a directory with a `plugin.json`")]);
        if (FileList.Check(files) is { IsEmpty: false } mismatches) return Failed("file list", mismatches);
        passed.Add(new("file list", true, $"`{FileList.Path}` lists every file with its size and SHA-256"));

        if (!ManifestReader.Read(document.Span).TryGet(out var manifest, out problems)) return Failed("manifest", [.. problems.Select(p => p.In(PluginPackage.ManifestPath))]);
        passed.Add(new("manifest", true, $"`{PluginPackage.ManifestPath}` has no unknown, doubled or senseless member; {manifest.Id} {manifest.Version} runs on host API {PluginManifest.HostApiVersion}"));

        var package = PluginPackage.Of(bytes, files, manifest);
        if (MainCheck.Check(package, limits) is { } main) return Failed("code", [main]);
        passed.Add(new("code", true, manifest.Main.EndsWith(".wasm", StringComparison.Ordinal) ? $"`{manifest.Main}` is a valid WebAssembly module that imports only what plugins are given" : $"`{manifest.Main}` is UTF-8 and within its size"));

        if (MigrationCheck.Check(package, limits) is { } migration) return Failed("migrations", [migration]);
        passed.Add(new("migrations", true, manifest.Migrations.IsEmpty ? "there are none" : $"{manifest.Migrations.Length:N0} are there, as UTF-8"));

        if (TemplateFiles.Check(manifest, package.Find, limits) is { } template) return Failed("templates", [template]);
        passed.Add(new("templates", true, manifest.Contributes.Templates.IsEmpty ? "there are none" : $"{manifest.Contributes.Templates.Length:N0} are there, as UTF-8"));

        return new PackageVerification { Checks = passed.ToImmutable(), Package = package };

        PackageVerification Failed(string name, ImmutableArray<Problem> why)
        {
            ImmutableArray<Problem> shown = [.. why.Select(Shown)];
            passed.Add(new(name, false, Problem.Join(shown)));
            return new PackageVerification { Checks = passed.ToImmutable(), Package = shown };
        }
    }

    /// <summary>A problem quotes what is wrong, and that may be meant for the terminal that it is shown on.</summary>
    private static Problem Shown(Problem problem) => new(Shown(problem.Where), Shown(problem.Message), problem.Hint is { } hint ? Shown(hint) : null);

    private static string Shown(string text) => text.Any(char.IsControl) ? new string([.. text.Select(c => char.IsControl(c) ? '\uFFFD' : c)]) : text;
}

/// <summary>One check of a package.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Passed">Whether it is in order.</param>
/// <param name="Detail">What was found, or what is wrong; may have text of the package in it.</param>
public sealed record PackageCheck(string Name, bool Passed, string Detail);
