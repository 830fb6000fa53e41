using LazyOC.Marketplace.Web;
using LazyOC.Plugins.Contracts;
using Markdig;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>Markdown of strangers.</summary>
public sealed class SafeMarkdownTests
{
    private static readonly Digest Package = Digest.Of("a package"u8);

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script")]
    [InlineData("text <img src=x onerror=alert(1)> text", "<img")]
    [InlineData("<div style=\"position:fixed\">x</div>", "<div")]
    [InlineData("<svg onload=alert(1)>", "<svg")]
    [InlineData("[x](javascript:alert(1))", "href=\"javascript")]
    [InlineData("<javascript:alert(1)>", "href=\"javascript")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)", "href=\"data")]
    [InlineData("[x]: javascript:alert(1)\n\n[x]", "href=\"javascript")]
    [InlineData("![x](http://192.0.2.1/pixel.png)", "<img")]
    public void Render_OfWhatDoesSomething_ShowsItAsText(string markdown, string danger)
    {
        var html = SafeMarkdown.Render(markdown).Value;

        Assert.DoesNotContain(danger, html, StringComparison.OrdinalIgnoreCase);
        // Without the guard, the danger is there.
        Assert.Contains(danger, Markdown.ToHtml(markdown), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](java&#115;cript:alert(1))")]
    [InlineData("[x](&#x6A;avascript:alert(1))")]
    [InlineData("[x](vbscript:msgbox)")]
    [InlineData("[x](//evil.example/)")]
    [InlineData("[x](/sign-out)")]
    [InlineData("[x](file:///etc/passwd)")]
    [InlineData("![x](/portal)")]
    [InlineData("![x](data:image/svg+xml;base64,AAAA)")]
    public void Render_OfAnAddressThatIsNotAllowed_KeepsTheWordsOnly(string markdown) => Assert.Equal("<p>x</p>\n", SafeMarkdown.Render(markdown).Value);

    [Theory]
    [InlineData("[x](https://example.org/a?b=c&d)", "<a href=\"https://example.org/a?b=c&amp;d\" rel=\"nofollow ugc noopener noreferrer\">x</a>")]
    [InlineData("[x](mailto:a@example.org)", "<a href=\"mailto:a@example.org\"")]
    [InlineData("see https://example.org/", "<a href=\"https://example.org/\"")]
    [InlineData("![a picture](https://example.org/p.png)", "<img src=\"https://example.org/p.png\" loading=\"lazy\" alt=\"a picture\" />")]
    [InlineData("# Title", "<h3>Title</h3>")]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |", "<table tabindex=\"0\">")]
    [InlineData("- [x] done\n- [ ] open", ">☑ done</li>\n<li class=\"task-list-item\">☐ open</li>")]
    [InlineData("```js\n<b>\n```", "&lt;b&gt;")]
    public void Render_OfWhatIsHarmless_ShowsIt(string markdown, string expected) => Assert.Contains(expected, SafeMarkdown.Render(markdown).Value, StringComparison.Ordinal);

    [Theory]
    [InlineData("![x](screens/board.png)", "screens/board.png")]
    [InlineData("![x](./a%20b.SVG)", "a%20b.SVG")]
    public void Render_OfAPictureInThePackage_ShowsIt(string markdown, string path)
    {
        Assert.Contains($"<img src=\"/pictures/{Package}/{path}\"", SafeMarkdown.Render(markdown, Package).Value, StringComparison.Ordinal);
        // The control: without a package there is none to show.
        Assert.Equal("<p>x</p>\n", SafeMarkdown.Render(markdown).Value);
    }

    [Theory]
    [InlineData("![x](../other/board.png)")]
    [InlineData("![x](screens/%2e%2e/%2e%2e/portal.png)")]
    [InlineData("![x](/portal.png)")]
    [InlineData("![x](//evil.example/board.png)")]
    [InlineData("![x](screens/board.html)")]
    [InlineData("![x](board.png?a=b)")]
    [InlineData("![x](data:image/svg+xml;base64,AAAA.svg)")]
    [InlineData("[x](screens/board.png)")]
    public void Render_OfWhatIsNoPictureInThePackage_KeepsTheWordsOnly(string markdown) => Assert.Equal("<p>x</p>\n", SafeMarkdown.Render(markdown, Package).Value);

    /// <summary>Those who hear a page go from heading to heading by their levels.</summary>
    [Theory]
    [InlineData("# a\n## b\n# c", "3 4 3")]
    [InlineData("### a\n# b", "3 3")]
    [InlineData("# a\n#### b\n## c\n### d", "3 4 4 5")]
    [InlineData("# a\n## b\n### c\n#### d\n##### e\n###### f", "3 4 5 6 6 6")]
    public void Render_OfHeadings_LeavesNoLevelOut(string markdown, string expected)
    {
        var html = SafeMarkdown.Render(markdown).Value;

        Assert.Equal(expected, string.Join(' ', html.Split("<h").Skip(1).Select(part => part[0])));
    }

    [Fact]
    public void Render_OfWhatIsNestedTooDeeply_ShowsTheText() => Assert.StartsWith("<pre>&gt;", SafeMarkdown.Render(new string('>', 20_000)).Value, StringComparison.Ordinal);

    [Fact]
    public void Render_OfALongText_ShowsItsBeginning() => Assert.InRange(SafeMarkdown.Render(new string('a', SafeMarkdown.MaxChars * 3)).Value.Length, SafeMarkdown.MaxChars, SafeMarkdown.MaxChars + 100);
}
