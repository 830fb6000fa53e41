using System.CommandLine;
using LazyOC.Cli.Commands.Keys;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin pack</c>: builds a plugin's directory when it says how, and makes a package of it.</summary>
internal static class PackCommand
{
    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "The plugin's directory, with plugin.json" };
        var file = new Option<FileInfo?>("--file", "-f") { Description = "The package to write; ID-VERSION.lzp here when absent", HelpName = "FILE" };
        var noBuild = new Option<bool>("--no-build") { Description = "Do not run the build script of package.json" };
        var sign = new Option<string?>("--sign") { Description = "Sign the package with one of your keys; the signature is written beside it, as FILE.dsse.json", HelpName = "KEY" };
        var output = Output.Option();
        var command = new Command(
            "pack",
            """
            Makes a package of a plugin's directory, with a list of its files and an SBOM of what is bundled in it; the same files give the
            same bytes.

            Examples:
              lazyoc plugin pack plugins/pod-health
              lazyoc plugin pack plugins/pod-health --sign acme
            """) { directory, file, noBuild, sign, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(directory);
            if (!source.Exists) throw new UserError(ExitCode.NotFound, $"there is no directory {source.FullName}");
            // Before anything is built: the passphrase may be wrong.
            using var key = parsed.GetValue(sign) is { } name ? KeysCommand.Open(name) : null;
            if (!parsed.GetValue(noBuild) && PluginBuild.IsDescribedIn(source.FullName))
            {
                Console.Error.WriteLine("npm run build");
                await PluginBuild.RunAsync(source.FullName, cancellationToken);
            }

            var packed = PackageSource.Pack(source.FullName).OrThrow(ExitCode.Failed, source.Name, "schemas/plugin-v1.json says what a manifest holds");
            var manifest = packed.Package.Manifest;
            var target = parsed.GetValue(file)?.FullName ?? Path.GetFullPath($"{manifest.Id}-{manifest.Version}.lzp");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, packed.Package.Bytes, cancellationToken);
            var signatures = key is null ? null : await PackageSigner.SignAsync(packed.Package, target, key, cancellationToken);

            var row = new PackedRow
            {
                Id = manifest.Id,
                Version = manifest.Version.ToString(),
                File = target,
                Digest = packed.Package.Digest.ToString(),
                Bytes = packed.Package.Bytes.Length,
                Signatures = signatures,
                Signer = key?.PublicKey.Id.ToString(),
                LeftOut = [.. packed.LeftOut.Select(problem => problem.ToString())],
                SbomGaps = [.. packed.SbomGaps.Select(problem => problem.ToString())],
            };
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(row, PluginJson.Default.PackedRow);
            else Print(row);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(PackedRow row)
    {
        foreach (var warning in row.LeftOut.Concat(row.SbomGaps)) Console.Error.WriteLine(Output.PrintableLines(warning));
        Console.WriteLine($"{row.File}: {row.Id} {row.Version}, {row.Bytes} bytes, {row.Digest}");
        if (row.Signatures is not null) Console.WriteLine($"{row.Signatures}: signed with the key {row.Signer}");
    }
}
