using LazyOC.Cli.Commands.Plugin.Dev;

namespace LazyOC.Cli.Tests.Dev;

public sealed class SourceWatcherTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lazyoc-watch-");
    private readonly SourceWatcher _watcher;

    public SourceWatcherTests()
    {
        File.WriteAllText(Create("src/plugin.ts"), "one");
        _watcher = new SourceWatcher(_root.FullName, ["node_modules", "dist"], warning => Assert.Fail(warning));
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task Changed_NothingChanged_IsFalse() => Assert.False(await _watcher.ChangedAsync(Moment, CancellationToken.None));

    [Theory]
    [InlineData("src/plugin.ts")]
    [InlineData("src/new/deep/file.ts")]
    [InlineData("plugin.json")]
    public async Task Changed_SourceWritten_IsTrueOnce(string path)
    {
        await _watcher.ChangedAsync(TimeSpan.Zero, CancellationToken.None);
        File.WriteAllText(Create(path), "another text");

        Assert.True(await _watcher.ChangedAsync(Patience, CancellationToken.None));
        // Notices of what has been told may still come.
        Assert.False(await _watcher.ChangedAsync(Moment, CancellationToken.None));
    }

    [Theory]
    [InlineData("dist/plugin.js")]
    [InlineData("node_modules/x/index.js")]
    [InlineData(".git/index")]
    public async Task Changed_WhatIsNoSource_IsFalse(string path)
    {
        await _watcher.ChangedAsync(TimeSpan.Zero, CancellationToken.None);
        File.WriteAllText(Create(path), "another text");
        Assert.False(await _watcher.ChangedAsync(Moment, CancellationToken.None));
        Assert.False(await _watcher.ChangedAsync(Moment, CancellationToken.None));
    }

    [Fact]
    public async Task Changed_SourceRemoved_IsTrue()
    {
        await _watcher.ChangedAsync(TimeSpan.Zero, CancellationToken.None);
        File.Delete(Path.Combine(_root.FullName, "src/plugin.ts"));
        Assert.True(await _watcher.ChangedAsync(Patience, CancellationToken.None));
    }

    private string Create(string path)
    {
        var full = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }
}
