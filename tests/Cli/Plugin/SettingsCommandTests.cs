using System.Text.Json;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin;

/// <summary><c>plugin settings</c>, as its user types it.</summary>
public sealed class SettingsCommandTests : IDisposable
{
    private const string Id = "acme.metrics";
    private const string Secret = "hunter2-is-no-password";

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task List_NothingSet_ShowsDefaultsAndWhatIsMissing()
    {
        await InstallAsync();

        var rows = (await JsonAsync("list")).EnumerateArray().ToDictionary(row => row.GetProperty("name").GetString()!);
        var table = await RunAsync("list");

        Assert.Equal(["url", "step", "token"], rows.Keys);
        Assert.Equal(15, rows["step"].GetProperty("value").GetInt32());
        Assert.False(rows["step"].GetProperty("set").GetBoolean());
        Assert.False(rows["url"].TryGetProperty("value", out _));
        Assert.True(rows["token"].GetProperty("secret").GetBoolean());
        Assert.Equal(0, table.ExitCode);
        Assert.Contains("`token` is not set, and the plugin needs it", table.Error, StringComparison.Ordinal);
        Assert.Contains($"hint: `lazyoc plugin settings {Id} set token` sets it", table.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetGetUnset_OfASetting_ChangeWhatIsKept()
    {
        await InstallAsync();

        Assert.Equal($"{Id}: step is set\n", (await RunAsync("set", "step", "30")).Output);
        Assert.Equal("30\n", (await RunAsync("get", "step")).Output);
        Assert.True((await JsonAsync("get", "step")).GetProperty("set").GetBoolean());
        Assert.Equal(["url"], Names(await JsonAsync("set", "url", "https://metrics.example.com")));
        Assert.Equal("https://metrics.example.com\n", (await RunAsync("get", "url")).Output);

        Assert.Equal($"{Id}: step is unset\n", (await RunAsync("unset", "step")).Output);
        Assert.Equal("15\n", (await RunAsync("get", "step")).Output);
        await JsonAsync("unset", "url");
        Assert.Equal(4, (await RunAsync("get", "url")).ExitCode);

        static IEnumerable<string?> Names(JsonElement changed) => changed.GetProperty("changed").EnumerateArray().Select(name => name.GetString());
    }

    [Fact]
    public async Task Set_OfASecret_IsReadFromInputAndNeverTold()
    {
        await InstallAsync();

        var set = await RunAsync(["set", "token"], Secret + "\n");
        var get = await RunAsync("get", "token");
        ProgramRun[] runs = [set, get, await RunAsync("get", "token", "--output", "json"), await RunAsync("list"), await RunAsync("list", "--output", "json")];

        Assert.Equal((0, $"{Id}: token is set\n"), (set.ExitCode, set.Output));
        Assert.Equal(3, get.ExitCode);
        Assert.Contains("`token` is secret: it is set, and its value is never told", get.Error, StringComparison.Ordinal);
        Assert.All(runs, run => Assert.DoesNotContain(Secret, run.Output + run.Error, StringComparison.Ordinal));
        // Neither is it in any file of the home as it is.
        Assert.All(Directory.EnumerateFiles(_lazyoc.Home, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain(Secret, File.ReadAllText(file), StringComparison.Ordinal));
        Assert.True((await JsonAsync("get", "token")).GetProperty("set").GetBoolean());
        Assert.Equal(0, (await RunAsync("unset", "token")).ExitCode);
        Assert.False((await JsonAsync("get", "token")).GetProperty("set").GetBoolean());
    }

    [Theory]
    [InlineData(4, "`stpe` is not a setting of acme.metrics", "hint: did you mean `step`?", "set", "stpe", "1")]
    [InlineData(4, "`stpe` is not a setting of acme.metrics", "hint: did you mean `step`?", "get", "stpe")]
    [InlineData(2, "step", "1", "set", "step", "0")]
    [InlineData(2, "step", "", "set", "step", "soon")]
    [InlineData(2, "url", "", "set", "url", "not an address")]
    [InlineData(2, "`token` is secret and is not taken from the command line", "hint: leave VALUE out", "set", "token", "seen-by-all")]
    public async Task Change_OfWhatCannotBe_IsRefusedAndKeepsNothing(int code, string what, string hint, params string[] arguments)
    {
        await InstallAsync();
        var before = await RunAsync("list", "--output", "json");

        var run = await RunAsync(arguments);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(what, run.Error, StringComparison.Ordinal);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Equal(before.Output, (await RunAsync("list", "--output", "json")).Output);
    }

    [Fact]
    public async Task Settings_OfAPluginThatIsNotInstalled_EndWithNotFound() => Assert.Equal(4, (await RunAsync("list")).ExitCode);

    private async Task InstallAsync()
    {
        var package = await PluginDirectory.JavaScript(_lazyoc.PathOf("metrics"), Id, "export {};").With("configuration", """
            {
              "type": "object", "required": ["token"], "properties": {
                "url": { "type": "string", "format": "uri" },
                "step": { "type": "integer", "minimum": 1, "default": 15 },
                "token": { "type": "string", "format": "secret" }
              }
            }
            """).PackAsync(_lazyoc);
        await _lazyoc.OkAsync("plugin", "install", package, "--yes", "--allow-unsigned");
    }

    private Task<JsonElement> JsonAsync(params string[] arguments) => _lazyoc.JsonAsync(["plugin", "settings", Id, .. arguments]);

    private Task<ProgramRun> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    private Task<ProgramRun> RunAsync(string[] arguments, string input) => _lazyoc.RunAsync(LazyOc.Program, ["plugin", "settings", Id, .. arguments], input);
}
