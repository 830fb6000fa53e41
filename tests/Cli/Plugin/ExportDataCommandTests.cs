using System.Text.Json;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin;

/// <summary><c>plugin export-data</c>, of what a plugin has really stored.</summary>
public sealed class ExportDataCommandTests : IDisposable
{
    private const string Id = "acme.notes";

    private const string Stores = """
        lazyoc.on("activate", () => lazyoc.call("storage.batch", { set: [{ key: "b", value: [1, "€"] }, { key: "a", value: { deep: null } }] }));
        """;

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task ExportData_OfWhatWasStored_WritesItInTheOrderOfTheKeys()
    {
        await StoreAsync();

        var printed = await _lazyoc.OkAsync("plugin", "export-data", Id, "--demo");

        using var json = JsonDocument.Parse(printed);
        Assert.Equal(["a", "b"], json.RootElement.EnumerateObject().Select(entry => entry.Name));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("a").GetProperty("deep").ValueKind);
        Assert.Equal("€", json.RootElement.GetProperty("b")[1].GetString());
        // For people to read.
        Assert.Contains("€", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportData_AfterUninstall_StillHasIt()
    {
        await StoreAsync();
        await _lazyoc.OkAsync("plugin", "uninstall", Id, "--demo");

        Assert.Contains("\"deep\"", await _lazyoc.OkAsync("plugin", "export-data", Id, "--demo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportData_IntoAFile_WritesTheSameAndKeepsAFileThatIsThere()
    {
        await StoreAsync();
        var file = _lazyoc.PathOf("notes.json");

        Assert.Empty(await _lazyoc.OkAsync("plugin", "export-data", Id, "--demo", "--file", file));
        var again = await _lazyoc.RunAsync("plugin", "export-data", Id, "--demo", "--file", file);

        Assert.Equal(await _lazyoc.OkAsync("plugin", "export-data", Id, "--demo"), await File.ReadAllTextAsync(file) + "\n");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains($"`{file}` cannot be written", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportData_NothingStoredOrNeverInstalled_IsAnEmptyObjectOrNotFound()
    {
        await Plugin("export {};").InstallInDemoAsync(_lazyoc);

        Assert.Equal("{}\n", await _lazyoc.OkAsync("plugin", "export-data", Id, "--demo"));
        Assert.Equal(4, (await _lazyoc.RunAsync("plugin", "export-data", "acme.absent", "--demo")).ExitCode);
    }

    [Fact]
    public async Task ExportData_OfADamagedStore_SaysSo()
    {
        await StoreAsync();
        var store = Assert.Single(Directory.EnumerateFiles(_lazyoc.Home, "1.db", SearchOption.AllDirectories), file => file.Contains(Id, StringComparison.Ordinal));
        await File.WriteAllTextAsync(store, new string('x', 10_000));

        var run = await _lazyoc.RunAsync("plugin", "export-data", Id, "--demo");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is damaged", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    // A frame of the demo runs the plugin to the end of its activation.
    private async Task StoreAsync()
    {
        await Plugin(Stores).InstallInDemoAsync(_lazyoc);
        await _lazyoc.OkAsync("--demo", "--size", "120x40");
    }

    private PluginDirectory Plugin(string code) =>
        PluginDirectory.JavaScript(_lazyoc.PathOf("notes"), Id, code).With("permissions", """{ "storage": "1MiB" }""").With("activation", """["onStartup"]""");
}
