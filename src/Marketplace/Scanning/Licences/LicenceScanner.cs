using System.Collections.Immutable;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning.Licences;

/// <summary>Looks whether the manifest's licence is an SPDX expression, and whether the licence's text is there and is that licence's.</summary>
internal sealed class LicenceScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule Missing = new("licence-missing", Verdict.Hold, "No licence: nobody may use the plugin");
    public static readonly ScanRule Invalid = new("licence-invalid", Verdict.Hold, "A licence that is no SPDX expression");
    public static readonly ScanRule Deprecated = new("licence-deprecated", Verdict.Pass, "An identifier that the SPDX list has given up, such as `GPL-3.0`");
    public static readonly ScanRule Own = new("licence-own", Verdict.Hold, "A licence of the author's own, which a person has to read");
    public static readonly ScanRule FileMissing = new("licence-file-missing", Verdict.Pass, "No file with the licence's text");
    public static readonly ScanRule Mismatch = new("licence-mismatch", Verdict.Hold, "A licence file of another licence than the manifest states");

    private const string Unlicensed = "UNLICENSED";

    /// <summary>How the texts of common licences begin, and with what their identifiers do.</summary>
    private static readonly ImmutableArray<(string Title, ImmutableArray<string> Ids)> Titles =
    [
        ("GNU AFFERO GENERAL PUBLIC LICENSE", ["AGPL-"]),
        ("GNU LESSER GENERAL PUBLIC LICENSE", ["LGPL-"]),
        ("GNU GENERAL PUBLIC LICENSE", ["GPL-", "AGPL-", "LGPL-"]),
        ("Apache License", ["Apache-"]),
        ("Mozilla Public License", ["MPL-"]),
        ("Eclipse Public License", ["EPL-"]),
        ("Business Source License", ["BUSL-"]),
        ("Server Side Public License", ["SSPL-"]),
        ("Elastic License", ["Elastic-"]),
        ("MIT License", ["MIT"]),
        ("ISC License", ["ISC"]),
    ];

    /// <summary>Characters at the beginning of a licence file in which its title is looked for.</summary>
    private const int TitleChars = 400;

    public static ImmutableArray<ScanRule> Rules { get; } = [Missing, Invalid, Deprecated, Own, FileMissing, Mismatch];

    public string Name => "licence";

    public int RulesVersion => 1;

    public Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken)
    {
        var findings = new FindingList(options.Limits);
        Scan(submission.Package, findings);
        return Task.FromResult(findings.ToResult());
    }

    private void Scan(PluginPackage package, FindingList findings)
    {
        var files = package.Files.Where(file => IsLicenceFile(file.Path)).ToList();
        if (files.Count == 0) findings.Add(FileMissing, null, null, "there is no file with the licence's text", "add it as `LICENSE`");
        var stated = package.Manifest.License;
        var line = JsonLines.Of(package.Find(PluginPackage.ManifestPath)!.Value.Span).Find("license");
        if (stated.Length == 0)
        {
            findings.Add(Missing, PluginPackage.ManifestPath, null, "names no licence", "add `license`, such as `Apache-2.0`");
            return;
        }
        if (stated == Unlicensed)
        {
            findings.Add(Own, PluginPackage.ManifestPath, line, $"`license` is `{Unlicensed}`: nobody may use the plugin by its licence");
            return;
        }
        if (!SpdxExpression.Read(stated).TryGet(out var expression, out var problems))
        {
            findings.Add(Invalid, PluginPackage.ManifestPath, line, $"`license` is {findings.Quote(stated)}, which is no SPDX expression: {Shown(problems[0].Message, findings)}", problems[0].Hint);
            return;
        }
        foreach (var id in expression.Deprecated) findings.Add(Deprecated, PluginPackage.ManifestPath, line, $"`license` has `{id}`, which the SPDX list has given up", $"write `{id}-only` or `{id}-or-later`, or what the list names in its place");
        if (expression.IsOwn) findings.Add(Own, PluginPackage.ManifestPath, line, $"`license` has a licence of your own: {findings.Quote(stated)}");
        if (!expression.IsOwn && files.Count > 0 && files.All(file => !Fits(file, expression)))
            findings.Add(Mismatch, files[0].Path, 1, $"has the text of another licence than {findings.Quote(stated)}, which the manifest states", "state what the file says");
    }

    /// <summary>The problem's own words, with what they quote cut.</summary>
    private static string Shown(string message, FindingList findings)
    {
        var parts = message.Split('`', 3);
        return parts.Length == 3 ? $"{parts[0]}{findings.Quote(parts[1])}{parts[2]}" : message;
    }

    private bool Fits(PackageFile file, SpdxExpression expression)
    {
        if (file.Content.Length > options.Limits.TextFileBytes) return true;
        var text = TextFile.Read(file).Text;
        var head = string.Join(' ', text[..Math.Min(text.Length, TitleChars)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var (title, ids) in Titles)
            if (head.Contains(title, StringComparison.OrdinalIgnoreCase)) return expression.Ids.Any(id => ids.Any(prefix => id.StartsWith(prefix, StringComparison.Ordinal)));
        // Not one of the common ones, or not by its title: nothing speaks against it.
        return true;
    }

    private static bool IsLicenceFile(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path).ToUpperInvariant();
        return !path.Contains('/', StringComparison.Ordinal) && (name is "LICENSE" or "LICENCE" or "COPYING" or "UNLICENSE" || name.StartsWith("LICENSE-", StringComparison.Ordinal) || name.StartsWith("LICENSE.", StringComparison.Ordinal));
    }
}
