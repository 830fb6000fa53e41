using LazyOC.Marketplace.Scanning;

namespace LazyOC.Marketplace.Tests;

/// <summary>A scanner that does what a test wants.</summary>
internal sealed class TestScanner(string name, Func<Submission, CancellationToken, Task<ScanResult>> scan, int rulesVersion = 1) : IScanner
{
    public static TestScanner Passing => Of("passing", Verdict.Pass);

    public string Name => name;

    public int RulesVersion => rulesVersion;

    public static TestScanner Of(string name, Verdict verdict, int rulesVersion = 1) =>
        new(name, (_, _) => Task.FromResult(new ScanResult(verdict, verdict == Verdict.Pass ? [] : [new Finding("test-rule", "plugin.js", 1, $"it says {verdict}")])), rulesVersion);

    public Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken) => scan(submission, cancellationToken);
}
