using System.Text.Json;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Tests.Installing;

/// <summary>Who vouches for what is installed: signatures, withdrawn versions, lock files and damaged files.</summary>
public sealed class TrustedInstallTests : RegistryTests
{
    [Fact]
    public async Task Locked_InAnotherHome_GivesTheSameSetBitForBitOrFails()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0", $"{NeedsLines},{ReadsPods}"), TestRegistry.Package("acme.lines", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        // What the team has taken away stays away.
        Assert.True(new PluginStore(User.Home).SetGrant(PluginId.Parse("acme.demo"), PermissionSet.None, ["*"]).TryGet(out _, out _));
        await Registry.PublishAsync(TestRegistry.Package("acme.lines", "1.1.0"));
        using var other = new LazyOc();
        await other.OkAsync("registry", "add", Registry.Folder, "--key", User.PathOf("root.pem"));
        var file = other.PathOf("team.lock");
        await File.WriteAllTextAsync(file, await User.OkAsync("plugin", "lock"));

        await other.OkAsync("plugin", "install", "--locked", file, "--yes");

        Assert.Equal(Entries(await User.OkAsync("plugin", "lock")), Entries(await other.OkAsync("plugin", "lock")));
        Assert.Contains("all of it is installed", await other.OkAsync("plugin", "install", "--locked", file), StringComparison.Ordinal);
        // What this user gave beyond the team's set is taken away again.
        Assert.True(new PluginStore(other.Home).SetGrant(PluginId.Parse("acme.demo"), Granted("acme.demo"), ["*"]).TryGet(out _, out _));
        await other.OkAsync("plugin", "install", "--locked", file, "--yes");
        Assert.Equal(Entries(await User.OkAsync("plugin", "lock")), Entries(await other.OkAsync("plugin", "lock")));
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
        await User.OkAsync("plugin", "install", "acme.demo", "acme.lines", "--yes");
        Assert.True(new PluginStore(User.Home).SetGrant(PluginId.Parse("acme.demo"), Granted("acme.demo"), ["dev-*"]).TryGet(out _, out _));
        await User.OkAsync("plugin", "disable", "acme.lines");
        using var other = new LazyOc();
        await other.OkAsync("registry", "add", Registry.Folder, "--key", User.PathOf("root.pem"));
        await File.WriteAllTextAsync(other.PathOf("team.lock"), await User.OkAsync("plugin", "lock"));

        await other.OkAsync("plugin", "install", "--locked", other.PathOf("team.lock"), "--yes");

