using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

/// <summary>The examples of RFC 6902 appendix A, and the bounds.</summary>
public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"foo":"bar","baz":"qux"}""")]
    [InlineData("""{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""")]
    [InlineData("""{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo","foo":"bar"}""")]
    [InlineData("""{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}""")]
    [InlineData("""{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""")]
    [InlineData("""{"baz":"qux","foo":["a",2,"c"]}""", """[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2},{"op":"remove","path":"/foo"}]""", """{"baz":"qux"}""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/child","value":{"grandchild":{}}}]""", """{"foo":"bar","child":{"grandchild":{}}}""")]
    [InlineData("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10},{"op":"copy","from":"/~1","path":"/a"}]""", """{"/":9,"~1":10,"a":9}""")]
    [InlineData("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""")]
    [InlineData("""{"foo":1}""", """[{"op":"add","path":"/foo","value":null}]""", """{"foo":null}""")]
    public void Apply_ExampleOfTheRfc_GivesItsResult(string document, string patch, string result) =>
        Assert.True(JsonElement.DeepEquals(Json(result), JsonPatch.Apply(Json(document), Patch(patch), new RuntimeLimits())));

    [Theory]
    [InlineData("""[{"op":"replace","path":"/a","value":1}]""", """[{"op":"remove","path":"/a/b"}]""", "/a")]
    [InlineData("""[{"op":"replace","path":"/a","value":1}]""", """[{"op":"replace","path":"/ab","value":1}]""", null)]
    [InlineData("""[{"op":"test","path":"/a","value":1}]""", """[{"op":"replace","path":"/a","value":1}]""", null)]
    [InlineData("""[{"op":"move","from":"/a","path":"/b"}]""", """[{"op":"add","path":"/a","value":1}]""", "/a")]
    [InlineData("""[{"op":"replace","path":"/list/0","value":1}]""", """[{"op":"replace","path":"/list/1/x","value":1}]""", null)]
    [InlineData("""[{"op":"remove","path":"/list/0"}]""", """[{"op":"replace","path":"/list/1/x","value":1}]""", "/list")]
    [InlineData("""[{"op":"replace","path":"/list/1/x","value":1}]""", """[{"op":"add","path":"/list/0","value":1}]""", "/list")]
    [InlineData("""[{"op":"move","from":"/list/0","path":"/other"}]""", """[{"op":"remove","path":"/list/1"}]""", "/list")]
    [InlineData("""[{"op":"add","path":"/list/-","value":1}]""", """[{"op":"add","path":"/list/-","value":2}]""", null)]
    [InlineData("""[{"op":"remove","path":"/list/0"}]""", """[{"op":"add","path":"/list/-","value":2}]""", null)]
    public void Overlap_OfTwoPatches_IsThePlaceThatBothChange(string first, string second, string? place)
    {
        Assert.Equal(place, JsonPatch.Overlap(Patch(first), Patch(second)));
        Assert.Equal(place, JsonPatch.Overlap(Patch(second), Patch(first)));
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/baz","value":"bar"}]""")]
    [InlineData("""[{"op":"add","path":"/a/b","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/foo/2","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/foo/01","value":1}]""")]
    [InlineData("""[{"op":"add","path":"foo","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"move","path":"/foo/0"}]""")]
    [InlineData("""[{"op":"move","from":"/foo","path":"/foo/0"}]""")]
    [InlineData("""[{"op":"remove","path":""}]""")]
    [InlineData("""[{"op":"replace","path":"","value":1}]""")]
    [InlineData("[]")]
    public void Apply_OperationThatDoesNotGo_IsRefused(string patch) =>
        Assert.Throws<FormatException>(() => JsonPatch.Apply(Json("""{"foo":["bar"],"baz":"qux"}"""), Patch(patch), new RuntimeLimits()));

    [Fact]
    public void Apply_CopiesOfCopies_StopAtTheBound()
    {
        var doubling = Enumerable.Range(0, 40).Select(i => new PatchOperation { Op = PatchOp.Copy, From = "", Path = $"/c{i}" }).ToImmutableArray();
        var limits = new RuntimeLimits { PatchedBytes = 64 << 10 };

        Assert.Throws<FormatException>(() => JsonPatch.Apply(Json("""{"a":"x"}"""), doubling, limits));
        // The control: as many operations that do not double.
        JsonPatch.Apply(Json("""{"a":"x"}"""), [.. doubling.Select(op => op with { From = "/a" })], limits);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static ImmutableArray<PatchOperation> Patch(string patch) =>
        Assert.IsType<HookAnswer.Change>(JsonSerializer.Deserialize($$"""{"outcome":"patch","patch":{{patch}}}""", ContractJson.Default.HookAnswer)).Patch;
}
