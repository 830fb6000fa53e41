using System.Collections.Immutable;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Scanning.Lookalikes;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class LookalikeScannerTests
{
    private static readonly string Readme = string.Join(' ', Enumerable.Range(0, 120).Select(i => $"word{i * 37 % 101} of the{i % 7} text"));

    private readonly LookalikeScanner _scanner = new(new ScannerOptions());

    [Theory]
    [InlineData("acrne.prometheus", 0, "lookalike-id")]
    [InlineData("acme.prornetheus", 0, "lookalike-id")]
    [InlineData("acme-.prometheus", 0, "lookalike-id")]
    [InlineData("acme.prometheus1", 0, null)]
    [InlineData("acme.prometheu5", 100, "lookalike-near-id")]
    [InlineData("acme.prometehus", 100, "lookalike-near-id")]
    [InlineData("acme.prometheu5", 99, null)]
    [InlineData("acme.promteheu5", 1_000, "lookalike-near-id")]
    [InlineData("acme.promteheu5", 999, null)]
    [InlineData("zorg.prometheus", 1_000, "lookalike-short-name")]
    [InlineData("zorg.prometheus", 999, null)]
    [InlineData("acme.weather", 1_000_000, null)]
    public async Task Scan_OfId_ComparesItWithTheKnown(string id, long installs, string? rule)
    {
        var result = await ScanAsync(PackageFixture.Clean with { Id = id }, Known("acme.prometheus", "Prometheus", installs));

        if (rule is null) result.Clean();
        else result.Caught(rule);
    }

    [Theory]
    [InlineData("Prometheus", 0, true)]
    [InlineData("РrоmеtНеus", 0, true)]
    [InlineData("PROMETHEUS!", 0, true)]
    [InlineData("Ｐrometheus", 0, true)]
    [InlineData("Pròmethëus", 0, true)]
    [InlineData("Promethius", 1_000, true)]
    [InlineData("Promethius", 999, false)]
    [InlineData("Prometheus rules", 1_000, false)]
    public async Task Scan_OfDisplayName_ComparesItWithTheKnown(string name, long installs, bool isFound)
    {
        var result = await ScanAsync(PackageFixture.Clean with { DisplayName = name }, Known("zorg.prometheus", "Prometheus", installs));

        if (isFound) result.Caught("lookalike-display-name");
        else result.Clean();
    }

    [Fact]
    public async Task Scan_OfWordInTwoScripts_Holds()
    {
        (await ScanAsync(PackageFixture.Clean with { DisplayName = "Wеather" })).Caught("lookalike-mixed-scripts");
        (await ScanAsync(PackageFixture.Clean with { DisplayName = "Погода weather" })).Clean();
    }

    [Fact]
    public async Task Scan_OfAnothersIcon_Holds()
    {
        var icon = "<svg/>"u8.ToArray();
        var known = Known("zorg.prometheus", "Prometheus", 0) with { IconDigest = Digest.Of(icon) };

        (await ScanAsync(PackageFixture.Clean.With("icon.svg", icon), known)).Caught("lookalike-icon");
        (await ScanAsync(PackageFixture.Clean.With("icon.svg", "<svg />"), known)).Clean();
    }

    [Fact]
    public async Task Scan_OfAnothersReadme_Holds()
    {
        var known = Known("zorg.prometheus", "Prometheus", 0) with { ReadmeSketch = ReadmeSketch.Of(Readme) };
        var changed = Readme.Replace("word5 ", "Weather ", StringComparison.Ordinal) + " And a sentence of its own at the end.";
        var other = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"other{i * 41 % 211}"));

        Assert.Equal("README.md", (await ScanAsync(PackageFixture.Clean.With("README.md", changed), known)).Caught("lookalike-readme").File);
        (await ScanAsync(PackageFixture.Clean.With("README.md", other), known)).Clean();
    }

    [Fact]
    public async Task Scan_OfUpdate_DoesNotAskForItsNameAgain()
    {
        var first = PackageFixture.Clean with { Id = "acme.prometheu5" };
        var known = Known("acme.prometheus", "Weather of the cluster", 5_000);
        var update = first with { Version = "1.0.1" };

        (await _scanner.ScanAsync(update.Pack().Submit(first.Pack(), known), CancellationToken.None)).Clean();
        (await _scanner.ScanAsync((update with { DisplayName = "Weather of the clvster" }).Pack().Submit(first.Pack(), known), CancellationToken.None)).Caught("lookalike-display-name");
    }

    [Fact]
    public void Of_Package_MakesWhatIsCompared()
    {
        var known = PluginLooks.Of(PackageFixture.Clean.With("README.md", Readme).With("icon.svg", "<svg/>").Pack(), 7, ScannerLimits.Default);

        Assert.Equal(("acme.weather", "Weather of the cluster", 7, Digest.Of("<svg/>"u8)), (known.Id.ToString(), known.DisplayName, known.Installs, known.IconDigest));
        Assert.Equal(1, ReadmeSketch.Likeness(known.ReadmeSketch, ReadmeSketch.Of(Readme)));
    }

    [Fact]
    public void Likeness_EstimatesTheShareOfCommonPhrases()
    {
        var words = Enumerable.Range(0, 2_000).Select(i => $"w{i}").ToArray();
        foreach (var common in (int[])[0, 500, 1_000, 1_500, 2_000])
        {
            var left = string.Join(' ', words);
            var right = string.Join(' ', words.Take(common).Concat(Enumerable.Range(0, 2_000 - common).Select(i => $"v{i}")));
            var expected = common / (4_000.0 - common);

            Assert.InRange(ReadmeSketch.Likeness(ReadmeSketch.Of(left), ReadmeSketch.Of(right)), expected - 0.2, expected + 0.2);
        }
    }

    /// <summary>Sketches are kept: they must be the same on every machine and in every version.</summary>
    [Fact]
    public void Of_Text_IsTheSameForEver() =>
        Assert.Equal("1494282 11752252 3592254 7819119", string.Join(' ', ReadmeSketch.Of(Readme).Take(4)));

    [Fact]
    public void AtMost_IsTheEditDistanceUpToItsBound()
    {
        var random = new Random(11);
        for (var i = 0; i < 2_000; i++)
        {
            var (left, right) = (Word(random), Word(random));
            Assert.Equal(Math.Min(Slow(left, right), 3), EditDistance.AtMost(left, right, 2));
        }

        static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(7)).Select(_ => (char)('a' + random.Next(3)))]);
    }

    /// <summary>The definition, recursively.</summary>
    private static int Slow(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.IsEmpty || right.IsEmpty) return left.Length + right.Length;
        var best = Math.Min(Math.Min(Slow(left[..^1], right), Slow(left, right[..^1])) + 1, Slow(left[..^1], right[..^1]) + (left[^1] == right[^1] ? 0 : 1));
        if (left.Length > 1 && right.Length > 1 && left[^1] == right[^2] && left[^2] == right[^1]) best = Math.Min(best, Slow(left[..^2], right[..^2]) + 1);
        return best;
    }

    private Task<ScanResult> ScanAsync(PackageFixture fixture, params KnownPlugin[] known) => _scanner.ScanAsync(fixture.Pack().Submit(null, known), CancellationToken.None);

    private static KnownPlugin Known(string id, string name, long installs) => new(PluginId.Parse(id), name, installs, ImmutableArray<uint>.Empty, null);
}
