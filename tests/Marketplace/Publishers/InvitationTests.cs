using System.Net;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Tests.Web;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Publishers;

/// <summary>Becoming a member of a publisher, handing one over, and what roles do not allow.</summary>
public sealed class InvitationTests : IAsyncLifetime
{
    private MarketFixture _market = null!;
    private MarketClient _owner = null!;
    private MarketClient _bob = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync(new MarketLimits { SignInsPerTenMinutes = 1000 }, []);
        _owner = await _market.OwnerAsync();
        _bob = await _market.RegisterAsync("bob");
    }

    public Task DisposeAsync() => _market.DisposeAsync().AsTask();

    [Fact]
    public async Task Invitation_MakesAMember_OnlyOnceItIsAccepted_AndByWhomItIsFor()
    {
        var mallory = await _market.RegisterAsync("mallory");
        var invitation = Value(await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Maintainer), default));
        Refusal(ProblemTypes.Forbidden, await _market.PublishAsync(_bob, SamplePlugin.Package()));
        Refusal(ProblemTypes.NotFound, await mallory.AcceptInvitationAsync(invitation.Id, default));
        Refusal(ProblemTypes.NotFound, await mallory.DeclineInvitationAsync(invitation.Id, default));
        Assert.Empty(Value(await mallory.InvitationsAsync(default)).Invitations);
        Assert.Equal(("acme", "alice"), Value(await _bob.InvitationsAsync(default)).Invitations.Select(mine => (mine.Publisher, mine.InvitedBy)).Single());

        Assert.Equal(new Membership("acme", PublisherRole.Maintainer), Value(await _bob.AcceptInvitationAsync(invitation.Id, default)));

        Value(await _market.PublishAsync(_bob, SamplePlugin.Package()));
        Refusal(ProblemTypes.NotFound, await _bob.AcceptInvitationAsync(invitation.Id, default));
        Refusal(ProblemTypes.WrongState, await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Owner), default));
    }

    [Fact]
    public async Task Invitation_OfNobody_IsAnsweredAsOneOfSomebody()
    {
        var known = Value(await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Reviewer), default));
        var unknown = Value(await _owner.InviteAsync("acme", Asked("nobody-here", PublisherRole.Reviewer), default));

        Assert.Equal(known with { Id = "", Account = "", Created = default, Expires = default }, unknown with { Id = "", Account = "", Created = default, Expires = default });
        Assert.Equal(["bob", "nobody-here"], Value(await _owner.InvitedAsync("acme", default)).Invitations.Select(invitation => invitation.Account));
        // Nor do the other ways to members tell.
        Assert.Equal(
            Refusal(ProblemTypes.NotFound, await _owner.SetMemberAsync("acme", "bob", new MemberRole { Role = PublisherRole.Owner }, default)),
            Refusal(ProblemTypes.NotFound, await _owner.SetMemberAsync("acme", "nobody-here", new MemberRole { Role = PublisherRole.Owner }, default)));
        // Whoever takes the name then was not meant.
        var late = await _market.RegisterAsync("nobody-here");
        Assert.Empty(Value(await late.InvitationsAsync(default)).Invitations);
        Refusal(ProblemTypes.NotFound, await late.AcceptInvitationAsync(unknown.Id, default));
    }

    [Fact]
    public async Task Invitation_IsForOwnersToMake_AndForSessionsToAccept()
    {
        await _market.JoinAsync(_owner, _bob, "bob", PublisherRole.Maintainer);
        var carol = await _market.RegisterAsync("carol");
        foreach (var (client, kind) in new[] { (_bob, ProblemTypes.Forbidden), (carol, ProblemTypes.Forbidden), (_market.Client(), ProblemTypes.Unauthenticated) })
        {
            Refusal(kind, await client.InviteAsync("acme", Asked("carol", PublisherRole.Owner), default));
            Refusal(kind, await client.WithdrawInvitationAsync("acme", "carol", default));
            Refusal(kind, await client.SetMemberAsync("acme", "bob", new MemberRole { Role = PublisherRole.Owner }, default));
        }
        Refusal(ProblemTypes.Forbidden, await carol.InvitedAsync("acme", default));
        var publishes = _market.Client(Value(await _owner.CreateTokenAsync(new NewToken { Name = "ci", Scopes = [TokenScope.Publish] }, default)).Token);
        Refusal(ProblemTypes.TokenScope, await publishes.InviteAsync("acme", Asked("carol", PublisherRole.Reviewer), default));
        var invitation = Value(await _owner.InviteAsync("acme", Asked("carol", PublisherRole.Reviewer), default));
        var all = _market.Client(Value(await carol.CreateTokenAsync(new NewToken { Name = "all", Scopes = [.. Enum.GetValues<TokenScope>()] }, default)).Token);
        Refusal(ProblemTypes.TokenScope, await all.AcceptInvitationAsync(invitation.Id, default));
        Value(await carol.AcceptInvitationAsync(invitation.Id, default));
    }

    [Fact]
    public async Task Invitation_EndsWithItsTime_ItsMaker_OrASecondThought()
    {
        var withdrawn = Value(await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Owner), default));
        Value(await _owner.WithdrawInvitationAsync("acme", "bob", default));
        Refusal(ProblemTypes.NotFound, await _bob.AcceptInvitationAsync(withdrawn.Id, default));
        var declined = Value(await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Owner), default));
        Value(await _bob.DeclineInvitationAsync(declined.Id, default));
        Refusal(ProblemTypes.NotFound, await _bob.AcceptInvitationAsync(declined.Id, default));
        // Another takes the place of the first.
        var first = Value(await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Owner), default));
        var second = Value(await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Reviewer), default));
        Refusal(ProblemTypes.NotFound, await _bob.AcceptInvitationAsync(first.Id, default));
        Assert.Equal(PublisherRole.Reviewer, Value(await _bob.AcceptInvitationAsync(second.Id, default)).Role);
        // One who was an owner, and invited a friend, is not an owner any more.
        var carol = await _market.RegisterAsync("carol");
        var dave = await _market.RegisterAsync("dave");
        await _market.JoinAsync(_owner, carol, "carol", PublisherRole.Owner);
        var friend = Value(await carol.InviteAsync("acme", Asked("dave", PublisherRole.Owner), default));
        Value(await _owner.SetMemberAsync("acme", "carol", new MemberRole { Role = PublisherRole.Maintainer }, default));
        Refusal(ProblemTypes.WrongState, await dave.AcceptInvitationAsync(friend.Id, default));
        Value(await _owner.SetMemberAsync("acme", "carol", new MemberRole { Role = PublisherRole.Owner }, default));
        _market.Clock.Advance(MarketLimits.Default.InvitationTime);
        var again = _market.Client(Value(await _market.Client().SignInAsync(new Credentials { Name = "dave", Password = Password }, default)).Token);
        Refusal(ProblemTypes.NotFound, await again.AcceptInvitationAsync(friend.Id, default));
    }

    [Fact]
    public async Task Transfer_PutsOneOwnerInThePlaceOfAnother()
    {
        Assert.Equal("role", Refusal(ProblemTypes.InvalidRequest, await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Reviewer) with { IsTransfer = true }, default)).Field);
        var offer = Value(await _owner.InviteAsync("acme", Asked("bob", PublisherRole.Owner) with { IsTransfer = true }, default));
        Value(await _owner.PublisherAsync("acme", default));

        Value(await _bob.AcceptInvitationAsync(offer.Id, default));

        Assert.Equal([("bob", PublisherRole.Owner)], Value(await _bob.PublisherAsync("acme", default)).Members.Select(member => (member.Account, member.Role)));
        Refusal(ProblemTypes.Forbidden, await _owner.InviteAsync("acme", Asked("carol", PublisherRole.Owner), default));
        Refusal(ProblemTypes.Forbidden, await _market.PublishAsync(_owner, SamplePlugin.Package()));
        Value(await _market.PublishAsync(_bob, SamplePlugin.Package()));
    }

    [Fact]
    public async Task Invitation_WithMoreThanAsked_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_market.Url, "v1/api/publishers/acme/invitations"))
        {
            Content = new StringContent("""{"account":"bob","role":"reviewer","invitedBy":"mona","expires":"2099-01-01T00:00:00Z"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", Value(await _market.Client().SignInAsync(new Credentials { Name = "alice", Password = Password }, default)).Token);

        using var response = await _market.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(Value(await _owner.InvitedAsync("acme", default)).Invitations);
    }

    [Fact]
    public async Task Portal_InvitesAndAccepts()
    {
        using var alice = await new Browser(_market).SignInAsync("alice");
        using var bob = await new Browser(_market).SignInAsync("bob");
        await alice.DoAsync("/portal/publishers/acme", "/portal/publishers/acme/invitations", ("account", "bob"), ("role", "maintainer"));
        Assert.Contains("Take the invitation of bob back", await alice.PageAsync("/portal/publishers/acme"), StringComparison.Ordinal);
        var id = Value(await _bob.InvitationsAsync(default)).Invitations.Single().Id;
        Assert.Contains("invites you as maintainer", await bob.PageAsync("/portal"), StringComparison.Ordinal);

        var page = await bob.DoAsync("/portal", $"/portal/invitations/{id}/acceptance");

        Assert.Contains("you are maintainer", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Invite somebody", page, StringComparison.Ordinal);
    }

    private static NewInvitation Asked(string account, PublisherRole role) => new() { Account = account, Role = role };
}
