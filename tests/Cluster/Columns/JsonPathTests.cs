using System.Text.Json;
using LazyOC.Cluster.Columns;

namespace LazyOC.Cluster.Tests.Columns;

public sealed class JsonPathTests
{
    private const string Document = """
        {"kind":"List","items":[
          {"metadata":{"name":"a","labels":{"app.kubernetes.io/name":"web"}},"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"Old","status":"False"}],"n":3}},
          {"metadata":{"name":"b"},"status":{"conditions":[{"type":"Ready","status":"False"}],"n":5}},
          {"metadata":{"name":"c"},"status":{"n":7,"flag":true}}
        ]}
        """;

    [Theory]
    [InlineData(".kind", "List")]
    [InlineData("kind", "List")]
    [InlineData("{.kind}", "List")]
    [InlineData("{$.kind}", "List")]
    [InlineData("$['kind']", "List")]
    [InlineData(".items[0].metadata.name", "a")]
    [InlineData(".items[-1].metadata.name", "c")]
    [InlineData(".items[*].metadata.name", "a b c")]
    [InlineData(".items[0:2].metadata.name", "a b")]
    [InlineData(".items[::2].metadata.name", "a c")]
    [InlineData(".items[0,2].metadata.name", "a c")]
    [InlineData(".items[-2:].metadata.name", "b c")]
    [InlineData(".items[0]['metadata']['name']", "a")]
    [InlineData(".items[0].metadata.labels.app\\.kubernetes\\.io/name", "web")]
    [InlineData(".items[0].metadata.labels['app\\.kubernetes\\.io/name']", "web")]
    [InlineData(".items[0].status.conditions[?(@.type==\"Ready\")].status", "True")]
    [InlineData(".items[?(@.status.n>3)].metadata.name", "b c")]
    [InlineData(".items[?(@.status.n >= 5)].metadata.name", "b c")]
    [InlineData(".items[?(@.metadata.name!='a')].metadata.name", "b c")]
    [InlineData(".items[?(@.status.flag)].metadata.name", "c")]
    [InlineData(".items[?(@.status.flag==true)].metadata.name", "c")]
    [InlineData(".items[*].status.conditions[?(@.type=='Ready')].status", "True False")]
    [InlineData("..name", "a b c")]
    [InlineData(".items[9].metadata.name", "")]
    [InlineData(".nothing.at.all", "")]
    [InlineData(".kind.below", "")]
    public void Select_Path_GivesWhatKubectlPrints(string path, string expected)
    {
        using var document = JsonDocument.Parse(Document);

        var found = JsonPath.Parse(path).Select(document.RootElement);

        Assert.Equal(expected, string.Join(' ', found.Select(f => f.ToString())));
    }

    [Theory]
    [InlineData(".a[", "at character 4")]
    [InlineData(".a[?(@.b==)]", "expected `@`")]
    [InlineData(".a[?(@.b ~1)]", "operator")]
    [InlineData(".a['b", "expected `'`")]
    [InlineData("{.a", "expected `}`")]
    [InlineData(".a b", "unexpected `b`")]
    [InlineData(".a[1:2:0]", "step")]
    [InlineData(".a[99999999999]", "index")]
    public void TryParse_Nonsense_SaysWhatAndWhere(string path, string expected)
    {
        Assert.False(JsonPath.TryParse(path, out _, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_DeepOrLong_IsRefused()
    {
        Assert.False(JsonPath.TryParse(string.Concat(Enumerable.Repeat("[?(@", 50)), out _, out var deep));
        Assert.Contains("deeper", deep, StringComparison.Ordinal);
        Assert.False(JsonPath.TryParse(new string('a', 5000), out _, out var tooLong));
        Assert.Contains("characters", tooLong, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_ExplodingPath_StopsAtTheLimit()
    {
        using var document = JsonDocument.Parse($"[{string.Join(',', Enumerable.Repeat("[1,2,3,4,5,6,7,8,9,10]", 300))}]");

        var found = JsonPath.Parse("$..*..*").Select(document.RootElement);
        var many = JsonPath.Parse(string.Concat(Enumerable.Repeat("[*,*,*,*]", 20))).Select(document.RootElement);

        Assert.True(found.Count <= ClusterLimits.Default.MaxJsonPathResults);
        Assert.True(many.Count <= ClusterLimits.Default.MaxJsonPathResults);
    }
}
