namespace LazyOC.EndToEnd.Tests;

/// <summary>A day in the full screen: moving, narrowing, reading.</summary>
[Collection(TerminalCollection.Screens)]
public sealed class ScreenTests : IAsyncLifetime
{
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [TmuxFact]
    public async Task List_MovedFilteredSortedAndMarked_ShowsWhatWasAskedFor()
    {
        await using var screen = await OpenAsync();
        await screen.SeeSelectedAsync("Pods ·", "cart-");
        await screen.PressAsync("j");
        var second = Name((await screen.SeeInAsync("Pods ·", $" 2 of {All}")).Panel("Pods ·")[2]);
        await screen.SeeInAsync("Pod ·", $"bookstore/{second}");
        await screen.PressAsync("G");
        await screen.SeeInAsync("Pods ·", $" {All} of {All}");
        await screen.PressAsync("g", "g");
        await screen.SeeInAsync("Pods ·", $" 1 of {All}");

        var catalog = _cluster.Store.List("v1", "Pod").Count(pod => ((string)pod["metadata"]!["name"]!).StartsWith("catalog-", StringComparison.Ordinal));
        await screen.FilterAsync("CATALOG-");
        var frame = await screen.SeeInAsync("Pods ·", $"1 of {catalog}, {All} in all");
        Assert.All(Rows(frame), row => Assert.Contains("catalog-", row, StringComparison.Ordinal));
        await screen.PressAsync("Space", "Space");
        await screen.SeeInAsync("Pods ·", "2 marked");

        // Escape leaves one thing at a time: the marks, the filter, and then there is nothing left.
        await screen.PressAsync("Escape");
        await screen.SeeAsync(f => !f.Text.Contains("marked", StringComparison.Ordinal) && f.BorderOf("Pods ·").Contains($"of {catalog},", StringComparison.Ordinal), "no marks under the filter");
        await screen.PressAsync("Escape");
        await screen.SeeInAsync("Pods ·", $"of {All} ");

        var storefront = _cluster.Store.List("v1", "Pod").Count(pod => ((string)pod["metadata"]!["name"]!).StartsWith("storefront-", StringComparison.Ordinal));
        await screen.FilterAsync("~strfrnt");
        Assert.All(Rows(await screen.SeeInAsync("Pods ·", $"of {storefront}, {All} in all")), row => Assert.Contains("storefront-", row, StringComparison.Ordinal));
        await screen.LeaveFilterAsync();
        await screen.FilterAsync("!Running");
        Assert.All(Rows(await screen.SeeInAsync("Pods ·", $"{All} in all")), row => Assert.DoesNotContain("Running", row, StringComparison.Ordinal));
        await screen.LeaveFilterAsync();
        await screen.FilterAsync("-l app=cart");
        Assert.All(Rows(await screen.SeeInAsync("Pods ·", "of 2")), row => Assert.Contains(" cart-", row, StringComparison.Ordinal));
        await screen.PressAsync("Escape");
        await screen.SeeInAsync("Pods ·", $"of {All} ");

        await SortAsync(screen, "STATUS");
        await screen.PressAsync("g", "g");
        await screen.SeeSelectedAsync("Pods ·", "Completed");
        await SortAsync(screen, "STATUS");
        await screen.PressAsync("g", "g");
        await screen.SeeSelectedAsync("Pods ·", "Running");

        // Zoom, and a small terminal: the focused panel has all of it.
        await screen.PressAsync("z");
        await screen.SeeAsync(f => f.Panel("Resources").Length == 0 && f.Panel("Pod ·").Length == 0 && f.Panel("Pods ·").Length > 30, "the list alone");
        await screen.PressAsync("Escape");
        await screen.SeeInAsync("Pod ·");
        await screen.Terminal.ResizeAsync(40, 12);
        frame = await screen.SeeAsync(f => f.Height <= 12 && f.Panel("Pods ·").Length is > 5 and < 12, "the list at 40x12");
        AssertFramed(frame, "Pods ·", 40);
        await screen.PressAsync("Enter");
        AssertFramed(await screen.SeeInAsync("Pod ·", "Name"), "Pod ·", 40);
        await screen.Terminal.ResizeAsync(200, 60);
        frame = await screen.SeeInAsync("Pods ·", "NODE", "RESTARTS");
        Assert.Equal(200, frame.AreaOf("Pods ·")!.Value.Left + frame.AreaOf("Pods ·")!.Value.Width + 1);
    }

    [TmuxFact]
    public async Task Details_TabsOfAPod_ShowYamlEventsAndLogsThatGoOn()
    {
        await using var screen = await OpenAsync();
        await screen.FilterAsync("recommendations");
        await screen.PressAsync("Enter");
        await screen.SeeInAsync("Pod ·", "[Overview]", "CrashLoopBackOff");
        await screen.PressAsync("]");
        await screen.SeeInAsync("Pod ·", "[YAML]", "apiVersion: v1", "kind: Pod");
        await screen.PressAsync("]");
        await screen.SeeInAsync("Pod ·", "[Events]", "BackOff");
        await screen.PressAsync("[");
        await screen.SeeInAsync("Pod ·", "[YAML]");
        await screen.PressAsync("Escape");
        await screen.LeaveFilterAsync();
        await screen.FilterAsync("storefront-k");
        await screen.PressAsync("l");
        await screen.SeeInAsync("Pod ·", "[Logs]", "● following", "HTTP/1.1");
        var last = LastLine(await screen.LookAsync());
        await screen.SeeAsync(f => LastLine(f) is { Length: > 0 } line && line != last, "a new line in the logs");
        await screen.PressAsync("f");
        await screen.SeeInAsync("Pod ·", "‖ stopped");
    }

