using System.Collections.Immutable;
using LazyOC.Marketplace.Scanning.Advisories;
using LazyOC.Marketplace.Scanning.JavaScript;
using LazyOC.Marketplace.Scanning.Licences;
using LazyOC.Marketplace.Scanning.Lookalikes;
using LazyOC.Marketplace.Scanning.Trials;

namespace LazyOC.Marketplace.Scanning;

/// <summary>What scanners are made with.</summary>
internal sealed record ScannerOptions
{
    public ScannerLimits Limits { get; init; } = ScannerLimits.Default;

    /// <summary>The clock of the guests that parse scripts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public TrialOptions Trial { get; init; } = new();
}

/// <summary>The scanners that there are.</summary>
internal static class ScannerSet
{
    /// <summary>All of them, in the order in which their results are shown. Thread safe: one set serves all submissions.</summary>
    public static ImmutableArray<IScanner> Default(ScannerOptions options) =>
    [
        new ManifestScanner(options),
        new JavaScriptScanner(options),
        new WasmScanner(options),
        new SecretsScanner(options),
        new EndpointsScanner(options),
        new LicenceScanner(options),
        new AdvisoriesScanner(options),
        new LookalikeScanner(options),
        new DifferenceScanner(options),
        new TrialScanner(options),
    ];

    /// <summary>The rules of each scanner, in the same order.</summary>
    public static ImmutableArray<(string Scanner, ImmutableArray<ScanRule> Rules)> Rules { get; } =
    [
        ("manifest", ManifestScanner.Rules),
        ("javascript", ScriptRules.All),
        ("wasm", WasmScanner.Rules),
        ("secrets", SecretsScanner.Rules),
        ("endpoints", EndpointsScanner.Rules),
        ("licence", LicenceScanner.Rules),
        ("advisories", AdvisoriesScanner.Rules),
        ("lookalike", LookalikeScanner.Rules),
        ("difference", DifferenceScanner.Rules),
        ("trial", TrialScanner.Rules),
    ];
}
