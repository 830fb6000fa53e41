namespace LazyOC.Marketplace.Scanning;

/// <summary>A rule of a scanner.</summary>
/// <param name="Name">Stable; what a <see cref="Finding"/> names.</param>
/// <param name="Verdict">What follows for the version when something is found by it.</param>
/// <param name="Meaning">What it finds, for <c>docs/scanning.md</c>: a sentence without full stop.</param>
internal sealed record ScanRule(string Name, Verdict Verdict, string Meaning);
