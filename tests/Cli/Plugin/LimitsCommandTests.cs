using System.Text.Json;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin;

/// <summary><c>plugin limits</c>, as its user types it, and what <c>plugin list</c> says about starts.</summary>
public sealed class LimitsCommandTests : IDisposable
{
    private const string Id = "acme.metrics";

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task Limits_Set_AreKeptUntilTheyAreReset()
    {
        await InstallAsync();
        Assert.Equal(("64 MiB", null, "64 MiB"), Row(await JsonAsync("limits", Id), "memory"));

        await JsonAsync("limits", Id, "--memory", "128MiB", "--cpu", "40");
        var later = await JsonAsync("limits", Id, "--host-calls", "500");

        Assert.Equal(("64 MiB", "128 MiB", "128 MiB"), Row(later, "memory"));
        Assert.Equal(("20%", "40%", "40%"), Row(later, "cpu"));
        Assert.Equal(("100/s", "500/s", "500/s"), Row(later, "host calls"));
        Assert.Equal(("20/s", null, "20/s"), Row(later, "kubernetes calls"));
        // Another version keeps them.
        await InstallAsync("1.1.0");
        Assert.Equal("128 MiB", Row(await JsonAsync("limits", Id), "memory").InForce);
        Assert.Equal(("64 MiB", null, "64 MiB"), Row(await JsonAsync("limits", Id, "--reset"), "memory"));
    }

    [Fact]
    public async Task Limits_UnderAPolicy_AreNoMoreThanItLeaves()
    {
        await InstallAsync();
        var policy = Path.Combine(_lazyoc.Home, "policy.json");
        await File.WriteAllTextAsync(policy, """{ "limits": { "memory": "32MiB" } }""");

        var limits = JsonDocument.Parse((await _lazyoc.RunAsync("env", [$"LAZYOC_POLICY={policy}", LazyOc.Program, "plugin", "limits", Id, "--memory", "128MiB", "--output", "json"])).Output).RootElement;

        Assert.Equal(("64 MiB", "128 MiB", "32 MiB"), Row(limits, "memory"));
    }

    [Theory]
    [InlineData("--memory", "much", "`memory` is `much`, which is no size")]
    [InlineData("--memory", "1KiB", "expected 64 KiB to 512 MiB")]
    [InlineData("--memory", "1GiB", "expected 64 KiB to 512 MiB")]
    [InlineData("--cpu", "0", "expected 1 to 100")]
    [InlineData("--host-calls", "-1", "expected at least 1")]
    public async Task Limits_ThatMeanNothing_AreRefusedAndChangeNothing(string option, string value, string says)
    {
        await InstallAsync();

        var run = await _lazyoc.RunAsync("plugin", "limits", Id, option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.All((await JsonAsync("limits", Id)).GetProperty("limits").EnumerateArray(), row => Assert.False(row.TryGetProperty("yours", out _)));
    }

    [Fact]
    public async Task List_OfAPluginThatStartsAlways_SaysSo()
    {
        await InstallAsync(activation: "onStartup");
        Assert.True((await JsonAsync("list"))[0].GetProperty("atStart").GetBoolean());
        Assert.Contains("always", await _lazyoc.OkAsync("plugin", "list"), StringComparison.Ordinal);
        await InstallAsync("1.1.0");
        Assert.Contains("when needed", await _lazyoc.OkAsync("plugin", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfADamagedPackage_ShowsTheOthers()
    {
        await InstallAsync();
        var main = Directory.EnumerateFiles(_lazyoc.Home, "plugin.js", SearchOption.AllDirectories).Single(file => !file.StartsWith(_lazyoc.PathOf("source"), StringComparison.Ordinal));
        await File.AppendAllTextAsync(main, "// changed");

        Assert.Contains("damaged", await _lazyoc.OkAsync("plugin", "list"), StringComparison.Ordinal);
        Assert.Contains("plugin.js", (await JsonAsync("list"))[0].GetProperty("damaged").GetString(), StringComparison.Ordinal);
    }

    private async Task InstallAsync(string version = "1.0.0", string? activation = null)
    {
        var source = PluginDirectory.JavaScript(_lazyoc.PathOf($"source-{version}"), Id, "export {};").With("version", $"\"{version}\"");
        if (activation is not null) source.With("activation", $"[\"{activation}\"]");
        await _lazyoc.OkAsync("plugin", "install", await source.PackAsync(_lazyoc), "--yes", "--allow-unsigned");
    }

    private Task<JsonElement> JsonAsync(params string[] arguments) => _lazyoc.JsonAsync(["plugin", .. arguments]);

    private static (string Default, string? Yours, string InForce) Row(JsonElement report, string resource)
    {
        var row = report.GetProperty("limits").EnumerateArray().Single(row => row.GetProperty("resource").GetString() == resource);
        return (row.GetProperty("default").GetString()!, row.TryGetProperty("yours", out var yours) ? yours.GetString() : null, row.GetProperty("inForce").GetString()!);
    }
}
