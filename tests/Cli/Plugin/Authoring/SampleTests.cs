using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin.Authoring;

/// <summary>The samples in WebAssembly pass their own tests, with the code that the build has packed, and use all that they contribute.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Theory]
    [InlineData("diff-viewer")]
    [InlineData("log-patterns")]
    public async Task Tests_OfASampleInWebAssembly_Pass(string plugin)
    {
        var tests = await _lazyoc.JsonAsync("plugin", "test", Path.Combine(LazyOc.RepositoryRoot, "plugins", plugin), "--no-build");

        Assert.Equal(0, tests.GetProperty("failed").GetInt32());
        Assert.Empty(tests.GetProperty("unused").EnumerateArray());
        Assert.Empty(tests.GetProperty("written").EnumerateArray());
    }
}
