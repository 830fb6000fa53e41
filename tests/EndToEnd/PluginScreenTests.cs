using LazyOC.Cli.Tests.Installing;

namespace LazyOC.EndToEnd.Tests;

/// <summary>The plugin that fills every extension point, in a screen that runs: it comes, is used, is swapped and goes.</summary>
[Collection(TerminalCollection.Plugins)]
public sealed class PluginScreenTests : IAsyncLifetime
{
    private const string Id = "acme.everything";

    private ClusterFixture _cluster = null!;
    private PluginDirectory _everything = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync();
        _everything = await PluginDirectory.TypeScriptAsync(_cluster.LazyOc.PathOf("everything"), "everything");
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [TmuxFact]
    public async Task InstallUpdateDisableUninstall_WhileTheScreenRuns_ComeAndGoEverywhere()
    {
        await using var screen = await OpenAsync();
        var before = await screen.LookAsync();
        Assert.DoesNotContain("WEIGHT", before.Text, StringComparison.Ordinal);

        await _cluster.LazyOc.OkAsync("plugin", "install", await _everything.PackAsync(_cluster.LazyOc), "--yes", "--allow-unsigned");
        await screen.SeeInAsync("Pods ·", "HOST", "WEIGHT", "420");
        await screen.SeeInAsync("Pod ·", " Everything ", " Faulty ", " Here ");
        await screen.SeeInAsync("Resources", "Dashboard", "Fixtures", "Everything");
        await screen.SeeAsync("ticks 0", "key `G` of plugin Everything");
        Assert.DoesNotContain("Nowhere", (await screen.LookAsync()).Text, StringComparison.Ordinal);

        // A section of the overview, a key, a command, a card, a page and a theme.
        await screen.PressAsync("Enter", "z");
        await screen.SeeInAsync("Pod ·", "Note on recommendations-");
        await screen.PressAsync("z", "C-t");
        await screen.SeeAsync("ticks 1");
        await screen.CommandAsync("Everything: tick");
        await screen.SeeAsync("ticks 2");
        await screen.ClickAsync("Resources", "Dashboard");
        await screen.SeeAsync("─ Dashboard", "Ticks");
        await screen.ClickAsync("Resources", "  Everything");
        await screen.SeeInAsync("Everything · Everything", "about a page", "ticks 2");
        await screen.PressAsync("C");
        await screen.SeeInAsync("Themes", "Dusk");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("─ Themes ─");

        // Another version takes over what the one before knew, in the view that is open.
        await _cluster.LazyOc.OkAsync("plugin", "update", await _everything.With("version", "\"1.1.0\"").PackAsync(_cluster.LazyOc), "--yes", "--allow-unsigned");
        await screen.PressAsync("C-t");
        await screen.SeeInAsync("Everything · Everything", "about a page", "ticks 3");

        await _cluster.LazyOc.OkAsync("plugin", "disable", Id);
        await screen.SeeAsync(frame => !frame.Text.Contains("Everything", StringComparison.Ordinal) && !frame.Text.Contains("ticks", StringComparison.Ordinal) && frame.Panel("Pods ·").Length > 0, "the list without the plugin");
        Assert.DoesNotContain("WEIGHT", (await screen.LookAsync()).Text, StringComparison.Ordinal);
        await _cluster.LazyOc.OkAsync("plugin", "enable", Id);
        await screen.SeeInAsync("Pods ·", "WEIGHT");
        await _cluster.LazyOc.OkAsync("plugin", "uninstall", Id);
        await screen.SeeAsync(frame => !frame.Text.Contains("WEIGHT", StringComparison.Ordinal) && !frame.Text.Contains("ticks", StringComparison.Ordinal), "the plugin's end");
    }

