using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Tests.Server;

/// <summary>Selectors and tables over a bookstore that nobody changes.</summary>
public sealed class ReadTests(ApiCluster api) : IClassFixture<ApiCluster>
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    [Theory]
    [InlineData("labelSelector=app%3Dcart", "cart")]
    [InlineData("labelSelector=app%3D%3Dcart", "cart")]
    [InlineData("labelSelector=app+in+(cart,search),app!%3Dsearch", "cart")]
    [InlineData("labelSelector=app+notin+(storefront,catalog,checkout,search,newsletter,recommendations)", "cart")]
    [InlineData("labelSelector=app,!app", "")]
    [InlineData("fieldSelector=metadata.name%3Dcart", "cart")]
    [InlineData("fieldSelector=metadata.namespace!%3Dbookstore", "")]
    [InlineData("fieldSelector=spec.replicas%3D1&labelSelector=app+notin+(recommendations)", "newsletter")]
    public async Task List_Selected_HasOnlyWhatMatches(string query, string expected)
    {
        (int code, JsonNode list) = await api.SendAsync(HttpMethod.Get, "/apis/apps/v1/namespaces/bookstore/deployments?" + query);

        Assert.Equal((200, "DeploymentList"), (code, (string?)list["kind"]));
        Assert.Equal(expected, string.Join(',', list["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"])));
    }

    [Fact]
    public async Task List_AsTable_HasAColumnForEveryCell()
    {
        (_, JsonNode table) = await api.SendAsync(HttpMethod.Get, "/apis/route.openshift.io/v1/namespaces/bookstore/routes", accept: Table);
        JsonArray columns = table["columnDefinitions"]!.AsArray();
        JsonNode row = table["rows"]!.AsArray().Single(r => (string?)r!["object"]!["metadata"]!["name"] == "storefront")!;

        Assert.Equal(("Table", "meta.k8s.io/v1", "PartialObjectMetadata"), ((string?)table["kind"], (string?)table["apiVersion"], (string?)row["object"]!["kind"]));
        Assert.Equal(["Name", "Host/Port", "Path", "Services", "Port", "Termination", "Wildcard"], columns.Select(c => (string)c!["name"]!));
        Assert.Equal(["storefront", "storefront-bookstore.apps.example.com", "<none>", "storefront", "http", "edge/Redirect", "None"], row["cells"]!.AsArray().Select(c => (string)c!));
    }

    [Theory]
    [InlineData("None", null)]
    [InlineData("Object", "Route")]
    public async Task List_AsTable_CarriesTheObjectsAskedFor(string include, string? kind)
    {
        (_, JsonNode table) = await api.SendAsync(HttpMethod.Get, $"/apis/route.openshift.io/v1/namespaces/bookstore/routes?includeObject={include}", accept: Table);

        Assert.All(table["rows"]!.AsArray(), row => Assert.Equal(kind, (string?)row!["object"]?["kind"]));
    }

    [Fact]
    public async Task List_InPagesOfASelection_CountsOnlyWhatMatches()
    {
        (_, JsonNode page) = await api.SendAsync(HttpMethod.Get, "/api/v1/namespaces/bookstore/pods?limit=2&labelSelector=app%3Dstorefront");

        Assert.Equal((2, 1), (page["items"]!.AsArray().Count, (int)page["metadata"]!["remainingItemCount"]!));
    }

    [Fact]
    public async Task List_OfAVersionToCome_IsATimeout()
    {
        (int code, JsonNode status) = await api.SendAsync(HttpMethod.Get, "/api/v1/pods?resourceVersion=999999");

        Assert.Equal((504, "Timeout"), (code, (string?)status["reason"]));
    }
}
