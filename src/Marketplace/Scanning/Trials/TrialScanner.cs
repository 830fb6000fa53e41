using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning.Trials;

/// <summary>
/// Starts the plugin: in a process of its own, against a simulated cluster, with every call recorded. What it did is kept beside
/// the verdict. What the process says is as little trusted as the plugin.
/// </summary>
internal sealed class TrialScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule Refused = new("trial-refused", Verdict.Hold, "A call that was refused because no permission of the manifest allows it");
    public static readonly ScanRule Activation = new("trial-activation", Verdict.Hold, "It could not be activated");
    public static readonly ScanRule Stopped = new("trial-stopped", Verdict.Hold, "Supervision has stopped it, as it would on a user's computer");
    public static readonly ScanRule Gesture = new("trial-gesture", Verdict.Pass, "A change that was refused because no user had started it");
    public static readonly ScanRule Fault = new("trial-fault", Verdict.Pass, "Something it contributes failed when it was visited");
    public static readonly ScanRule Server = new("trial-server", Verdict.Pass, "A server that it sent a request to; none is reached from a trial");
    public static readonly ScanRule Unused = new("trial-unused", Verdict.Pass, "A permission that no call has used");
    public static readonly ScanRule Loose = new("trial-loose", Verdict.Pass, "The marketplace's machine does not have all that is meant to hold a trial");
    public static readonly ScanRule Unreadable = new("trial-unreadable", Verdict.Error, "The trial did not end with a report that can be read");
    public static readonly ScanRule Late = new("trial-late", Verdict.Timeout, "The trial did not end in its time");

    public static ImmutableArray<ScanRule> Rules { get; } = [Refused, Activation, Stopped, Gesture, Fault, Server, Unused, Loose, Unreadable, Late];

    private TrialOptions Trial => options.Trial;

    public string Name => "trial";

    public int RulesVersion => 1;

    public async Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken)
    {
        var end = await TrialProcess.RunAsync(Trial, submission.Package.Bytes, cancellationToken);
        var findings = new FindingList(options.Limits);
        switch (end.Ending)
        {
            case TrialEnding.TimedOut:
                findings.Add(Late, null, null, $"did not end within {Trial.Time.TotalSeconds:0} s", "see that it ends what it begins");
                return findings.ToResult();
            case TrialEnding.Flooded:
                findings.Add(Unreadable, null, null, $"the trial wrote more than {Trial.ReportBytes:N0} bytes");
                return findings.ToResult();
        }
        // Why is in the log, for it may be of this machine and not of the package.
        if (end.ExitCode != 0) throw new InvalidOperationException($"The trial ended with {end.ExitCode}: {Printable.Quote(end.Error, Trial.TextChars)}");
        if (!Read(end.Output.Span, out var report))
        {
            findings.Add(Unreadable, null, null, "what the trial wrote is no report");
            return findings.ToResult();
        }
        var behaviour = BehaviourOf(submission.Package, report, end.Layers);
        Judge(report, behaviour, findings);
        return findings.ToResult() with { Behaviour = behaviour };
    }

    /// <summary>Reads a report; false for what is none, or is larger than one may be.</summary>
    private bool Read(ReadOnlySpan<byte> json, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TrialReport? report)
    {
        report = StrictJson.Read(json, TrialJson.Default.TrialReport, new JsonLimits(MaxBytes: Trial.ReportBytes, MaxDepth: 8)).TryGet(out var read, out _) ? read : null;
        return report is { Visits.IsDefault: false, Calls.IsDefault: false, CallsLeftOut: >= 0 }
            && report.Visits.Length <= Trial.Visits && report.Calls.Length <= Trial.Calls
            && report.Visits.All(visit => AreShort(visit.Kind, visit.Id, visit.Target, visit.Failure))
            && report.Calls.All(call => call is { Count: > 0, Outcome: "done" or "failed" or "refused" } && AreShort(call.Call, call.Target, call.Reason))
            && AreShort(report.ActivationFailure, report.Stopped);
    }

    private bool AreShort(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
            if (text?.Length > Trial.TextChars) return false;
        return true;
    }

    private Behaviour BehaviourOf(PluginPackage package, TrialReport report, ImmutableArray<string> layers) => new()
    {
        Version = package.Manifest.Version.ToString(),
        At = options.Time.GetUtcNow(),
        Visits = [.. report.Visits.Select(visit => new VisitedPart(Plain(visit.Kind), Plain(visit.Id), Plain(visit.Target), Plain(visit.Failure)))],
        Calls = [.. report.Calls.Select(call => new ObservedCall(Plain(call.Call), Plain(call.Target), call.Outcome, call.Count, Plain(call.Reason)))],
        CallsLeftOut = report.CallsLeftOut,
        Servers = [.. report.Calls.Where(call => call is { Call: "http.fetch", Outcome: not "refused" }).Select(call => OriginOf(call.Target)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        UnusedPermissions = [.. UnusedOf(package, report)],
        Layers = layers,
        MissingLayers = [.. TrialLayers.All.Except(layers)],
    };

    private static IEnumerable<string> UnusedOf(PluginPackage package, TrialReport report)
    {
        // One that did not run has used nothing, which says nothing; calls that are left out may use anything.
        if (report.ActivationFailure is not null || report.Stopped is not null || report.CallsLeftOut > 0) return [];
        var manifest = package.Manifest;
        var used = report.Calls.Where(call => call.Outcome != "refused").Select(call => call.Call.StartsWith("wasi.", StringComparison.Ordinal) ? "files" : CallNeeds.ByName.GetValueOrDefault(call.Call)?.Permission).OfType<string>().ToHashSet(StringComparer.Ordinal);
        // As the check of scripts sees it: what uses a permission without a call.
        if (!manifest.Migrations.IsEmpty) used.Add("storage");
        if (!manifest.Contributes.ResourceViews.IsEmpty) used.Add("kubernetes");
        if (manifest.Activation.Any(activation => activation.StartsWith("onEvent:", StringComparison.Ordinal))) used.Add("events.subscribe");
        return CallNeeds.Declared(manifest.Permissions).Except(used, StringComparer.Ordinal);
    }

    private static void Judge(TrialReport report, Behaviour behaviour, FindingList findings)
    {
        const string manifest = PluginPackage.ManifestPath;
        if (report.ActivationFailure is { } failure) findings.Add(Activation, null, null, $"could not be activated: {findings.Quote(failure)}", "try it with `lazyoc plugin dev`");
        if (report.Stopped is { } reason) findings.Add(Stopped, null, null, $"was stopped: {findings.Quote(reason)}");
        foreach (var call in report.Calls.Where(call => call.Outcome == "refused"))
        {
            if (IsFor(call, ErrorCode.PermissionDenied))
                findings.Add(Refused, manifest, null, $"calls {findings.Quote(call.Call)}{On(call)}, which no permission of the manifest allows", "declare it under `permissions`, or leave the call out");
            else if (IsFor(call, ErrorCode.GestureRequired))
                findings.Add(Gesture, null, null, $"calls {findings.Quote(call.Call)}{On(call)} without the user having started it", "do it within an action or a command");
        }
        foreach (var visit in report.Visits.Where(visit => visit.Failure is not null)) findings.Add(Fault, null, null, $"{findings.Quote(visit.Id)} failed: {findings.Quote(visit.Failure!)}");
        foreach (var server in behaviour.Servers) findings.Add(Server, null, null, $"sends requests to {findings.Quote(server)}");
        foreach (var permission in behaviour.UnusedPermissions) findings.Add(Unused, manifest, null, $"`permissions.{permission}` is asked for and was not used when it was tried", "ask for no more than is used");
        if (!behaviour.MissingLayers.IsEmpty) findings.Add(Loose, null, null, $"it was tried without {string.Join(", ", behaviour.MissingLayers)}, which this marketplace's machine does not have");

        string On(ObservedCall call) => call.Target.Length > 0 ? $" on {findings.Quote(call.Target)}" : "";
    }

    private static bool IsFor(ObservedCall call, string code) => call.Reason?.StartsWith(code, StringComparison.Ordinal) == true;

    /// <summary>The server of a call's target, which may go on with where the answer is saved.</summary>
    private static string? OriginOf(string target) => Uri.TryCreate(target.Split(' ')[0], UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : null;

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private string? Plain(string? text) => text is null ? null : Printable.Show(text, Trial.TextChars);
}
