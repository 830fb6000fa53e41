using System.Net;
using System.Text;
using LazyOC.Marketplace.Protocol.Api;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Accounts;

/// <summary>A token is good for what it was made for, and for nothing else.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class TokenTests
{
    [Theory]
    [InlineData(TokenScope.Publish, "acme.demo", null)]
    [InlineData(TokenScope.Publish, "*", null)]
    [InlineData(TokenScope.Publish, "acme.o*", ProblemTypes.TokenScope)]
    [InlineData(TokenScope.Publish, "other.*", ProblemTypes.TokenScope)]
    [InlineData(TokenScope.Read, "*", ProblemTypes.TokenScope)]
    [InlineData(TokenScope.Owner, "*", ProblemTypes.TokenScope)]
    public async Task Token_OfAScopeAndPattern_PublishesOnlyThat(TokenScope scope, string pattern, string? refusal)
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var token = Value(await owner.CreateTokenAsync(new NewToken { Name = "ci", Scopes = [scope], Plugins = pattern }, default)).Token;

        var result = await market.PublishAsync(market.Client(token), SamplePlugin.Package());

        if (refusal is null) Value(result);
        else Refusal(refusal, result);
    }

    [Fact]
    public async Task Token_ThatIsStolen_CannotMakeListOrRevokeOthers()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var other = Value(await owner.CreateTokenAsync(new NewToken { Name = "other", Scopes = [TokenScope.Read] }, default)).Info;
        var all = Value(await owner.CreateTokenAsync(new NewToken { Name = "all", Scopes = [.. Enum.GetValues<TokenScope>()] }, default));
        var thief = market.Client(all.Token);

        Refusal(ProblemTypes.TokenScope, await thief.CreateTokenAsync(new NewToken { Name = "more", Scopes = [TokenScope.Read] }, default));
        Refusal(ProblemTypes.TokenScope, await thief.TokensAsync(default));
        Refusal(ProblemTypes.TokenScope, await thief.RevokeTokenAsync(other.Id, default));
        // The control: who has signed in may do all three.
        Assert.Equal(["all", "other"], Value(await owner.TokensAsync(default)).Tokens.Select(token => token.Name));
        Value(await owner.RevokeTokenAsync(other.Id, default));
        Value(await thief.RevokeTokenAsync(all.Info.Id, default));
        Refusal(ProblemTypes.Unauthenticated, await thief.AccountAsync(default));
    }

    [Fact]
    public async Task Token_OfSomebodyElse_CannotBeRevokedOrSeen()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var id = Value(await owner.CreateTokenAsync(new NewToken { Name = "ci", Scopes = [TokenScope.Read] }, default)).Info.Id;
        var mallory = await market.RegisterAsync("mallory");

        Refusal(ProblemTypes.NotFound, await mallory.RevokeTokenAsync(id, default));
        Assert.Empty(Value(await mallory.TokensAsync(default)).Tokens);
        Assert.Single(Value(await owner.TokensAsync(default)).Tokens);
    }

    [Fact]
    public async Task Token_AfterItsTime_IsRefused()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var token = Value(await owner.CreateTokenAsync(new NewToken { Name = "ci", Scopes = [TokenScope.Read], Days = 1 }, default)).Token;
        var client = market.Client(token);
        Value(await client.AccountAsync(default));

        market.Clock.Advance(TimeSpan.FromDays(1));

        Refusal(ProblemTypes.Unauthenticated, await client.AccountAsync(default));
        Refusal(ProblemTypes.Unauthenticated, await owner.AccountAsync(default));
    }

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", true)]
    [InlineData("192.0.3.7", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db9::1", false)]
    public async Task Token_BoundToNetworks_IsGoodFromThoseOnly(string from, bool isGood)
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var token = Value(await owner.CreateTokenAsync(new NewToken { Name = "ci", Scopes = [TokenScope.Read], Networks = ["192.0.2.0/24", "2001:db8::/32"] }, default)).Token;
        var tokens = (Marketplace.Accounts.TokenStore)market.Server.Services.GetService(typeof(Marketplace.Accounts.TokenStore))!;

        Assert.Equal(isGood, await tokens.OfTokenAsync(token, IPAddress.Parse(from), default) is not null);
        // From this machine, which is in neither.
        Refusal(ProblemTypes.Unauthenticated, await market.Client(token).AccountAsync(default));
    }

    [Fact]
    public async Task Secrets_AreNowhereInTheData()
    {
        await using var market = await MarketFixture.StartAsync();
        var session = Value(await market.Client().RegisterAsync(new Credentials { Name = "alice", Password = Password }, default)).Token;
        var token = Value(await market.Client(session).CreateTokenAsync(new NewToken { Name = "ci", Scopes = [TokenScope.Read] }, default)).Token;
        Value(await market.Client(token).AccountAsync(default));

        foreach (var file in Directory.EnumerateFiles(market.Data, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            foreach (var secret in new[] { Password, token, session }) Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, $"{file} has a secret in it");
            // The control: the account's name is there.
            if (Path.GetFileName(file) == "market.db-wal") Assert.True(bytes.AsSpan().IndexOf("alice"u8) >= 0);
        }
    }

    [Fact]
    public async Task Key_OfTheRegistry_IsReadableByItsUserOnly()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var market = await MarketFixture.StartAsync();

        var mode = File.GetUnixFileMode(Path.Combine(market.Data, "registry-key.pem"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    [Fact]
    public async Task Start_WithAKeyThatOthersCanRead_IsRefused()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryDirectory();
        await using (await MarketFixture.StartAsync(null, [], folder.Path))
        {
        }
        File.SetUnixFileMode(Path.Combine(folder.Path, "registry-key.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var started = await MarketServer.StartAsync(new MarketOptions { DataDirectory = folder.Path }, new Marketplace.Publishing.RequiredScanners([], _ => Marketplace.Publishing.PackageLooks.None), prepare: Quiet);

        Assert.False(started.TryGet(out _, out var problems));
        Assert.Contains("chmod 600", problems[0].Hint, StringComparison.Ordinal);
    }
}
