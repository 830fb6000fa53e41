using System.Collections.Concurrent;
using System.Net;
using LazyOC.Marketplace.Outgoing;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Tests.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Publishers;

/// <summary>Showing that a domain is a publisher's, at a real web server, and asking the marketplace to reach what it should not.</summary>
public sealed class DomainTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _asked = new();
    private WebApplication _site = null!;
    private Func<HttpContext, Task> _answer = context => context.Response.WriteAsync("");

    private int Port => new Uri(_site.Urls.First()).Port;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        Quiet(builder);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _site = builder.Build();
        _site.Run(context =>
        {
            _asked.Enqueue($"{context.Request.Host.Host} {context.Request.Path}");
            return _answer(context);
        });
        await _site.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _site.StopAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Domain_IsVerifiedByItsFile_AndForAWhile()
    {
        await using var market = await StartAsync(["127.0.0.1"]);
        var owner = await market.OwnerAsync();
        var added = Value(await owner.AddDomainAsync("acme", new NewDomain { Domain = "acme.example" }, default));
        Refusal(ProblemTypes.WrongState, await owner.CheckDomainAsync("acme", "acme.example", default));
        Assert.Empty(Value(await market.Client().DomainsAsync("acme", default)).Domains);
        Assert.Contains("/.well-known/lazyoc-publisher", added.ProofUrl.AbsoluteUri, StringComparison.Ordinal);
        _answer = context => context.Response.WriteAsync($"# ours\r\n{added.Proof}\r\n");
        // Not as often as somebody likes.
        Refusal(ProblemTypes.RateLimited, await owner.CheckDomainAsync("acme", "acme.example", default));
        market.Clock.Advance(MarketLimits.Default.DomainCheckInterval);

        Assert.True(Value(await owner.CheckDomainAsync("acme", "acme.example", default)).IsVerified);

        var shown = Assert.Single(Value(await market.Client().DomainsAsync("acme", default)).Domains);
        Assert.Null(shown.Proof);
        Assert.Equal(["acme.example /.well-known/lazyoc-publisher", "acme.example /.well-known/lazyoc-publisher"], _asked);
        using var anybody = new Browser(market);
        Assert.Contains("acme.example", await anybody.PageAsync("/publishers/acme"), StringComparison.Ordinal);
        market.Clock.Advance(MarketLimits.Default.DomainProofTime);
        Assert.Empty(Value(await market.Client().DomainsAsync("acme", default)).Domains);
        Assert.DoesNotContain("acme.example", await anybody.PageAsync("/publishers/acme"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proof_OfAnotherPublisher_OrBehindARedirect_OrTooLong_IsNone()
    {
        await using var market = await StartAsync(["127.0.0.1"]);
        var owner = await market.OwnerAsync();
        var mallory = await market.RegisterAsync("mallory");
        Value(await mallory.CreatePublisherAsync(new NewPublisher { Name = "mallory" }, default));
        var theirs = Value(await owner.AddDomainAsync("acme", new NewDomain { Domain = "acme.example" }, default)).Proof!;
        var own = Value(await mallory.AddDomainAsync("mallory", new NewDomain { Domain = "acme.example" }, default)).Proof!;
        Refusal(ProblemTypes.Forbidden, await mallory.CheckDomainAsync("acme", "acme.example", default));
        foreach (var answer in new Func<HttpContext, Task>[]
        {
            context => context.Response.WriteAsync(theirs),
            context => context.Response.WriteAsync($"<p>{own}</p>"),
            context => context.Response.WriteAsync(own + "\n" + new string('x', MarketLimits.Default.MaxProofBytes)),
            context =>
            {
                if (context.Request.Path == "/proof") return context.Response.WriteAsync(own);
                context.Response.Redirect("/proof");
                return Task.CompletedTask;
            },
            context =>
            {
                context.Response.StatusCode = 404;
                return context.Response.WriteAsync(own);
            },
        })
        {
            _answer = answer;
            Refusal(ProblemTypes.WrongState, await mallory.CheckDomainAsync("mallory", "acme.example", default));
            market.Clock.Advance(MarketLimits.Default.DomainCheckInterval);
        }
        _answer = context => context.Response.WriteAsync(own);
        Value(await mallory.CheckDomainAsync("mallory", "acme.example", default));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1", "93.184.216.34")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task Domain_ThatLeadsToWhatOnlyTheServerReaches_IsNotAsked(params string[] addresses)
    {
        await using var market = await StartAsync(addresses, allowsPrivate: false);
        var owner = await market.OwnerAsync();
        var added = Value(await owner.AddDomainAsync("acme", new NewDomain { Domain = "acme.example" }, default));
        _answer = context => context.Response.WriteAsync(added.Proof!);

        var refused = Refusal(ProblemTypes.WrongState, await owner.CheckDomainAsync("acme", "acme.example", default));

        Assert.Empty(_asked);
        // Nothing that tells it from a file that is not there.
        Assert.StartsWith("the proof was not found", refused.Detail, StringComparison.Ordinal);
        // The control: with the guard off, the same name is asked.
        await using var open = await StartAsync(["127.0.0.1"]);
        var other = await open.OwnerAsync();
        Value(await other.AddDomainAsync("acme", new NewDomain { Domain = "acme.example" }, default));
        Refusal(ProblemTypes.WrongState, await other.CheckDomainAsync("acme", "acme.example", default));
        Assert.Single(_asked);
    }

    [Theory]
    [InlineData("acme.example", true)]
    [InlineData("xn--bcher-kva.example", true)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("[::1]", false)]
    [InlineData("0x7f.1", false)]
    [InlineData("acme.example:8080", false)]
    [InlineData("acme.example/path", false)]
    [InlineData("user@acme.example", false)]
    [InlineData("Acme.example", false)]
    [InlineData("acme.example.", false)]
    [InlineData("-a.example", false)]
    [InlineData("a..example", false)]
    [InlineData("acme.example\n", false)]
    public void Domain_IsANameOfTheInternet(string text, bool isOne) => Assert.Equal(isOne, PublisherDomains.IsDomain(text));

    private Task<MarketFixture> StartAsync(string[] addresses, bool allowsPrivate = true) => MarketFixture.StartAsync(new MarketLimits { SignInsPerTenMinutes = 1000 }, [], change: options => options with
    {
        Outgoing = new OutgoingRules
        {
            Resolve = (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()),
            AllowsPrivate = allowsPrivate,
            ProofOf = domain => new Uri($"http://{domain}:{Port}/.well-known/lazyoc-publisher"),
        },
    });
}
