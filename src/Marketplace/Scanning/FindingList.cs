using System.Collections.Immutable;

namespace LazyOC.Marketplace.Scanning;

/// <summary>Collects what one scanner finds in one submission. Of each rule only some are listed; every one counts for the verdict.</summary>
internal sealed class FindingList(ScannerLimits limits)
{
    private readonly HashSet<Finding> _listed = [];
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<ScanRule, int> _counts = [];

    /// <summary>Whether anything was found by a rule.</summary>
    public bool Has(ScanRule rule) => _counts.ContainsKey(rule);

    /// <summary>Adds a finding; the same one again changes nothing.</summary>
    public void Add(ScanRule rule, string? file, int? line, string message, string? hint = null)
    {
        var finding = new Finding(rule.Name, file, line, message, hint);
        var count = _counts.GetValueOrDefault(rule);
        if (count < limits.FindingsPerRule)
        {
            if (!_listed.Add(finding)) return;
            _findings.Add(finding);
        }
        _counts[rule] = count + 1;
    }

    /// <summary>Text of the package, to be put into a message.</summary>
    public string Quote(string text) => Printable.Quote(text, limits.QuotedChars);

    /// <summary>The worst of the rules' verdicts, and the findings, those of the worst rules first.</summary>
    public ScanResult ToResult()
    {
        var verdict = Verdict.Pass;
        var more = new List<Finding>();
        foreach (var (rule, count) in _counts)
        {
            if (rule.Verdict > verdict) verdict = rule.Verdict;
            if (count > limits.FindingsPerRule) more.Add(new Finding(rule.Name, null, null, $"{count - limits.FindingsPerRule:N0} more like these"));
        }
        var verdicts = _counts.Keys.ToDictionary(rule => rule.Name, rule => rule.Verdict, StringComparer.Ordinal);
        return new ScanResult(verdict, [.. _findings.Concat(more).OrderByDescending(finding => verdicts[finding.Rule])]);
    }
}
