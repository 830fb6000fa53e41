using System.Diagnostics;

namespace LazyOC.EndToEnd.Tests;

/// <summary>Plugins come and go in a LazyOC that somebody looks at.</summary>
public sealed class LivePluginTests : IDisposable
{
    private const string Id = "acme.probe";

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [TmuxFact]
    public async Task InstallUpdateDisableUninstall_TakeEffectInARunningLazyOc()
    {
        await using var tmux = await OpenAsync();

        Assert.Matches(@"running LazyOC \(pid \d+\): started 1\.0\.0", await _lazyoc.OkAsync("plugin", "install", await ProbeAsync("1.0.0", "probe one"), "--yes", "--allow-unsigned", "--demo"));
        await tmux.WaitForAsync("probe one 1");

        var updated = await _lazyoc.JsonAsync("plugin", "update", await ProbeAsync("1.1.0", "probe two"), "--demo", "--allow-unsigned");
        Assert.Equal("swapped 1.0.0 → 1.1.0", updated.GetProperty("running")[0].GetProperty("changes")[0].GetProperty("what").GetString());
        // The count is the plugin's state.
        await tmux.WaitForAsync("probe two 2");

        Assert.Contains("stopped 1.1.0", await _lazyoc.OkAsync("plugin", "disable", Id, "--demo"));
        await tmux.WaitForAsync(screen => !screen.Contains("probe two", StringComparison.Ordinal), "the end of the plugin");
        Assert.Contains("started 1.1.0", await _lazyoc.OkAsync("plugin", "enable", Id, "--demo"));
        await tmux.WaitForAsync("probe two 1");
        Assert.Contains("stopped 1.1.0", await _lazyoc.OkAsync("plugin", "uninstall", Id, "--demo"));
        await tmux.WaitForAsync(screen => !screen.Contains("probe two", StringComparison.Ordinal), "the end of the plugin");
        await CloseAsync(tmux);
    }

    [TmuxFact]
    public async Task Update_ThatCannotTakeOver_LeavesTheInstalledVersionEverywhere()
    {
        await using var tmux = await OpenAsync();
        await _lazyoc.OkAsync("plugin", "install", await ProbeAsync("1.0.0", "probe one"), "--yes", "--allow-unsigned", "--demo");
        await tmux.WaitForAsync("probe one 1");

        var run = await _lazyoc.RunAsync("plugin", "update", await ProbeAsync("2.0.0", "probe two", hydrate: "throw new Error('no such thing');"), "--demo", "--allow-unsigned");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no such thing", run.Error);
        Assert.Contains("hint:", run.Error);
        Assert.Equal("1.0.0", (await _lazyoc.JsonAsync("plugin", "list", "--demo")).EnumerateArray().Single(row => row.GetProperty("id").GetString() == Id).GetProperty("version").GetString());
        Assert.Contains("probe one 1", await tmux.ScreenAsync());
        await CloseAsync(tmux);
    }

    [TmuxFact]
    public async Task Top_WithARunningLazyOc_TellsItsPlugins()
    {
        await using var tmux = await OpenAsync();
        await _lazyoc.OkAsync("plugin", "install", await ProbeAsync("1.0.0", "probe one"), "--yes", "--allow-unsigned", "--demo");
        await tmux.WaitForAsync("probe one 1");

        var rows = await _lazyoc.JsonAsync("plugin", "top", "--demo");

        var probe = rows.EnumerateArray().Single(row => row.GetProperty("plugin").GetProperty("id").GetString() == Id).GetProperty("plugin");
        Assert.Equal("Active", probe.GetProperty("state").GetString());
        Assert.True(probe.GetProperty("account").GetProperty("memoryBytes").GetInt64() > 0);
        Assert.Contains(Id, await _lazyoc.OkAsync("plugin", "top", "--demo"));
        await _lazyoc.OkAsync("plugin", "logs", Id, "--demo");
        await CloseAsync(tmux);
    }

