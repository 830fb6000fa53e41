namespace LazyOC.Marketplace.Browser.Tests;

/// <summary>A picture out of a package that has a script in it.</summary>
[Collection(SiteTests.Name)]
public sealed class PictureTests(SiteFixture site)
{
    private const string Ran = "() => document.documentElement.getAttribute('data-ran')";

    [ChromiumFact]
    public async Task Picture_WithAScript_IsShownAndRunsNothing()
    {
        await using var visitor = await site.VisitAsync(Look.Desktop);
        await visitor.GoAsync($"plugins/{SiteFixture.Plugin}");
        var picture = visitor.Page.Locator(".prose img");
        await picture.ScrollIntoViewIfNeededAsync();
        await visitor.Page.WaitForFunctionAsync("() => document.querySelector('.prose img').naturalWidth === 560");
        Assert.Empty(visitor.Errors);

        // Opened by itself, it is a document.
        Assert.Equal(200, await visitor.GoAsync((await picture.GetAttributeAsync("src"))![1..]));

        Assert.Equal("svg", await visitor.Page.EvaluateAsync<string>("() => document.documentElement.localName"));
        Assert.Null(await visitor.Page.EvaluateAsync<string?>(Ran));
        Assert.Contains(visitor.Errors, error => error.Contains("script", StringComparison.OrdinalIgnoreCase));
        // The control: it does run where nothing forbids it.
        await visitor.Page.GotoAsync($"data:image/svg+xml;base64,{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(SiteFixture.Picture))}");
        Assert.Equal("yes", await visitor.Page.EvaluateAsync<string?>(Ran));
    }
}
