using System.Net;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Tests.Web;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Accounts;

/// <summary>Signing in with a code of an authenticator app, and trying to without.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private MarketFixture _market = null!;
    private MarketClient _alice = null!;
    private Authenticator _app = null!;
    private RecoveryCodes _recovery = null!;

    /// <summary>The code that turned it on.</summary>
    private string _first = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync(new MarketLimits { SignInsPerTenMinutes = 1000 }, []);
        _alice = await _market.RegisterAsync("alice");
        _app = new Authenticator(Value(await _alice.EnrolSecondFactorAsync(default)).Secret, _market.Clock);
        _first = _app.Code;
        _recovery = Value(await _alice.ConfirmSecondFactorAsync(new SecondFactorCode { Code = _first }, default));
    }

    public Task DisposeAsync() => _market.DisposeAsync().AsTask();

    [Fact]
    public async Task SignIn_TakesACode_AndAnotherOneEachTime()
    {
        Assert.Equal("code", Refusal(ProblemTypes.SecondFactor, await SignInAsync(null)).Field);
        Refusal(ProblemTypes.SecondFactor, await SignInAsync(_app.WrongCode()));
        // The one that turned it on was seen by whoever looked over the shoulder.
        Refusal(ProblemTypes.SecondFactor, await SignInAsync(_first));
        var code = _app.NextCode();
        Value(await SignInAsync(code));

        Refusal(ProblemTypes.SecondFactor, await SignInAsync(code));
        Value(await SignInAsync(_app.NextCode()));
        // A wrong password is not told from one that is right with a code: the code is not looked at.
        Refusal(ProblemTypes.Unauthenticated, await _market.Client().SignInAsync(new Credentials { Name = "alice", Password = "not the password", Code = _app.NextCode() }, default));
    }

    [Fact]
    public async Task Code_SentByManyAtOnce_SignsInOne()
    {
        var code = _app.NextCode();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignInAsync(code)));

        Assert.Single(answers, answer => answer.Problem is null);
        Assert.All(answers.Where(answer => answer.Problem is not null), answer => Refusal(ProblemTypes.SecondFactor, answer));
    }

    [Fact]
    public async Task Codes_GuessedInARow_AreNotTakenForAWhile_NotEvenTheRightOne()
    {
        var limits = MarketLimits.Default;
        for (var i = 0; i < limits.MaxWrongCodes; i++) Refusal(ProblemTypes.SecondFactor, await SignInAsync(_app.WrongCode()));

        Refusal(ProblemTypes.RateLimited, await SignInAsync(_app.NextCode()));
        Refusal(ProblemTypes.RateLimited, await SignInAsync(_recovery.Codes[0]));

        // The control: before the limit, and after the time, the right one is taken.
        _market.Clock.Advance(limits.WrongCodesTime);
        for (var i = 0; i < limits.MaxWrongCodes - 1; i++) Refusal(ProblemTypes.SecondFactor, await SignInAsync(_app.WrongCode()));
        Value(await SignInAsync(_app.NextCode()));
    }

    [Fact]
    public async Task RecoveryCode_SignsInOnce_AndNewOnesTakeThePlaceOfTheOld()
    {
        Assert.Equal(MarketLimits.Default.RecoveryCodes, _recovery.Codes.Distinct().Count());
        Value(await SignInAsync(_recovery.Codes[0].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)));
        Refusal(ProblemTypes.SecondFactor, await SignInAsync(_recovery.Codes[0]));
        Assert.Equal(_recovery.Codes.Length - 1, Value(await _alice.SecondFactorAsync(default)).RecoveryCodes);

        var renewed = Value(await _alice.RenewRecoveryCodesAsync(new SecondFactorCode { Code = _app.NextCode() }, default));

        Refusal(ProblemTypes.SecondFactor, await SignInAsync(_recovery.Codes[1]));
        Value(await SignInAsync(renewed.Codes[1]));
    }

    [Fact]
    public async Task TurningItOn_EndsOtherSessions_AndLeavesTokens()
    {
        var bob = await _market.RegisterAsync("bob");
        var other = _market.Client(Value(await _market.Client().SignInAsync(new Credentials { Name = "bob", Password = Password }, default)).Token);
        var token = _market.Client(Value(await bob.CreateTokenAsync(new NewToken { Name = "ci", Scopes = [TokenScope.Read] }, default)).Token);
        var enrolment = Value(await bob.EnrolSecondFactorAsync(default));
        // Not before a code has shown that he has it.
        Value(await _market.Client().SignInAsync(new Credentials { Name = "bob", Password = Password }, default));
        var app = new Authenticator(enrolment.Secret, _market.Clock);
        Refusal(ProblemTypes.SecondFactor, await bob.ConfirmSecondFactorAsync(new SecondFactorCode { Code = app.WrongCode() }, default));

        Value(await bob.ConfirmSecondFactorAsync(new SecondFactorCode { Code = app.Code }, default));

        Value(await bob.AccountAsync(default));
        Refusal(ProblemTypes.Unauthenticated, await other.AccountAsync(default));
        Value(await token.AccountAsync(default));
        Refusal(ProblemTypes.TokenScope, await token.EnrolSecondFactorAsync(default));
        Refusal(ProblemTypes.TokenScope, await token.SecondFactorAsync(default));
        Refusal(ProblemTypes.WrongState, await bob.EnrolSecondFactorAsync(default));
    }

    [Fact]
    public async Task TurningItOff_TakesACode_OrThoseWhoKeepTheMarketplace()
    {
        Refusal(ProblemTypes.SecondFactor, await _alice.RemoveSecondFactorAsync(new SecondFactorCode { Code = _app.WrongCode() }, default));
        Refusal(ProblemTypes.SecondFactor, await SignInAsync(null));
        Value(await _alice.RemoveSecondFactorAsync(new SecondFactorCode { Code = _app.NextCode() }, default));
        Value(await SignInAsync(null));

        var again = new Authenticator(Value(await _alice.EnrolSecondFactorAsync(default)).Secret, _market.Clock);
        Value(await _alice.ConfirmSecondFactorAsync(new SecondFactorCode { Code = again.NextCode() }, default));
        Refusal(ProblemTypes.SecondFactor, await SignInAsync(null));
        var database = _market.Server.Services.GetRequiredService<Database>();
        Assert.True(await SecondFactors.ForgetAsync(database, _market.Clock, "alice", default));
        Assert.False(await SecondFactors.ForgetAsync(database, _market.Clock, "alice", default));
        Value(await SignInAsync(null));
    }

    [Fact]
    public async Task Secret_IsNotInTheRecords_AndIsReadAfterAStart()
    {
        var database = _market.Server.Services.GetRequiredService<Database>();
        var kept = await database.ReadAsync(sql => sql.FirstAsync<string>("SELECT secret FROM second_factors"), default);
        var hashes = await database.ReadAsync(sql => sql.ListAsync<string>("SELECT hash FROM recovery_codes"), default);
        // Moved to another account, it is none.
        await _market.RegisterAsync("mallory");
        await database.WriteAsync(sql => sql.ExecuteAsync("INSERT INTO second_factors (account_id, secret, created, confirmed) SELECT id, @kept, 1, 1 FROM accounts WHERE name = 'mallory'", new { kept }), default);

        await _market.RunAsync(new MarketLimits { SignInsPerTenMinutes = 1000 }, new([TestScanner.Passing], _ => Marketplace.Publishing.PackageLooks.None));

        Assert.DoesNotContain(_app.Code, kept, StringComparison.Ordinal);
        Assert.True(Convert.FromBase64String(kept!).Length > Totp.SecretBytes);
        Assert.DoesNotContain(hashes, hash => _recovery.Codes.Contains(hash));
        Value(await SignInAsync(_app.NextCode()));
        Refusal(ProblemTypes.Unavailable, await _market.Client().SignInAsync(new Credentials { Name = "mallory", Password = Password, Code = _app.NextCode() }, default));
    }

    [Fact]
    public async Task Browser_IsAskedForTheCode_AndIsNobodyUntilThen()
    {
        using var browser = new Browser(_market);
        var page = await browser.DoAsync("/sign-in?return=%2Fportal%2Ftokens", "/sign-in", ("name", "alice"), ("password", Password), ("return", "/portal/tokens"));
        Assert.Contains("Second factor", page, StringComparison.Ordinal);
        Assert.Null(browser.Session);
        using (var portal = await browser.SendAsync(HttpMethod.Get, "/portal")) Assert.Equal(HttpStatusCode.Found, portal.StatusCode);
        using (var wrong = await browser.SubmitAsync("/sign-in/code", "/sign-in/code", ("code", _app.WrongCode())))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            Assert.Contains("The code is wrong", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var right = await browser.SubmitAsync("/sign-in/code?return=%2Fportal%2Ftokens", "/sign-in/code", ("code", _app.NextCode()), ("return", "/portal/tokens"));

        Assert.Equal("/portal/tokens", right.Headers.Location!.ToString());
        Assert.Contains("Hello, alice", await browser.PageAsync("/portal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HalfSignIn_IsNoSession_AndEndsAfterItsTime()
    {
        using var browser = new Browser(_market);
        await browser.DoAsync("/sign-in", "/sign-in", ("name", "alice"), ("password", Password));
        var half = browser.Cookies.GetCookies(browser.Url)["lazyoc-half"]!.Value;
        Refusal(ProblemTypes.Unauthenticated, await _market.Client(half).AccountAsync(default));
        using var thief = new Browser(_market);
        thief.Cookies.Add(_market.Url, new Cookie("lazyoc-session", half));
        using (var portal = await thief.SendAsync(HttpMethod.Get, "/portal")) Assert.Equal(HttpStatusCode.Found, portal.StatusCode);

        _market.Clock.Advance(MarketLimits.Default.HalfSignInTime);

        using var late = await browser.SubmitAsync("/sign-in/code", "/sign-in/code", ("code", _app.NextCode()));
        Assert.Null(browser.Session);
        Assert.NotEqual(HttpStatusCode.SeeOther, late.StatusCode);
    }

    [Fact]
    public async Task Portal_TurnsItOn_WithAPictureForTheApp()
    {
        using var browser = await new Browser(_market).RegisterAsync("carol");
        using var enrolled = await browser.SubmitAsync("/portal/account", "/portal/account/second-factor/enrolment");
        var page = await enrolled.Content.ReadAsStringAsync();
        Assert.True(enrolled.Headers.CacheControl?.NoStore);
        Assert.Contains("<svg class=\"qr\"", page, StringComparison.Ordinal);
        var secret = page.Split("secret=")[1].Split("&")[0];
        var app = new Authenticator(secret, _market.Clock);
        using var wrong = await browser.PostAsync("/portal/account/second-factor", ("form-token", Browser.TokenOf(page, "/portal/account/second-factor")), ("code", app.WrongCode()));
        Assert.Contains(secret, await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var on = await browser.PostAsync("/portal/account/second-factor", ("form-token", Browser.TokenOf(page, "/portal/account/second-factor")), ("code", app.NextCode()));

        Assert.Contains("Your recovery codes", await on.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var after = await browser.PageAsync("/portal/account");
        Assert.Contains("10 recovery codes", after, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, after, StringComparison.Ordinal);
    }

    private Task<ApiResult<Session>> SignInAsync(string? code) => _market.Client().SignInAsync(new Credentials { Name = "alice", Password = Password, Code = code }, default);
}
