using System.CommandLine;
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
        var output = Output.Option();
        var command = new Command(
            "pack",
            """
            Makes a package of a plugin's directory, with a list of its files and an SBOM of what is bundled in it; the same files give the
            same bytes.

            Example:
              lazyoc plugin pack plugins/pod-health
            """) { directory, file, noBuild, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(directory);
            if (!source.Exists) throw new UserError(ExitCode.NotFound, $"there is no directory {source.FullName}");
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

            var row = new PackedRow
            {
                Id = manifest.Id,
                Version = manifest.Version.ToString(),
                File = target,
                Digest = packed.Package.Digest.ToString(),
                Bytes = packed.Package.Bytes.Length,
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
    }
}
