using static LazyOC.Marketplace.Protocol.Tests.Client.RegistryFixture;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>Documents that are asked for more than once: after a failure, and when they were seen before.</summary>
public sealed class RepeatedRequestTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    private string Server => _registry.Server.Root.AbsoluteUri;

    public async Task InitializeAsync() => _registry = await WithDemoAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Index_FailureThatPasses_IsAskedForAgainWithGrowingPauses()
    {
        var asked = 0;
        _registry.Server.Lie(IndexPath, exchange => ++asked < 3 ? exchange.SendHeadAsync("503 Service Unavailable") : exchange.AnswerAsync());
        Assert.Single(Value(await _registry.IndexAsync(Limits with { Attempts = 3 })).Value!.Lines);
        Assert.Equal([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1)], _registry.Time.Pauses);
    }

    [Fact]
    public async Task Index_FailureThatStays_IsAskedForSoOftenAndNoMore()
    {
        _registry.Server.Lie(IndexPath, "503 Service Unavailable");
        Refusal(await _registry.IndexAsync(Limits with { Attempts = 4 }));
        Assert.Equal(4, _registry.Server.Requests.Count);
    }

    [Fact]
    public async Task Index_RetryAfter_IsWaitedForUnlessItIsTooLong()
    {
        _registry.Server.Lie(IndexPath, "429 Too Many Requests\r\nRetry-After: 10");
        Refusal(await _registry.IndexAsync(Limits with { Attempts = 2 }));
        Assert.Equal([TimeSpan.FromSeconds(10)], _registry.Time.Pauses);

        _registry.Server.Lie(IndexPath, "429 Too Many Requests\r\nRetry-After: 11");
        Assert.Equal($"{Server} has had too many requests and asks to wait 11 s\nhint: try again later", Refusal(await _registry.IndexAsync(Limits with { Attempts = 2 })));
        Assert.Single(_registry.Time.Pauses);
    }

    [Fact]
    public async Task Index_SeenBefore_IsNotSentAgain()
    {
        Value(await _registry.IndexAsync());
        Assert.Single(Value(await _registry.IndexAsync()).Value!.Lines);
        Assert.NotNull(_registry.Server.RequestsOf(IndexPath)[1]["if-none-match"]);
        Assert.Equal(new FileInfo(Path.Combine(_registry.Folder, IndexPath)).Length, _registry.Server.BodyBytes[IndexPath]);
    }

    [Fact]
    public async Task Index_ETagThatNeverChanges_DoesNotKeepAnExpiredDocumentAlive()
    {
        Value(await _registry.IndexAsync());
        _registry.Server.Lie(IndexPath, "304 Not Modified");
        Assert.Single(Value(await _registry.IndexAsync()).Value!.Lines);

        _registry.Time.Now = Now.AddDays(30);
        Assert.Equal($"`{Server}{IndexPath}` was said to be as before, though all of it was asked for\nhint: tell who keeps the registry", Refusal(await _registry.IndexAsync()));
        Assert.Null(_registry.Server.RequestsOf(IndexPath)[^1]["if-none-match"]);

        _registry.Server.BeHonest(IndexPath);
        Assert.Equal(
            $"`{Server}: index of acme.demo` is refused: it expired at 2026-03-31 12:00 UTC: an old state is shown, and what has changed since is withheld\nhint: check this computer's clock; if it is right, try again later, and tell those who run the registry",
            Refusal(await _registry.IndexAsync()));
        await _registry.ExportAsync();
        Assert.Single(Value(await _registry.IndexAsync()).Value!.Lines);
    }
}
