using System.Text;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Tests.Views;

public sealed class ViewReaderTests
{
    private const string Leaf = """{"type":"text","spans":[]}""";

    private static string Stack(params string[] children) => $$"""{"type":"stack","children":[{{string.Join(',', children)}}]}""";

    private static string Nested(int depth) => depth == 1 ? Leaf : Stack(Nested(depth - 1));

    private static string? Refusal(string json, ViewLimits? limits = null) =>
        ViewReader.Read(Encoding.UTF8.GetBytes(json), limits).TryGet(out _, out var problems) ? null : Problem.Join(problems);

    [Fact]
    public void Read_AtTheLimits_IsRead()
    {
        Assert.Null(Refusal(Nested(32)));
        Assert.Null(Refusal(Stack([.. Enumerable.Repeat(Leaf, 4_999)])));
        Assert.Null(Refusal("""{"type":"chart","kind":"bar","series":[{"values":[1,null,2]}]}""", new ViewLimits(MaxSamples: 3)));
    }

    [Fact]
    public void Read_DeepestTable_IsRead() =>
        Assert.Null(Refusal(Stack("""{"type":"table","header":[{"title":"A"}],"rows":[{"id":"1","cells":[{"text":"x"}]}]}"""), new ViewLimits(MaxDepth: 2)));

