using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Markets;

/// <summary>One user and several real registries: a private one, a mirror of a third, and what each lays down.</summary>
public sealed class RegistriesTests : IDisposable
{
    private readonly LazyOc _first = new();
    private readonly LazyOc _second = new();
    private readonly LazyOc _third = new();
    private readonly LazyOc _user = new();
    private readonly Author _author = new();

    public void Dispose()
    {
        foreach (var home in new[] { _first, _second, _third, _user }) home.Dispose();
        _author.Dispose();
    }

    [Fact]
    public async Task Plugins_ComeFromThePrivateRegistryByToken_AndFromTheMirror_EachPublisherFromOnePlace()
    {
        await using var world = await MarketServerProcess.StartAsync(_third);
        await _author.JoinAsync(world, "anna", "acme");
        await _author.PublishAsync("acme.demo");
        // Somebody has taken the company's name out there, and offers more.
        using (var mallory = new Author())
        {
            await mallory.JoinAsync(world, "mallory", "corp");
            await mallory.PublishAsync("corp.tool", "99.0.0");
        }
        await using var corp = await MarketServerProcess.StartAsync(_first, "--private");
        await using var mirror = await MarketServerProcess.StartAsync(_second, "--upstream", world.Address, "--upstream-fingerprint", world.Fingerprint, "--upstream-allow", "acme");
        using var employee = new Author();
        await AccountAsync(_first, "erin");
        await employee.JoinAsync(corp, "erin", "corp", isNew: false);
        await employee.PublishAsync("corp.tool");
        var token = (await employee.Home.OkAsync("market", "token", "new", "reader", "--scope", "read")).Trim();

        await _user.OkAsync("registry", "add", corp.Address, "--fingerprint", corp.Fingerprint, "--name", "corp", "--publishers", "corp,corp-*", "--first");
        await _user.OkAsync("registry", "add", mirror.Address, "--fingerprint", mirror.Fingerprint, "--name", "mirror");
        await _user.OkAsync("registry", "trust", "strict");
        // Without the token nothing of it is to be had, and it is not looked for elsewhere.
        var refused = await Author.RunAsync(_user, 3, "", "plugin", "install", "corp.tool", "--yes");
        Assert.Contains("asks who you are", refused.Error, StringComparison.Ordinal);
        await Author.RunAsync(_user, 0, token, "registry", "login", "corp");

        await _user.OkAsync("plugin", "install", "corp.tool", "acme.demo", "--yes");

        var installed = (await _user.JsonAsync("plugin", "list")).EnumerateArray().ToDictionary(plugin => plugin.GetProperty("id").GetString()!, plugin => plugin.GetProperty("version").GetString(), StringComparer.Ordinal);
        Assert.Equal("1.0.0", installed["corp.tool"]);
        Assert.Equal("1.0.0", installed["acme.demo"]);
        var lockFile = await _user.OkAsync("plugin", "lock");
        Assert.Contains(corp.Address, lockFile, StringComparison.Ordinal);
        Assert.Contains(mirror.Address, lockFile, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Address, lockFile, StringComparison.Ordinal);
        // What the mirror does not pass on is nowhere, whoever offers it.
        using var stranger = new LazyOc();
        await stranger.OkAsync("registry", "add", mirror.Address, "--fingerprint", mirror.Fingerprint, "--name", "mirror");
        Assert.NotEqual(0, (await stranger.RunAsync("plugin", "install", "corp.tool", "--yes")).ExitCode);
        await stranger.OkAsync("plugin", "install", "acme.demo", "--yes");
    }

    [Theory]
    [InlineData("""{"publishers":["corp","corp-*"]}""", "`publishers` does not name `acme`")]
    [InlineData("""{"permissions":{"kubernetes":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["list"]}]}}""", "`permissions.kubernetes` does not permit what it asks for: list pods")]
    [InlineData("""{"scanners":["secrets","reproducibility"]}""", "`scanners` names `reproducibility`, which has not passed it")]
    public async Task Policy_OfARegistry_RefusesAnInstallationAndNamesItsLine(string policy, string line)
    {
        var file = _first.PathOf("policy.json");
        await File.WriteAllTextAsync(file, policy);
        await using (var market = await MarketServerProcess.StartAsync(_first, "--policy", file))
        {
            await _author.JoinAsync(market, "anna", "acme");
            await _author.PublishAsync("acme.demo");
            await _user.OkAsync("registry", "add", market.Address, "--fingerprint", market.Fingerprint, "--name", "market");
            foreach (var arguments in new string[][] { ["plugin", "install", "acme.demo", "--yes"], ["plugin", "install", "acme.demo", "--yes", "--dry-run"], ["plugin", "install", _author.Home.PathOf("acme.demo-1.0.0.lzp"), "--yes"] })
            {
                var refused = await Author.RunAsync(_user, 3, "", arguments);
                Assert.Contains($"acme.demo 1.0.0 is refused by the policy of the registry market: {line}", refused.Error, StringComparison.Ordinal);
            }
            Assert.Empty((await _user.JsonAsync("plugin", "list")).EnumerateArray());
        }
        // The control: without the policy, the same plugin is installed from the same registry.
        await using var open = await MarketServerProcess.StartAsync(_first);
        using var other = new LazyOc();
        await other.OkAsync("registry", "add", open.Address, "--fingerprint", open.Fingerprint, "--name", "market");
        await other.OkAsync("plugin", "install", "acme.demo", "--yes");
    }

    [Fact]
    public async Task Folder_ThatWasExported_IsImportedAndInstalledFrom()
    {
        await using (var world = await MarketServerProcess.StartAsync(_third)) await _author.JoinAsync(world, "anna", "acme");
        var package = await _author.PackAsync("acme.demo");
        var folder = _author.Home.PathOf("plugins");
        await Author.RunAsync(_author.Home, 0, "", "env", "LAZYOC_KEY_PASSPHRASE=correct horse", LazyOc.Program, "market", "export-static", folder, "--key", "default", package);
        var fingerprint = (await _author.Home.JsonAsync("keys", "list")).EnumerateArray().Single().GetProperty("fingerprint").GetString()!;

        var data = _first.PathOf("market-data");
        await Author.RunAsync(_first, 1, "", "market", "import", folder, "--fingerprint", "0000-0000-0000-0000-0000-0000-0000-0000", "--data", data);
        Assert.Contains("1 plugins of 1 publishers are imported, with 1 packages", await _first.OkAsync("market", "import", folder, "--fingerprint", fingerprint, "--data", data), StringComparison.Ordinal);
        Assert.Contains("is whole", await _first.OkAsync("market", "verify", "--data", data), StringComparison.Ordinal);

        await using var inside = await MarketServerProcess.StartAsync(_first);
        await _user.OkAsync("registry", "add", inside.Address, "--fingerprint", inside.Fingerprint, "--name", "inside");
        await _user.OkAsync("registry", "trust", "strict");
        await _user.OkAsync("plugin", "install", "acme.demo", "--yes");
    }

    /// <summary>Makes an account where those who keep the registry make them.</summary>
    private static async Task AccountAsync(LazyOc home, string name)
    {
        var program = Path.Combine(Path.GetDirectoryName(LazyOc.Program)!, "market", "lazyoc-market.dll");
        var run = await home.RunAsync("dotnet", ["exec", program, "--data", home.PathOf("market-data"), "account", name], Author.Password);
        Assert.True(run.ExitCode == 0, run.Error);
    }
}
