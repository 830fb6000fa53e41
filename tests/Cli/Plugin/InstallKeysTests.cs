using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin;

/// <summary>What <c>plugin install</c> says of keys that LazyOC has itself.</summary>
public sealed class InstallKeysTests : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task Install_KeysOfLazyOcsOwn_AreToldWithWhatToDo()
    {
        var output = await InstallAsync();

        // Once, though the action has it in the list and in the details.
        Assert.Single(output.Split('\n'), line => line == "the key `d` of acme.tools.drain is LazyOC's own, for object.delete");
        Assert.Contains("the key `ctrl-p` of acme.tools.find is LazyOC's own, for palette\n", output, StringComparison.Ordinal);
        Assert.Contains($"hint: give it a key of its own in `{_lazyoc.PathOf("keys.json")}`: {{\"acme.tools.drain\": [\"f5\"]}}", output, StringComparison.Ordinal);
        // A key that works everywhere leaves the panel that has the same one to itself.
        Assert.DoesNotContain("`o`", output, StringComparison.Ordinal);
        Assert.DoesNotContain("`f6`", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_KeysThatTheUserHasGiven_AreNoClash()
    {
        await File.WriteAllTextAsync(_lazyoc.PathOf("keys.json"), """{ "acme.tools.drain": ["f5"], "palette": ["f2"] }""");

        Assert.DoesNotContain("LazyOC's own", await InstallAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_KeyThatTheUserGaveToLazyOc_IsAClash()
    {
        await File.WriteAllTextAsync(_lazyoc.PathOf("keys.json"), """{ "theme": ["f6"] }""");

        Assert.Contains("the key `f6` of acme.tools.six is LazyOC's own, for theme\n", await InstallAsync(), StringComparison.Ordinal);
    }

    private async Task<string> InstallAsync()
    {
        var package = await PluginDirectory.JavaScript(_lazyoc.PathOf("tools"), "acme.tools", "export {};").With("contributes", """
            {
              "actions": [{ "id": "acme.tools.drain", "title": "Drain", "resources": ["Pod"], "key": "d" }],
              "commands": [{ "id": "acme.tools.find", "title": "Find" }, { "id": "acme.tools.other", "title": "Other" }, { "id": "acme.tools.six", "title": "Six" }],
              "keys": [
                { "key": "ctrl-p", "command": "acme.tools.find", "context": "list" },
                { "key": "o", "command": "acme.tools.other", "context": "global" },
                { "key": "f6", "command": "acme.tools.six", "context": "global" }
              ]
            }
            """).PackAsync(_lazyoc);
        return await _lazyoc.OkAsync("plugin", "install", package, "--yes", "--allow-unsigned");
    }
}
