using System.Text.Json;

namespace LazyOC.EndToEnd.Tests;

/// <summary><c>lazyoc plugin …</c>, as its user types it.</summary>
public sealed class PluginCommandTests : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task Pack_Twice_GivesTheSameBytes()
    {
        var plugin = Probe();
        var first = File.ReadAllBytes(await plugin.PackAsync(_lazyoc));
        Assert.Equal(first, File.ReadAllBytes(await plugin.PackAsync(_lazyoc)));
    }

    [Fact]
    public async Task InstallDisableEnableUninstall_InJson_TellTheState()
    {
        var package = await Probe().PackAsync(_lazyoc);

        var installed = await _lazyoc.JsonAsync("plugin", "install", package, "--yes", "--allow-unsigned");
        var row = Assert.Single(installed.GetProperty("installed").EnumerateArray());
        Assert.Equal("acme.probe", row.GetProperty("id").GetString());
        Assert.True(row.GetProperty("unsigned").GetBoolean());
        Assert.True(Assert.Single(await ListAsync()).GetProperty("enabled").GetBoolean());

        Assert.False((await _lazyoc.JsonAsync("plugin", "disable", "acme.probe")).GetProperty("enabled").GetBoolean());
        Assert.False(Assert.Single(await ListAsync()).GetProperty("enabled").GetBoolean());
        Assert.True((await _lazyoc.JsonAsync("plugin", "enable", "acme.probe")).GetProperty("enabled").GetBoolean());

        await _lazyoc.JsonAsync("plugin", "uninstall", "acme.probe");
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Install_WithoutConsent_SaysWhatItAsksForAndInstallsNothing()
    {
        var package = await Probe().With("permissions", """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["delete"]}]}""").PackAsync(_lazyoc);

        var unsigned = await _lazyoc.RunAsync("plugin", "install", package, "--yes");
        Assert.Equal(3, unsigned.ExitCode);
        Assert.Contains("is not signed", unsigned.Error);
        Assert.Contains("`--allow-unsigned`", unsigned.Error);

        var run = await _lazyoc.RunAsync("plugin", "install", package, "--allow-unsigned");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("not signed", run.Error);
        Assert.Contains("pods", run.Error);
        Assert.Contains("hint:", run.Error);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task List_InTheTable_MarksUnsignedPlugins()
    {
        await _lazyoc.OkAsync("plugin", "install", await Probe().PackAsync(_lazyoc), "--yes", "--allow-unsigned");
        Assert.Contains("unsigned", await _lazyoc.OkAsync("plugin", "list"));
    }

    [Fact]
    public async Task Uninstall_OfWhatIsNotInstalled_EndsWithNotFound()
    {
        var run = await _lazyoc.RunAsync("plugin", "uninstall", "acme.absent");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("hint:", run.Error);
    }

    [Fact]
    public async Task Audit_WithAChangedLine_IsFoundByVerify()
    {
        await _lazyoc.OkAsync("--demo", "--size", "120x40");
        Assert.Equal(0, (await _lazyoc.RunAsync("plugin", "audit", "--demo", "--verify")).ExitCode);

        var file = Directory.GetFiles(_lazyoc.PathOf("demo/audit")).Order(StringComparer.Ordinal).First();
        File.WriteAllText(file, File.ReadAllText(file).Replace("lazyoc.cluster-pulse", "lazyoc.cluster-pulsE", StringComparison.Ordinal));

        Assert.Equal(3, (await _lazyoc.RunAsync("plugin", "audit", "--demo", "--verify")).ExitCode);
    }

    [Theory]
    [InlineData("unknown key", """{"permissoins":{}}""", "permissoins", "permissions")]
    [InlineData("wrong type", """{"displayName":7}""", "displayName", "hint:")]
    [InlineData("host too old", """{"engines":{"lazyoc":"^9.0"}}""", "engines.lazyoc", "hint:")]
    public async Task Pack_WithABadManifest_SaysWhereAndWhat(string _, string change, string where, string hint)
    {
        var plugin = Probe();
        foreach (var (member, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject()) plugin.With(member, value!.ToJsonString());
        var packing = await Assert.ThrowsAnyAsync<Exception>(() => plugin.PackAsync(_lazyoc));
        Assert.Contains(where, packing.Message);
        Assert.Contains(hint, packing.Message);
    }

    [Fact]
    public async Task Install_OfAFileThatIsNoZip_IsRefused()
    {
        var file = _lazyoc.PathOf("not-a-zip.lzp");
        File.WriteAllText(file, "this is not a zip archive");
        var run = await _lazyoc.RunAsync("plugin", "install", file, "--yes", "--allow-unsigned");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("not-a-zip.lzp", run.Error);
        Assert.Contains("zip", run.Error);
        Assert.Empty(await ListAsync());
    }

    private PluginDirectory Probe() => PluginDirectory.JavaScript(_lazyoc.PathOf("probe"), "acme.probe", "lazyoc.on('render', () => ({}));");

    private async Task<IEnumerable<JsonElement>> ListAsync() => (await _lazyoc.JsonAsync("plugin", "list")).EnumerateArray();
}
