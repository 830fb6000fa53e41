using System.Collections.Immutable;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning.Advisories;

/// <summary>Looks up what is bundled, as the SBOM states it, in a folder of OSV advisories. What cannot be read is an error, never a pass.</summary>
internal sealed class AdvisoriesScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule Severe = new("advisory-severe", Verdict.Reject, "A bundled package with an advisory that is high or critical, or that is malware");
    public static readonly ScanRule Moderate = new("advisory-moderate", Verdict.Hold, "A bundled package with an advisory that is moderate, or does not say how bad it is");
    public static readonly ScanRule Low = new("advisory-low", Verdict.Pass, "A bundled package with an advisory that is low");
    public static readonly ScanRule UnknownVersion = new("advisory-unknown-version", Verdict.Hold, "A bundled package that has advisories, of a version that is not stated or none of npm's");
    public static readonly ScanRule NoSbom = new("advisory-no-sbom", Verdict.Hold, "No `sbom.cdx.json`: what is bundled is not stated");
    public static readonly ScanRule DamagedSbom = new("advisory-damaged-sbom", Verdict.Error, "An `sbom.cdx.json` that cannot be read");
    public static readonly ScanRule NoAdvisories = new("advisory-none-known", Verdict.Pass, "The server was set up without advisories");
    public static readonly ScanRule DamagedAdvisories = new("advisory-damaged", Verdict.Error, "The folder of advisories, or one of its files, cannot be read");

    private readonly AdvisoryFolder _folder = new(options.Limits);

    public static ImmutableArray<ScanRule> Rules { get; } = [Severe, Moderate, Low, UnknownVersion, NoSbom, DamagedSbom, NoAdvisories, DamagedAdvisories];

    public string Name => "advisories";

    public int RulesVersion => 1;

    public Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var findings = new FindingList(options.Limits);
        Scan(submission, findings, cancellationToken);
        return findings.ToResult();
    }, cancellationToken);

    private void Scan(Submission submission, FindingList findings, CancellationToken cancellationToken)
    {
        if (submission.Package.Find(Sbom.Path) is not { } document)
        {
            findings.Add(NoSbom, null, null, $"there is no `{Sbom.Path}`", "pack the plugin with `lazyoc plugin pack`");
            return;
        }
        if (!Sbom.Read(document).TryGet(out var components, out var problems))
        {
            findings.Add(DamagedSbom, Sbom.Path, null, problems[0].Message, "pack the plugin with `lazyoc plugin pack`");
            return;
        }
        if (submission.Catalog.Advisories is not { } folder)
        {
            findings.Add(NoAdvisories, null, null, "this marketplace has no advisories to compare with");
            return;
        }
        if (Read(folder, findings, cancellationToken) is not { } advisories) return;
        foreach (var component in components)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (NpmName.Of(component) is { } package) LookUp(package, advisories, findings);
        }
    }

    private ILookup<string, Advisory>? Read(string folder, FindingList findings, CancellationToken cancellationToken)
    {
        // The author is told that the server's advisories are damaged, not where they are.
        try
        {
            if (_folder.Read(folder, cancellationToken).TryGet(out var advisories, out var problems)) return advisories;
            findings.Add(DamagedAdvisories, null, null, $"the marketplace's advisories cannot be read: {Printable.Quote(Path.GetFileName(problems[0].Where), options.Limits.QuotedChars)} {problems[0].Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            findings.Add(DamagedAdvisories, null, null, "the marketplace's advisories cannot be read: their folder is not there, or closed");
        }
        return null;
    }

    private static void LookUp(NpmName package, ILookup<string, Advisory> advisories, FindingList findings)
    {
        foreach (var advisory in advisories[package.Name])
        {
            var answers = advisory.Affected.Where(affected => affected.Name == package.Name).Select(affected => package.Version is null ? null : affected.Affects(package.Version)).ToList();
            if (answers.Contains(true))
            {
                var (rule, word) = advisory.Severity switch
                {
                    AdvisorySeverity.Critical or AdvisorySeverity.High => (Severe, advisory.Severity == AdvisorySeverity.High ? "high" : "critical"),
                    AdvisorySeverity.Low => (Low, "low"),
                    AdvisorySeverity.Moderate => (Moderate, "moderate"),
                    _ => (Moderate, "of unknown severity"),
                };
                findings.Add(rule, Sbom.Path, null, $"bundles {findings.Quote($"{package.Name} {package.Version}")}, for which {findings.Quote(advisory.Id)} ({word}) says: {findings.Quote(advisory.Summary)}", "bundle a version without it");
            }
            else if (answers.Contains(null))
            {
                findings.Add(UnknownVersion, Sbom.Path, null, $"bundles {findings.Quote(package.Name)}, which has advisories such as {findings.Quote(advisory.Id)}, without a version that can be compared", "state the version");
            }
        }
    }

    /// <summary>A package of npm.</summary>
    /// <param name="Name">With its scope.</param>
    /// <param name="Version">Null when it is not stated.</param>
    private sealed record NpmName(string Name, string? Version)
    {
        private const string Prefix = "pkg:npm/";

        /// <summary>The package that a component is; null when it is of another kind. One that does not say is taken for one of npm.</summary>
        public static NpmName? Of(SbomEntry component)
        {
            if (component.Purl is not { } purl) return new NpmName(component.Name, component.Version);
            if (!purl.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
            // Package URLs are written in lower case and in percent-encoding (https://github.com/package-url/purl-spec).
            var path = purl[Prefix.Length..].Split('?', '#')[0];
            var at = path.LastIndexOf('@');
            var (name, version) = at > 0 ? (path[..at], Uri.UnescapeDataString(path[(at + 1)..])) : (path, component.Version);
            return new NpmName(Uri.UnescapeDataString(name).ToLowerInvariant(), version);
        }
    }
}
