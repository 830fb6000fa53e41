namespace LazyOC.EndToEnd.Tests;

/// <summary>The fixture that fills every extension point, packed and installed as any plugin is.</summary>
public sealed class EverythingTests : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task Everything_Installed_IsInTheFrame()
    {
        await (await PluginDirectory.TypeScriptAsync(_lazyoc.PathOf("everything"), "everything")).InstallInDemoAsync(_lazyoc);
        var pod = await DemoPods.SickAsync(_lazyoc);

        var list = await _lazyoc.OkAsync("--demo", "--size", "200x40");
        var tab = await _lazyoc.OkAsync("--demo", "--size", "160x60", "--view", $"pods/{pod}", "--tab", "Everything");
        var faulty = await _lazyoc.OkAsync("--demo", "--size", "160x60", "--view", $"pods/{pod}", "--tab", "Faulty");

        Assert.Contains("HOST", list);
        Assert.Contains("WEIGHT", list);
        Assert.Contains("ticks 0", list);
        Assert.Contains("Said: nothing yet", tab);
        Assert.Contains("Here", tab);
        Assert.DoesNotContain("Nowhere", tab);
        Assert.Contains("faulty on purpose", faulty);
    }
}