    [Fact]
    public void Read_TabsAtTheDeepestLevel_IsRead()
    {
        static string Tabs(int depth) => depth == 1 ? Leaf : $$"""{"type":"tabs","children":[{"title":"T","content":{{Tabs(depth - 1)}}}]}""";
        Assert.Null(Refusal(Tabs(32)));
        Assert.EndsWith("is nested deeper than 32 levels", Refusal(Tabs(33)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TreesItems_CountAsNodesAndLevels()
    {
        static string Item(int depth) => $$"""{"id":"{{depth}}","label":[]{{(depth == 1 ? "" : $",\"children\":[{Item(depth - 1)}]")}}}""";
        static string Tree(int depth) => $$"""{"type":"tree","id":"t","nodes":[{{Item(depth)}}]}""";
        Assert.Null(Refusal(Tree(31)));
        Assert.EndsWith("is nested deeper than 32 levels", Refusal(Tree(32)), StringComparison.Ordinal);
        Assert.Null(Refusal(Tree(3), new ViewLimits(MaxNodes: 4)));
        Assert.Contains("more than 3 nodes", Refusal(Tree(3), new ViewLimits(MaxNodes: 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OneLevelTooDeep_IsRefused() => Assert.EndsWith("is nested deeper than 32 levels", Refusal(Nested(33)), StringComparison.Ordinal);

    [Fact]
    public void Read_FarTooDeep_IsRefused() => Assert.Contains("depth", Refusal(Nested(60)), StringComparison.Ordinal);

    [Fact]
    public void Read_OneNodeTooMany_IsRefused() => Assert.Contains("more than 5,000 nodes", Refusal(Stack([.. Enumerable.Repeat(Leaf, 5_000)])), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type":"list","items":[[],[],[]]}""")]
    [InlineData("""{"type":"keyValue","items":[{"key":"a","value":[]},{"key":"b","value":[]},{"key":"c","value":[]}]}""")]
    [InlineData("""{"type":"table","header":[],"rows":[{"id":"1","cells":[]},{"id":"2","cells":[]},{"id":"3","cells":[]}]}""")]
    public void Read_RowsAndItems_CountAsNodes(string json)
    {
        Assert.Null(Refusal(json, new ViewLimits(MaxNodes: 4)));
        Assert.Contains("more than 3 nodes", Refusal(json, new ViewLimits(MaxNodes: 3)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"stack","children":[{"type":"text","id":"a","spans":[]},{"type":"text","id":"a","spans":[]}]}""", "`children[1].id` is `a`, which another node has")]
    [InlineData("""{"type":"table","header":[{"title":"A"}],"rows":[{"id":"1","cells":[]}]}""", "`rows[0]` has 0 cells under 1 columns")]
    [InlineData("""{"type":"table","header":[],"rows":[{"id":"1","cells":[]},{"id":"1","cells":[]}]}""", "`rows[1].id` is `1`, which another row has")]
    [InlineData("""{"type":"columns","children":[],"weights":[1]}""", "`weights` must be 0 positive numbers")]
    [InlineData("""{"type":"progress","value":1.5}""", "`value` is 1.5; expected 0 to 1")]
    [InlineData("""{"type":"stack","gap":-1,"children":[]}""", "`gap` is -1; expected 0 or more")]
    [InlineData("""{"type":"list","items":[null]}""", "`items[0]` is `null`; expected an array")]
    [InlineData("""{"type":"stack","children":null}""", "`children` is null")]
    [InlineData("""{"type":"stack","children":[null]}""", "`children[0]` is null")]
    [InlineData("""{"type":"columns","children":[],"weights":null}""", "`weights` is null\nhint: leave the key out")]
    [InlineData("""{"type":"table","header":[],"rows":[{"id":"1","cells":null}]}""", "`rows[0].cells` is null")]
    [InlineData("""{"type":"chart","kind":"bar","series":[],"height":0}""", "`height` is 0; expected 1 or more")]
    [InlineData("""{"type":"chart","kind":"heat","series":[],"min":2,"max":1}""", "`min` is 2, above `max`")]
    [InlineData("""{"type":"button","label":"Go"}""", "`id` is missing")]
    [InlineData("""{"type":"form","fields":[],"submit":"Go"}""", "`id` is missing")]
    [InlineData("""{"type":"tree","nodes":[]}""", "`id` is missing")]
    [InlineData("""{"type":"table","header":[],"rows":[],"selectable":true}""", "`id` is missing")]
    [InlineData("""{"type":"table","header":[],"rows":[],"selectable":false,"rowActions":[{"id":"x","title":"X"}]}""", "`id` is missing")]
    [InlineData("""{"type":"stack","children":[{"type":"tabs","children":[]}]}""", "`children[0].children` is empty")]
    [InlineData("""{"type":"tabs","selected":1,"children":[{"title":"A","content":{"type":"empty","message":""}}]}""", "`selected` is 1; expected 0 to 0")]
    [InlineData("""{"type":"tabs","children":[{"title":"A","id":"x","content":{"type":"empty","message":""}},{"title":"B","id":"x","content":{"type":"empty","message":""}}]}""", "`children[1].id` is `x`, which another tab beside it has")]
    [InlineData("""{"type":"tabs","children":[{"title":"A","content":{"type":"progress","value":2}}]}""", "`children[0].content.value` is 2; expected 0 to 1")]
    [InlineData("""{"type":"tree","id":"t","nodes":[{"id":"a","label":[],"children":[{"id":"a","label":[]}]}]}""", "`nodes[0].children[0].id` is `a`, which another item has")]
    [InlineData("""{"type":"table","header":[{"title":"A","type":"sparkline"}],"rows":[]}""", "`header[0].type` is `sparkline`")]
    [InlineData("""{"type":"table","header":[{"title":"A"}],"rows":[],"sort":{"column":1}}""", "`sort.column` is 1, but there are 1 columns")]
    [InlineData("""{"type":"table","id":"t","header":[],"rows":[],"rowActions":[{"id":"x","title":"X"},{"id":"x","title":"Y"}]}""", "`rowActions[1].id` is `x`, which another action has")]
    [InlineData("""{"type":"table","id":"t","header":[],"rows":[],"rowActions":[{"id":"x","title":"X","key":"hyper-x"}]}""", "`rowActions[0].key` is `hyper-x`; expected a key such as")]
    [InlineData("""{"type":"form","id":"f","submit":"S","fields":[{"name":"a","label":"A","kind":"select"}]}""", "`fields[0].options` is missing")]
    [InlineData("""{"spans":[]}""", "`type` is missing")]
    [InlineData("""[]""", "the document is an array; expected an object")]
    public void Read_BadView_SaysWhere(string json, string problem) => Assert.StartsWith(problem, Refusal(json) ?? "accepted", StringComparison.Ordinal);

    [Fact]
    public void Read_TooManySamples_IsRefused() => Assert.Contains("brings the view to 3 samples; at most 2 are allowed",
        Refusal("""{"type":"chart","kind":"line","series":[{"values":[1]},{"values":[1,2]}]}""", new ViewLimits(MaxSamples: 2)), StringComparison.Ordinal);

    [Fact]
    public void Read_LargerThanAMessage_IsRefused() =>
        Assert.Contains("at most 1,048,576 are allowed", Refusal("{\"type\":\"code\",\"content\":\"" + new string('x', 1 << 20) + "\"}"), StringComparison.Ordinal);
}
