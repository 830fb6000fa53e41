using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime;

namespace LazyOC.Plugins.Samples.Tests.CrdVisualizer;

/// <summary>The CRD visualizer over the simulated bookstore and its custom resources.</summary>
public sealed class CrdVisualizerTests
{
    private const string Id = "lazyoc.crd-visualizer";
    private const string Ci = "bookstore-ci";
    private static readonly ObjectReference Shop = Sample.Reference("Application", "bookstore", "argoproj.io", Ci);

    [Fact]
    public async Task Page_ListsDefinitions_AndOpensObjectsAndSchema()
    {
        await using var sample = await Sample.StartAsync("crd-visualizer");
        using var page = sample.Extensions.OpenPage($"{Id}.catalog", 140, 45);

        var definitions = (await sample.DrawnAsync(page)).Of<ViewNode.Table>().Single().Texts();
        var objects = await sample.InputAsync(page, Opened("definitions", "applications.argoproj.io"));
        await page.InputAsync(Opened("objects-found", $"{Ci} bookstore"));
        var schema = await sample.PressAsync(page, "schema");

        Assert.Contains(definitions, row => row.StartsWith("argoproj.io | Application | Namespaced | v1alpha1 |", StringComparison.Ordinal) && row.EndsWith("| Established", StringComparison.Ordinal));
        Assert.Contains(objects.Of<ViewNode.Table>().Single().Texts(), row => row.StartsWith($"{Ci} | bookstore | OutOfSync | Degraded | ", StringComparison.Ordinal));
        Assert.Contains($"{Id}.object of bookstore", sample.User.Shown);
        Assert.Contains("limit integer (int64)  How often it is tried again; endlessly when negative.", Labels(schema.Of<ViewNode.Tree>().Single().Nodes));
    }

    [Fact]
    public async Task Tab_IsOneOfCustomKinds_AndLeadsToObjectsOfOthers()
    {
        await using var sample = await Sample.StartAsync("crd-visualizer");
        var pod = sample.PodOf("search");
        sample.Fixture.Cluster.Store.Apply(JsonSerializer.Serialize(new
        {
            apiVersion = "argoproj.io/v1alpha1",
            kind = "Application",
            metadata = new { name = "search", @namespace = "bookstore" },
            spec = new { source = new { repoURL = "https://git.example.com/search.git" } },
            podRef = new { name = pod },
            status = new { conditions = new[] { new { type = "ComparisonError", status = "True", reason = "NoRoute", lastTransitionTime = "2026-01-01T00:00:00Z" } } },
        }));
        using var tab = sample.Extensions.OpenTab($"{Id}.object", Sample.Reference("Application", "search", "argoproj.io"), 110, 40);

        var view = await sample.DrawnAsync(tab);
        await tab.InputAsync(Opened("related", $"names  Pod bookstore {pod}"));

        Assert.Contains(view.Of<ViewNode.Table>().SelectMany(table => table.Texts()), row => row == $"names | Pod | bookstore | {pod} | podRef | ");
        Assert.Contains(view.Of<ViewNode.Text>(), text => string.Concat(text.Spans.Select(span => span.Text)) is var line && line.StartsWith("✗ ", StringComparison.Ordinal) && line.Contains("ComparisonError", StringComparison.Ordinal));
        Assert.Contains($"{Id}.object of {pod}", sample.User.Shown);
    }

    [Fact]
    public async Task Edit_ThatTheSchemaRefuses_SendsNothing_AndOneThatItAllowsIsMadeAfterTheUserSaysYes()
    {
        await using var sample = await Sample.StartAsync("crd-visualizer");
        sample.User.Reply = _ => JsonSerializer.SerializeToElement(true);
        using var tab = sample.Extensions.OpenTab($"{Id}.object", Shop, 110, 40);
        await sample.DrawnAsync(tab);
        await sample.InputAsync(tab, Opened("parts", "spec.destination"));

        var refused = await sample.SubmitAsync(tab, "form /spec/destination", new Dictionary<string, object> { ["/spec/destination/server"] = "https://kubernetes.default.svc", ["/spec/destination/namespace"] = new string('x', 64) });

        Assert.StartsWith("✗ must have at most 63 characters", refused.Of<ViewNode.Form>().Single().Fields.Single(field => field.Label == "namespace").Help, StringComparison.Ordinal);
        Assert.DoesNotContain(await sample.Fixture.AuditedAsync(Id), entry => entry.Call == "kubernetes.patch");

        await sample.InputAsync(tab, Opened("parts", "spec.syncPolicy.automated"));
        var review = await sample.SubmitAsync(tab, "form /spec/syncPolicy/automated", new Dictionary<string, object> { ["/spec/syncPolicy/automated/prune"] = true });

        Assert.Contains("spec.syncPolicy.automated.prune | - (not set) | + true | you", review.Of<ViewNode.Table>().SelectMany(table => table.Texts()));
        Assert.Null(Spec(sample)["syncPolicy"]);

        // The change that is being looked at is still there when another version has taken over.
        var package = sample.Fixture.Plugins.Single();
        var version = SemanticVersion.Parse("1.0.1");
        Assert.IsType<PluginChange.Swapped>(Assert.Single(await sample.Fixture.Host.ApplyAsync([package with { Manifest = package.Manifest with { Version = version }, Entry = package.Entry with { Version = version, Digest = Digest.Of("another"u8) } }])));
        using var again = sample.Extensions.OpenTab($"{Id}.object", Shop, 110, 40);
        await sample.DrawnAsync(again);
        await sample.PressAsync(again, "apply");

        Assert.True((bool)Spec(sample)["syncPolicy"]!["automated"]!["prune"]!);
        Assert.Contains("CRD visualizer: Change Application bookstore-ci/bookstore? spec.syncPolicy.automated.prune: (not set) → true (Caution)", sample.User.Shown);
        Assert.Equal(2, (await sample.Fixture.AuditedAsync(Id)).Count(entry => entry.Call == "kubernetes.patch" && entry.Decision == Sandbox.Audit.AuditDecision.Done));
    }

    [Fact]
    public async Task Page_OfAUserWhoMayNotReadDefinitions_ShowsWhatDiscoveryKnows()
    {
        await using var sample = await Sample.CreateAsync("crd-visualizer");
        sample.Fixture.ActAsDeveloper();
        await sample.StartAsync();

        var page = await sample.LookAsync(sample.Extensions.OpenPage($"{Id}.catalog", 140, 45));

        Assert.Contains(page.Of<ViewNode.Text>(), text => text.Spans[0].Text.StartsWith("▲ The definitions may not be read", StringComparison.Ordinal));
        Assert.Contains(page.Of<ViewNode.Table>().Single().Texts(), row => row.StartsWith("argoproj.io | Application | ", StringComparison.Ordinal));
    }

    private static JsonObject Spec(Sample sample) => sample.Fixture.Cluster.Store.Get("argoproj.io/v1alpha1", "Application", Ci, "bookstore")!["spec"]!.AsObject();

    private static ViewInput Opened(string node, string row) => new() { Node = node, Event = ViewEvent.Activate, Row = row };

    private static IEnumerable<string> Labels(IEnumerable<TreeItem> items) => items.SelectMany(item => Labels(item.Children).Prepend(string.Concat(item.Label.Select(span => span.Text))));
}