    [TmuxFact]
    public async Task ActionsAndQuestions_OfAPlugin_AreAskedInItsNameAndDoneOnlyAfterAYes()
    {
        await InstallAsync();
        await using var screen = await OpenAsync();
        var pod = (string)_cluster.Store.List("v1", "Pod", "bookstore").Single(p => ((string)p["metadata"]!["name"]!).StartsWith("recommendations-", StringComparison.Ordinal))["metadata"]!["name"]!;

        await ActAsync(screen, "Greet");
        await screen.SeeAsync($"Hello {pod}"[..30]);
        await screen.PressAsync("F7");
        await screen.SeeInAsync("Run an action on pod", "asked by plugin Everything (acme.everything)", "Extra weight");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("═ Run an action");

        // The plugin's own word is wanted, then the host asks; escape does nothing.
        foreach (var (answer, isDone) in new[] { ("Escape", false), ("Enter", false), ("y", true) })
        {
            await ActAsync(screen, "Remove");
            await screen.SeeInAsync("Run an action on pod", "asked by plugin Everything", "simulated · bookstore · recommendations-");
            await screen.TypeAsync("remove");
            await screen.PressAsync("Enter");
            await screen.SeeInAsync("A plugin asks: run an action on pod", "asked by plugin Everything (acme.everything)", "namespace  bookstore", "context    simulated", "▸ Cancel");
            Assert.NotNull(_cluster.Store.Get("v1", "Pod", "bookstore", pod));
            await screen.PressAsync(answer);
            await screen.SeeNoMoreAsync("A plugin asks");
            if (!isDone)
                Assert.NotNull(_cluster.Store.Get("v1", "Pod", "bookstore", pod));
        }
        await screen.SeeAsync(_ => _cluster.Store.Get("v1", "Pod", "bookstore", pod) is not { } left || left["metadata"]!["deletionTimestamp"] is not null, "the pod's end");

        // What the plugin asks by itself.
        await screen.CommandAsync("Everything: ask");
        await screen.SeeInAsync("A plugin asks", "Everything (acme.everything)", "Shall Everything ask?");
        await AnswerAsync(screen, "Shall Everything ask?", "n");
        await screen.SeeAsync("Not asked");
        await screen.CommandAsync("Everything: ask");
        await screen.SeeInAsync("A plugin asks", "Shall Everything ask?");
        await AnswerAsync(screen, "Shall Everything ask?", "y");
        await screen.SeeAsync("Who is it?");
        await AnswerAsync(screen, "Who is it?", "Escape");
        await screen.SeeAsync("Nobody");
    }

    [TmuxFact]
    public async Task ViewOperatedByKeysAndMouse_AnswersAndAFaultStaysInItsPlace()
    {
        await InstallAsync();
        await using var screen = await OpenAsync();
        await screen.PressAsync("Enter");
        await screen.SeeInAsync("Pod ·", " Everything ");
        await ShowTabAsync(screen, "Everything");
        await screen.SeeInAsync("Pod ·", "Everything about recommendations-", "ticks 0", "日本語");
        await screen.PressAsync("Right");
        await screen.SeeInAsync("Pod ·", "▌Numbers▐", "Sparkline", "two fifths");
        await screen.PressAsync("Right");
        await screen.SeeInAsync("Pod ·", "▌Input▐", "[ Tick ]");

        await screen.PressAsync("C-n");
        await screen.SeeInAsync("Pod ·", "▌ Tick ▐");
        await screen.PressAsync("Enter");
        await screen.SeeInAsync("Pod ·", "ticks 1");
        await screen.ClickAsync("Pod ·", "[ Keep ]");
        await screen.SeeInAsync("Pod ·", "▌ Keep ▐");
        await screen.ClickAsync("Pod ·", "[ ! Remove ]");
        await screen.SeeInAsync("A plugin asks", "▏ Remove", "▸ Cancel");
        await screen.PressAsync("y");
        await screen.SeeInAsync("Pod ·", "Said: remove pressed");

        // A form: what is wrong is told in it, what is right is sent.
        await screen.ClickAsync("Pod ·", "[ Order ]");
        await screen.SeeInAsync("Pod ·", "Said: remove pressed", "Name *", "must be filled in");
        await screen.ClickAsync("Pod ·", "Name *");
        await screen.TypeAsync("ada");
        await screen.SeeAsync(frame => frame.Panel("Pod ·").Any(line => line.Contains("Name *  ada", StringComparison.Ordinal)) && !frame.Text.Contains("must be filled in", StringComparison.Ordinal), "a form without a mistake");
        await screen.ClickAsync("Pod ·", "[ Order ]");
        await screen.SeeInAsync("Pod ·", "Said: name=ada count=3 size=s fast=true");

        // A table's action on a row, and a tree.
        await screen.ClickAsync("Pod ·", " Lists ");
        await screen.SeeInAsync("Pod ·", "▌Lists▐", "item ");
        await screen.PressAsync("C-n");
        await screen.PressAsync("R");
        await screen.SeeInAsync("Pod ·", "Said: raise on row-");

        await ShowTabAsync(screen, "Faulty");
        await screen.SeeInAsync("Pod ·", "acme.everything", "faulty on purpose", "plugin.ts:");
        await ShowTabAsync(screen, "Here");
        await screen.SeeAsync(frame => frame.Panel("Pod ·").Any(line => line.Trim() == "here"), "the next tab");
        await screen.SeeInAsync("Pods ·", "WEIGHT");
    }

