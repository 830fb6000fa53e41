using System.Collections.Immutable;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>What the static checks of a marketplace find in a package that nobody has submitted.</summary>
/// <param name="Findings">Those after which it would not go live come first.</param>
public sealed record PackageScan(ImmutableArray<PackageFinding> Findings);

/// <summary>One thing that a check found.</summary>
/// <param name="Scanner">Which check.</param>
/// <param name="Verdict"><c>pass</c> for what is only worth knowing, <c>hold</c> where a person would look at each version, <c>reject</c>, or <c>error</c> when the check failed.</param>
/// <param name="Finding">What and where.</param>
public sealed record PackageFinding(string Scanner, string Verdict, ScanFinding Finding);
