using System.Net;
using System.Text;
using LazyOC.Marketplace.Protocol.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Operations;

/// <summary>What those who run the server see of it, and what it refuses to too many.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class OperationsTests
{
    [Fact]
    public async Task Metrics_CountWhatHappened_AndNameNobody()
    {
        await using var market = await MarketFixture.StartAsync();
        await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());
        Refusal(ProblemTypes.NotFound, await market.Client().PublisherAsync("nobody", default));

        var text = await market.Http.GetStringAsync(new Uri(market.Url, "metrics"));

        Assert.Contains("# TYPE market_submissions_total counter\nmarket_submissions_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains("market_scans_total{scanner=\"passing\",verdict=\"pass\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("market_decisions_total{state=\"live\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("market_refusals_total{kind=\"not-found\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("market_plugins 1\n", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket{http_request_method=\"PUT\",http_response_status_code=\"202\",http_route=\"/v1/api/plugins/{id}/{version}\",le=\"+Inf\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", text, StringComparison.Ordinal);
        Assert.DoesNotContain("acme", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("healthz", "ok\n")]
    [InlineData("readyz", "ready\n")]
    public async Task Probe_OfAServerThatWorks_SaysSo(string path, string expected)
    {
        await using var market = await MarketFixture.StartAsync();
        Assert.Equal(expected, await market.Http.GetStringAsync(new Uri(market.Url, path)));
    }

    [Fact]
    public async Task Requests_BeyondTheLimit_AreToldWhenToComeBack()
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { ApiRequestsPerMinute = 3, FileRequestsPerMinute = 2 }, []);

        var api = await StatusesAsync(market, "v1/api/search", 4);
        var files = await StatusesAsync(market, "v1/config.json", 3);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], api);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], files);
    }

    [Fact]
    public async Task Publishes_BeyondTheLimit_AreToldWhenToComeBack()
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { PublishesPerHour = 1 }, []);
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());

        Assert.Equal(429, Refusal(ProblemTypes.RateLimited, await market.PublishAsync(owner, SamplePlugin.Package(version: "1.1.0"))).Status);
    }

    [Theory]
    [InlineData("GET", "v1/api/nothing", "", 404, ProblemTypes.NotFound)]
    [InlineData("PATCH", "v1/api/account", "", 405, ProblemTypes.MethodNotAllowed)]
    [InlineData("GET", "v1/api/account", "", 401, ProblemTypes.Unauthenticated)]
    [InlineData("POST", "v1/api/accounts", "text/plain", 415, ProblemTypes.UnsupportedMediaType)]
    [InlineData("POST", "v1/api/accounts", "application/json", 400, ProblemTypes.InvalidRequest)]
    [InlineData("GET", "v1/api/plugins/NOT-AN-ID", "", 400, ProblemTypes.InvalidRequest)]
    [InlineData("GET", "v1/api/plugins/acme.demo/reviews?cursor=x", "", 400, ProblemTypes.InvalidRequest)]
    [InlineData("PUT", "v1/api/publishers/acme/keys/nokey/revocation", "application/json", 401, ProblemTypes.Unauthenticated)]
    public async Task Error_IsAProblemDocument(string method, string path, string type, int status, string kind)
    {
        await using var market = await MarketFixture.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(market.Url, path));
        if (type.Length > 0) request.Content = new StringContent("{", Encoding.UTF8, type);

        using var response = await market.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(ApiProblem.MediaType, response.Content.Headers.ContentType?.MediaType);
        var problem = System.Text.Json.JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(), ApiJson.Default.ApiProblem)!;
        Assert.Equal((kind, status), (problem.Kind, problem.Status));
        Assert.NotEmpty(problem.Detail);
        Assert.NotEqual('.', problem.Detail[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_ThatIsTooLarge_IsRefused(bool saysSo)
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { MaxJsonBytes = 1_000 }, []);
        using var content = new StringContent($$"""{"name":"alice","password":"{{new string('x', 2_000)}}"}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(market.Url, "v1/api/accounts")) { Content = content };
        request.Headers.TransferEncodingChunked = !saysSo;

        using var response = await market.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(ApiProblem.MediaType, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Log_OfWhatPeopleSend_HasNoLinesAndSecretsOfTheirs()
    {
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "log");
        await using (var market = await MarketFixture.StartAsync(null, [new TestScanner("throws", (_, _) => throw new InvalidOperationException("scanner is down"))], prepare: builder => builder.Logging.Services.AddSingleton<ILoggerProvider>(new FileLog(file))))
        {
            var owner = await market.OwnerAsync();
            var token = Value(await owner.CreateTokenAsync(new NewToken { Name = "ci", Scopes = [TokenScope.Publish, TokenScope.Read] }, default)).Token;
            await market.SettleAsync(market.Client(token), SamplePlugin.Package());
            using var forged = await market.Http.GetAsync(new Uri(market.Url, "v1/api/plugins/x%0aError:%20forged%20line"));
            using var injected = await market.Http.GetAsync(new Uri(market.Url, "v1/api/search?q=x%0d%0aError:%20forged%20line"));
            var log = await File.ReadAllTextAsync(file);
            Assert.DoesNotContain(token, log, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, log, StringComparison.Ordinal);
            Assert.DoesNotContain(log.Split('\n'), line => line.StartsWith("Error: forged", StringComparison.Ordinal));
            // The control: what goes wrong is in it.
            Assert.Contains("scanner throws failed on acme.demo", log, StringComparison.Ordinal);
        }
    }

    private static async Task<HttpStatusCode[]> StatusesAsync(MarketFixture market, string path, int count)
    {
        var statuses = new HttpStatusCode[count];
        for (var i = 0; i < count; i++)
        {
            using var response = await market.Http.GetAsync(new Uri(market.Url, path));
            statuses[i] = response.StatusCode;
            if (statuses[i] == HttpStatusCode.TooManyRequests) Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
        return statuses;
    }
}
