using LazyOC.EndToEnd.Tests;
using static LazyOC.Cli.Tests.Markets.StoryAuthor;

namespace LazyOC.Cli.Tests.Markets;

/// <summary>From an account to a withdrawn version, by command line: an author, a user in another home, and a real server with all its checks.</summary>
public sealed class StoryTests : IDisposable
{
    private readonly LazyOc _server = new();
    private readonly StoryAuthor _author = new();
    private readonly LazyOc _user = new();

    public void Dispose()
    {
        _server.Dispose();
        _author.Dispose();
        _user.Dispose();
    }

    [Fact]
    public async Task Story_FromAnAccountToAWithdrawnVersion()
    {
        await using var market = await MarketServerProcess.StartAsync(_server, "--no-cooldown");
        foreach (var home in new[] { _author.Home, _user }) await home.OkAsync("registry", "add", market.Address, "--fingerprint", market.Fingerprint, "--name", "market");

        // An account, a publisher, a key, and a token for the build.
        await SignedUpAsync(_author.Home, "anna");
        Assert.StartsWith("acme: Acme Corp\n  anna, owner", await _author.Home.OkAsync("market", "publisher", "new", "acme", "--display-name", "Acme Corp"), StringComparison.Ordinal);
        await _author.NewKeyAsync();
        await _author.Home.OkAsync("market", "publisher", "add-key", "acme", "default");
        // A server of hers is told what happens; the secret is shown once.
        Assert.Matches("^lzw_[0-9a-f]{64}\\s*$", await _author.Home.OkAsync("market", "webhook", "new", "acme", "https://hooks.example.com/lazyoc", "--event", "version.held"));
        Assert.Contains("https://hooks.example.com/lazyoc   version.held", await _author.Home.OkAsync("market", "webhook", "list", "acme"), StringComparison.Ordinal);
        Assert.Contains("not public", (await RunAsync(_author.Home, 3, "", "market", "webhook", "new", "acme", "https://127.0.0.1/")).Error, StringComparison.Ordinal);
        var token = (await _author.Home.OkAsync("market", "token", "new", "ci", "--scope", "publish", "--plugins", "acme.*")).Trim();
        Assert.StartsWith("lzt_", token, StringComparison.Ordinal);

        // A build publishes by its token; what the checks find is shown, and then everybody can have it.
        var first = await _author.PackAsync("1.0.0", ReadsPods, Counts);
        await _author.Home.OkAsync("market", "logout");
        await File.WriteAllTextAsync(_author.Home.PathOf("token"), token);
        await RunAsync(_author.Home, 0, token, "registry", "login", "market");
        var published = await _author.Home.OkAsync("plugin", "publish", first);
        Assert.Contains("acme.demo 1.0.0: live", published, StringComparison.Ordinal);
        Assert.Contains("acme.demo 1.0.0: live", await _author.Home.OkAsync("plugin", "publish", first), StringComparison.Ordinal);

        // A user in another home.
        Assert.Contains("acme.demo", await _user.OkAsync("plugin", "search", "pods"), StringComparison.Ordinal);
        var info = await _user.OkAsync("plugin", "info", "acme.demo");
        Assert.Contains("list pods in every namespace", info, StringComparison.Ordinal);
        Assert.Contains("  javascript: pass", info, StringComparison.Ordinal);
        await SignedUpAsync(_user, "bert");
        Assert.Contains("installed", (await RunAsync(_user, 3, "", "plugin", "review", "acme.demo", "--stars", "5")).Error, StringComparison.Ordinal);
        await _user.OkAsync("plugin", "install", "acme.demo", "--yes");
        Assert.Contains("5 of 5 stars from bert", await _user.OkAsync("plugin", "review", "acme.demo", "--stars", "5", "--text", "It counts."), StringComparison.Ordinal);
        Assert.Contains("★★★★★  bert", await _user.OkAsync("plugin", "info", "acme.demo", "--reviews"), StringComparison.Ordinal);

        // Counted a little later, for everybody to see.
        while (!(await _user.OkAsync("plugin", "stats", "acme.demo")).StartsWith("acme.demo: 1 download, 1 install, ", StringComparison.Ordinal)) await Task.Delay(500);
        Assert.Equal("1.0.0", Assert.Single((await _user.JsonAsync("plugin", "stats", "acme.demo")).GetProperty("versions").EnumerateArray()).GetProperty("name").GetString());

        // An update that asks for more waits for the user.
        await _author.Home.OkAsync("plugin", "publish", await _author.PackAsync("1.1.0", ReadsMore, CountsMore));
        Assert.Contains("Beyond what you granted before", (await RunAsync(_user, 3, "", "plugin", "update")).Error, StringComparison.Ordinal);
        Assert.Equal("1.0.0", await InstalledAsync());
        await _user.OkAsync("plugin", "update", "--yes");
        Assert.Equal("1.1.0", await InstalledAsync());

        // Withdrawn: nobody gets it anew, and who has it keeps it and is told.
        await RunAsync(_author.Home, 0, Password, "market", "login", "anna");
        await _author.Home.OkAsync("plugin", "yank", "acme.demo", "1.1.0", "--reason", "counts wrongly");
        Assert.Contains("counts wrongly", await _user.OkAsync("plugin", "outdated"), StringComparison.Ordinal);
        Assert.Equal("1.1.0", await InstalledAsync());
        using var other = new LazyOc();
        await other.OkAsync("registry", "add", market.Address, "--fingerprint", market.Fingerprint, "--name", "market");
        Assert.Contains("counts wrongly", (await RunAsync(other, 3, "", "plugin", "install", "acme.demo@1.1.0", "--yes")).Error, StringComparison.Ordinal);
        await other.OkAsync("plugin", "install", "acme.demo", "--yes");
        Assert.Contains("acme.demo", await other.OkAsync("plugin", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_PackageThatDoesMoreThanItSays_IsNotLiveAndSaysWhy()
    {
        await using var market = await MarketServerProcess.StartAsync(_server);
        await _author.Home.OkAsync("registry", "add", market.Address, "--fingerprint", market.Fingerprint, "--name", "market");
        await SignedUpAsync(_author.Home, "anna");
        await _author.Home.OkAsync("market", "publisher", "new", "acme");
        await _author.NewKeyAsync();
        await _author.Home.OkAsync("market", "publisher", "add-key", "acme", "default");

        var run = await RunAsync(_author.Home, 3, "", "plugin", "publish", await _author.PackAsync("1.0.0", ReadsPods, """lazyoc.on("activate", async () => { await lazyoc.call("http.fetch", { url: "https://evil.example/" }); });"""));

        Assert.Contains("acme.demo 1.0.0: rejected", run.Output, StringComparison.Ordinal);
        Assert.Contains("javascript: main.js:1: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(4, (await _user.RunAsync("plugin", "info", "acme.demo", "--registry", market.Address)).ExitCode);
    }

    private static async Task SignedUpAsync(LazyOc home, string name) => await RunAsync(home, 0, Password, "market", "register", name);

    private async Task<string> InstalledAsync() => Assert.Single((await _user.JsonAsync("plugin", "list")).EnumerateArray()).GetProperty("version").GetString()!;
}
