using System.Text;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Tests.Views;

public sealed class ViewPatchTests
{
    private static readonly ViewNode Root = Read("""
        {"type":"stack","id":"root","children":[
          {"type":"badge","id":"a","label":"a"},
          {"type":"columns","children":[{"type":"badge","id":"b","label":"b"}]},
          {"type":"tabs","children":[{"title":"T","content":{"type":"stack","children":[{"type":"badge","id":"c","label":"c"}]}}]}]}
        """);

    private static ViewNode Read(string json) => ViewReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var view, out var problems) ? view : throw new InvalidOperationException(Problem.Join(problems));

    private static ViewPatch Patch(string id, string label, string? newId = null) => new() { Id = id, Node = new ViewNode.Badge { Label = label, Id = newId } };

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("c")]
    public void Apply_NodeAnywhere_IsReplacedAndTheRestShared(string id)
    {
        Assert.True(ViewPatch.Apply(Root, [Patch(id, "new")]).TryGet(out var patched, out _));

        var children = Assert.IsType<ViewNode.Stack>(patched).Children;
        var before = ((ViewNode.Stack)Root).Children;
        Assert.Equal(1, children.Zip(before).Count(pair => !ReferenceEquals(pair.First, pair.Second)));
        // The id stays, so that it can be patched again.
        Assert.True(ViewPatch.Apply(patched, [Patch(id, "newer")]).TryGet(out _, out _));
    }

    [Fact]
    public void Apply_Root_IsReplaced()
    {
        Assert.True(ViewPatch.Apply(Root, [Patch("root", "new")]).TryGet(out var patched, out _));
        Assert.Equal("new", Assert.IsType<ViewNode.Badge>(patched).Label);
    }

    [Fact]
    public void Apply_OneUnknownId_AppliesNothing()
    {
        Assert.False(ViewPatch.Apply(Root, [Patch("a", "new"), Patch("x", "new")]).TryGet(out _, out var problems));
        Assert.Equal("`patches[1].id` is `x`, which no node of the view has", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Apply_OneAfterTheOther_SeesWhatCameBefore()
    {
        Assert.True(ViewPatch.Apply(Root, [Patch("a", "new", "z"), Patch("z", "newer")]).TryGet(out var patched, out _));
        Assert.Equal("newer", Assert.IsType<ViewNode.Badge>(((ViewNode.Stack)patched).Children[0]).Label);
        Assert.False(ViewPatch.Apply(patched, [Patch("a", "new")]).TryGet(out _, out _));
    }
}