    [Fact]
    public async Task Top_WithNoneRunning_SaysSo()
    {
        var run = await _lazyoc.RunAsync("plugin", "top", "--demo");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains("hint:", run.Error);
    }

    [TmuxFact]
    public async Task Dev_SavedSource_IsSwappedInAndGoesWhenDevelopmentEnds()
    {
        await using var tmux = await OpenAsync();
        await _lazyoc.OkAsync("plugin", "install", await ProbeAsync("1.0.0", "installed"), "--yes", "--allow-unsigned", "--demo");
        await tmux.WaitForAsync("installed 1");
        var source = _lazyoc.PathOf("probe-1.0.0");
        File.WriteAllText(Path.Combine(source, "plugin.js"), Code("developed"));

        using var dev = _lazyoc.Start("plugin", "dev", source, "--demo");
        var told = dev.StandardOutput.ReadToEndAsync();
        try
        {
            await tmux.WaitForAsync("developed 2");
            File.WriteAllText(Path.Combine(source, "plugin.js"), Code("saved"));
            await tmux.WaitForAsync("saved 3");

            // What is wrong with it leaves the latest good one.
            File.WriteAllText(Path.Combine(source, "plugin.js"), "this is no JavaScript");
            await tmux.WaitUntilAsync(() => Task.FromResult(File.Exists(AuditOf("plugin.swap-failed"))), "the refusal in the audit");
            Assert.Contains("saved 3", await tmux.ScreenAsync());
            File.WriteAllText(Path.Combine(source, "plugin.js"), Code("mended"));
            await tmux.WaitForAsync("mended 4");

            using var interrupt = Process.Start("kill", ["-INT", $"{dev.Id}"]);
            await dev.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        }
        finally
        {
            if (!dev.HasExited) dev.Kill(entireProcessTree: true);
        }
        Assert.Equal(0, dev.ExitCode);
        Assert.Contains("swapped", await told);
        await tmux.WaitForAsync("installed 5");
        await CloseAsync(tmux);
    }

    /// <summary>The audit file that has a call, if any has.</summary>
    private string? AuditOf(string call) =>
        Directory.EnumerateFiles(_lazyoc.PathOf("demo/audit")).FirstOrDefault(file =>
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Contains(call, StringComparison.Ordinal);
        });

    private async Task<Tmux> OpenAsync()
    {
        var tmux = await Tmux.StartAsync(_lazyoc, width: 160, height: 40);
        await tmux.CommandAsync($"{LazyOc.Program} --demo");
        await tmux.WaitForAsync("pods");
        await tmux.WaitUntilAsync(async () => (await _lazyoc.RunAsync("plugin", "top", "--demo", "--output", "json")).ExitCode == 0, "the control socket");
        return tmux;
    }

    // What still runs would write into the home while it is removed.
    private static async Task CloseAsync(Tmux tmux)
    {
        await tmux.SignalAsync("TERM");
        await tmux.WaitUntilAsync(async () => await tmux.ProgramAsync() is null, "the end of LazyOC");
    }

    /// <summary>A plugin that shows its name and how many instances of it there have been, handed on from one to the next.</summary>
    private Task<string> ProbeAsync(string version, string name, string body = "", string hydrate = "") =>
        PluginDirectory.JavaScript(_lazyoc.PathOf($"probe-{version}"), Id, Code(name, body, hydrate))
            .With("version", $"\"{version}\"")
            .With("activation", """["onStartup"]""")
            .With("contributes", $$"""{"statusItems":[{"id":"{{Id}}.item","title":"Probe"}]}""")
            .PackAsync(_lazyoc);

    private static string Code(string name, string body = "", string hydrate = "") => $$"""
        let instances = 1;
        const show = () => lazyoc.call("ui.status", { item: "{{Id}}.item", text: `{{name}} ${instances}`, style: "plain" });
        lazyoc.on("activate", async () => { {{body}} await show(); });
        lazyoc.on("dehydrate", () => ({ state: instances }));
        lazyoc.on("hydrate", async ({ state }) => { {{hydrate}} instances = state + 1; await show(); });
        """;
}
