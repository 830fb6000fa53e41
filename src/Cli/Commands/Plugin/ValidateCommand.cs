using System.CommandLine;
using System.Text.Json;
using LazyOC.Cli.Commands.Market;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin validate</c>: what can be said of a plugin without running it, before anyone else sees it.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var subject = new Argument<string>("DIR|FILE") { Description = "The plugin's directory, or a package; this directory when absent", DefaultValueFactory = _ => "." };
        var noBuild = new Option<bool>("--no-build") { Description = "Do not run the build script of package.json" };
        var strict = new Option<bool>("--strict") { Description = "End with 1 for warnings, too" };
        var output = Output.Option();
        var command = new Command(
            "validate",
            """
            Looks at a plugin without running it: manifest, sizes and limits, licence, reasons of permissions, permissions that the code
            needs and does not have or has and does not need, handlers that are missing, views without names. Every check is one that
            installing it makes, or a marketplace when it is published. Ends with 1 when something is an error.

            Examples:
              lazyoc plugin validate plugins/pod-health
              lazyoc plugin validate acme.prometheus-1.4.0.lzp --output json
            """) { subject, noBuild, strict, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = await ReportOfAsync(Path.GetFullPath(parsed.GetRequiredValue(subject)), build: !parsed.GetValue(noBuild), cancellationToken);
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(report, PluginJson.Default.ValidationReport);
            else Print(report);
            var worst = report.Findings.Select(finding => (FindingLevel?)finding.Level).FirstOrDefault();
            return worst == FindingLevel.Error || (worst == FindingLevel.Warning && parsed.GetValue(strict)) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<ValidationReport> ReportOfAsync(string subject, bool build, CancellationToken cancellationToken)
    {
        if (!(Directory.Exists(subject) ? await PackAsync(subject, build, cancellationToken) : PackageVerification.Of(PackageFile.Read(subject)).Package).TryGet(out var package, out var problems))
            return new ValidationReport { Subject = subject, Valid = false, Findings = [.. problems.Select(problem => ValidationFinding.Of(FindingLevel.Error, "package", problem))] };

        var findings = new List<ValidationFinding>();
        findings.AddRange(ContributionCheck.Unanswered(package).Select(problem => ValidationFinding.Of(FindingLevel.Error, "handler-missing", problem.In(PluginPackage.ManifestPath))));
        findings.AddRange(ContributionCheck.Unclear(package.Manifest).Select(problem => ValidationFinding.Of(FindingLevel.Warning, "contribution-unclear", problem.In(PluginPackage.ManifestPath))));
        findings.AddRange((await ScanAsync(package, cancellationToken)).Findings.Select(ValidationFinding.Of));
        return new ValidationReport
        {
            Subject = subject,
            Id = package.Manifest.Id,
            Version = package.Manifest.Version.ToString(),
            Valid = findings.TrueForAll(finding => finding.Level != FindingLevel.Error),
            Findings = [.. findings.OrderBy(finding => finding.Level)],
        };
    }

    private static async Task<Outcome<PluginPackage>> PackAsync(string directory, bool build, CancellationToken cancellationToken)
    {
        if (build && PluginBuild.IsDescribedIn(directory)) await PluginBuild.RunAsync(directory, cancellationToken);
        try
        {
            return PackageSource.Pack(directory).TryGet(out var packed, out var problems) ? packed.Package : problems;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, error.Message, cause: error);
        }
    }

    /// <summary>The checks that a marketplace makes, made by its own program.</summary>
    private static async Task<PackageScan> ScanAsync(PluginPackage package, CancellationToken cancellationToken)
    {
        var scratch = Directory.CreateTempSubdirectory("lazyoc-validate-");
        try
        {
            var file = Path.Combine(scratch.FullName, "package.lzp");
            await File.WriteAllBytesAsync(file, package.Bytes, cancellationToken);
            var start = MarketProgram.StartInfo(["scan", file]);
            var scan = await ChildProcess.RunAsync(start.FileName, start.ArgumentList, cancellationToken: cancellationToken);
            return scan.ExitCode == 0 && JsonSerializer.Deserialize(scan.Output, ApiJson.Default.PackageScan) is { } found
                ? found
                : throw new UserError(ExitCode.Failed, $"the marketplace's checks ended with {scan.ExitCode}\n{scan.Error}".TrimEnd(), "install LazyOC again, or build it with `dotnet build`");
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static void Print(ValidationReport report)
    {
        foreach (var finding in report.Findings)
        {
            Console.WriteLine(Output.PrintableLines($"{finding.Level.ToString().ToLowerInvariant(),-7} {(finding.Where.Length == 0 ? "" : finding.Where + ": ")}{finding.Message} [{finding.Rule}]"));
            if (finding.Hint is { } hint) Console.WriteLine(Output.PrintableLines($"        hint: {hint}"));
        }
        var counts = Enum.GetValues<FindingLevel>().Select(level => (Level: level, Count: report.Findings.Count(finding => finding.Level == level))).Where(count => count.Count > 0)
            .Select(count => $"{count.Count} {count.Level.ToString().ToLowerInvariant()}{(count.Count == 1 ? "" : "s")}").ToArray();
        Console.WriteLine(Output.Printable($"{(report.Id is { } id ? $"{id} {report.Version}" : report.Subject)} is {(report.Valid ? "valid" : "not valid")}{(counts.Length == 0 ? "" : $": {string.Join(", ", counts)}")}"));
    }
}
