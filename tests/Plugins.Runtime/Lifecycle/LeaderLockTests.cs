using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Tests.Lifecycle;

public sealed class LeaderLockTests : IDisposable
{
    private static readonly PluginId Plugin = PluginId.Parse("acme.test");

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("lazyoc-leader-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public void TryTake_OfALockThatIsHeld_GivesNoneUntilItIsReleased()
    {
        var first = LeaderLock.TryTake(_home.FullName, Plugin);
        Assert.NotNull(first);
        Assert.Null(LeaderLock.TryTake(_home.FullName, Plugin));
        using var other = LeaderLock.TryTake(_home.FullName, PluginId.Parse("acme.other"));
        Assert.NotNull(other);

        first.Dispose();

        using var second = LeaderLock.TryTake(_home.FullName, Plugin);
        Assert.NotNull(second);
    }

    [Fact]
    public void Leads_TwoHosts_OnlyOneUntilItEnds()
    {
        var first = new Leaders(_home.FullName, (_, _) => { });
        using var second = new Leaders(_home.FullName, (_, _) => { });
        Assert.True(first.Leads(Plugin));
        Assert.False(second.Leads(Plugin));
        Assert.True(first.Leads(Plugin));

        first.Dispose();

        Assert.True(second.Leads(Plugin));
        Assert.False(first.Leads(Plugin));
    }

    [Fact]
    public void Leads_DirectoryThatCannotBeMade_LeadsNothingAndSaysWhy()
    {
        var file = Path.Combine(_home.FullName, "file");
        File.WriteAllText(file, "");
        var told = new List<string>();
        using var leaders = new Leaders(file, (_, why) => told.Add(why));

        Assert.False(leaders.Leads(Plugin));
        Assert.Contains("lock", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void Leads_HostThatIsAlone_LeadsEverything() => Assert.True(new Leaders(null, (_, _) => { }).Leads(Plugin));
}
