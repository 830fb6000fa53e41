using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning.Advisories;
using LazyOC.Marketplace.Scanning.Lookalikes;
using LazyOC.Marketplace.Scanning.Trials;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning;

/// <summary>
/// <c>lazyoc-market scan</c>: the checks of a submission, for an author who has not submitted anything: those that need nothing but
/// the package. <c>lazyoc plugin validate</c> starts it.
/// </summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A package, FILE.lzp" };
        var command = new Command("scan", "Looks at a package as at a submission, without trying or keeping it, and prints what it finds as JSON") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            if (!File.Exists(path) || new FileInfo(path).Length > PackageLimits.Default.MaxPackedBytes || !PluginPackage.Open(await File.ReadAllBytesAsync(path, cancellationToken)).TryGet(out var package, out _))
            {
                await Console.Error.WriteLineAsync($"error: {path} is no sound package");
                return 1;
            }
            Console.WriteLine(JsonSerializer.Serialize(await ScanAsync(package, cancellationToken), ApiJson.Default.PackageScan));
            return 0;
        });
        return command;
    }

    private static async Task<PackageScan> ScanAsync(PluginPackage package, CancellationToken cancellationToken)
    {
        var submission = new Submission { Package = package, Catalog = new ScanCatalog() };
        var found = new List<(Verdict Verdict, PackageFinding Finding)>();
        foreach (var scanner in ScannerSet.Default(new ScannerOptions()).Where(scanner => scanner is not (AdvisoriesScanner or LookalikeScanner or DifferenceScanner or TrialScanner)))
        {
            var verdicts = ScannerSet.Rules.First(entry => entry.Scanner == scanner.Name).Rules.ToImmutableDictionary(rule => rule.Name, rule => rule.Verdict, StringComparer.Ordinal);
            foreach (var finding in (await scanner.ScanAsync(submission, cancellationToken)).Findings)
                found.Add((verdicts[finding.Rule], new PackageFinding(scanner.Name, Stored.Name(verdicts[finding.Rule]), new ScanFinding { Rule = finding.Rule, File = finding.File, Line = finding.Line, Message = finding.Message, Hint = finding.Hint })));
        }
        return new PackageScan([.. found.OrderByDescending(entry => entry.Verdict).Select(entry => entry.Finding)]);
    }
}
