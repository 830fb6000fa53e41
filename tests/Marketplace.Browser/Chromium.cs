using Microsoft.Playwright;

namespace LazyOC.Marketplace.Browser.Tests;

/// <summary>The system's Chromium, one for all tests.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Why no browser can be used here; null when one can.</summary>
    public static string? WhyNot { get; } = Program is not null ? null : "no chromium on PATH: install Debian's package `chromium`";

    public static async Task<Chromium> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        // Chromium's own sandbox refuses to work for root.
        string[] arguments = Environment.UserName == "root" ? ["--no-sandbox"] : [];
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = arguments, Timeout = (float)Visitor.Patience.TotalMilliseconds }));
    }

    /// <summary>A browser profile of its own.</summary>
    /// <param name="site">Where the marketplace is.</param>
    /// <param name="look">How the pages are to look.</param>
    /// <param name="session">Cookies, as <see cref="Visitor.SessionAsync"/> gives them; null for somebody new.</param>
    /// <param name="hasScript">Whether scripts would run, if there were any.</param>
    public async Task<Visitor> VisitAsync(Uri site, Look look, string? session = null, bool hasScript = true)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = site.AbsoluteUri,
            ViewportSize = new() { Width = look.Width, Height = 800 },
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = hasScript,
            StorageState = session,
        });
        return await Visitor.OpenAsync(context, site);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>How pages are looked at.</summary>
/// <param name="Width">Of the window, in CSS pixels.</param>
/// <param name="IsDark">Whether dark colours are preferred.</param>
public sealed record Look(int Width, bool IsDark)
{
    public const int DesktopWidth = 1280;
    public const int PhoneWidth = 390;

    public static Look Desktop { get; } = new(DesktopWidth, false);

    public static Look Phone { get; } = new(PhoneWidth, false);

    public static IReadOnlyList<int> Widths { get; } = [DesktopWidth, PhoneWidth];
}

/// <summary>A test that needs Chromium; skipped, with what to install, where there is none.</summary>
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute(bool needsTerminal = false) => Skip = Chromium.WhyNot ?? (needsTerminal ? LazyOC.EndToEnd.Tests.Tmux.WhyNot : null);
}

/// <summary>The same for a test with data.</summary>
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Chromium.WhyNot;
}
