using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

public sealed class CompatibilityTests
{
    /// <summary>A future in which the API has moved on twice.</summary>
    private static readonly ImmutableArray<HostApiVersionRow> History =
    [
        new(SemanticVersion.Parse("1.0.0"), SemanticVersion.Parse("0.1.0"), 1, []),
        new(SemanticVersion.Parse("1.1.0"), SemanticVersion.Parse("0.2.0"), 1, []),
        new(SemanticVersion.Parse("2.0.0"), SemanticVersion.Parse("1.0.0"), 2, []),
    ];

    private static readonly string[] SampleRanges = ["^1.0", "1.x", "~1.0", "^1.1", ">=1.0 <3", ">=2.0"];

    private static string? Explain(string range, string host) => Compatibility.Explain(VersionRange.Parse(range), SemanticVersion.Parse(host), History)?.ToString();

    [Theory]
    [InlineData("^1.0", "1.0.0")]
    [InlineData("^1.0", "1.1.0")]
    [InlineData(">=1.0 <3", "2.0.0")]
    public void Explain_RangeWithTheHost_IsNoProblem(string range, string host) => Assert.Null(Explain(range, host));

    [Theory]
    [InlineData(">=2.0", "1.0.0", "`engines.lazyoc` needs LazyOC with host API `>=2.0.0`; this one offers 1.0.0\nhint: the plugin fits LazyOC 1.0.0")]
    [InlineData("^1.1", "1.0.0", "`engines.lazyoc` needs LazyOC with host API `^1.1.0`; this one offers 1.0.0\nhint: the plugin fits LazyOC 0.2.0")]
    [InlineData("^3.0", "1.0.0", "`engines.lazyoc` needs LazyOC with host API `^3.0.0`; this one offers 1.0.0\nhint: the plugin is for a LazyOC newer than this one: update LazyOC")]
    [InlineData("^1.0", "2.0.0", "`engines.lazyoc` needs LazyOC with host API `^1.0.0`; this one offers 2.0.0\nhint: the plugin is for LazyOC 0.2.0, which is older than this one: ask its author for a newer version")]
    [InlineData("^0.5", "2.0.0", "`engines.lazyoc` needs LazyOC with host API `^0.5.0`; this one offers 2.0.0\nhint: the plugin is for an older LazyOC: ask its author for a newer version")]
    [InlineData(">2 <1", "1.0.0", "`engines.lazyoc` leaves out every LazyOC\nhint: tell the plugin's author: a range is such as `^1.0`")]
    public void Explain_RangeWithoutTheHost_SaysWhichLazyOcWouldFit(string range, string host, string problem) => Assert.Equal(problem, Explain(range, host));

    [Fact]
    public void History_EndsWithThisBuild_AndAscends()
    {
        Assert.Equal(PluginManifest.HostApiVersion, HostApiHistory.All[^1].HostApi.ToString());
        Assert.Equal(HostApiHistory.All.Select(row => row.HostApi).Order(), HostApiHistory.All.Select(row => row.HostApi));
        Assert.Equal(HostApiHistory.All.Select(row => row.Lazyoc).Order(), HostApiHistory.All.Select(row => row.Lazyoc));
    }

    [Fact]
    public void Page_Committed_IsWhatTheTableSays()
    {
        var page = new StringBuilder("""
            # Compatibility

            A plugin's manifest says in `engines.lazyoc` which versions of the host API it runs on, as a range in npm's syntax. A LazyOC whose host API is not in the range refuses the plugin when it is packed and when it is installed, and says which LazyOC, or which version of the plugin, would fit. The host API follows Semantic Versioning: what a plugin uses of 1.x works in every later 1.x, so `^1.0` is what most plugins write.

            `manifestVersion` is the version of `plugin.json` itself. A LazyOC reads the manifest versions up to the one in its row and refuses newer ones.

            Generated from the table of host API versions.

            | host API | first LazyOC | manifest | what came with it |
            |---|---|---|---|

            """);
        foreach (var row in HostApiHistory.All)
            page.Append("| ").Append(row.HostApi).Append(" | ").Append(row.Lazyoc).Append(" | ").Append(row.ManifestVersion is 1 ? "1" : $"1 to {row.ManifestVersion}").Append(" | ").AppendJoin(' ', row.Brought).Append(" |\n");
        page.Append("\nWhether a range fits:\n\n| `engines.lazyoc` |").Append(string.Concat(HostApiHistory.All.Select(row => $" host API {row.HostApi} |"))).Append("\n|---|").Append(string.Concat(HostApiHistory.All.Select(_ => "---|"))).Append('\n');
        foreach (var range in SampleRanges)
            page.Append("| `").Append(range).Append("` |").Append(string.Concat(HostApiHistory.All.Select(row => VersionRange.Parse(range).Contains(row.HostApi) ? " fits |" : " refused |"))).Append('\n');

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "LazyOC.slnx"))) root = root.Parent!;
        var file = Path.Combine(root.FullName, "docs", "compatibility.md");
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") == "1") File.WriteAllText(file, page.ToString());
        Assert.True(File.Exists(file), $"{file} is missing: run the tests with LAZYOC_UPDATE_GOLDENS=1");
        Assert.Equal(page.ToString(), File.ReadAllText(file), ignoreLineEndingDifferences: true);
    }
}