    [TmuxFact]
    public async Task NamespaceContextThemeAndTab_Restarted_AreAsTheyWereLeft()
    {
        await using var screen = await OpenAsync();
        await screen.PressAsync("n");
        await screen.SeeInAsync("Projects", "bookstore-ci");
        await screen.TypeAsync("bookstore-ci");
        await screen.SeeSelectedAsync("Projects", "bookstore-ci");
        await screen.PressAsync("Enter");
        await screen.SeeAsync("project bookstore-ci", "Pods · bookstore-ci");
        await screen.OpenKindAsync("buildc", "BuildConfigs");
        await screen.SeeInAsync("BuildConfigs ·", "storefront");
        await screen.PressAsync("Y");
        await screen.SeeInAsync("BuildConfig ·", "[YAML]", "kind: BuildConfig");

        var dark = FirstLine(await screen.Terminal.ColoredScreenAsync());
        await screen.PressAsync("C");
        await screen.SeeInAsync("Themes", "light");
        await screen.TypeAsync("light");
        await screen.SeeSelectedAsync("Themes", "light");
        await screen.PressAsync("Enter");
        var light = "";
        // Twice the same: the terminal may be read in the midst of a frame.
        await screen.Terminal.WaitUntilAsync(async () => Colors(light) is var before && Colors(light = FirstLine(await screen.Terminal.ColoredScreenAsync())) != Colors(dark) && Colors(light) == before, "other colours");

        await screen.QuitAsync();
        await screen.StartAsync($"--kubeconfig {_cluster.Kubeconfig}");
        await screen.SeeInAsync("BuildConfig ·", "[YAML]", "kind: BuildConfig");
        await screen.SeeAsync("project bookstore-ci", "BuildConfigs · bookstore-ci");
        Assert.Contains(Colors(light), FirstLine(await screen.Terminal.ColoredScreenAsync()), StringComparison.Ordinal);

        // The other context is another user, and remembers its own place.
        await screen.PressAsync("c");
        await screen.SeeInAsync("Contexts", "simulated-developer");
        await screen.TypeAsync("developer");
        await screen.SeeSelectedAsync("Contexts", "simulated-developer");
        await screen.PressAsync("Enter");
        await screen.SeeAsync("context simulated-developer", "user developer", "Pods ·");
    }

    [TmuxFact]
    public async Task PaletteHelpAndMouse_LeadToWhatTheyName()
    {
        await using var screen = await OpenAsync();
        await screen.OpenKindAsync("deploy", "Deployments");
        await screen.SeeInAsync("Deployments ·", "checkout", "3/3");
        await screen.ClickAsync("Deployments ·", "checkout");
        await screen.SeeSelectedAsync("Deployments ·", "checkout");
        await screen.SeeInAsync("Deployment ·", "bookstore/checkout");
        await screen.ClickAsync("Resources", "ConfigMaps");
        await screen.SeeInAsync("ConfigMaps ·", "shop-settings");
        await screen.SeeSelectedAsync("Resources", "ConfigMaps");

        await screen.PressAsync("?");
        await screen.SeeInAsync("Keys", "Mark all that are shown");
        await screen.TypeAsync("theme");
        await screen.SeeInAsync("Keys", "Choose a theme");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("─ Keys ─");
        await screen.CommandAsync("Choose a theme");
        await screen.SeeInAsync("Themes", "high-contrast");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("─ Themes ─");
        await screen.QuitAsync();
        Assert.True(await screen.Terminal.IsPlainAsync());
    }

    private int All => _cluster.Store.List("v1", "Pod").Count;

    private Task<Screen> OpenAsync() => _cluster.OpenAsync();

    private static async Task SortAsync(Screen screen, string column)
    {
        await screen.PressAsync("o");
        await screen.SeeInAsync("Sort by", column);
        await screen.TypeAsync(column);
        await screen.SeeSelectedAsync("Sort by", column);
        await screen.PressAsync("Enter");
        await screen.SeeNoMoreAsync("─ Sort by ─");
    }

    private static IEnumerable<string> Rows(Frame frame) => frame.Panel("Pods ·").Skip(1).Where(line => line.Trim().Length > 0);

    private static string Name(string row) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries).First(word => word.Contains('-', StringComparison.Ordinal) && word.Length > 12);

    private static string LastLine(Frame frame) => frame.Panel("Pod ·").LastOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "";

    private static string FirstLine(string screen) => screen.Split('\n')[0];

    /// <summary>The colours that a line begins with.</summary>
    private static string Colors(string line) => line[..(line.IndexOf('m', StringComparison.Ordinal) + 1)];

    private static void AssertFramed(Frame frame, string panel, int width)
    {
        var (left, top, inner, height) = frame.AreaOf(panel)!.Value;
        Assert.Equal(width, inner + 2);
        for (var y = top; y < top + height; y++)
            Assert.Equal("│", frame[left - 1, y]);
    }
}
