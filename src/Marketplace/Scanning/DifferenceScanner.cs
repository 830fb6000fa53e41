using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning;

/// <summary>Compares a version with the one before it: what a publisher whose account was stolen would change.</summary>
internal sealed class DifferenceScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule Widened = new("difference-permissions", Verdict.Pass, "It asks for more than the version before; its users are asked again");
    public static readonly ScanRule NewServer = new("difference-server", Verdict.Pass, "It asks to talk to a server that the version before did not");
    public static readonly ScanRule NewModule = new("difference-module", Verdict.Pass, "A WebAssembly module that the version before did not have");
    public static readonly ScanRule OtherLanguage = new("difference-language", Verdict.Hold, "`main` was JavaScript and is WebAssembly now: what could be read cannot be any more");
    public static readonly ScanRule SizeJump = new("difference-size", Verdict.Pass, "It is several times as large as the version before");
    public static readonly ScanRule OtherRepository = new("difference-repository", Verdict.Hold, "It names another repository than the version before");
    public static readonly ScanRule HiddenWidening = new("difference-hidden", Verdict.Hold, "It asks for more for the network, for changes, Secrets or full trust, and its code became harder to read in the same update");
    public static readonly ScanRule Unattended = new("difference-unattended", Verdict.Hold, "It asks to change the cluster without the user having started it, which the version before did not");

    public static ImmutableArray<ScanRule> Rules { get; } = [Widened, NewServer, NewModule, OtherLanguage, SizeJump, OtherRepository, HiddenWidening, Unattended];

    public string Name => "difference";

    public int RulesVersion => 1;

    public Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken) => submission.Previous is { } previous
        ? Task.Run(() => Compare(submission.Package, previous), cancellationToken)
        : Task.FromResult(ScanResult.Passed);

    private ScanResult Compare(PluginPackage package, PluginPackage previous)
    {
        var findings = new FindingList(options.Limits);
        ComparePermissions(package, previous, findings);
        var (now, before) = (package.Manifest, previous.Manifest);
        if (TextFile.IsScript(before.Main) && !TextFile.IsScript(now.Main))
            findings.Add(OtherLanguage, PluginPackage.ManifestPath, null, $"`main` was {findings.Quote(before.Main)} and is {findings.Quote(now.Main)} now");
        if (before.Repository is { } repository && now.Repository != repository)
            findings.Add(OtherRepository, PluginPackage.ManifestPath, null, $"`repository` was {findings.Quote(repository)} and is {(now.Repository is { } other ? findings.Quote(other) : "gone")} now");
        foreach (var file in package.Files)
            if (file.Path.EndsWith(".wasm", StringComparison.OrdinalIgnoreCase) && previous.Find(file.Path) is null)
                findings.Add(NewModule, file.Path, null, "is a module that the version before did not have");
        if (package.Bytes.Length > (long)previous.Bytes.Length * options.Limits.SizeJumpFactor && package.Bytes.Length - previous.Bytes.Length > options.Limits.SizeJumpBytes)
            findings.Add(SizeJump, null, null, $"the package has {ByteSize.Format(package.Bytes.Length)}, that of the version before {ByteSize.Format(previous.Bytes.Length)}");
        return findings.ToResult();
    }

    private void ComparePermissions(PluginPackage package, PluginPackage previous, FindingList findings)
    {
        var wider = package.Manifest.Permissions.Widening(previous.Manifest.Permissions);
        if (wider.IsNone) return;
        var sentences = wider.InWords();
        foreach (var sentence in sentences) findings.Add(Widened, PluginPackage.ManifestPath, null, $"asks, beyond the version before, to {findings.Quote(sentence.Text)}");
        foreach (var rule in wider.Network.Connect) findings.Add(NewServer, PluginPackage.ManifestPath, null, $"asks to talk to {findings.Quote(rule.ToString())}");
        foreach (var rule in wider.Kubernetes)
            if (rule.Unattended) findings.Add(Unattended, PluginPackage.ManifestPath, null, $"asks to change {findings.Quote(string.Join(", ", rule.Resources))} without the user having started it");
        if (sentences.Any(sentence => sentence.Reach >= PermissionReach.Network) && CodeSigns.Count(package, options.Limits) > CodeSigns.Count(previous, options.Limits))
            findings.Add(HiddenWidening, PluginPackage.ManifestPath, null, "asks for more in the same update in which its code became harder to read", "ask for it in an update of its own, with code that can be read");
    }
}
