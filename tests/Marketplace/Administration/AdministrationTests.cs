using System.Net;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Tests.Web;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Administration;

/// <summary>What administrators do with accounts, and see of the server.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class AdministrationTests : IAsyncLifetime
{
    private MarketFixture _market = null!;
    private MarketClient _admin = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync(new MarketLimits { MaxPageEntries = 3, SignInsPerTenMinutes = 1000 }, [TestScanner.Passing]);
        _admin = await AdminAsync("root-anna");
    }

    public Task DisposeAsync() => _market.DisposeAsync().AsTask();

    [Fact]
    public async Task Account_ThatIsSuspended_IsGoodForNothing_UntilItIsResumed()
    {
        var bob = await _market.RegisterAsync("bob");
        var token = Value(await bob.CreateTokenAsync(new NewToken { Name = "t", Scopes = [TokenScope.Read] }, default)).Token;
        using var browser = await Browser.Of(_market).RegisterAsync("carol");
        // The control: until then, all of it lets them in.
        Value(await bob.AccountAsync(default));
        Value(await _market.Client(token).AccountAsync(default));
        await browser.PageAsync("/portal");

        foreach (var name in new[] { "bob", "carol" }) Value(await _admin.SuspendAsync(name, "it sends spam", default));

        Refusal(ProblemTypes.Unauthenticated, await bob.AccountAsync(default));
        Refusal(ProblemTypes.Unauthenticated, await _market.Client(token).AccountAsync(default));
        Assert.Contains("it sends spam", Refusal(ProblemTypes.Forbidden, await SignInAsync("bob")).Detail, StringComparison.Ordinal);
        // Who does not know the password does not hear of it.
        Refusal(ProblemTypes.Unauthenticated, await _market.Client().SignInAsync(new Credentials { Name = "bob", Password = "a wrong password" }, default));
        using (var answer = await browser.SubmitAsync("/sign-in", "/sign-in", ("name", "carol"), ("password", Password)))
        {
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("it sends spam", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Value(await _admin.ResumeAsync("bob", default));

        // The session is over for good; the token is as good as before.
        Refusal(ProblemTypes.Unauthenticated, await bob.AccountAsync(default));
        Value(await _market.Client(token).AccountAsync(default));
        Value(await SignInAsync("bob"));
        Assert.Equal(["account.resume", "account.suspend", "account.suspend"], Value(await _admin.AuditAsync(null, default)).Records.Select(record => record.Action));
    }

    [Fact]
    public async Task Role_ThatIsGiven_CountsAtOnce_AndNobodyChangesHisOwn()
    {
        var bob = await _market.RegisterAsync("bob");
        Refusal(ProblemTypes.Forbidden, await bob.QueueAsync(default));

        Value(await _admin.SetSiteRoleAsync("bob", SiteRole.Moderator, default));

        Value(await bob.QueueAsync(default));
        Refusal(ProblemTypes.WrongState, await _admin.SetSiteRoleAsync("root-anna", SiteRole.User, default));
        Refusal(ProblemTypes.WrongState, await _admin.SuspendAsync("root-anna", "a mistake", default));
        Refusal(ProblemTypes.NotFound, await _admin.SetSiteRoleAsync("nobody-here", SiteRole.Admin, default));
        Refusal(ProblemTypes.InvalidRequest, await _admin.SuspendAsync("bob", "two\nlines", default));
    }

    [Fact]
    public async Task Administrators_WhoDemoteEachOther_LeaveOne()
    {
        var other = await AdminAsync("root-bert");

        var answers = await Task.WhenAll(_admin.SetSiteRoleAsync("root-bert", SiteRole.User, default), other.SetSiteRoleAsync("root-anna", SiteRole.User, default));

        Assert.Single(answers, answer => answer.Problem is null);
        Assert.Single(answers, answer => answer.Problem?.Kind == ProblemTypes.Forbidden);
    }

    [Fact]
    public async Task Pages_OfAdministrators_AreForNobodyElse()
    {
        await _market.ModeratorAsync("mona");
        using var moderator = await new Browser(_market).SignInAsync("mona");
        using var admin = await new Browser(_market).SignInAsync("root-anna");
        var narrow = Value(await _admin.CreateTokenAsync(new NewToken { Name = "t", Scopes = [TokenScope.Moderate, TokenScope.Read] }, default)).Token;

        foreach (var page in new[] { "accounts", "scanners", "policy", "storage", "jobs" })
        {
            await moderator.PageAsync($"/admin/{page}", HttpStatusCode.Forbidden);
            await admin.PageAsync($"/admin/{page}");
        }
        foreach (var client in new[] { _market.Client(narrow), await _market.RegisterAsync("bob") })
        {
            Assert.False((await client.AccountsAsync(null, null, default)).TryGet(out _, out _));
            Assert.False((await client.ServerReportAsync(default)).TryGet(out _, out _));
            Assert.False((await client.SuspendAsync("mona", "because", default)).TryGet(out _, out _));
            Assert.False((await client.SetSiteRoleAsync("bob", SiteRole.Admin, default)).TryGet(out _, out _));
        }
        Assert.DoesNotContain("/admin/", await moderator.PageAsync("/moderation"), StringComparison.Ordinal);
        Assert.Contains("/admin/", await admin.PageAsync("/moderation"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_AreFoundByAPartOfTheirNames_PageByPage()
    {
        await _market.OwnerAsync(account: "al");
        foreach (var name in new[] { "bob-one", "bob-two", "bob-three", "bob-four" }) await _market.RegisterAsync(name);

        var first = Value(await _admin.AccountsAsync("BOB", null, default));
        var second = Value(await _admin.AccountsAsync("bob", first.Next, default));

        Assert.Equal(["bob-four", "bob-one", "bob-three"], first.Accounts.Select(account => account.Name));
        Assert.Equal(["bob-two"], second.Accounts.Select(account => account.Name));
        Assert.Null(second.Next);
        Assert.Equal(new Membership("acme", PublisherRole.Owner), Assert.Single(Assert.Single(Value(await _admin.AccountsAsync("al", null, default)).Accounts).Publishers));
        // What means something to the database means nothing here.
        foreach (var odd in new[] { "%", "b_b", "' OR 1=1 --" }) Assert.Empty(Value(await _admin.AccountsAsync(odd, null, default)).Accounts);
    }

    [Fact]
    public async Task Report_CountsWhatIsThere()
    {
        var owner = await _market.OwnerAsync();
        var package = await _market.LiveAsync(owner, SamplePlugin.Package());
        var before = Value(await _admin.ServerReportAsync(default));
        await _market.RunAsync(new MarketLimits { MaxPageEntries = 3, SignInsPerTenMinutes = 1000 }, new([TestScanner.Passing, new TestScanner("never", (_, cancellationToken) => Never(cancellationToken))], _ => PackageLooks.None));
        Value(await _market.PublishAsync(_market.Client(Value(await SignInAsync("alice")).Token), SamplePlugin.Package("acme.other")));
        var admin = _market.Client(Value(await SignInAsync("root-anna")).Token);

        ServerReport after;
        do after = Value(await admin.ServerReportAsync(default));
        while (!after.Jobs.NextScans.Any(job => job.IsRunning));

        Assert.Equal((1L, (long)package.Bytes.Length, 0L), (before.Storage.Packages, before.Storage.Bytes, before.Jobs.Scans));
        var scanner = Assert.Single(before.Scanners);
        Assert.Equal((TestScanner.Passing.Name, 1L, 0L), (scanner.Name, scanner.Verdicts["pass"], scanner.Outdated));
        // The live version is checked again: there is a scanner that has not seen it.
        Assert.Equal((2L, 2L), (after.Storage.Packages, after.Jobs.Scans));
        Assert.Equal(new PublisherStorage("acme", 2, after.Storage.Bytes), Assert.Single(after.Storage.Publishers));
        Assert.Equal(["acme.demo", "acme.other"], after.Jobs.NextScans.Select(job => job.Id.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(after.Scanners[1].Verdicts);
        Assert.NotNull(after.Jobs.DocumentsExpire);
    }

    [Fact]
    public async Task Browser_SuspendsAndResumes_AndShowsTheReasonAsText()
    {
        await _market.RegisterAsync("bob");
        using var admin = await new Browser(_market).SignInAsync("root-anna");

        var page = await admin.DoAsync("/admin/accounts?query=bob", "/admin/accounts/bob/suspension", ("reason", "<script>alert(1)</script>"));

        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        page = await admin.DoAsync("/admin/accounts?query=bob", "/admin/accounts/bob/suspension", ("decision", "take-back"));
        Assert.DoesNotContain("alert(1)", page, StringComparison.Ordinal);
        await admin.DoAsync("/admin/accounts?query=bob", "/admin/accounts/bob/role", ("role", "moderator"));
        using var bad = await admin.SubmitAsync("/admin/accounts?query=bob", "/admin/accounts/bob/role", ("role", "emperor"));
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Equal(SiteRole.Moderator, Assert.Single(Value(await _admin.AccountsAsync("bob", null, default)).Accounts).Role);
    }

    private static async Task<Marketplace.Scanning.ScanResult> Never(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return Marketplace.Scanning.ScanResult.Passed;
    }

    private async Task<MarketClient> AdminAsync(string name)
    {
        var admin = await _market.RegisterAsync(name);
        Assert.True(await _market.Server.Services.GetRequiredService<AccountStore>().SetRoleAsync(name, SiteRole.Admin, default));
        return admin;
    }

    private Task<ApiResult<Session>> SignInAsync(string name) => _market.Client().SignInAsync(new Credentials { Name = name, Password = Password }, default);
}
