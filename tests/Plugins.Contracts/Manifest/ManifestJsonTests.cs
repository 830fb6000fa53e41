using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

public sealed class ManifestJsonTests
{
    [Fact]
    public void Deserialize_MinimalManifest_KeepsDefaults()
    {
        var m = JsonSerializer.Deserialize("""{"manifestVersion":1,"id":"acme.demo","version":"1.0.0","displayName":"Demo","engines":{"lazyoc":"^1.0"},"main":"p.js"}""", ContractJson.Default.PluginManifest)!;
        Assert.Equal("", m.Description);
        Assert.False(m.Keywords.IsDefault);
        Assert.False(m.Contributes.Columns.IsDefault);
        Assert.Empty(m.Permissions.Kubernetes);
    }

    [Fact]
    public void Deserialize_NestedView_RoundTrips()
    {
        const string json = """{"type":"stack","gap":1,"children":[{"id":"t","type":"text","spans":[{"text":"hi","style":"ok"}]}]}""";
        var node = JsonSerializer.Deserialize(json, ContractJson.Default.ViewNode)!;
        var text = Assert.IsType<ViewNode.Text>(Assert.Single(Assert.IsType<ViewNode.Stack>(node).Children));
        Assert.Equal(TextStyle.Ok, text.Spans[0].Style);
    }
}
