using System.Runtime.InteropServices;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin.Authoring;

public sealed class NewCommandTests : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task List_HasEveryTemplate()
    {
        var templates = await _lazyoc.JsonAsync("plugin", "new", "--list");

        Assert.Equal(TemplateTests.Names, templates.EnumerateArray().Select(template => template.GetProperty("name").GetString()!));
        Assert.All(templates.EnumerateArray(), template => Assert.NotEmpty(template.GetProperty("description").GetString()!));
    }

    [Fact]
    public async Task New_InAFolderThatIsNotEmpty_ChangesNothingAndSaysWhatToDo()
    {
        var folder = Directory.CreateDirectory(_lazyoc.PathOf("full")).FullName;
        File.WriteAllText(Path.Combine(folder, "mine.txt"), "keep");

        var run = await _lazyoc.RunAsync("plugin", "new", folder, "--yes");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is not empty: it holds `mine.txt`", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: give an empty directory", run.Error, StringComparison.Ordinal);
        Assert.Equal("keep", File.ReadAllText(Assert.Single(Directory.GetFileSystemEntries(folder))));
        Assert.Single(Directory.GetFileSystemEntries(_lazyoc.Home), entry => Path.GetFileName(entry).StartsWith("full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_InAnEmptyRepository_KeepsIt()
    {
        var folder = Directory.CreateDirectory(_lazyoc.PathOf("cloned")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, ".git"));

        await _lazyoc.OkAsync("plugin", "new", folder, "--id", "acme.cloned", "--name", "Cloned (it's & new)", "--template", "hook", "--yes", "--no-install");

        Assert.True(Directory.Exists(Path.Combine(folder, ".git")));
        Assert.Contains("\"displayName\": \"Cloned (it's & new)\"", File.ReadAllText(Path.Combine(folder, "plugin.json")), StringComparison.Ordinal);
        Assert.Contains("\"name\": \"acme-cloned\"", File.ReadAllText(Path.Combine(folder, "package.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no template `colunm`", "did you mean `column`?", "--template", "colunm", "--yes")]
    [InlineData("there is no template `everything`", "the templates are `action`", "--template", "everything", "--yes")]
    [InlineData("`Acme` is not a plugin id", "such as `acme.pod-notes`", "--id", "Acme", "--yes")]
    [InlineData("is no display name", "", "--name", "\"}, evil", "--yes")]
    [InlineData("`--template` is not given", "take the defaults with `--yes`")]
    public async Task New_WithWhatIsWrong_SaysWhatToDo(string message, string hint, params string[] arguments)
    {
        var run = await _lazyoc.RunAsync(["plugin", "new", _lazyoc.PathOf("made"), .. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_lazyoc.PathOf("made")));
    }

    [Fact]
    public async Task New_OfANameThatMakesNoId_AsksForOne()
    {
        var run = await _lazyoc.RunAsync("plugin", "new", _lazyoc.PathOf("9"), "--yes");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("hint: give `--id`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_WithoutNode_MakesThePluginAndSaysWhatIsMissing()
    {
        var folder = _lazyoc.PathOf("made");
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        var run = await _lazyoc.RunAsync("/usr/bin/env", [$"PATH={_lazyoc.Home}", $"DOTNET_ROOT={dotnet}", LazyOc.Program, "plugin", "new", folder, "--yes"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the plugin is made, but npm, which builds it, cannot be started", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: install Node.js 20 or newer", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "plugin.json")));
    }

    [Fact]
    public async Task New_WithARegistryThatIsAway_MakesThePluginAndSaysWhatToDo()
    {
        var folder = _lazyoc.PathOf("made");

        var run = await _lazyoc.RunAsync("/usr/bin/env", ["npm_config_registry=http://127.0.0.1:1", "npm_config_fetch_retries=0", LazyOc.Program, "plugin", "new", folder, "--yes"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the plugin is made, but `npm install` ended with", run.Error, StringComparison.Ordinal);
        Assert.Contains($"hint: run `npm install` in {folder}", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "plugin.json")));
    }
}
