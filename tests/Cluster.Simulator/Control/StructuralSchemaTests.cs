using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Tests.Control;

public sealed class StructuralSchemaTests : IAsyncLifetime
{
    private SimulatedCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = "empty", TimeProvider = new SimulatedClock() });
        _cluster.Store.Apply("""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"shelves.books.example.com"},
             "spec":{"group":"books.example.com","scope":"Namespaced","names":{"plural":"shelves","singular":"shelf","kind":"Shelf"},
              "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{"spec":{"type":"object","required":["genre"],"properties":{
               "genre":{"type":"string","enum":["poetry","prose"]},
               "height":{"type":"integer","minimum":1,"maximum":9,"default":3},
               "label":{"type":"string","maxLength":5,"nullable":true},
               "books":{"type":"array","maxItems":2,"items":{"type":"object","properties":{"title":{"type":"string"}}}},
               "notes":{"type":"object","additionalProperties":{"type":"string"}},
               "port":{"x-kubernetes-int-or-string":true},
               "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}}}]}}
            """);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public void Create_ValidObject_IsDefaultedAndPruned() =>
        Assert.Equal(
            """{"genre":"poetry","label":null,"books":[{"title":"a"}],"notes":{"k":"v"},"port":"http","free":{"any":1},"height":3}""",
            Create("""{"genre":"poetry","label":null,"books":[{"title":"a","pages":3}],"notes":{"k":"v"},"port":"http","free":{"any":1},"color":"red"}""")["spec"]!.ToJsonString());

    [Theory]
    [InlineData("{}", "spec.genre: Required value")]
    [InlineData("""{"genre":"crime"}""", "spec.genre: Unsupported value: \"crime\": supported values: \"poetry\", \"prose\"")]
    [InlineData("""{"genre":null}""", "spec.genre: Invalid value: null: must be of type string")]
    [InlineData("""{"genre":"prose","height":"tall"}""", "spec.height: Invalid value: \"tall\": must be of type integer")]
    [InlineData("""{"genre":"prose","height":1.5}""", "spec.height: Invalid value: 1.5: must be of type integer")]
    [InlineData("""{"genre":"prose","height":0}""", "spec.height: Invalid value: should be greater than or equal to 1")]
    [InlineData("""{"genre":"prose","height":10}""", "spec.height: Invalid value: should be less than or equal to 9")]
    [InlineData("""{"genre":"prose","label":"too long"}""", "spec.label: Invalid value: should have at most 5 characters")]
    [InlineData("""{"genre":"prose","books":[{},{},{}]}""", "spec.books: Invalid value: should have at most 2 items")]
    [InlineData("""{"genre":"prose","books":[{},{"title":7}]}""", "spec.books[1].title: Invalid value: 7: must be of type string")]
    [InlineData("""{"genre":"prose","notes":{"k":1}}""", "spec.notes.k: Invalid value: 1: must be of type string")]
    [InlineData("""{"genre":"prose","port":[]}""", "spec.port: Invalid value: []: must be of type integer or string")]
    public void Create_ObjectAgainstItsSchema_NamesTheField(string spec, string problem) =>
        Assert.EndsWith("is invalid: " + problem, Assert.Throws<InvalidOperationException>(() => Create(spec)).Message, StringComparison.Ordinal);

    private JsonObject Create(string spec) =>
        _cluster.Store.Apply($$"""{"apiVersion":"books.example.com/v1","kind":"Shelf","metadata":{"name":"top","namespace":"default"},"spec":{{spec}} }""");
}
