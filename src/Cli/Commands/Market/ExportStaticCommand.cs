using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Serialization;
using LazyOC.Cli.Commands.Keys;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Marketplace.Protocol;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market export-static</c>: a registry as a signed folder.</summary>
internal static class ExportStaticCommand
{
    private const int DefaultDays = 30;

    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "The registry's root; made when it is not there" };
        var packages = new Argument<FileInfo[]>("PACKAGE") { Description = "Packages to add, FILE.lzp with FILE.lzp.dsse.json beside it; without any, everything is only signed anew", Arity = ArgumentArity.ZeroOrMore };
        var key = new Option<string[]>("--key", "-k") { Description = "A key of the registry, by its name in `lazyoc keys list`; may be given more than once", HelpName = "KEY", Required = true };
        var threshold = new Option<int>("--threshold") { Description = "How many of the keys clients ask for", HelpName = "N", DefaultValueFactory = _ => 1 };
        var name = new Option<string?>("--name") { Description = "What the registry is called; the folder's name when absent", HelpName = "TEXT" };
        var days = new Option<int>("--days") { Description = "How long clients believe it; export again before", HelpName = "N", DefaultValueFactory = _ => DefaultDays };
        var output = Output.Option();
        var command = new Command(
            "export-static",
            """
            Makes a registry that is only files, for any web server or a shared disk, or brings it up to date. Packages have to be signed
            by their authors; the registry signs that it offers them. Rotations and revocations of your own keys are published too.

            Examples:
              lazyoc market export-static /srv/plugins --key registry acme.demo-1.0.0.lzp
              lazyoc market export-static /srv/plugins --key registry
            """) { directory, packages, key, threshold, name, days, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var root = parsed.GetRequiredValue(directory);
            if (parsed.GetValue(days) is var asked && (asked < 1 || asked > RegistryLimits.Default.MaxValidityDays)) throw new UserError(ExitCode.Usage, $"`--days` is {asked}; 1 to {RegistryLimits.Default.MaxValidityDays} are allowed");
            var own = KeysCommand.Files().List().OrThrow(ExitCode.Failed);
            var export = new StaticExport
            {
                Name = parsed.GetValue(name) ?? root.Name,
                Packages = [.. parsed.GetValue(packages)?.Select(Open) ?? []],
                Rotations = [.. own.Select(stored => stored.Replaces).OfType<SignedRotation>()],
                Revocations = [.. own.Select(stored => stored.Revoked).OfType<KeyRevocation>()],
                Threshold = parsed.GetValue(threshold),
                Now = TimeProvider.System.GetUtcNow(),
                Validity = TimeSpan.FromDays(parsed.GetValue(days)),
            };
            var report = await ExportAsync(root.FullName, export, parsed.GetRequiredValue(key), cancellationToken);
            var row = ExportRow.Of(root.FullName, report, export.Now + export.Validity);
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(row, MarketJson.Default.ExportRow);
            else Print(row);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<StaticReport> ExportAsync(string root, StaticExport export, string[] names, CancellationToken cancellationToken)
    {
        var keys = new List<SigningKey>();
        try
        {
            foreach (var name in names.Distinct()) keys.Add(KeysCommand.Open(name));
            return (await StaticRegistry.ExportAsync(root, export, [.. keys], cancellationToken: cancellationToken)).OrThrow(ExitCode.Refused);
        }
        finally
        {
            foreach (var key in keys) key.Dispose();
        }
    }

    private static StaticPackage Open(FileInfo file)
    {
        var signatures = new FileInfo(file.FullName + PackageSignatures.Extension);
        if (signatures.Exists && signatures.Length > SigningLimits.Default.MaxSignatureFileBytes)
            throw new UserError(ExitCode.Refused, $"{signatures.FullName} has {signatures.Length} bytes, more than the {SigningLimits.Default.MaxSignatureFileBytes} that signatures may have");
        var envelopes = signatures.Exists ? PackageSignatures.Read(File.ReadAllBytes(signatures.FullName)).OrThrow(ExitCode.Refused, signatures.Name) : [];
        return new StaticPackage(PackageFile.Open(file.FullName), envelopes);
    }

    private static void Print(ExportRow row)
    {
        foreach (var added in row.Added) Console.WriteLine($"{added.Id} {added.Version} is added, {added.Digest}");
        Console.WriteLine(Output.Printable($"{row.Directory}: {row.Plugins} plugins of {row.Publishers} publishers, signed until {row.Expires:yyyy-MM-dd}"));
    }
}

/// <summary>What <c>market export-static</c> made.</summary>
internal sealed record ExportRow(string Directory, int Plugins, int Publishers, DateTimeOffset Expires, ImmutableArray<AddedRow> Added)
{
    public static ExportRow Of(string directory, StaticReport report, DateTimeOffset expires) => new(
        directory, report.Plugins.Count, report.Publishers, expires, [.. report.Added.Select(package => new AddedRow(package.Id, package.Version.ToString(), package.Digest))]);
}

/// <summary>A package that a registry offers now.</summary>
internal sealed record AddedRow(PluginId Id, string Version, Digest Digest);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ExportRow))]
internal sealed partial class MarketJson : JsonSerializerContext;
