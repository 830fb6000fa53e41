using System.Net;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>Publishing, reviewing and moderating by browser alone.</summary>
public sealed class PortalTests : IAsyncLifetime
{
    private const string Portal = "/portal/publishers/acme";

    private MarketFixture _market = null!;
    private Browser _alice = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync(TestScanner.Passing, new TestScanner("careful", (submission, _) => Task.FromResult(new ScanResult(
            submission.Package.Manifest.Id.ToString() == "acme.odd" ? Verdict.Hold : Verdict.Pass,
            submission.Package.Manifest.Id.ToString() == "acme.odd" ? [new Finding("test-odd", "plugin.js", 3, "it is `odd`")] : []))));
        _alice = await new Browser(_market).RegisterAsync("alice");
        await _alice.DoAsync("/portal", "/portal/publishers", ("name", "acme"), ("displayName", "Acme, Inc."));
    }

    public async Task DisposeAsync()
    {
        _alice.Dispose();
        await _market.DisposeAsync();
    }

    [Fact]
    public async Task Upload_OfASignedPackage_GoesLive()
    {
        var page = await _alice.DoAsync(Portal, $"{Portal}/keys", ("key", _market.Author.PublicKey.ToPem()), ("comment", "laptop"));
        Assert.Contains(_market.Author.PublicKey.Id.Fingerprint, page, StringComparison.Ordinal);
        Assert.Contains("laptop", page, StringComparison.Ordinal);

        using var uploaded = await UploadAsync(SamplePlugin.Package());
        Assert.Equal($"{Portal}#submissions", uploaded.Headers.Location!.ToString());
        await _market.DecidedAsync();

        Assert.Contains("state-live", await _alice.PageAsync(Portal), StringComparison.Ordinal);
        Assert.Contains("Acme, Inc.", await _alice.PageAsync("/publishers/acme"), StringComparison.Ordinal);
        await _alice.PageAsync("/plugins/acme.demo");
    }

    [Fact]
    public async Task Upload_ThatIsRefused_SaysWhyAsTheApiDoes()
    {
        using var unsigned = await UploadAsync(SamplePlugin.Package());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unsigned.StatusCode);
        Assert.Contains("No key of <code>acme</code> that is in use has signed this package", await unsigned.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var foreign = await UploadAsync(SamplePlugin.Package("other.demo"));
        Assert.Contains("which is not one of <code>acme</code>", await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var form = Form(SamplePlugin.Package());
        using var forged = await _alice.SendAsync(HttpMethod.Post, $"{Portal}/uploads", form);
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);

        using var key = await _alice.SubmitAsync(Portal, $"{Portal}/keys", ("key", "no key"));
        Assert.Equal(HttpStatusCode.BadRequest, key.StatusCode);
    }

    [Fact]
    public async Task Submission_ThatIsHeld_ShowsReasonsAndFindings_AndAModeratorDecides()
    {
        await AddKeyAsync();
        using var uploaded = await UploadAsync(SamplePlugin.Package("acme.odd"));
        await _market.DecidedAsync();
        var held = await _alice.PageAsync(Portal);
        Assert.Contains("state-held", held, StringComparison.Ordinal);
        Assert.Contains("it is <code>odd</code>", held, StringComparison.Ordinal);
        Assert.Contains("in plugin.js, line 3", held, StringComparison.Ordinal);
        await _alice.PageAsync("/moderation", HttpStatusCode.Forbidden);

        await _market.ModeratorAsync("mona");
        using var mona = await new Browser(_market).SignInAsync("mona");
        Assert.Contains("acme.odd", await mona.PageAsync("/moderation"), StringComparison.Ordinal);
        await mona.DoAsync("/moderation", "/moderation/plugins/acme.odd/1.0.0/verdict", ("reason", "it is meant to be odd"), ("decision", "pass"));

        Assert.Contains("state-live", await _alice.PageAsync(Portal), StringComparison.Ordinal);
        Assert.Contains("it is meant to be odd", await mona.PageAsync("/moderation/audit"), StringComparison.Ordinal);
        await mona.DoAsync("/plugins/acme.odd", "/moderation/plugins/acme.odd/1.0.0/quarantine", ("reason", "too odd after all"));
        Assert.Contains("too odd after all", await mona.PageAsync("/plugins/acme.odd"), StringComparison.Ordinal);
        await mona.DoAsync("/plugins/acme.odd", "/moderation/plugins/acme.odd/1.0.0/quarantine", ("decision", "take-back"));
        Assert.Contains("lazyoc plugin install acme.odd", await mona.PageAsync("/plugins/acme.odd"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsYankedAndPluginDeprecated_AndBothAreTakenBack()
    {
        await AddKeyAsync();
        using var uploaded = await UploadAsync(SamplePlugin.Package());
        await _market.DecidedAsync();

        // A form that somebody sends with nothing in it takes nothing back.
        using var empty = await _alice.SubmitAsync(Portal, "/portal/plugins/acme.demo/1.0.0/yank", ("reason", ""));
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        await _alice.DoAsync(Portal, "/portal/plugins/acme.demo/deprecation", ("reason", "it is done"));
        await _alice.DoAsync(Portal, "/portal/plugins/acme.demo/1.0.0/yank", ("reason", "it is broken"));
        var page = await _alice.PageAsync("/plugins/acme.demo");
        Assert.Contains("it is done", page, StringComparison.Ordinal);
        Assert.Contains("it is broken", page, StringComparison.Ordinal);

        await _alice.DoAsync(Portal, "/portal/plugins/acme.demo/1.0.0/yank", ("decision", "take-back"));
        await _alice.DoAsync(Portal, "/portal/plugins/acme.demo/deprecation", ("decision", "take-back"));
        page = await _alice.PageAsync("/plugins/acme.demo");
        Assert.DoesNotContain("it is done", page, StringComparison.Ordinal);
        Assert.DoesNotContain("it is broken", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_IsShownOnce_AndRevoked()
    {
        using var made = await _alice.SubmitAsync("/portal/tokens", "/portal/tokens", ("name", "laptop"), ("scope", "read"), ("plugins", "acme.*"), ("days", "30"), ("networks", ""));
        var token = System.Text.RegularExpressions.Regex.Match(await made.Content.ReadAsStringAsync(), "lzt_[0-9a-f]{64}", System.Text.RegularExpressions.RegexOptions.NonBacktracking).Value;
        var info = Assert.Single(MarketFixture.Value(await _market.Client(_alice.Session).TokensAsync(default)).Tokens);
        Assert.Equal(("laptop", "acme.*"), (info.Name, info.Plugins));
        Assert.Equal("alice", MarketFixture.Value(await _market.Client(token).AccountAsync(default)).Name);
        var list = await _alice.PageAsync("/portal/tokens");
        Assert.Contains("laptop", list, StringComparison.Ordinal);
        Assert.DoesNotContain("lzt_", list, StringComparison.Ordinal);
        using var none = await _alice.SubmitAsync("/portal/tokens", "/portal/tokens", ("name", "useless"));
        Assert.Contains("<code>scopes</code> is empty", await none.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);

        await _alice.DoAsync("/portal/tokens", $"/portal/tokens/{info.Id}/revocation");

        MarketFixture.Refusal(ProblemTypes.Unauthenticated, await _market.Client(token).AccountAsync(default));
    }

    [Fact]
    public async Task Members_AreAddedAndRemoved_ByOwnersOnly()
    {
        using var bob = await new Browser(_market).RegisterAsync("bob");
        await bob.PageAsync(Portal, HttpStatusCode.NotFound);
        await _alice.DoAsync(Portal, $"{Portal}/invitations", ("account", "bob"), ("role", "reviewer"));
        await bob.PageAsync(Portal, HttpStatusCode.NotFound);
        var invitation = MarketFixture.Value(await _market.Client(bob.Session).InvitationsAsync(default)).Invitations.Single();
        await bob.DoAsync("/portal", $"/portal/invitations/{invitation.Id}/acceptance");
        Assert.Contains("bob", await _alice.DoAsync(Portal, $"{Portal}/members", ("account", "bob"), ("role", "maintainer")), StringComparison.Ordinal);

        var page = await bob.PageAsync(Portal);

        Assert.Contains("you are maintainer", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"action=\"{Portal}/members\"", page, StringComparison.Ordinal);
        await _alice.DoAsync(Portal, $"{Portal}/members", ("account", "bob"), ("role", ""));
        await bob.PageAsync(Portal, HttpStatusCode.NotFound);
        using var refused = await _alice.SubmitAsync("/portal", "/portal/publishers", ("name", "Bad Name"));
        Assert.Contains("is not a publisher&#x27;s name", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task AddKeyAsync() => _alice.DoAsync(Portal, $"{Portal}/keys", ("key", _market.Author.PublicKey.ToPem()));

    private async Task<HttpResponseMessage> UploadAsync(PluginPackage package)
    {
        var token = Browser.TokenOf(await _alice.PageAsync(Portal), $"{Portal}/uploads");
        using var form = Form(package);
        return await _alice.SendAsync(HttpMethod.Post, $"{Portal}/uploads?form-token={token}", form);
    }

    private MultipartFormDataContent Form(PluginPackage package)
    {
        var form = new MultipartFormDataContent();
        form.Add(new ReadOnlyMemoryContent(package.Bytes), "package", "demo.lzp");
        form.Add(new ByteArrayContent(_market.Sign(package)), "signatures", "demo.lzp.dsse.json");
        return form;
    }
}
