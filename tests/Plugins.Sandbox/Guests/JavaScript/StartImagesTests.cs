namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

public sealed class StartImagesTests : IDisposable
{
    private const string Counter = """
        console.log('evaluated');
        let count = 0;
        const greeting = ['a', 'b'].map((x) => x + x).join();
        lazyoc.on('render', async (payload) => { count++; return { count, greeting, echo: payload, host: await lazyoc.call('echo', { count }) }; });
        lazyoc.on('random', () => ({ random: Math.random(), bytes: [...crypto.getRandomValues(new Uint8Array(4))] }));
        lazyoc.on('throw', function boom() { throw new Error('no'); });
        lazyoc.on('loop', () => { for (;;); });
        """;

    private readonly StartImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Start_OfTheSamePackageAgain_BeginsAfterItsEvaluation()
    {
        await using (var first = await StartAsync(Counter))
        {
            Assert.Equal(1, _images.Count);
            Assert.Single(first.Log);
            Assert.Contains("\"count\":1", await first.AskAsync("render"), StringComparison.Ordinal);
        }

        await using var second = await StartAsync(Counter);

        Assert.Equal(1, _images.Restored);
        Assert.Empty(second.Log);
        var answer = await second.AskAsync("render", """{"x":"é"}""");
        Assert.StartsWith("""{"count":1,"greeting":"aa,bb","echo":{"x":"é"},"host":""", answer, StringComparison.Ordinal);
        Assert.Contains("\"count\":2", await second.AskAsync("render"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FromOneImageTwice_SharesNothing()
    {
        await using var first = await StartAsync(Counter);
        await using var second = await StartAsync(Counter);
        await using var third = await StartAsync(Counter);
        for (var i = 0; i < 3; i++) await second.AskAsync("render");

        Assert.Contains("\"count\":1", await third.AskAsync("render"), StringComparison.Ordinal);
        Assert.NotEqual(await second.AskAsync("random"), await third.AskAsync("random"));
    }

    [Fact]
    public async Task Start_WithRandomnessOfTheHost_GivesWhatTheHostGives()
    {
        static GuestOptions Fixed(GuestOptions options) => options with { FillRandom = bytes => bytes.Fill(0x80) };
        await using var first = await StartAsync(Counter, configure: Fixed);
        await using var second = await StartAsync(Counter, configure: Fixed);

        Assert.StartsWith("""{"random":0.50196078""", await first.AskAsync("random"), StringComparison.Ordinal);
        Assert.Equal(await first.AskAsync("random"), await second.AskAsync("random"));
    }

    [Theory]
    [InlineData("const id = Math.random();")]
    [InlineData("crypto.getRandomValues(new Uint8Array(8));")]
    public async Task Start_OfCodeThatDrawsRandomness_MakesNoImage(string code)
    {
        await using var guest = await StartAsync(code);
        Assert.Equal(0, _images.Count);
    }

    [Fact]
    public async Task Start_OfCodeThatFails_MakesNoImage()
    {
        await TestGuest.FailJavaScriptAsync("throw new Error('no')", options => options with { Images = _images, CodeDigest = "one" });
        Assert.Equal(0, _images.Count);
    }

    [Fact]
    public async Task Start_OfAnotherPackageOrLimit_StartsAnew()
    {
        await using var first = await StartAsync(Counter);
        await using var other = await StartAsync("lazyoc.on('render', () => ({ other: true }));", "two");
        await using var larger = await StartAsync(Counter, configure: options => options with { Limits = options.Limits with { MemoryBytes = 32 << 20 } });

        Assert.Equal("""{"other":true}""", await other.AskAsync("render"));
        Assert.Equal((3, 0), (_images.Count, _images.Restored));
    }

    [Fact]
    public async Task Start_MoreImagesThanAreKept_DropsTheLeastRecentlyUsed()
    {
        using var few = new StartImages(capacity: 2);
        foreach (var digest in (string[])["one", "two", "one", "three", "one", "two"])
        {
            await using var guest = await TestGuest.StartJavaScriptAsync(Counter, configure: options => options with { Images = few, CodeDigest = digest });
        }

        Assert.Equal((2, 2), (few.Count, few.Restored));
    }

    [Fact]
    public async Task Send_ToARestoredGuest_KeepsItsBoundsAndFaults()
    {
        await using var first = await StartAsync(Counter);
        await using var second = await StartAsync(Counter, configure: options => options with { Limits = options.Limits with { TurnCpuMs = 20 } });

        var thrown = await second.FailAsync("throw");
        Assert.Equal((GuestFaultKind.Threw, "Error: no"), (thrown.Kind, thrown.Message));
        Assert.Contains("boom", thrown.Stack, StringComparison.Ordinal);
        Assert.Equal(GuestFaultKind.Interrupted, (await second.FailAsync("loop")).Kind);
        Assert.Contains("\"count\":1", await second.AskAsync("render"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MathRandom_OfManyDraws_IsWithinItsRange()
    {
        await using var guest = await StartAsync("""
            lazyoc.on('draw', () => {
              let least = 1, most = 0, sum = 0;
              for (let i = 0; i < 10000; i++) { const x = Math.random(); least = Math.min(least, x); most = Math.max(most, x); sum += x; }
              return { ok: least >= 0 && least < 0.01 && most < 1 && most > 0.99 && Math.abs(sum / 10000 - 0.5) < 0.05 };
            });
            """);
        Assert.Equal("""{"ok":true}""", await guest.AskAsync("draw"));
    }

    private Task<TestGuest> StartAsync(string code, string digest = "one", Func<GuestOptions, GuestOptions>? configure = null) =>
        TestGuest.StartJavaScriptAsync(code, TestGuest.EchoCall, options => (configure ?? (o => o))(options with { Images = _images, CodeDigest = digest }));
}
