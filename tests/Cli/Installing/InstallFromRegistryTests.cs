using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Tests.Installing;

/// <summary><c>plugin install</c>, <c>update</c> and what goes with them, as their user types them, from a registry.</summary>
public sealed class InstallFromRegistryTests : RegistryTests
{
    [Fact]
    public async Task Install_Plugin_BringsWhatItNeedsSignedAndInOneSet()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", $"{NeedsLines},{ReadsPods}"), TestRegistry.Package("acme.lines", "1.0.0"), TestRegistry.Package("acme.lines", "1.3.0"), TestRegistry.Package("acme.lines", "2.0.0"));

        var report = await User.JsonAsync("plugin", "install", "acme.demo", "--yes");

        Assert.Equal(1, report.GetProperty("generation").GetInt32());
        Assert.Equal(["acme.demo 1.0.0", "acme.lines 1.3.0"], await InstalledAsync());
        Assert.All(report.GetProperty("installed").EnumerateArray(), row => Assert.False(row.GetProperty("unsigned").GetBoolean()));
        Assert.Equal("acme.demo 1.0.0\n└─ acme.lines 1.3.0\n", await User.OkAsync("plugin", "tree"));
        Assert.Equal("acme.demo 1.0.0 → acme.lines ^1.0.0 (1.3.0)\n", await User.OkAsync("plugin", "why", "acme.lines"));
        Assert.Equal("acme.demo: already installed\n", await User.OkAsync("plugin", "install", "acme.demo", "--yes"));
        Assert.False(Directory.Exists(User.PathOf("downloads")));
    }

    [Fact]
    public async Task DryRun_ShowsPermissionsAndDependenciesAndChangesNothing()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", ReadsPods), TestRegistry.Package("acme.lines", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.1.0", $"{NeedsLines},{ReadsMore}"));

        var lines = await User.OkAsync("plugin", "update", "--dry-run");
        var plan = await User.JsonAsync("plugin", "update", "--dry-run");

        Assert.Contains("~ acme.demo 1.0.0 → 1.1.0", lines, StringComparison.Ordinal);
        Assert.Contains("    + get pods and secrets in every namespace\n", lines, StringComparison.Ordinal);
        Assert.Contains("    + needs acme.lines ^1.0.0\n", lines, StringComparison.Ordinal);
        Assert.Contains("+ acme.lines 1.0.0", lines, StringComparison.Ordinal);
        Assert.Equal(["acme.demo", "acme.lines"], plan.GetProperty("install").EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        Assert.Equal(["acme.demo 1.0.0"], await InstalledAsync());
        Assert.Single((await User.JsonAsync("plugin", "history")).EnumerateArray());
    }

    [Fact]
    public async Task Update_ThatAsksForMore_NeedsConsentAndOneThatDoesNotGoesAhead()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", ReadsMore));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.1", ReadsPods));
        await User.OkAsync("plugin", "update");
        Assert.Equal(["acme.demo 1.0.1"], await InstalledAsync());
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.2", ReadsMore));

        var error = await RefusedAsync(3, "plugin", "update");

        Assert.Contains("Beyond what you granted before, it asks for:", error, StringComparison.Ordinal);
        Assert.Contains("get pods and secrets", error, StringComparison.Ordinal);
        Assert.Contains("hint: `--yes`", error, StringComparison.Ordinal);
        Assert.Equal(["acme.demo 1.0.1"], await InstalledAsync());
        await User.OkAsync("plugin", "update", "--yes");
        Assert.Equal(["acme.demo 1.0.2"], await InstalledAsync());
    }

    [Fact]
    public async Task Auto_UpdatesWithinWhatIsAllowedAndNeverWidens()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"), TestRegistry.Package("acme.lines", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "acme.lines", "--yes");
        await User.OkAsync("plugin", "auto", "acme.demo", "patch");
        await User.OkAsync("plugin", "auto", "acme.lines", "all");
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.1.0"), TestRegistry.Package("acme.lines", "2.0.0", ReadsPods));

        var error = await RefusedAsync(3, "plugin", "update", "--auto");

        Assert.Contains("acme.demo 1.1.0 is not among what is updated automatically", error, StringComparison.Ordinal);
        Assert.Contains("consent is needed for acme.lines (acme.lines 2.0.0)", error, StringComparison.Ordinal);
        Assert.Equal(["acme.demo 1.0.0", "acme.lines 1.0.0"], await InstalledAsync());
        await User.OkAsync("plugin", "auto", "acme.demo", "minor");
        await Registry.PublishAsync(TestRegistry.Package("acme.lines", "2.0.1"));
        await User.OkAsync("plugin", "update", "--auto");
        Assert.Equal(["acme.demo 1.1.0", "acme.lines 2.0.1"], await InstalledAsync());
    }

    [Fact]
    public async Task Rollback_OfOneAndOfAll_GoesBackAndForth()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "2.0.0"), TestRegistry.Package("acme.lines", "1.0.0"));
        await User.OkAsync("plugin", "update", "--yes");
        await User.OkAsync("plugin", "install", "acme.lines", "--yes");

        Assert.Equal("acme.demo is 1.0.0 again, in place of 2.0.0\n", await User.OkAsync("plugin", "rollback", "acme.demo"));
        Assert.Equal(["acme.demo 1.0.0", "acme.lines 1.0.0"], await InstalledAsync());
        Assert.Equal("acme.demo is 2.0.0 again, in place of 1.0.0\nacme.lines 1.0.0 is uninstalled\n", await User.OkAsync("plugin", "rollback", "--generation", "2"));
        Assert.Equal(["acme.demo 2.0.0"], await InstalledAsync());
        Assert.Contains("there is no set 99", await RefusedAsync(4, "plugin", "rollback", "--generation", "99"), StringComparison.Ordinal);
        var history = (await User.JsonAsync("plugin", "history")).EnumerateArray().Select(row => $"{row.GetProperty("cause")}{(row.GetProperty("current").GetBoolean() ? " *" : "")}");
        Assert.Equal(["install acme.demo", "update *", "install acme.lines", "rollback acme.demo"], history);
        await User.OkAsync("plugin", "gc", "--keep", "0");
        Assert.Single((await User.JsonAsync("plugin", "history")).EnumerateArray());
        Assert.Single(Directory.GetDirectories(User.PathOf("store")));
    }

    [Fact]
    public async Task Rollback_OfWhatWasAskedForSince_StaysAskedFor()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", NeedsLines), TestRegistry.Package("acme.lines", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        await Registry.PublishAsync(TestRegistry.Package("acme.lines", "1.1.0"));
        Assert.Contains("acme.lines 1.1.0 is installed", await User.OkAsync("plugin", "install", "acme.lines", "--yes"), StringComparison.Ordinal);
        await User.OkAsync("plugin", "rollback", "acme.lines");

        await User.OkAsync("plugin", "uninstall", "acme.demo");

        Assert.Equal(["acme.lines 1.0.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Install_OfADependencyThatIsThere_SaysThatItIsAskedForNow()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", NeedsLines), TestRegistry.Package("acme.lines", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");

        Assert.Equal("= acme.lines is there because you ask for it\n", await User.OkAsync("plugin", "install", "acme.lines", "--dry-run"));
        Assert.Equal("acme.lines is there because you ask for it\n", await User.OkAsync("plugin", "install", "acme.lines", "--yes"));
    }

    [Fact]
    public async Task Install_VersionThatIsLookedAfterNoMore_SaysSo()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        Registry.Rewrite("acme.demo", line => line with { Deprecated = new Marketplace.Protocol.Deprecation { Reason = "I have no time", Successor = PluginId.Parse("acme.lines") } });

        Assert.Contains("is looked after no more: I have no time; acme.lines takes its place", await User.OkAsync("plugin", "install", "acme.demo", "--yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegistryAdd_ManyAtOnce_LosesNone()
    {
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await File.WriteAllTextAsync(User.PathOf("root.pem"), Registry.Root.PublicKey.ToPem());

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => User.RunAsync("registry", "add", Registry.Folder, "--key", User.PathOf("root.pem"), "--name", $"r{i}")));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
        Assert.Equal(4, (await User.JsonAsync("registry", "list")).GetArrayLength());
    }

    [Fact]
    public async Task Install_FromARegistryThatFails_EndsAsUnavailableAndOneThatLiesAsRefused()
    {
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await File.WriteAllTextAsync(User.PathOf("root.pem"), Registry.Root.PublicKey.ToPem());
        using var server = new FolderServer(Registry.Folder);
        await User.OkAsync("registry", "add", server.Address, "--key", User.PathOf("root.pem"));

        server.Answer = path => path.EndsWith(".lzp", StringComparison.Ordinal) ? 503 : null;
        Assert.Contains("fails: it answered 503", await RefusedAsync(5, "plugin", "install", "acme.demo", "--yes"), StringComparison.Ordinal);
        server.Answer = path => path.EndsWith(".lzp", StringComparison.Ordinal) ? 410 : null;
        Assert.Contains("was taken down", await RefusedAsync(3, "plugin", "install", "acme.demo", "--yes"), StringComparison.Ordinal);
        server.Answer = _ => null;
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
    }

    [Theory]
    [InlineData("yanked")]
    [InlineData("quarantined")]
    [InlineData("cooling")]
    public async Task Filtered_Version_IsNotInstalledAndSaysWhy(string how)
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"), TestRegistry.Package("acme.demo", "1.1.0"));
        Registry.Rewrite("acme.demo", line => line.Version.ToString() != "1.1.0" ? line : how switch
        {
            "yanked" => line with { Yanked = "loses data" },
            "quarantined" => line with { Quarantined = "under review" },
            _ => line with { CooldownHours = 72, Published = DateTimeOffset.UtcNow },
        });

        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        Assert.Equal(["acme.demo 1.0.0"], await InstalledAsync());
        var error = await RefusedAsync(3, "plugin", "install", "acme.demo@^1.1", "--yes");
        Assert.Contains(how switch { "yanked" => "is yanked (loses data)", "quarantined" => "is quarantined (under review)", _ => "is cooling down until" }, error, StringComparison.Ordinal);
        if (how != "cooling") return;
        await User.OkAsync("plugin", "install", "acme.demo@^1.1", "--yes", "--no-cooldown");
        Assert.Equal(["acme.demo 1.1.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Uninstall_TakesWhatIsNotNeededAndRefusesWhatIs()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", NeedsLines), TestRegistry.Package("acme.lines", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        // No registry is asked for what is only taken out.
        Directory.Delete(Registry.Folder, recursive: true);

        Assert.Contains("acme.lines stays: acme.demo needs it", await RefusedAsync(3, "plugin", "uninstall", "acme.lines"), StringComparison.Ordinal);
        Assert.Equal("acme.demo 1.0.0 is uninstalled\nacme.lines 1.0.0 is uninstalled: nothing needs it any more\n", await User.OkAsync("plugin", "uninstall", "acme.demo"));
        Assert.Empty(await InstalledAsync());
    }

    [Fact]
    public async Task Install_WhatCannotBe_ExplainsAndHasAHint()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", NeedsLines), TestRegistry.Package("acme.lines", "2.0.0"));

        var error = await RefusedAsync(3, "plugin", "install", "acme.demo");

        Assert.Contains("acme.lines", error, StringComparison.Ordinal);
        Assert.Contains("hint:", error, StringComparison.Ordinal);
        Assert.Contains("`other.thing` is wanted (you ask for it), but no registry knows it", await RefusedAsync(3, "plugin", "install", "other.thing"), StringComparison.Ordinal);
        Assert.Equal(2, (await User.RunAsync("plugin", "install", "no id")).ExitCode);
        Assert.Equal(2, (await User.RunAsync("plugin", "install", "acme.demo@later")).ExitCode);
        Assert.Equal(4, (await User.RunAsync("plugin", "install", "acme.demo", "--registry", "elsewhere")).ExitCode);
    }
}
