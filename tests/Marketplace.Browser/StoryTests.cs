using System.Diagnostics;
using LazyOC.Cli.Tests.Markets;
using LazyOC.EndToEnd.Tests;
using Microsoft.Playwright;
using static LazyOC.Cli.Tests.Markets.StoryAuthor;

namespace LazyOC.Marketplace.Browser.Tests;

/// <summary>
/// From an account to a hidden review, by browser: without scripts, and by keys wherever a page is used. An author, a user in
/// another home with a terminal, a moderator, and a real server with all its checks.
/// </summary>
public sealed class StoryTests : IDisposable
{
    private const string PluginPath = $"plugins/{Id}";
    private const string PortalPath = "portal/publishers/acme";
    private const string Opinion = "It counts my pods.";

    private readonly LazyOc _server = new();
    private readonly StoryAuthor _author = new();
    private readonly LazyOc _user = new();

    public void Dispose()
    {
        _server.Dispose();
        _author.Dispose();
        _user.Dispose();
    }

    [ChromiumFact(needsTerminal: true)]
    public async Task Story_FromAnAccountToAHiddenReview()
    {
        await using var market = await MarketServerProcess.StartAsync(_server, "--no-cooldown");
        await using var chromium = await Chromium.StartAsync();
        await using var anna = await VisitAsync(Look.Desktop);
        await using var bert = await VisitAsync(Look.Phone);
        await using var mona = await VisitAsync(Look.Desktop);

        // An account, a publisher, a key, and a token for the build.
        await RegisterAsync(anna, "anna", "portal");
        await anna.TypeAsync("Name", "acme");
        await anna.TypeAsync("What people see", "Acme Corp");
        await anna.PressAsync("Make it");
        Assert.Contains("you are owner", await anna.TextAsync(), StringComparison.Ordinal);
        await _author.NewKeyAsync();
        await anna.TypeAsync("Public key, PEM", await _author.Home.OkAsync("keys", "export", "default"));
        await anna.TypeAsync("What you call it", "laptop");
        await anna.PressAsync("Add it");
        Assert.Contains("in use", await anna.TextAsync(), StringComparison.Ordinal);
        var build = await TokenAsync(anna, "ci", "publish", "acme.*");

        // The first version is uploaded on the page. What the checks find is shown, and then everybody can have it.
        var first = await PackAsync("1.0.0", ReadsPods, "pods");
        await anna.GoAsync(PortalPath);
        await anna.Page.Locator("#package").SetInputFilesAsync(first);
        await anna.Page.Locator("#signatures").SetInputFilesAsync(first + ".dsse.json");
        await anna.PressAsync("Publish");
        await SeeAsync(anna, PortalPath, $"{Id} 1.0.0 live");
        Assert.DoesNotContain("hold", await anna.Page.Locator(".checks").AllInnerTextsAsync());

        // Somebody with a phone finds it, and may not review what he has not installed.
        await RegisterAsync(bert, "bert", "");
        await bert.TypeAsync("Search plugins", "pods");
        await bert.FollowAsync(() => bert.Page.Keyboard.PressAsync("Enter"));
        await bert.PressAsync(bert.Page.GetByRole(AriaRole.Link, new() { Name = "Demo", Exact = true }));
        var page = await bert.TextAsync();
        foreach (var text in new[] { $"lazyoc plugin install {Id}", "List pods in every namespace", "javascript" }) Assert.Contains(text, page, StringComparison.Ordinal);
        await ReviewAsync(bert);
        Assert.Contains("only who has installed", await bert.TextAsync(), StringComparison.OrdinalIgnoreCase);

        // He installs it at home with a token of his, and it runs on his screen.
        var read = await TokenAsync(bert, "home", null, "*");
        await AddRegistryAsync(_user);
        await RunAsync(_user, 0, read, "registry", "login", "market");
        Assert.Contains(Id, await _user.OkAsync("plugin", "search", "pods", "--registry", market.Address), StringComparison.Ordinal);
        await _user.OkAsync("plugin", "install", Id, "--registry", market.Address, "--yes");
        await using var cluster = await SimulateAsync();
        await using var terminal = await Tmux.StartAsync(_user, width: 160);
        await terminal.CommandAsync($"{LazyOc.Program} --kubeconfig {_user.PathOf("kubeconfig")}");
        await terminal.WaitForAsync("demo 1.0.0 counts");

        // Now he may say what he thinks, and its author answers.
        await bert.GoAsync(PluginPath);
        await ReviewAsync(bert);
        Assert.Contains(Opinion, await bert.TextAsync(), StringComparison.Ordinal);
        await anna.GoAsync(PluginPath);
        await UnfoldAsync(anna, "Reply");
        await anna.TypeAsync("Your reply, for everybody to read", "Thank you!");
        await anna.PressAsync("Reply");
        Assert.Contains("Thank you!", await anna.TextAsync(), StringComparison.Ordinal);

        // The build publishes an update that asks for more: the page shows what, and the client waits.
        await AddRegistryAsync(_author.Home);
        await RunAsync(_author.Home, 0, build, "registry", "login", "market");
        Assert.Contains($"{Id} 1.1.0: live", await _author.Home.OkAsync("plugin", "publish", await PackAsync("1.1.0", ReadsMore, "pods", "configmaps")), StringComparison.Ordinal);
        await bert.GoAsync(PluginPath);
        await bert.PressAsync("Compare");
        var difference = await bert.Page.Locator("#compare .added").InnerTextAsync();
        Assert.Contains("configmaps", difference, StringComparison.Ordinal);
        Assert.Contains("Beyond what you granted before", (await RunAsync(_user, 3, "", "plugin", "update")).Error, StringComparison.Ordinal);
        Assert.Contains("demo 1.0.0 counts", await terminal.ScreenAsync(), StringComparison.Ordinal);
        await _user.OkAsync("plugin", "update", "--yes");
        await terminal.WaitForAsync("demo 1.1.0 counts");

        // Withdrawn by its author: nobody gets it anew, and who has it keeps it and is told.
        await anna.GoAsync(PortalPath);
        var latest = anna.Page.Locator("article", new() { HasText = $"{Id} 1.1.0" });
        await anna.TabToAsync(latest.Locator("summary", new() { HasText = "Withdraw" }));
        await anna.Page.Keyboard.PressAsync("Enter");
        await anna.TabToAsync(latest.Locator("input[name=reason]"));
        await anna.Page.Keyboard.TypeAsync("counts wrongly");
        await anna.PressAsync(latest.GetByRole(AriaRole.Button, new() { Name = "Yank it", Exact = true }));
        await bert.GoAsync(PluginPath);
        Assert.Contains("counts wrongly", await bert.Page.Locator("#versions").InnerTextAsync(), StringComparison.Ordinal);
        using (var other = new LazyOc())
        {
            await AddRegistryAsync(other);
            Assert.Contains("counts wrongly", (await RunAsync(other, 3, "", "plugin", "install", $"{Id}@1.1.0", "--registry", market.Address, "--yes")).Error, StringComparison.Ordinal);
        }
        Assert.Contains("withdrawn: counts wrongly", await _user.OkAsync("plugin", "outdated"), StringComparison.Ordinal);
        Assert.Contains("demo 1.1.0 counts", await terminal.ScreenAsync(), StringComparison.Ordinal);

        // A report, and a moderator who hides the review.
        await anna.GoAsync(PluginPath);
        await UnfoldAsync(anna, "Report");
        await anna.TypeAsync("Why should a moderator look at it?", "is about another plugin");
        await anna.PressAsync("Report it");
        await RegisterAsync(mona, "mona", "");
        await SiteKeeper.GiveRoleAsync(_server, "mona", "moderator");
        await mona.GoAsync("moderation");
        Assert.Contains("is about another plugin", await mona.TextAsync(), StringComparison.Ordinal);
        await UnfoldAsync(mona, "Hide");
        await mona.TypeAsync("Why it is hidden; its author reads that", "is off topic");
        await mona.PressAsync("Hide it");
        await using (var stranger = await VisitAsync(Look.Phone))
        {
            await stranger.GoAsync(PluginPath);
            Assert.DoesNotContain(Opinion, await stranger.TextAsync(), StringComparison.Ordinal);
        }
        await bert.GoAsync(PluginPath);
        Assert.Contains("is off topic", await bert.TextAsync(), StringComparison.Ordinal);

        // Everything that was fetched is counted, and shown to its author: one person, two versions.
        await SeeAsync(anna, PluginPath, "2 installs");
        await SeeAsync(anna, PortalPath, "2 installs");
        foreach (var visitor in new[] { anna, bert, mona }) Assert.DoesNotContain(visitor.Errors, error => !error.Contains("status of 403", StringComparison.Ordinal));
        await terminal.SignalAsync("TERM");
        await terminal.WaitUntilAsync(async () => await terminal.ProgramAsync() is null, "the end of LazyOC");

        Task<Visitor> VisitAsync(Look look) => chromium.VisitAsync(new Uri(market.Address), look, hasScript: false);

        Task<string> AddRegistryAsync(LazyOc home) => home.OkAsync("registry", "add", market.Address, "--fingerprint", market.Fingerprint, "--name", "market");
    }