    [TmuxFact]
    public async Task Start_WithAPluginThatItsRegistryHasWithdrawnSince_EndsItInTheRunningScreen()
    {
        using var registry = new TestRegistry(_cluster.LazyOc);
        await registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await registry.AddAsync();
        await _cluster.LazyOc.OkAsync("plugin", "install", "acme.demo", "--yes");
        await using (var before = await OpenAsync())
        {
            await before.PressAsync("P");
            await before.SeeAsync("acme.demo", "● active");
        }
        registry.Rewrite("acme.demo", line => line with { Kill = "it sends secrets away" });

        await using var screen = await _cluster.OpenAsync("--view pods", width: 160, height: 48);
        await screen.PressAsync("P");
        await screen.SeeAsync("─ Plugins ─");
        await screen.SeeAsync("✗ withdrawn", "test has withdrawn it: it sends secrets away");

        Assert.Equal("it sends secrets away", Assert.Single((await _cluster.LazyOc.JsonAsync("plugin", "list")).EnumerateArray()).GetProperty("withdrawn").GetString());
    }

    [TmuxFact]
    public async Task Start_WithAPluginOfWhichThereIsALaterVersion_SaysSoAndChangesNothing()
    {
        using var registry = new TestRegistry(_cluster.LazyOc);
        await registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await registry.AddAsync();
        await _cluster.LazyOc.OkAsync("plugin", "install", "acme.demo", "--yes");
        await registry.PublishAsync(TestRegistry.Package("acme.demo", "1.1.0"));

        await using var screen = await _cluster.OpenAsync("--view pods", width: 160, height: 48);
        await screen.SeeAsync("acme.demo has an update", "`lazyoc plugin update`");
        await screen.PressAsync("P");
        await screen.SeeAsync("1.0.0 → 1.1.0", "● active");

        Assert.Equal("1.0.0", Assert.Single((await _cluster.LazyOc.JsonAsync("plugin", "list")).EnumerateArray()).GetProperty("version").GetString());
    }

