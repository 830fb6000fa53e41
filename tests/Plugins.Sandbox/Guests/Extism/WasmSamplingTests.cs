namespace LazyOC.Plugins.Sandbox.Guests.Extism;

/// <summary>Samples of what runs in a WebAssembly guest; what it does is in Fixtures/hot.ts.</summary>
public sealed class WasmSamplingTests
{
    [Fact]
    public async Task Sample_TwoHotFunctions_CountsEachByItsTime()
    {
        var log = new SampleLog(TimeSpan.FromMilliseconds(1));
        await using var guest = await TestGuest.StartWasmAsync("hot.wasm", configure: options => log.On(options) with { Limits = options.Limits with { TurnCpuMs = 60_000 } });

        for (var i = 0; i < 200 && log.Samples.Count < 100; i++) Assert.Equal("{}", await guest.AskAsync("work"));

        Assert.True(log.Samples.Count >= 100, $"{log.Samples.Count} samples");
        Assert.True(log.CountOf("hot/hot") > 2 * log.CountOf("hot/warm"), $"{log.CountOf("hot/hot")} hot, {log.CountOf("hot/warm")} warm");
        Assert.All(log.Samples, sample => Assert.Equal("hot/work", sample.Stack[^1].Name));
    }

    [Fact]
    public async Task Sample_HostCall_IsSeen()
    {
        var log = new SampleLog();
        await using var guest = await TestGuest.StartWasmAsync("guest.wasm", configure: log.On);

        for (var i = 0; i < 50 && log.Samples.IsEmpty; i++) await guest.AskAsync("call", """{"name":"x.y","args":{}}""");

        Assert.NotEmpty(log.Samples);
    }

    [Fact]
    public async Task Sample_WhileNobodyAsks_TakesNone()
    {
        var asked = 0;
        await using var guest = await TestGuest.StartWasmAsync("hot.wasm", configure: options => options with
        {
            Limits = options.Limits with { TurnCpuMs = 60_000 },
            Sampler = () =>
            {
                asked++;
                return null;
            },
        });

        await guest.AskAsync("work");

        Assert.Equal(1, asked);
    }
}
