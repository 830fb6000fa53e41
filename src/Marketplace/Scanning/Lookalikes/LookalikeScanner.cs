using System.Collections.Immutable;
using LazyOC.Marketplace.Plugins;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning.Lookalikes;

/// <summary>Compares names, icon and README with those of other publishers' plugins that are live. The more one is installed, the less like it another may be.</summary>
internal sealed class LookalikeScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule SameId = new("lookalike-id", Verdict.Reject, "An id that reads like another plugin's");
    public static readonly ScanRule NearId = new("lookalike-near-id", Verdict.Hold, "An id that differs by a letter or two from that of a plugin which many have installed");
    public static readonly ScanRule SameShortName = new("lookalike-short-name", Verdict.Hold, "The name of a plugin which very many have installed, under another publisher");
    public static readonly ScanRule SameDisplayName = new("lookalike-display-name", Verdict.Hold, "A display name that reads like another plugin's, or differs by a letter from that of one which very many have installed");
    public static readonly ScanRule MixedScripts = new("lookalike-mixed-scripts", Verdict.Hold, "A word of the display name has letters of the Latin script and of the Greek or Cyrillic");
    public static readonly ScanRule SameIcon = new("lookalike-icon", Verdict.Hold, "The icon of another plugin");
    public static readonly ScanRule CopiedReadme = new("lookalike-readme", Verdict.Hold, "A README that is for the most part another plugin's");

    public static ImmutableArray<ScanRule> Rules { get; } = [SameId, NearId, SameShortName, SameDisplayName, MixedScripts, SameIcon, CopiedReadme];

    public string Name => "lookalike";

    public int RulesVersion => 1;

    public Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var findings = new FindingList(options.Limits);
        var comparison = new Comparison(submission.Package, options.Limits, findings);
        comparison.LookAtName();
        // The name of a plugin that is live was looked at when it came, with what was there then.
        var (isNew, isRenamed) = (submission.Previous is null, submission.Previous?.Manifest.DisplayName != submission.Package.Manifest.DisplayName);
        foreach (var known in submission.Catalog.Plugins)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (known.Id == submission.Package.Manifest.Id) continue;
            if (isNew) comparison.CompareIds(known);
            if (isNew || isRenamed) comparison.CompareNames(known);
            comparison.CompareLooks(known);
        }
        return findings.ToResult();
    }, cancellationToken);

    private sealed class Comparison(PluginPackage package, ScannerLimits limits, FindingList findings)
    {
        private const int MostEdits = 2;

        private readonly PluginManifest _manifest = package.Manifest;
        private readonly string _id = package.Manifest.Id.ToString();
        private readonly string _idSkeleton = SkeletonOf(package.Manifest.Id);
        private readonly string _shortSkeleton = Confusables.Skeleton(ShortName(package.Manifest.Id));
        private readonly string _nameSkeleton = Confusables.Skeleton(package.Manifest.DisplayName);
        private readonly Digest? _icon = PluginLooks.IconOf(package);
        private readonly ImmutableArray<uint> _readme = PluginLooks.SketchOf(package, limits);

        public void LookAtName()
        {
            if (Confusables.MixesScripts(_manifest.DisplayName))
                findings.Add(MixedScripts, PluginPackage.ManifestPath, null, $"`displayName` is {findings.Quote(_manifest.DisplayName)}, which mixes scripts within a word", "write a word in one script");
        }

        public void CompareIds(KnownPlugin known)
        {
            const string choose = "choose a name of your own";
            var id = known.Id.ToString();
            if (SkeletonOf(known.Id) == _idSkeleton)
                findings.Add(SameId, PluginPackage.ManifestPath, null, $"`{_id}` reads like `{id}`", choose);
            else if (Math.Max(id.Length, _id.Length) is var length && EditDistance.AtMost(_id, id, MostEdits) is var edits && IsNear(edits, length, known.Installs))
                findings.Add(NearId, PluginPackage.ManifestPath, null, $"`{_id}` is {(edits == 1 ? "a letter" : "two letters")} away from `{id}`, which many have installed", choose);
            else if (known.Installs >= limits.PopularInstalls && known.Id.Publisher != _manifest.Id.Publisher && Confusables.Skeleton(ShortName(known.Id)) == _shortSkeleton)
                findings.Add(SameShortName, PluginPackage.ManifestPath, null, $"`{_id}` has the name of `{id}`, which very many have installed", choose);
        }

        public void CompareNames(KnownPlugin known)
        {
            const int shortest = 5;
            var skeleton = Confusables.Skeleton(known.DisplayName);
            var isSame = skeleton.Length > 0 && skeleton == _nameSkeleton;
            var isNear = !isSame && known.Installs >= limits.PopularInstalls && skeleton.Length >= shortest && EditDistance.AtMost(_nameSkeleton, skeleton, 1) == 1;
            if (isSame || isNear)
                findings.Add(SameDisplayName, PluginPackage.ManifestPath, null, $"`displayName` is {findings.Quote(_manifest.DisplayName)}, which {(isSame ? "reads like" : "is a letter away from")} {findings.Quote(known.DisplayName)} of `{known.Id}`", "choose a name of your own");
        }

        public void CompareLooks(KnownPlugin known)
        {
            if (_icon is { } icon && icon == known.IconDigest) findings.Add(SameIcon, null, null, $"the icon is that of `{known.Id}`", "draw one of your own");
            if (ReadmeSketch.Likeness(_readme, known.ReadmeSketch) >= limits.ReadmeLikeness)
                findings.Add(CopiedReadme, PluginLooks.ReadmeOf(package)?.Path, null, $"is for the most part the README of `{known.Id}`", "write of your own plugin");
        }

        private bool IsNear(int edits, int length, long installs) =>
            (edits == 1 && installs >= limits.KnownInstalls) || (edits <= MostEdits && installs >= limits.PopularInstalls && length >= limits.LongIdChars);

        /// <summary>Publisher and name apart: the dot between them is seen.</summary>
        private static string SkeletonOf(PluginId id) => $"{Confusables.Skeleton(id.Publisher)}.{Confusables.Skeleton(ShortName(id))}";

        private static string ShortName(PluginId id) => id.ToString()[(id.Publisher.Length + 1)..];
    }
}
