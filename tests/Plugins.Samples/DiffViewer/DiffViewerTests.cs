using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Samples.Tests.DiffViewer;

/// <summary>The diff viewer on the simulated bookstore: revisions that are there, and annotations that anybody may have written.</summary>
public sealed class DiffViewerTests
{
    private const string Id = "lazyoc.diff-viewer";

    [Fact]
    public async Task Tab_OfADeploymentWithAnEarlierRevision_ShowsWhatChanged()
    {
        await using var sample = await Sample.StartAsync("diff-viewer");
        using var tab = sample.Extensions.OpenTab($"{Id}.deployment", Sample.Reference("Deployment", "search", "apps"), 100, 40);

        var lines = Lines(await sample.DrawnAsync(tab));

        Assert.Single(lines, line => line.Contains("  - ", StringComparison.Ordinal) && line.Contains("image:", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("  + ", StringComparison.Ordinal) && line.Contains("image:", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("pod-template-hash", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"spec\":", "not JSON: it ends too early")]
    [InlineData("deep", "nested deeper than 128")]
    [InlineData("[null,1,{\"\":[[]]},\"\\ud83d\"]", "holds no object")]
    public async Task Tab_OfAnObjectWhoseAnnotationIsNoObject_SaysSoAndGoesOn(string annotation, string expected)
    {
        await using var sample = await Sample.StartAsync("diff-viewer");
        Annotate(sample, "cart", annotation == "deep" ? new string('[', 10_000) : annotation);
        using var tab = sample.Extensions.OpenTab($"{Id}.deployment", Sample.Reference("Deployment", "cart", "apps"), 100, 40);

        Assert.Contains(expected, (await sample.DrawnAsync(tab)).Of<ViewNode.Error>().Single().Message, StringComparison.Ordinal);
        // It still does what else it is asked for.
        var other = await sample.SubmitAsync(tab, "choose", new { with = "another", name = "search", status = true, kept = true, defaults = true });
        Assert.Contains(Lines(other), line => line.Contains("name: search", StringComparison.Ordinal));
    }

    private static string[] Lines(ViewNode view) => [.. view.Of<ViewNode.Tree>().Single().Nodes.Select(node => string.Concat(node.Label.Select(span => span.Text)))];

    private static void Annotate(Sample sample, string deployment, string text)
    {
        var store = sample.Fixture.Cluster.Store;
        var changed = store.List("apps/v1", "Deployment", "bookstore").Single(one => (string?)one["metadata"]!["name"] == deployment).DeepClone();
        if (changed["metadata"]!["annotations"] is null) changed["metadata"]!["annotations"] = new JsonObject();
        changed["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"] = text;
        store.Apply(changed.ToJsonString());
    }
}