    [TmuxFact]
    public async Task PluginsScreen_InstallsAfterConsentShowsWhatHappenedAndUninstalls()
    {
        var package = await _everything.PackAsync(_cluster.LazyOc);
        await using var screen = await OpenAsync();
        await screen.PressAsync("P");
        await screen.SeeAsync("─ Plugins ─");

        // What is signed badly is not asked about.
        await File.WriteAllTextAsync(package + ".dsse.json", "{}");
        await screen.PressAsync("i");
        await screen.SeeInAsync("Install a plugin", "Package");
        await screen.TypeAsync(package);
        await screen.PressAsync("Enter");
        await screen.SeeAsync("Cannot read the package", ".dsse.json");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("Cannot read the package");
        File.Delete(package + ".dsse.json");

        foreach (var isGiven in new[] { false, true })
        {
            await screen.PressAsync("i");
            await screen.SeeInAsync("Install a plugin", "Package");
            await screen.TypeAsync(package);
            await screen.PressAsync("Enter");
            await screen.SeeInAsync("Install a plugin?", "plugin Everything (acme.everything)", "Unsigned", "delete pods in every namespace", "▸ No");
            Assert.Empty((await _cluster.LazyOc.JsonAsync("plugin", "list")).EnumerateArray());
            await screen.PressAsync(isGiven ? "y" : "Enter");
            await screen.SeeAsync(isGiven ? "● active" : "is not installed");
        }
        Assert.Single((await _cluster.LazyOc.JsonAsync("plugin", "list")).EnumerateArray());

        await screen.PressAsync("Enter", "]");
        await screen.SeeAsync("[Permissions]", "You granted that it may", "weighs pods, and deletes those you choose");
        await screen.PressAsync("]");
        await screen.SeeAsync("[Activity]");
        await screen.PressAsync("]");
        await screen.SeeAsync("[Log]");
        await screen.PressAsync("]");
        await screen.SeeAsync("[Audit]", "plugin.active", "activated");

        await screen.PressAsync("x");
        await screen.SeeInAsync("Uninstall plugin acme.everything?", "▸ Cancel");
        await screen.PressAsync("Enter");
        await screen.SeeNoMoreAsync("Uninstall plugin");
        Assert.Single((await _cluster.LazyOc.JsonAsync("plugin", "list")).EnumerateArray());
        await screen.PressAsync("x");
        await screen.SeeInAsync("Uninstall plugin acme.everything?");
        await screen.PressAsync("y");
        await screen.SeeNoMoreAsync("● active");
        Assert.Empty((await _cluster.LazyOc.JsonAsync("plugin", "list")).EnumerateArray());
    }

    private async Task<Screen> OpenAsync()
    {
        var screen = await _cluster.OpenAsync("--view pods", width: 160, height: 48);
        await screen.FilterAsync("recommendations");
        await screen.SeeInAsync("Pod ·", "recommendations-");
        return screen;
    }

    private async Task InstallAsync() => await _cluster.LazyOc.OkAsync("plugin", "install", await _everything.PackAsync(_cluster.LazyOc), "--yes", "--allow-unsigned");

    private static async Task ActAsync(Screen screen, string action)
    {
        await screen.PressAsync("a");
        await screen.SeeInAsync("Commands", "Copy the name");
        await screen.TypeAsync(action);
        await screen.SeeSelectedAsync("Commands", action);
        await screen.PressAsync("Enter");
    }

    /// <summary>Answers what a plugin asks of its own accord, which hears no key until nobody has typed for a moment.</summary>
    private static async Task AnswerAsync(Screen screen, string question, string key)
    {
        var pressed = 0L;
        await screen.Terminal.WaitUntilAsync(
            async () =>
            {
                if (!(await screen.LookAsync()).Text.Contains(question, StringComparison.Ordinal))
                    return true;
                if (pressed != 0 && System.Diagnostics.Stopwatch.GetElapsedTime(pressed) < TimeSpan.FromSeconds(1.5))
                    return false;
                await screen.PressAsync(key);
                pressed = System.Diagnostics.Stopwatch.GetTimestamp();
                return false;
            },
            $"the end of `{question}`");
    }

    private static async Task ShowTabAsync(Screen screen, string title)
    {
        for (var i = 0; i < 10 && !string.Join('\n', (await screen.LookAsync()).Panel("Pod ·")).Contains($"[{title}]", StringComparison.Ordinal); i++)
        {
            var shown = (await screen.LookAsync()).Panel("Pod ·")[0];
            await screen.PressAsync("]");
            await screen.SeeAsync(frame => frame.Panel("Pod ·") is [var tabs, ..] && tabs != shown, "the next tab");
        }
    }
}
