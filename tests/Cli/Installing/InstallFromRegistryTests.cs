using System.Text.Json;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Tests.Installing;

/// <summary><c>plugin install</c>, <c>update</c> and what goes with them, as their user types them, from a registry.</summary>
public sealed class InstallFromRegistryTests : IDisposable
{
    private const string NeedsLines = """ "dependencies":{"acme.lines":"^1"} """;
    private const string ReadsPods = """ "permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]} """;
    private const string ReadsMore = """ "permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods","secrets"],"verbs":["get"]}]} """;

    private readonly LazyOc _lazyoc = new();
    private readonly TestRegistry _registry;

    public InstallFromRegistryTests() => _registry = new TestRegistry(_lazyoc);

    public void Dispose()
    {
        _registry.Dispose();
        _lazyoc.Dispose();
    }

    private async Task StartAsync(params PluginPackage[] packages)
    {
        await _registry.PublishAsync(packages);
        await _registry.AddAsync();
    }

    private async Task<string[]> InstalledAsync() =>
        [.. (await _lazyoc.JsonAsync("plugin", "list")).EnumerateArray().Select(row => $"{row.GetProperty("id")} {row.GetProperty("version")}")];

    private async Task<string> RefusedAsync(int exitCode, params string[] arguments)
    {
        var run = await _lazyoc.RunAsync(arguments);
        Assert.True(run.ExitCode == exitCode, $"{string.Join(' ', arguments)} ended with {run.ExitCode}\n{run.Output}\n{run.Error}");
        return run.Error;
    }

    /// <summary>What a LazyOC of this home starts, and what it says of the rest.</summary>
    private string[] Started(out List<string> warnings)
    {
        warnings = [];
        return [.. InstalledPlugins.Read(new PluginStore(_lazyoc.Home), warnings.Add).Select(plugin => $"{plugin.Manifest.Id} {plugin.Manifest.Version}")];
    }

    private int FilesBelow(string folder) => Directory.Exists(_lazyoc.PathOf(folder)) ? Directory.GetFiles(_lazyoc.PathOf(folder), "*", SearchOption.AllDirectories).Length : 0;

    [Fact]
    public async Task Install_Plugin_BringsWhatItNeedsSignedAndInOneSet()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", $"{NeedsLines},{ReadsPods}"), TestRegistry.Package("acme.lines", "1.0.0"), TestRegistry.Package("acme.lines", "1.3.0"), TestRegistry.Package("acme.lines", "2.0.0"));

        var report = await _lazyoc.JsonAsync("plugin", "install", "acme.demo", "--yes");

        Assert.Equal(1, report.GetProperty("generation").GetInt32());
        Assert.Equal(["acme.demo 1.0.0", "acme.lines 1.3.0"], await InstalledAsync());
        Assert.All(report.GetProperty("installed").EnumerateArray(), row => Assert.False(row.GetProperty("unsigned").GetBoolean()));
        Assert.Equal("acme.demo 1.0.0\n└─ acme.lines 1.3.0\n", await _lazyoc.OkAsync("plugin", "tree"));
        Assert.Equal("acme.demo 1.0.0 → acme.lines ^1.0.0 (1.3.0)\n", await _lazyoc.OkAsync("plugin", "why", "acme.lines"));
        Assert.Equal("acme.demo: already installed\n", await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes"));
        Assert.False(Directory.Exists(_lazyoc.PathOf("downloads")));
    }

