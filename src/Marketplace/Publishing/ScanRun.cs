using System.Collections.Immutable;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Runs a scanner so that whatever it does, a report comes of it.</summary>
internal sealed partial class ScanRun(MarketMetrics metrics, TimeProvider time, MarketLimits limits, ILogger<ScanRun> log)
{
    /// <summary>Runs it within its time. One that does not listen to being cancelled is left behind, and its result with it.</summary>
    /// <exception cref="OperationCanceledException">The server stops.</exception>
    public async Task<ScanOutcome> RunAsync(IScanner scanner, Scanning.Submission submission, CancellationToken cancellationToken)
    {
        using var trace = Tracing.Start("scan", "scanner", scanner.Name);
        using var late = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var token = either.Token;
        ScanResult? result;
        try
        {
            // On another thread: one that never awaits would keep this one.
            result = await Task.Run(() => scanner.ScanAsync(submission, token), CancellationToken.None).WaitAsync(limits.ScanTime, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            await late.CancelAsync();
            return Outcome(scanner, Verdict.Timeout, [new Finding("scan-timeout", null, null, $"the scanner did not end within {limits.ScanTime.TotalSeconds:0} s")]);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(log, scanner.Name, submission.Package.Manifest.Id.ToString(), error);
            // What it says may be of the server and not of the package.
            return Outcome(scanner, Verdict.Error, [new Finding("scan-error", null, null, "the scanner failed; those who keep the marketplace find the cause in its log")]);
        }
        return result is { Findings.IsDefault: false } && Enum.IsDefined(result.Verdict)
            ? Outcome(scanner, result.Verdict, result.Findings) with { Behaviour = result.Behaviour }
            : Outcome(scanner, Verdict.Error, [new Finding("scan-error", null, null, "the scanner gave no verdict")]);
    }

    private ScanOutcome Outcome(IScanner scanner, Verdict verdict, ImmutableArray<Finding> findings)
    {
        var report = ReportOf(scanner, verdict, findings);
        metrics.Scanned(report);
        return new ScanOutcome(report);
    }

    private ScanReport ReportOf(IScanner scanner, Verdict verdict, ImmutableArray<Finding> findings) => new()
    {
        Scanner = scanner.Name,
        Verdict = Data.Stored.Name(verdict),
        RulesVersion = scanner.RulesVersion,
        At = time.GetUtcNow(),
        Findings = [.. findings.Take(limits.MaxFindings).Select(finding => new ScanFinding { Rule = finding.Rule, File = finding.File, Line = finding.Line, Message = finding.Message, Hint = finding.Hint })],
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "scanner {Scanner} failed on {Plugin}")]
    private static partial void LogFailed(ILogger log, string scanner, string plugin, Exception error);
}

/// <summary>What a scanner has left.</summary>
/// <param name="Report">Its verdict and why.</param>
/// <param name="Behaviour">What the plugin did, when the scanner has tried it.</param>
internal sealed record ScanOutcome(ScanReport Report, Behaviour? Behaviour = null);