    private static async Task RegisterAsync(Visitor visitor, string name, string then)
    {
        await visitor.GoAsync($"register?return=%2F{then}");
        await visitor.TypeAsync("Name", name);
        await visitor.TypeAsync("Password", Password);
        await visitor.FollowAsync(() => visitor.Page.Keyboard.PressAsync("Enter"));
    }

    /// <summary>Makes a token on the page, which shows it once; one that is good for reading, and for more when it is asked.</summary>
    private static async Task<string> TokenAsync(Visitor visitor, string name, string? scope, string plugins)
    {
        await visitor.GoAsync("portal/tokens");
        await visitor.TypeAsync("Name", name);
        if (scope is not null)
        {
            await visitor.TabToAsync(visitor.Page.GetByLabel(scope, new() { Exact = true }));
            await visitor.Page.Keyboard.PressAsync("Space");
        }
        // What a field holds is selected when the tabulator leads there, so it is written over.
        await visitor.TypeAsync("Plugins", plugins);
        await visitor.PressAsync("Make it");
        var token = (await visitor.Page.Locator(".note.good pre").InnerTextAsync()).Trim();
        Assert.StartsWith("lzt_", token, StringComparison.Ordinal);
        return token;
    }

    private static async Task ReviewAsync(Visitor visitor)
    {
        await visitor.TabToAsync(visitor.Page.Locator("input[name=stars]").First);
        await visitor.Page.Keyboard.PressAsync("ArrowLeft"); // from the first to the last
        await visitor.TypeAsync("What do you think of it?", Opinion);
        await visitor.PressAsync("Publish the review");
    }

