using System.CommandLine;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin publish</c>: hands a package in, and tells what its checks make of it until that is decided.</summary>
internal static class PublishCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The package, with its signatures beside it" };
        var noWait = new Option<bool>("--no-wait") { Description = "Hand it in, and do not wait for its checks" };
        var output = Output.Option();
        var command = new Command(
            "publish",
            """
            Publishes a package on a marketplace. It is checked there, and everybody can have it once all checks have passed; what
            they find is shown here. The same package can be published again: nothing happens twice.

            Ends with 0 when it is live, with 3 when it was rejected or is held back for a person to look at.

            Examples:
              lazyoc plugin publish acme.demo-1.0.0.lzp
              lazyoc plugin publish acme.demo-1.0.0.lzp --registry corp --output json
            """) { file, noWait, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var package = PackageFile.Open(path);
            var envelopes = PackageFetcher.ReadSignatures(path).OrThrow(ExitCode.Refused);
            if (envelopes.IsEmpty) throw new UserError(ExitCode.Refused, $"{Path.GetFileName(path)} is not signed", "`lazyoc plugin pack DIR --sign KEY` signs it; `lazyoc market publisher add-key` tells the marketplace of the key");
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var submission = (await market.Client.PublishAsync(package.Manifest.Id, package.Manifest.Version, package.Bytes, PackageSignatures.Write(envelopes), cancellationToken)).OrThrow();
            if (!parsed.GetValue(noWait)) submission = await WaitAsync(market.Client, package, submission, cancellationToken);
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(submission, ApiJson.Default.Submission);
            else foreach (var line in Lines(submission)) Console.WriteLine(Output.Printable(line));
            return submission.State is VersionState.Held or VersionState.Rejected ? ExitCode.Refused : ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Tells of each check when it is done, until what becomes of the version is decided.</summary>
    private static async Task<Submission> WaitAsync(MarketClient client, PluginPackage package, Submission submission, CancellationToken cancellationToken)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            foreach (var scan in submission.Scans)
                if (told.Add(scan.Scanner)) Console.Error.WriteLine(Output.Printable($"  {scan.Scanner}: {scan.Verdict}"));
            if (submission.IsDecided) return submission;
            await Task.Delay(Pause, cancellationToken);
            submission = (await client.SubmissionAsync(package.Manifest.Id, package.Manifest.Version, cancellationToken)).OrThrow();
        }
    }

    private static IEnumerable<string> Lines(Submission submission)
    {
        yield return $"{submission.Id} {submission.Version}: {submission.State.ToString().ToLowerInvariant()}";
        foreach (var reason in submission.Reasons) yield return $"  {reason}";
        foreach (var (scan, finding) in submission.Scans.SelectMany(scan => scan.Findings.Select(finding => (scan, finding))))
        {
            var where = finding.File is null ? "" : finding.Line is { } line ? $"{finding.File}:{line}: " : $"{finding.File}: ";
            yield return $"  {scan.Scanner}: {where}{finding.Message} ({finding.Rule})";
            if (finding.Hint is not null) yield return $"    hint: {finding.Hint}";
        }
    }
}
