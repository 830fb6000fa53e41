using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LazyOC.Marketplace.Protocol.Api;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Accounts;

/// <summary>Registering, signing in, and what a stranger finds out and sets.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class AccountTests
{
    [Fact]
    public async Task SignIn_WithAWrongNameOrPassword_IsAnsweredAlike()
    {
        await using var market = await MarketFixture.StartAsync();
        await market.RegisterAsync("alice");

        var wrongPassword = Refusal(ProblemTypes.Unauthenticated, await market.Client().SignInAsync(new Credentials { Name = "alice", Password = "not the password" }, default));
        var wrongName = Refusal(ProblemTypes.Unauthenticated, await market.Client().SignInAsync(new Credentials { Name = "nobody-here", Password = "not the password" }, default));

        Assert.Equal(wrongPassword, wrongName);
        Value(await market.Client().SignInAsync(new Credentials { Name = "alice", Password = Password }, default));
    }

    [Fact]
    public async Task SignIn_ByTryingPasswords_EndsWithRetryAfter_AtANameWhateverTheAddress()
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { SignInsPerTenMinutes = 3 }, []);
        await market.RegisterAsync("alice");
        var body = () => new StringContent("""{"name":"alice","password":"guess guess guess"}""", Encoding.UTF8, "application/json");

        var statuses = new List<HttpStatusCode>();
        HttpResponseMessage? last = null;
        for (var i = 0; i < 3; i++)
        {
            last = await market.Http.PostAsync(new Uri(market.Url, "v1/api/sessions"), body());
            statuses.Add(last.StatusCode);
        }

        // Registering has counted, too.
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], statuses);
        Assert.True(last!.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        var limits = (Marketplace.Api.SignInLimits)market.Server.Services.GetService(typeof(Marketplace.Api.SignInLimits))!;
        Assert.Null(limits.Take("alice"));
        Assert.NotNull(limits.Take("alice"));
    }

    [Theory]
    [InlineData("""{"name":"eve","password":"long enough pass","role":"admin"}""", "role")]
    [InlineData("""{"name":"eve","password":"long enough pass","id":"1"}""", "id")]
    [InlineData("""{"name":"eve","name":"bob","password":"long enough pass"}""", "name")]
    [InlineData("""{"name":null,"password":"long enough pass"}""", "name")]
    [InlineData("""{"name":"eve"}""", "password")]
    [InlineData("""{"name":"../eve","password":"long enough pass"}""", "name")]
    [InlineData("""{"name":"eve'; DROP TABLE accounts; --","password":"long enough pass"}""", "name")]
    [InlineData("""{"name":"eve","password":"short"}""", "password")]
    [InlineData("not json", "")]
    public async Task Register_WithMoreOrOtherThanAsked_IsRefused(string json, string field)
    {
        await using var market = await MarketFixture.StartAsync();

        using var response = await market.Http.PostAsync(new Uri(market.Url, "v1/api/accounts"), new StringContent(json, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(ApiProblem.MediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(field, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // The control: without that it is taken, as a user.
        Assert.Equal(SiteRole.User, Value(await (await market.RegisterAsync("eve")).AccountAsync(default)).Role);
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        await using var market = await MarketFixture.StartAsync();
        var alice = await market.RegisterAsync("alice");

        Value(await alice.SignOutAsync(default));

        Refusal(ProblemTypes.Unauthenticated, await alice.AccountAsync(default));
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("acrne")]
    [InlineData("ac-me")]
    [InlineData("kubernetes")]
    public async Task Publisher_WhoseNameIsTakenReservedOrLooksLikeAnother_IsRefused(string name)
    {
        await using var market = await MarketFixture.StartAsync();
        await market.OwnerAsync();
        var mallory = await market.RegisterAsync("mallory");

        Refusal(ProblemTypes.NameTaken, await mallory.CreatePublisherAsync(new NewPublisher { Name = name }, default));
        Value(await mallory.CreatePublisherAsync(new NewPublisher { Name = "acute" }, default));
    }

    [Fact]
    public async Task Members_DoWhatTheirRoleAllows()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var bob = await market.RegisterAsync("bob");
        Refusal(ProblemTypes.Forbidden, await bob.SetMemberAsync("acme", "bob", new MemberRole { Role = PublisherRole.Owner }, default));

        Value(await owner.SetMemberAsync("acme", "bob", new MemberRole { Role = PublisherRole.Reviewer }, default));
        Refusal(ProblemTypes.Forbidden, await market.PublishAsync(bob, SamplePlugin.Package()));
        Value(await owner.SetMemberAsync("acme", "bob", new MemberRole { Role = PublisherRole.Maintainer }, default));
        Value(await market.PublishAsync(bob, SamplePlugin.Package()));
        Refusal(ProblemTypes.Forbidden, await bob.AddKeyAsync("acme", new NewAuthorKey { Key = market.Server.Key }, default));
        Refusal(ProblemTypes.WrongState, await owner.RemoveMemberAsync("acme", "alice", default));
        Value(await bob.RemoveMemberAsync("acme", "bob", default));
        Refusal(ProblemTypes.Forbidden, await market.PublishAsync(bob, SamplePlugin.Package(version: "2.0.0")));
    }

    [Theory]
    [InlineData("Bearer lzt_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Bearer lzs_' OR 1=1 --")]
    [InlineData("Basic YWxpY2U6eA==")]
    public async Task Request_WithAnythingButAGoodToken_IsRefused(string authorization)
    {
        await using var market = await MarketFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(market.Url, "v1/config.json"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await market.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(new AuthenticationHeaderValue("Bearer"), response.Headers.WwwAuthenticate.Single());
    }
}
