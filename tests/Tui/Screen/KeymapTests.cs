using LazyOC.Plugins.Contracts;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Tests.Screen;

public sealed class KeymapTests
{
    [Fact]
    public void Match_KeyOfThePanel_GoesBeforeTheSameKeyEverywhere()
    {
        var map = new Keymap([Command("page", KeyScope.Page, "h"), Command("help", KeyScope.Global, "?")]);
        Assert.Equal("page", Found(map, KeyScope.Page, "h"));
        Assert.Equal("help", Found(map, KeyScope.Page, "?"));
        Assert.IsType<KeyMatch.Nothing>(map.Match(KeyScope.List, "h"));
    }

    [Fact]
    public void Match_BeginningOfAChord_WaitsForTheRest()
    {
        var map = new Keymap([Command("first", KeyScope.List, "g g", "home")]);
        Assert.IsType<KeyMatch.Prefix>(map.Match(KeyScope.List, "g"));
        Assert.Equal("first", Found(map, KeyScope.List, "g g"));
        Assert.IsType<KeyMatch.Nothing>(map.Match(KeyScope.List, "g x"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keymap_PluginAsksForAKeyOfTheScreen_ScreenKeepsItAndTheClashIsTold(bool everywhere)
    {
        var owned = everywhere ? KeyScope.Global : KeyScope.List;
        var plugin = Command("acme.delete", KeyScope.List, "d", "f5") with { Owner = new PluginMark(PluginId.Parse("acme.tools"), "Tools") };
        var map = new Keymap([Command("delete", owned, "d"), plugin]);
        Assert.Equal("delete", Found(map, KeyScope.List, "d"));
        Assert.Equal("acme.delete", Found(map, KeyScope.List, "f5"));
        var clash = Assert.Single(map.Clashes);
        Assert.Equal("key `d` of plugin Tools (acme.tools) for “acme.delete” is taken by LazyOC for “delete”", clash.ToString());
    }

    [Fact]
    public void Keymap_OneCommandInTwoScopes_IsNoClash()
    {
        var map = new Keymap([Command("delete", KeyScope.List, "d"), Command("delete", KeyScope.Details, "d")]);
        Assert.Empty(map.Clashes);
    }

    [Fact]
    public void Keymap_KeyThatTheUserGave_GoesBeforeTheScreensOwn()
    {
        var map = new Keymap([Command("delete", KeyScope.List, "d"), Command("acme.delete", KeyScope.List, "d") with { HasUserKeys = true }]);
        Assert.Equal("acme.delete", Found(map, KeyScope.List, "d"));
        Assert.True(Assert.Single(map.Clashes).Winner.HasUserKeys);
    }

    [Fact]
    public void UserKeys_File_IsReadCheckedAndReadAgainWhenItChanged()
    {
        var path = Path.Combine(Path.GetTempPath(), $"lazyoc-keys-{Guid.NewGuid():N}.json");
        try
        {
            var keys = new UserKeys(path);
            var warnings = new List<string>();
            Assert.Empty(keys.Read(warnings.Add));
            File.WriteAllText(path, """{ "acme.tools.drain": ["f5", "g d", "Ctrl+X"], "object.delete": [] } // mine""");
            var read = keys.Read(warnings.Add);
            Assert.Equal(["f5", "g d"], read["acme.tools.drain"].AsEnumerable());
            Assert.Empty(read["object.delete"]);
            Assert.Contains("`Ctrl+X` of `acme.tools.drain` is no key", Assert.Single(warnings), StringComparison.Ordinal);
            Assert.Same(read, keys.Read(warnings.Add));
            Assert.Single(warnings);
            File.WriteAllText(path, "{ not JSON");
            Assert.Same(read, keys.Read(warnings.Add));
            Assert.Contains("is not used", warnings[^1], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Found(Keymap map, KeyScope scope, string keys) => Assert.IsType<KeyMatch.Found>(map.Match(scope, keys)).Command.Id;

    private static ScreenCommand Command(string id, KeyScope scope, params ReadOnlySpan<string> keys) => new(id, id, scope, [.. keys]) { Run = () => { } };
}
