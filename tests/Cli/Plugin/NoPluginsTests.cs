namespace LazyOC.Cli.Tests.Plugin;

/// <summary>What is broken about plugins keeps nobody from working without them.</summary>
public sealed class NoPluginsTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lazyoc-home-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("current", "no number")]
    [InlineData("current", "7")]
    [InlineData("quarantine.json", "not json")]
    [InlineData("policy.json", "not json")]
    [InlineData("store", "a file where a directory should be")]
    public async Task Open_WithoutPlugins_StartsWhateverIsDamaged(string file, string content)
    {
        var home = Home.Locate(name => name == "LAZYOC_HOME" ? _root.FullName : null, demo: true);
        Directory.CreateDirectory(home.Plugins);
        await File.WriteAllTextAsync(Path.Combine(home.Plugins, file), content);
        var before = Environment.GetEnvironmentVariable(PolicyFiles.Variable);
        Environment.SetEnvironmentVariable(PolicyFiles.Variable, Path.Combine(home.Plugins, "policy.json"));
        try
        {
            var connection = new Connection { Scenario = "empty", Plugins = false };

            await using var live = await LiveCluster.OpenAsync(connection, home, runs: true, (_, bug) => throw bug);

            Assert.Null(live.Plugins);
            Assert.Null(live.Screen.Extensions);
        }
        finally
        {
            Environment.SetEnvironmentVariable(PolicyFiles.Variable, before);
        }
    }
}
