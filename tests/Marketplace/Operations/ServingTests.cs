using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Publishing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Operations;

/// <summary>How the server runs among others: logs, traces, proxies, and stopping.</summary>
public sealed class ServingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Stop_FinishesWhatIsUnderWay_AndSaysBeforeThatItIsNotReady()
    {
        using var folder = new TemporaryDirectory();
        var (begun, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        Assert.True((await MarketServer.StartAsync(
            new MarketOptions { DataDirectory = folder.Path, DrainTime = TimeSpan.FromSeconds(10) }, Scanners,
            new MarketLimits { ShutdownTime = Patience },
            prepare: builder =>
            {
                Quiet(builder);
                builder.Services.AddSingleton<IStartupFilter>(new SlowAnswer(begun, gate.Task));
            })).TryGet(out var server, out _));
        var url = server.Url;
        using var http = new HttpClient { Timeout = Patience };
        var lifetime = server.Services.GetRequiredService<IHostApplicationLifetime>();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, new Uri(url, "readyz")));
        var slow = http.GetStringAsync(new Uri(url, "slow"));
        await begun.Task.WaitAsync(Patience);

        var stopped = server.DisposeAsync().AsTask();

        // It still answers, and says that it is not ready.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, new Uri(url, "readyz")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, new Uri(url, "healthz")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, new Uri(url, "v1/config.json")));
        await Task.Delay(Timeout.InfiniteTimeSpan, lifetime.ApplicationStopping).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Patience);
        Assert.False(slow.IsCompleted);
        gate.SetResult();
        Assert.Equal("done", await slow);
        await stopped.WaitAsync(Patience);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(url, "healthz")));
    }

    [Fact]
    public async Task Ready_WhenTheRecordsCannotBeRead_IsNotSaid()
    {
        await using var market = await MarketFixture.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(market.Http, new Uri(market.Url, "readyz")));

        await market.Server.Services.GetRequiredService<Database>().WriteAsync(sql => sql.ExecuteAsync("DROP TABLE schema_migrations"), default);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(market.Http, new Uri(market.Url, "readyz")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(market.Http, new Uri(market.Url, "healthz")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Traces_AreSentToTheCollectorThatIsNamed_AndHaveNothingOfPeople(bool isNamed)
    {
        var sent = new ConcurrentQueue<(string Path, string Body)>();
        await using var collector = await ServeAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            sent.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
        });
        await using (var market = await MarketFixture.StartAsync(null, [], change: options => options with { TraceCollector = isNamed ? new Uri(collector.Urls.First()) : null }))
        {
            await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());
            using var found = await market.Http.GetAsync(new Uri(market.Url, "v1/api/search?q=rumour"));
            using var shown = await market.Http.GetAsync(new Uri(market.Url, "v1/api/plugins/acme.demo"));
        }

        if (!isNamed)
        {
            Assert.Empty(sent);
            return;
        }
        Assert.All(sent, request => Assert.Equal("/v1/traces", request.Path));
        var all = string.Concat(sent.Select(request => request.Body));
        foreach (var expected in new[] { "lazyoc-market", "GET /v1/api/search", "GET /v1/api/plugins/{id}", "PUT /v1/api/plugins/{id}/{version}", "scan", "passing" }) Assert.Contains(expected, all, StringComparison.Ordinal);
        foreach (var secret in new[] { "rumour", "acme.demo", "alice", Password, "lzs_" }) Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.TooManyRequests)]
    public async Task Proxy_IsBelievedAboutWhoAsks_WhenItWasNamed(bool isNamed, HttpStatusCode expected)
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { ApiRequestsPerMinute = 1 }, [], change: options => options with { Proxies = isNamed ? [IPNetwork.Parse("127.0.0.0/8")] : [] });
        var answers = new List<HttpStatusCode>();
        foreach (var address in new[] { "198.51.100.1", "198.51.100.2" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(market.Url, "v1/api/search"));
            request.Headers.Add("X-Forwarded-For", address);
            using var response = await market.Http.SendAsync(request);
            answers.Add(response.StatusCode);
        }
        Assert.Equal([HttpStatusCode.OK, expected], answers);
    }

    [Fact]
    public async Task Program_LogsJson_AndEndsWellWhenItIsAskedTo()
    {
        using var folder = new TemporaryDirectory();
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "lazyoc-market.dll"), "--data", folder.Path, "--port", "0", "--log-format", "json", "--drain", "4"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        var first = await process.StandardOutput.ReadLineAsync(patience.Token);
        if (first is null) Assert.Fail(await error);
        using var line = JsonDocument.Parse(first);
        Assert.Equal("Information", line.RootElement.GetProperty("LogLevel").GetString());
        var url = new Uri(line.RootElement.GetProperty("State").GetProperty("Url").GetString()!);
        using var http = new HttpClient { Timeout = Patience };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, new Uri(url, "readyz")));

        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(patience.Token);

        var rest = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
        Assert.All(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries), other => JsonDocument.Parse(other).Dispose());
    }

    private static RequiredScanners Scanners { get; } = new([TestScanner.Passing], _ => PackageLooks.None);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, Uri address)
    {
        using var response = await http.GetAsync(address);
        return response.StatusCode;
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    /// <summary>Answers one address when it is let.</summary>
    private sealed class SlowAnswer(TaskCompletionSource begun, Task gate) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Map("/slow", slow => slow.Run(async context =>
            {
                begun.SetResult();
                await gate;
                await context.Response.WriteAsync("done");
            }));
            next(app);
        };
    }
}