    private static async Task UnfoldAsync(Visitor visitor, string summary)
    {
        await visitor.TabToAsync(visitor.Page.Locator("summary", new() { HasText = summary }).First);
        await visitor.Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Loads a page until it shows a text, whatever blanks are between its words.</summary>
    private static async Task SeeAsync(Visitor visitor, string address, string text)
    {
        var started = Stopwatch.GetTimestamp();
        string shown;
        do
        {
            Assert.Equal(200, await visitor.GoAsync(address));
            shown = string.Join(' ', (await visitor.TextAsync()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (shown.Contains(text, StringComparison.Ordinal)) return;
            await Task.Delay(250);
        }
        while (Stopwatch.GetElapsedTime(started) < Visitor.Patience);
        Assert.Fail($"`{text}` did not come on {address}, which shows:\n{shown}");
    }

    /// <summary>The plugin shows which version of it counts, so that the terminal tells.</summary>
    private Task<string> PackAsync(string version, string permissions, params string[] resources)
    {
        var item = $"{Id}.item";
        return _author.PackAsync(version, $$"""{{permissions}},"contributes":{"statusItems":[{"id":"{{item}}","title":"Demo"}]}""", $$"""
            lazyoc.on("activate", async () => {
              {{string.Join("\n  ", resources.Select(resource => $$"""await lazyoc.call("kubernetes.list", { resource: "{{resource}}" });"""))}}
              await lazyoc.call("ui.status", { item: "{{item}}", text: "demo {{version}} counts", style: "plain" });
            });
            """);
    }

    /// <summary>A cluster for the user's screen, until it is disposed.</summary>
    private async Task<RunningProgram> SimulateAsync()
    {
        var cluster = new RunningProgram(_user.Start("simulate", "--write-kubeconfig", _user.PathOf("kubeconfig")));
        using var patience = new CancellationTokenSource(Visitor.Patience);
        // The file is written before it says where it is.
        Assert.Contains("simulated cluster at", await cluster.Process.StandardError.ReadLineAsync(patience.Token), StringComparison.Ordinal);
        return cluster;
    }

    private sealed record RunningProgram(Process Process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Process.Kill(entireProcessTree: true);
            await Process.WaitForExitAsync();
            Process.Dispose();
        }
    }
}