    [Fact]
    public async Task DryRun_ShowsPermissionsAndDependenciesAndChangesNothing()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", ReadsPods), TestRegistry.Package("acme.lines", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.1.0", $"{NeedsLines},{ReadsMore}"));

        var lines = await _lazyoc.OkAsync("plugin", "update", "--dry-run");
        var plan = await _lazyoc.JsonAsync("plugin", "update", "--dry-run");

        Assert.Contains("~ acme.demo 1.0.0 → 1.1.0", lines, StringComparison.Ordinal);
        Assert.Contains("    + get pods and secrets in every namespace\n", lines, StringComparison.Ordinal);
        Assert.Contains("    + needs acme.lines ^1.0.0\n", lines, StringComparison.Ordinal);
        Assert.Contains("+ acme.lines 1.0.0", lines, StringComparison.Ordinal);
        Assert.Equal(["acme.demo", "acme.lines"], plan.GetProperty("install").EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        Assert.Equal(["acme.demo 1.0.0"], await InstalledAsync());
        Assert.Single((await _lazyoc.JsonAsync("plugin", "history")).EnumerateArray());
    }

    [Fact]
    public async Task Update_ThatAsksForMore_NeedsConsentAndOneThatDoesNotGoesAhead()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", ReadsMore));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.1", ReadsPods));
        await _lazyoc.OkAsync("plugin", "update");
        Assert.Equal(["acme.demo 1.0.1"], await InstalledAsync());
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.2", ReadsMore));

        var error = await RefusedAsync(3, "plugin", "update");

        Assert.Contains("Beyond what you granted before, it asks for:", error, StringComparison.Ordinal);
        Assert.Contains("get pods and secrets", error, StringComparison.Ordinal);
        Assert.Contains("hint: `--yes`", error, StringComparison.Ordinal);
        Assert.Equal(["acme.demo 1.0.1"], await InstalledAsync());
        await _lazyoc.OkAsync("plugin", "update", "--yes");
        Assert.Equal(["acme.demo 1.0.2"], await InstalledAsync());
    }

    [Fact]
    public async Task Auto_UpdatesWithinWhatIsAllowedAndNeverWidens()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"), TestRegistry.Package("acme.lines", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "acme.lines", "--yes");
        await _lazyoc.OkAsync("plugin", "auto", "acme.demo", "patch");
        await _lazyoc.OkAsync("plugin", "auto", "acme.lines", "all");
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.1.0"), TestRegistry.Package("acme.lines", "2.0.0", ReadsPods));

        var error = await RefusedAsync(3, "plugin", "update", "--auto");

        Assert.Contains("acme.demo 1.1.0 is not among what is updated automatically", error, StringComparison.Ordinal);
        Assert.Contains("consent is needed for acme.lines (acme.lines 2.0.0)", error, StringComparison.Ordinal);
        Assert.Equal(["acme.demo 1.0.0", "acme.lines 1.0.0"], await InstalledAsync());
        await _lazyoc.OkAsync("plugin", "auto", "acme.demo", "minor");
        await _registry.PublishAsync(TestRegistry.Package("acme.lines", "2.0.1"));
        await _lazyoc.OkAsync("plugin", "update", "--auto");
        Assert.Equal(["acme.demo 1.1.0", "acme.lines 2.0.1"], await InstalledAsync());
    }

    [Fact]
    public async Task Rollback_OfOneAndOfAll_GoesBackAndForth()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "2.0.0"), TestRegistry.Package("acme.lines", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "update", "--yes");
        await _lazyoc.OkAsync("plugin", "install", "acme.lines", "--yes");

        Assert.Equal("acme.demo is 1.0.0 again, in place of 2.0.0\n", await _lazyoc.OkAsync("plugin", "rollback", "acme.demo"));
        Assert.Equal(["acme.demo 1.0.0", "acme.lines 1.0.0"], await InstalledAsync());
        Assert.Equal("acme.demo is 2.0.0 again, in place of 1.0.0\nacme.lines 1.0.0 is uninstalled\n", await _lazyoc.OkAsync("plugin", "rollback", "--generation", "2"));
        Assert.Equal(["acme.demo 2.0.0"], await InstalledAsync());
        Assert.Contains("there is no set 99", await RefusedAsync(4, "plugin", "rollback", "--generation", "99"), StringComparison.Ordinal);
        var history = (await _lazyoc.JsonAsync("plugin", "history")).EnumerateArray().Select(row => $"{row.GetProperty("cause")}{(row.GetProperty("current").GetBoolean() ? " *" : "")}");
        Assert.Equal(["install acme.demo", "update *", "install acme.lines", "rollback acme.demo"], history);
        await _lazyoc.OkAsync("plugin", "gc", "--keep", "0");
        Assert.Single((await _lazyoc.JsonAsync("plugin", "history")).EnumerateArray());
        Assert.Single(Directory.GetDirectories(_lazyoc.PathOf("store")));
    }

    [Fact]
    public async Task Locked_InAnotherHome_GivesTheSameSetBitForBitOrFails()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", $"{NeedsLines},{ReadsPods}"), TestRegistry.Package("acme.lines", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        // What the team has taken away stays away.
        Assert.True(new PluginStore(_lazyoc.Home).SetGrant(PluginId.Parse("acme.demo"), PermissionSet.None, ["*"]).TryGet(out _, out _));
        await _registry.PublishAsync(TestRegistry.Package("acme.lines", "1.1.0"));
        using var other = new LazyOc();
        await other.OkAsync("registry", "add", _registry.Folder, "--key", _lazyoc.PathOf("root.pem"));
        var file = other.PathOf("team.lock");
        await File.WriteAllTextAsync(file, await _lazyoc.OkAsync("plugin", "lock"));

        await other.OkAsync("plugin", "install", "--locked", file, "--yes");

        Assert.Equal(Entries(await _lazyoc.OkAsync("plugin", "lock")), Entries(await other.OkAsync("plugin", "lock")));
        Assert.Contains("all of it is installed", await other.OkAsync("plugin", "install", "--locked", file), StringComparison.Ordinal);
        // What this user gave beyond the team's set is taken away again.
        Assert.True(new PluginStore(other.Home).SetGrant(PluginId.Parse("acme.demo"), Granted("acme.demo"), ["*"]).TryGet(out _, out _));
        await other.OkAsync("plugin", "install", "--locked", file, "--yes");
        Assert.Equal(Entries(await _lazyoc.OkAsync("plugin", "lock")), Entries(await other.OkAsync("plugin", "lock")));
        // One digit of a digest is another package.
        var digest = Entries(await File.ReadAllTextAsync(file))[1].Split(' ')[2];
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace(digest, digest[..^1] + (digest[^1] == '0' ? '1' : '0'), StringComparison.Ordinal));
        var refused = await other.RunAsync("plugin", "install", "--locked", file, "--yes");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("is another package than the lock file's", refused.Error, StringComparison.Ordinal);

        static string[] Entries(string text)
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.GetProperty("plugins").EnumerateArray().Select(entry => $"{entry.GetProperty("id")} {entry.GetProperty("version")} {entry.GetProperty("digest")} {entry.GetProperty("signer")} {entry.GetProperty("why")} {entry.GetProperty("grantDigest")}")];
        }
    }

    [Fact]
    public async Task Locked_PluginThatIsDisabledOrHeldToContexts_IsSoInAnotherHome()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", ReadsPods), TestRegistry.Package("acme.lines", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "acme.lines", "--yes");
        Assert.True(new PluginStore(_lazyoc.Home).SetGrant(PluginId.Parse("acme.demo"), Granted("acme.demo"), ["dev-*"]).TryGet(out _, out _));
        await _lazyoc.OkAsync("plugin", "disable", "acme.lines");
        using var other = new LazyOc();
        await other.OkAsync("registry", "add", _registry.Folder, "--key", _lazyoc.PathOf("root.pem"));
        await File.WriteAllTextAsync(other.PathOf("team.lock"), await _lazyoc.OkAsync("plugin", "lock"));

        await other.OkAsync("plugin", "install", "--locked", other.PathOf("team.lock"), "--yes");

        Assert.True(new PluginStore(other.Home).Current().TryGet(out var set, out _));
        Assert.Equal(["dev-*"], set.Find(PluginId.Parse("acme.demo"))!.Contexts.AsEnumerable());
        Assert.False(set.Find(PluginId.Parse("acme.lines"))!.Enabled);
    }

    [Fact]
    public async Task Install_PluginWhoseFilesAreDamaged_PutsThemBack()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        var main = Directory.GetFiles(_lazyoc.PathOf("store"), "main.js", SearchOption.AllDirectories).Single();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(main, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(main, "evil();");
        Assert.Empty(Started(out var warnings));
        Assert.Contains("install the plugin again", Assert.Single(warnings), StringComparison.Ordinal);

        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");

        Assert.Equal(["acme.demo 1.0.0"], Started(out _));
    }

    [Fact]
    public async Task Revoked_KeyOfWhatIsInstalled_KeepsItFromRunning()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        await _registry.RevokeAsync("the laptop was stolen");

        await _lazyoc.OkAsync("plugin", "outdated");

        Assert.Empty(Started(out var warnings));
        Assert.Contains("the key it is signed with is revoked: the laptop was stolen", Assert.Single(warnings), StringComparison.Ordinal);
        // A registry that keeps the keys back takes nothing back.
        File.Delete(Path.Combine(_registry.Folder, "v1", "publishers", "acme.json"));
        await _lazyoc.OkAsync("plugin", "outdated");
        Assert.Empty(Started(out _));
    }

    [Fact]
    public async Task AllowUnsigned_IsForFilesAndNotForWhatTheyNeedFromARegistry()
    {
        await StartAsync(TestRegistry.Package("acme.lines", "1.0.0"));
        var file = _lazyoc.PathOf("own.lzp");
        await File.WriteAllBytesAsync(file, TestRegistry.Package("own.demo", "1.0.0", NeedsLines).Bytes);
        var signatures = Directory.GetFiles(Path.Combine(_registry.Folder, "v1", "packages"), "*.dsse.json").Single();
        File.Move(signatures, signatures + ".away");

        Assert.Contains("is not signed", await RefusedAsync(3, "plugin", "install", file, "--allow-unsigned", "--yes"), StringComparison.Ordinal);

        File.Move(signatures + ".away", signatures);
        await _lazyoc.OkAsync("plugin", "install", file, "--allow-unsigned", "--yes");
        Assert.Equal(["acme.lines 1.0.0", "own.demo 1.0.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Update_ThatComesFromElsewhereThanBefore_NeedsConsent()
    {
        var package = TestRegistry.Package("acme.demo", "1.0.0");
        var file = _lazyoc.PathOf("demo.lzp");
        await File.WriteAllBytesAsync(file, package.Bytes);
        await File.WriteAllBytesAsync(file + ".dsse.json", Plugins.Packages.Signing.PackageSignatures.Write([_registry.Sign(package)]));
        await _lazyoc.OkAsync("plugin", "install", file, "--yes", "--fingerprint", _registry.Author.PublicKey.Id.Fingerprint);
        await StartAsync(package, TestRegistry.Package("acme.demo", "1.1.0"));

        Assert.Contains("before, it came from demo.lzp", await RefusedAsync(3, "plugin", "update"), StringComparison.Ordinal);

        await _lazyoc.OkAsync("plugin", "update", "--yes");
        // From where it comes now, the next one needs none.
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.2.0"));
        await _lazyoc.OkAsync("plugin", "update");
        Assert.Equal(["acme.demo 1.2.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Install_FileThatItsRegistryHasWithdrawn_IsRefused()
    {
        var package = TestRegistry.Package("acme.demo", "1.0.0");
        await StartAsync(package);
        var file = _lazyoc.PathOf("demo.lzp");
        await File.WriteAllBytesAsync(file, package.Bytes);
        _registry.Rewrite("acme.demo", line => line with { Kill = "it sends secrets away" });

        Assert.Contains("must not be installed: test has withdrawn it: it sends secrets away", await RefusedAsync(3, "plugin", "install", file, "--allow-unsigned", "--yes"), StringComparison.Ordinal);

        _registry.Rewrite("acme.demo", line => line with { Kill = null });
        await _lazyoc.OkAsync("plugin", "install", file, "--allow-unsigned", "--yes");
    }

    [Fact]
    public async Task Rollback_OfWhatWasAskedForSince_StaysAskedFor()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", NeedsLines), TestRegistry.Package("acme.lines", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        await _registry.PublishAsync(TestRegistry.Package("acme.lines", "1.1.0"));
        Assert.Contains("acme.lines 1.1.0 is installed", await _lazyoc.OkAsync("plugin", "install", "acme.lines", "--yes"), StringComparison.Ordinal);
        await _lazyoc.OkAsync("plugin", "rollback", "acme.lines");

        await _lazyoc.OkAsync("plugin", "uninstall", "acme.demo");

        Assert.Equal(["acme.lines 1.0.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Install_OfADependencyThatIsThere_SaysThatItIsAskedForNow()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", NeedsLines), TestRegistry.Package("acme.lines", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");

        Assert.Equal("= acme.lines is there because you ask for it\n", await _lazyoc.OkAsync("plugin", "install", "acme.lines", "--dry-run"));
        Assert.Equal("acme.lines is there because you ask for it\n", await _lazyoc.OkAsync("plugin", "install", "acme.lines", "--yes"));
    }

    [Fact]
    public async Task Install_VersionThatIsLookedAfterNoMore_SaysSo()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        _registry.Rewrite("acme.demo", line => line with { Deprecated = new Marketplace.Protocol.Deprecation { Reason = "I have no time", Successor = PluginId.Parse("acme.lines") } });

        Assert.Contains("is looked after no more: I have no time; acme.lines takes its place", await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegistryAdd_ManyAtOnce_LosesNone()
    {
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await File.WriteAllTextAsync(_lazyoc.PathOf("root.pem"), _registry.Root.PublicKey.ToPem());

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => _lazyoc.RunAsync("registry", "add", _registry.Folder, "--key", _lazyoc.PathOf("root.pem"), "--name", $"r{i}")));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
        Assert.Equal(4, (await _lazyoc.JsonAsync("registry", "list")).GetArrayLength());
    }

    private PermissionSet Granted(string id) => new PluginStore(_lazyoc.Home).OpenInstalled(PluginId.Parse(id)).TryGet(out var plugin, out _) ? plugin.Manifest.Permissions : throw new InvalidOperationException(id);

    [Fact]
    public async Task Install_SignedWithAnotherKeyThanBefore_IsToldLoudlyAndNeedsTheFingerprint()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        _registry.StealTheName();
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.1"));

        var error = await RefusedAsync(3, "plugin", "update", "--yes");

        Assert.Contains("!! acme.demo 1.0.1 is NOT signed with the key that the packages of acme were signed with before !!", error, StringComparison.Ordinal);
        Assert.Contains("this is what a stolen name looks like", error, StringComparison.Ordinal);
        Assert.Equal(["acme.demo 1.0.0"], await InstalledAsync());
        Assert.Equal(0, FilesBelow("downloads"));
        Assert.Contains("not signed with the key of that fingerprint", await RefusedAsync(3, "plugin", "update", "--yes", "--fingerprint", "0123-4567-89ab-cdef-0123-4567-89ab-cdef"), StringComparison.Ordinal);
        // With the fingerprint from the publisher it is the user's decision.
        await _lazyoc.OkAsync("plugin", "update", "--yes", "--fingerprint", _registry.Author.PublicKey.Id.Fingerprint);
        Assert.Equal(["acme.demo 1.0.1"], await InstalledAsync());
    }

    [Fact]
    public async Task Install_FileThatNoRegistryVouchesFor_NeedsTheFingerprintOnce()
    {
        var package = TestRegistry.Package("acme.demo", "1.0.0");
        var file = _lazyoc.PathOf("demo.lzp");
        await File.WriteAllBytesAsync(file, package.Bytes);
        await File.WriteAllBytesAsync(file + ".dsse.json", Plugins.Packages.Signing.PackageSignatures.Write([_registry.Sign(package)]));

        Assert.Contains("its key has to be trusted first", await RefusedAsync(3, "plugin", "install", file, "--yes"), StringComparison.Ordinal);
        await _lazyoc.OkAsync("plugin", "install", file, "--yes", "--fingerprint", _registry.Author.PublicKey.Id.Fingerprint);

        var next = TestRegistry.Package("acme.demo", "1.1.0");
        await File.WriteAllBytesAsync(file, next.Bytes);
        Assert.Contains("demo-1.1.0.lzp", await RefusedAsync(3, "plugin", "update", file), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file + ".dsse.json", Plugins.Packages.Signing.PackageSignatures.Write([_registry.Sign(next)]));
        await _lazyoc.OkAsync("plugin", "update", file);
        Assert.Equal(["acme.demo 1.1.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Killed_VersionThatIsInstalled_DoesNotRunAnyMoreInWhateverSet()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        _registry.Rewrite("acme.demo", line => line with { Kill = "it sends secrets away" });

        var rows = (await _lazyoc.JsonAsync("plugin", "outdated")).EnumerateArray().ToArray();

        Assert.Equal("must not run: it sends secrets away", Assert.Single(rows).GetProperty("remark").GetString());
        Assert.Empty(Started(out var warnings));
        Assert.Equal("acme.demo 1.0.0 is not started: test has withdrawn it: it sends secrets away", Assert.Single(warnings));
        Assert.Equal("it sends secrets away", Assert.Single((await _lazyoc.JsonAsync("plugin", "list")).EnumerateArray()).GetProperty("withdrawn").GetString());
        Assert.Contains("withdrawn", await _lazyoc.OkAsync("plugin", "list"), StringComparison.Ordinal);
        // Another version runs, and asking the registries once more does not open the way back.
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.1.0"));
        await _lazyoc.OkAsync("plugin", "update", "--yes");
        await _lazyoc.OkAsync("plugin", "outdated");
        Assert.Equal(["acme.demo 1.1.0"], Started(out _));
        Assert.Contains("acme.demo 1.0.0 does not run any more: test has withdrawn it: it sends secrets away", await RefusedAsync(3, "plugin", "rollback", "--generation", "1"), StringComparison.Ordinal);
        Assert.Contains("does not run any more", await RefusedAsync(3, "plugin", "rollback", "acme.demo"), StringComparison.Ordinal);
        Assert.Equal(["acme.demo 1.1.0"], await InstalledAsync());
        Assert.True(new PluginStore(_lazyoc.Home).SwitchBack(2, 1).TryGet(out _, out _));
        Assert.Empty(Started(out warnings));
        Assert.Contains("it sends secrets away", Assert.Single(warnings), StringComparison.Ordinal);
        // Nobody installs it again, here or elsewhere.
        using var other = new LazyOc();
        await other.OkAsync("registry", "add", _registry.Folder, "--key", _lazyoc.PathOf("root.pem"));
        var refused = await other.RunAsync("plugin", "install", "acme.demo@1.0.0", "--yes");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("is on the kill list (it sends secrets away)", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_FromARegistryThatFails_EndsAsUnavailableAndOneThatLiesAsRefused()
    {
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await File.WriteAllTextAsync(_lazyoc.PathOf("root.pem"), _registry.Root.PublicKey.ToPem());
        using var server = new FolderServer(_registry.Folder);
        await _lazyoc.OkAsync("registry", "add", server.Address, "--key", _lazyoc.PathOf("root.pem"));

        server.Answer = path => path.EndsWith(".lzp", StringComparison.Ordinal) ? 503 : null;
        Assert.Contains("fails: it answered 503", await RefusedAsync(5, "plugin", "install", "acme.demo", "--yes"), StringComparison.Ordinal);
        server.Answer = path => path.EndsWith(".lzp", StringComparison.Ordinal) ? 410 : null;
        Assert.Contains("was taken down", await RefusedAsync(3, "plugin", "install", "acme.demo", "--yes"), StringComparison.Ordinal);
        server.Answer = _ => null;
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
    }

    [Theory]
    [InlineData("yanked")]
    [InlineData("quarantined")]
    [InlineData("cooling")]
    public async Task Filtered_Version_IsNotInstalledAndSaysWhy(string how)
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"), TestRegistry.Package("acme.demo", "1.1.0"));
        _registry.Rewrite("acme.demo", line => line.Version.ToString() != "1.1.0" ? line : how switch
        {
            "yanked" => line with { Yanked = "loses data" },
            "quarantined" => line with { Quarantined = "under review" },
            _ => line with { CooldownHours = 72, Published = DateTimeOffset.UtcNow },
        });

        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        Assert.Equal(["acme.demo 1.0.0"], await InstalledAsync());
        var error = await RefusedAsync(3, "plugin", "install", "acme.demo@^1.1", "--yes");
        Assert.Contains(how switch { "yanked" => "is yanked (loses data)", "quarantined" => "is quarantined (under review)", _ => "is cooling down until" }, error, StringComparison.Ordinal);
        if (how != "cooling") return;
        await _lazyoc.OkAsync("plugin", "install", "acme.demo@^1.1", "--yes", "--no-cooldown");
        Assert.Equal(["acme.demo 1.1.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Uninstall_TakesWhatIsNotNeededAndRefusesWhatIs()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", NeedsLines), TestRegistry.Package("acme.lines", "1.0.0"));
        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        // No registry is asked for what is only taken out.
        Directory.Delete(_registry.Folder, recursive: true);

        Assert.Contains("acme.lines stays: acme.demo needs it", await RefusedAsync(3, "plugin", "uninstall", "acme.lines"), StringComparison.Ordinal);
        Assert.Equal("acme.demo 1.0.0 is uninstalled\nacme.lines 1.0.0 is uninstalled: nothing needs it any more\n", await _lazyoc.OkAsync("plugin", "uninstall", "acme.demo"));
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
        Assert.Equal(2, (await _lazyoc.RunAsync("plugin", "install", "no id")).ExitCode);
        Assert.Equal(2, (await _lazyoc.RunAsync("plugin", "install", "acme.demo@later")).ExitCode);
        Assert.Equal(4, (await _lazyoc.RunAsync("plugin", "install", "acme.demo", "--registry", "elsewhere")).ExitCode);
    }
}