        Assert.True(new PluginStore(other.Home).Current().TryGet(out var set, out _));
        Assert.Equal(["dev-*"], set.Find(PluginId.Parse("acme.demo"))!.Contexts.AsEnumerable());
        Assert.False(set.Find(PluginId.Parse("acme.lines"))!.Enabled);
    }

    [Fact]
    public async Task Install_PluginWhoseFilesAreDamaged_PutsThemBack()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        var main = Directory.GetFiles(User.PathOf("store"), "main.js", SearchOption.AllDirectories).Single();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(main, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(main, "evil();");
        Assert.Empty(Started(out var warnings));
        Assert.Contains("install the plugin again", Assert.Single(warnings), StringComparison.Ordinal);

        await User.OkAsync("plugin", "install", "acme.demo", "--yes");

        Assert.Equal(["acme.demo 1.0.0"], Started(out _));
    }

    [Fact]
    public async Task Revoked_KeyOfWhatIsInstalled_KeepsItFromRunning()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        await Registry.RevokeAsync("the laptop was stolen");

        await User.OkAsync("plugin", "outdated");

        Assert.Empty(Started(out var warnings));
        Assert.Contains("the key it is signed with is revoked: the laptop was stolen", Assert.Single(warnings), StringComparison.Ordinal);
        // A registry that keeps the keys back takes nothing back.
        File.Delete(Path.Combine(Registry.Folder, "v1", "publishers", "acme.json"));
        await User.OkAsync("plugin", "outdated");
        Assert.Empty(Started(out _));
    }

    [Fact]
    public async Task AllowUnsigned_IsForFilesAndNotForWhatTheyNeedFromARegistry()
    {
        await StartAsync(TestRegistry.Package("acme.lines", "1.0.0"));
        var file = User.PathOf("own.lzp");
        await File.WriteAllBytesAsync(file, TestRegistry.Package("own.demo", "1.0.0", NeedsLines).Bytes);
        var signatures = Directory.GetFiles(Path.Combine(Registry.Folder, "v1", "packages"), "*.dsse.json").Single();
        File.Move(signatures, signatures + ".away");

        Assert.Contains("is not signed", await RefusedAsync(3, "plugin", "install", file, "--allow-unsigned", "--yes"), StringComparison.Ordinal);

        File.Move(signatures + ".away", signatures);
        await User.OkAsync("plugin", "install", file, "--allow-unsigned", "--yes");
        Assert.Equal(["acme.lines 1.0.0", "own.demo 1.0.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Update_ThatComesFromElsewhereThanBefore_NeedsConsent()
    {
        var package = TestRegistry.Package("acme.demo", "1.0.0");
        var file = User.PathOf("demo.lzp");
        await File.WriteAllBytesAsync(file, package.Bytes);
        await File.WriteAllBytesAsync(file + ".dsse.json", Plugins.Packages.Signing.PackageSignatures.Write([Registry.Sign(package)]));
        await User.OkAsync("plugin", "install", file, "--yes", "--fingerprint", Registry.Author.PublicKey.Id.Fingerprint);
        await StartAsync(package, TestRegistry.Package("acme.demo", "1.1.0"));

        Assert.Contains("before, it came from demo.lzp", await RefusedAsync(3, "plugin", "update"), StringComparison.Ordinal);

        await User.OkAsync("plugin", "update", "--yes");
        // From where it comes now, the next one needs none.
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.2.0"));
        await User.OkAsync("plugin", "update");
        Assert.Equal(["acme.demo 1.2.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Install_FileThatItsRegistryHasWithdrawn_IsRefused()
    {
        var package = TestRegistry.Package("acme.demo", "1.0.0");
        await StartAsync(package);
        var file = User.PathOf("demo.lzp");
        await File.WriteAllBytesAsync(file, package.Bytes);
        Registry.Rewrite("acme.demo", line => line with { Kill = "it sends secrets away" });

        Assert.Contains("must not be installed: test has withdrawn it: it sends secrets away", await RefusedAsync(3, "plugin", "install", file, "--allow-unsigned", "--yes"), StringComparison.Ordinal);

        Registry.Rewrite("acme.demo", line => line with { Kill = null });
        await User.OkAsync("plugin", "install", file, "--allow-unsigned", "--yes");
    }

    [Fact]
    public async Task Install_SignedWithAnotherKeyThanBefore_IsToldLoudlyAndNeedsTheFingerprint()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        Registry.StealTheName();
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.1"));

        var error = await RefusedAsync(3, "plugin", "update", "--yes");

        Assert.Contains("!! acme.demo 1.0.1 is NOT signed with the key that the packages of acme were signed with before !!", error, StringComparison.Ordinal);
        Assert.Contains("this is what a stolen name looks like", error, StringComparison.Ordinal);
        Assert.Equal(["acme.demo 1.0.0"], await InstalledAsync());
        Assert.Equal(0, FilesBelow("downloads"));
        Assert.Contains("not signed with the key of that fingerprint", await RefusedAsync(3, "plugin", "update", "--yes", "--fingerprint", "0123-4567-89ab-cdef-0123-4567-89ab-cdef"), StringComparison.Ordinal);
        // With the fingerprint from the publisher it is the user's decision.
        await User.OkAsync("plugin", "update", "--yes", "--fingerprint", Registry.Author.PublicKey.Id.Fingerprint);
        Assert.Equal(["acme.demo 1.0.1"], await InstalledAsync());
    }

    [Fact]
    public async Task Install_FileThatNoRegistryVouchesFor_NeedsTheFingerprintOnce()
    {
        var package = TestRegistry.Package("acme.demo", "1.0.0");
        var file = User.PathOf("demo.lzp");
        await File.WriteAllBytesAsync(file, package.Bytes);
        await File.WriteAllBytesAsync(file + ".dsse.json", Plugins.Packages.Signing.PackageSignatures.Write([Registry.Sign(package)]));

        Assert.Contains("its key has to be trusted first", await RefusedAsync(3, "plugin", "install", file, "--yes"), StringComparison.Ordinal);
        await User.OkAsync("plugin", "install", file, "--yes", "--fingerprint", Registry.Author.PublicKey.Id.Fingerprint);

        var next = TestRegistry.Package("acme.demo", "1.1.0");
        await File.WriteAllBytesAsync(file, next.Bytes);
        Assert.Contains("demo-1.1.0.lzp", await RefusedAsync(3, "plugin", "update", file), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file + ".dsse.json", Plugins.Packages.Signing.PackageSignatures.Write([Registry.Sign(next)]));
        await User.OkAsync("plugin", "update", file);
        Assert.Equal(["acme.demo 1.1.0"], await InstalledAsync());
    }

    [Fact]
    public async Task Killed_VersionThatIsInstalled_EndsAlsoWhenNoVersionsGoTogether()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        Registry.Rewrite("acme.demo", line => line with { Kill = "it sends secrets away" });
        // What is damaged counts as not being there, and the one version that there is must not be taken.
        await File.AppendAllTextAsync(Directory.EnumerateFiles(User.Home, "plugin.json", SearchOption.AllDirectories).Single(), " ");

        await RefusedAsync(3, "plugin", "outdated");

        Assert.Equal("it sends secrets away", Assert.Single((await User.JsonAsync("plugin", "list")).EnumerateArray()).GetProperty("withdrawn").GetString());
    }

    [Fact]
    public async Task Killed_VersionThatIsInstalled_DoesNotRunAnyMoreInWhateverSet()
    {
        await StartAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await User.OkAsync("plugin", "install", "acme.demo", "--yes");
        Registry.Rewrite("acme.demo", line => line with { Kill = "it sends secrets away" });

        var rows = (await User.JsonAsync("plugin", "outdated")).EnumerateArray().ToArray();

        Assert.Equal("must not run: it sends secrets away", Assert.Single(rows).GetProperty("remark").GetString());
        Assert.Empty(Started(out var warnings));
        Assert.Equal("acme.demo 1.0.0 is not started: test has withdrawn it: it sends secrets away", Assert.Single(warnings));
        Assert.Equal("it sends secrets away", Assert.Single((await User.JsonAsync("plugin", "list")).EnumerateArray()).GetProperty("withdrawn").GetString());
        Assert.Contains("withdrawn", await User.OkAsync("plugin", "list"), StringComparison.Ordinal);
        // Another version runs, and asking the registries once more does not open the way back.
        await Registry.PublishAsync(TestRegistry.Package("acme.demo", "1.1.0"));
        await User.OkAsync("plugin", "update", "--yes");
        await User.OkAsync("plugin", "outdated");
        Assert.Equal(["acme.demo 1.1.0"], Started(out _));
        Assert.Contains("acme.demo 1.0.0 does not run any more: test has withdrawn it: it sends secrets away", await RefusedAsync(3, "plugin", "rollback", "--generation", "1"), StringComparison.Ordinal);
        Assert.Contains("does not run any more", await RefusedAsync(3, "plugin", "rollback", "acme.demo"), StringComparison.Ordinal);
        Assert.Equal(["acme.demo 1.1.0"], await InstalledAsync());
        Assert.True(new PluginStore(User.Home).SwitchBack(2, 1).TryGet(out _, out _));
        Assert.Empty(Started(out warnings));
        Assert.Contains("it sends secrets away", Assert.Single(warnings), StringComparison.Ordinal);
        // Nobody installs it again, here or elsewhere.
        using var other = new LazyOc();
        await other.OkAsync("registry", "add", Registry.Folder, "--key", User.PathOf("root.pem"));
        var refused = await other.RunAsync("plugin", "install", "acme.demo@1.0.0", "--yes");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("is on the kill list (it sends secrets away)", refused.Error, StringComparison.Ordinal);
    }
}
