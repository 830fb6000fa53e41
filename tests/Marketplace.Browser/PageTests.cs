using Microsoft.Playwright;

namespace LazyOC.Marketplace.Browser.Tests;

/// <summary>Every page in Chromium: on a desktop and on a phone, light and dark.</summary>
[Collection(SiteTests.Name)]
public sealed class PageTests(SiteFixture site)
{
    /// <summary>What a page may weigh with all that it loads, headers included.</summary>
    private const long MaxBytes = 150 * 1024;

    public static TheoryData<string> Pages => new(SitePage.All.Select(page => page.Name));

    [ChromiumTheory]
    [MemberData(nameof(Pages))]
    public async Task Page_InEveryLook_IsAccessibleLightAndFits(string name)
    {
        var page = SitePage.Named(name);

        var faults = await Task.WhenAll(Look.Widths.Select(width => FaultsAsync(page, width)));

        Assert.Empty(faults.SelectMany(found => found));
    }

    /// <summary>The control: axe, the width and the console do find what is wrong.</summary>
    [ChromiumFact]
    public async Task Page_ThatIsDamaged_IsFoundOut()
    {
        await using var visitor = await site.VisitAsync(Look.Phone);
        await visitor.GoAsync("");
        await visitor.Page.EvaluateAsync("""
            () => {
              document.body.insertAdjacentHTML("beforeend", "<img src='https://example.com/pixel.png'><p id='wide'>wide</p><input>");
              document.querySelector("#wide").style.width = "900px";
              document.querySelector(".lead").style.color = document.querySelector(".lead").style.backgroundColor = "#999";
            }
            """);

        var violations = await visitor.ViolationsAsync();

        foreach (var rule in new[] { "image-alt", "label", "region" }) Assert.Contains(violations, violation => violation.StartsWith(rule, StringComparison.Ordinal));
        Assert.True(await visitor.OverflowAsync() > 0);
        Assert.Contains(visitor.Errors, error => error.StartsWith("asks another site", StringComparison.Ordinal));
    }

    [ChromiumTheory]
    [MemberData(nameof(Pages))]
    public async Task Page_WithKeysOnly_IsGoneThroughInTheOrderOfItsText(string name)
    {
        var page = SitePage.Named(name);
        await using var visitor = await site.VisitAsync(Look.Desktop, page.Account);
        await visitor.GoAsync(page.Address);

        // First of all a way past the head of the page.
        await visitor.Page.Keyboard.PressAsync("Tab");
        var skip = await visitor.FocusAsync();
        Assert.Equal(("a #content", true), (skip?.Name, skip?.IsSeen));
        await visitor.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("content", await visitor.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        await visitor.Page.Keyboard.PressAsync("Shift+Tab");

        await visitor.GoAsync(page.Address);
        var places = new List<Focus>();
        await visitor.Page.Keyboard.PressAsync("Tab");
        while (await visitor.FocusAsync() is { } focus && (places.Count == 0 || focus.Order > places[^1].Order))
        {
            places.Add(focus);
            await visitor.Page.Keyboard.PressAsync("Tab");
        }

        Assert.All(places, place => Assert.True(place is { IsSeen: true, Outline: >= 2 }, place.ToString()));
        // All that can be used was come to: radio buttons of one name are one stop.
        var expected = await visitor.Page.EvaluateAsync<int>("""
            () => {
              const usable = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter((element) => element.checkVisibility({ visibilityProperty: true }));
              const groups = new Set(usable.filter((element) => element.type === "radio").map((element) => element.name));
              return usable.filter((element) => element.type !== "radio").length + groups.size;
            }
            """);
        Assert.Equal(expected, places.Count);
    }

    /// <summary>What is wrong with a page at a width, light and dark.</summary>
    private async Task<List<string>> FaultsAsync(SitePage page, int width)
    {
        await using var visitor = await site.VisitAsync(new Look(width, IsDark: false), page.Account);
        var faults = new List<string>();
        var status = await visitor.GoAsync(page.Address);
        if (status != page.Status) faults.Add($"its status is {status}");
        var bytes = await visitor.TransferredAsync();
        if (bytes is < 1 or > MaxBytes) faults.Add($"it weighs {bytes} bytes");
        foreach (var isDark in new[] { false, true })
        {
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light });
            await KeepPictureAsync(visitor, $"{page.Name.Replace(' ', '-')}-{width}-{(isDark ? "dark" : "light")}");
            var folded = await visitor.OverflowAsync();
            // Unfolded, too: what is in there is read as well.
            await visitor.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach((details) => details.open = true)");
            var unfolded = await visitor.OverflowAsync();
            if (folded != 0 || unfolded != 0) faults.Add($"it is {folded} pixels too wide, {unfolded} when it is unfolded");
            faults.AddRange((await visitor.ViolationsAsync()).Select(violation => $"{(isDark ? "dark" : "light")}: {violation}"));
            await visitor.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach((details) => details.open = false)");
        }
        // The browser itself writes about answers that are none of success.
        faults.AddRange(visitor.Errors.Where(error => page.Status == 200 || !error.Contains($"status of {page.Status}", StringComparison.Ordinal)));
        return [.. faults.Select(fault => $"{width}: {fault}")];
    }

    /// <summary>Keeps a picture of the page, where somebody wants to look at them all.</summary>
    private static async Task KeepPictureAsync(Visitor visitor, string name)
    {
        if (Environment.GetEnvironmentVariable("LAZYOC_TEST_PICTURES") is not { Length: > 0 } folder) return;
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
