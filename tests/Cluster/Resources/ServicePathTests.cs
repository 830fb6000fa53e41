using LazyOC.Cluster.Resources;

namespace LazyOC.Cluster.Tests.Resources;

public sealed class ServicePathTests
{
    [Theory]
    [InlineData("/", "")]
    [InlineData("/a/b/", "a/b/")]
    [InlineData("/a b?c#d", "a%20b%3Fc%23d")]
    [InlineData("/%2e%2e/%2F", "%252e%252e/%252F")]
    [InlineData("/..\\x", "..%5Cx")]
    [InlineData("/é😀", "%C3%A9%F0%9F%98%80")]
    public void TryEscape_Path_IsEscapedBySegment(string path, string expected)
    {
        Assert.True(ServicePath.TryEscape(path, out var escaped, out _));

        Assert.Equal(expected, escaped);
        // What .NET makes of it on the way keeps it below the prefix.
        Assert.Equal($"/prefix/{expected}", new Uri($"https://server/prefix/{escaped}").AbsolutePath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("//")]
    [InlineData("/a//b")]
    [InlineData("/..")]
    [InlineData("/../")]
    [InlineData("/a/./b")]
    [InlineData("/a\nb")]
    public void TryEscape_PathThatIsNone_SaysWhy(string path)
    {
        Assert.False(ServicePath.TryEscape(path, out _, out var problem));

        Assert.NotEmpty(problem);
    }

    [Fact]
    public void TryEscape_HalfACharacter_SaysWhy() => Assert.False(ServicePath.TryEscape("/\ud800", out _, out _));
}
