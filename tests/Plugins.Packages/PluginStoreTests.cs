using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Packages.Tests;

public sealed class PluginStoreTests : IDisposable
{
    private static readonly PluginId Demo = PluginId.Parse("acme.demo");
    private static readonly PluginId Other = PluginId.Parse("acme.other");

    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    private PluginStore Store => new(Path.Combine(_home.Path, "plugins"));

    private static Installation Of(PluginPackage package) => new() { Package = package, Grant = package.Manifest.Permissions, Source = "demo.lzp" };

    private static T Value<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.TryGet(out var value, out var problems), Problem.Join(problems));
        return value;
    }

    private static string Refusal<T>(Outcome<T> outcome)
    {
        Assert.False(outcome.TryGet(out _, out var problems));
        return Problem.Join(problems);
    }

    [Fact]
    public void Current_NothingInstalled_IsEmpty() => Assert.Empty(Value(Store.Current()).Plugins);

    [Fact]
    public void Install_Package_CanBeOpenedByAnotherStore()
    {
        var package = SamplePackage.Open();
        Assert.Equal(1, Value(Store.Install(Of(package))).Number);
        var plugin = Value(Store.OpenInstalled(Demo));
        Assert.Equal("export {};", System.Text.Encoding.UTF8.GetString(plugin.Main.Span));
        Assert.NotNull(plugin.SourceMap);
        Assert.True(plugin.Entry.IsUnsigned);
        Assert.True(plugin.Entry.Enabled);
        Assert.Equal(package.Digest, plugin.Entry.Digest);
        Assert.Equal("pods", Assert.Single(Assert.Single(plugin.Entry.Granted.Kubernetes).Resources));
    }

    [Fact]
    public void SetGrant_NarrowerAndInContexts_StaysOverAnUpdateOnlyWhereItMust()
    {
        var package = SamplePackage.Open();
        Value(Store.Install(Of(package)));
        var before = Value(Store.Current()).Number;

        var changed = Value(Store.SetGrant(Demo, PermissionSet.None, ["dev-*"]));
        Assert.Equal(before + 1, changed.Number);
        var entry = Value(Store.Current()).Find(Demo)!;
        Assert.True(entry.Granted.IsNone);
        Assert.Equal((true, false), (entry.HoldsIn("dev-eu"), entry.HoldsIn("prod")));
        // The same again changes nothing, and what is not asked for cannot be granted.
        Assert.Equal(changed.Number, Value(Store.SetGrant(Demo, PermissionSet.None, ["dev-*"])).Number);
        Assert.Contains("more than its manifest", Refusal(Store.SetGrant(Demo, new PermissionSet { Clipboard = ClipboardAccess.Write }, ["*"])), StringComparison.Ordinal);
        Assert.Contains("not installed", Refusal(Store.SetGrant(Other, PermissionSet.None, ["*"])), StringComparison.Ordinal);
        // What was taken away is asked for again by an update, and the contexts stay.
        Assert.True(ConsentText.Of(package.Manifest, entry).Widens);
        Assert.Equal(["dev-*"], Value(Store.Install(Of(package))).Find(Demo)!.Contexts.AsEnumerable());
    }

    [Fact]
    public void ConsentText_OfAnUpdateThatAsksForLess_AsksNothing()
    {
        var package = SamplePackage.Open();
        var entry = Value(Store.Install(Of(package))).Find(Demo)!;

        Assert.False(ConsentText.Of(package.Manifest with { Permissions = PermissionSet.None }, entry).Widens);
        Assert.False(ConsentText.Of(package.Manifest, entry).Widens);
        Assert.True(ConsentText.Of(package.Manifest with { Permissions = package.Manifest.Permissions with { Clipboard = ClipboardAccess.Write } }, entry).Widens);
    }

    [Fact]
    public void SwitchBack_ToAnEarlierSet_PutsItInForceAndNumbersGoOn()
    {
        var before = Value(Store.Install(Of(SamplePackage.Open())));
        var after = Value(Store.Uninstall(Demo));

        Assert.NotNull(Value(Store.SwitchBack(after.Number, before.Number)).Find(Demo));
        Assert.Equal(before.Number, Value(Store.Current()).Number);
        Assert.Equal(after.Number + 1, Value(Store.SetEnabled(Demo, false)).Number);
        Assert.Empty(Value(Store.SwitchBack(after.Number + 1, 0)).Plugins);
    }

    [Fact]
    public void SwitchBack_WhenTheSetHasChangedAgain_LeavesIt()
    {
        var before = Value(Store.Install(Of(SamplePackage.Open())));
        var after = Value(Store.SetEnabled(Demo, false));
        var latest = Value(Store.SetEnabled(Demo, true));

        Assert.Contains("changed again", Refusal(Store.SwitchBack(after.Number, before.Number)), StringComparison.Ordinal);
        Assert.Equal(latest.Number, Value(Store.Current()).Number);
    }

    [Fact]
    public void Install_NarrowerGrant_IsKept()
    {
        Value(Store.Install(Of(SamplePackage.Open()) with { Grant = PermissionSet.None }));
        Assert.True(Value(Store.OpenInstalled(Demo)).Entry.Granted.IsNone);
    }

    [Fact]
    public void Install_GrantBeyondManifest_IsRefused()
    {
        var grant = new PermissionSet { Kubernetes = [new() { ApiGroups = [""], Resources = ["secrets"], Verbs = ["get"] }] };
        Assert.StartsWith("`acme.demo` would be granted more than its manifest asks for", Refusal(Store.Install(Of(SamplePackage.Open()) with { Grant = grant })), StringComparison.Ordinal);
        Assert.Empty(Value(Store.Current()).Plugins);
    }

    [Fact]
    public void Install_NewVersion_ReplacesEntryAndKeepsOldGeneration()
    {
        Value(Store.Install(Of(SamplePackage.Open())));
        var next = Value(Store.Install(Of(SamplePackage.Open(version: "1.1.0"))));
        Assert.Equal("1.1.0", Assert.Single(next.Plugins).Version.ToString());
        Assert.True(File.Exists(Path.Combine(Store.Root, "generations", "1", "plugins.lock")));
    }

    [Fact]
    public void SetEnabled_Twice_MakesOneGeneration()
    {
        Value(Store.Install(Of(SamplePackage.Open())));
        Assert.False(Assert.Single(Value(Store.SetEnabled(Demo, false)).Plugins).Enabled);
        Assert.Equal(2, Value(Store.SetEnabled(Demo, false)).Number);
    }

    [Fact]
    public void Uninstall_Plugin_LeavesTheOthers()
    {
        Value(Store.Install(Of(SamplePackage.Open())));
        Value(Store.Install(Of(SamplePackage.Open("acme.other"))));
        Assert.Equal(Other, Assert.Single(Value(Store.Uninstall(Demo)).Plugins).Id);
        Assert.StartsWith("`acme.demo` is not installed", Refusal(Store.Uninstall(Demo)), StringComparison.Ordinal);
        Assert.StartsWith("`acme.demo` is not installed", Refusal(Store.OpenInstalled(Demo)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dist/plugin.js")]
    [InlineData("README.md")]
    [InlineData("plugin.json")]
    [InlineData("files.json")]
    public void OpenInstalled_ChangedFile_IsRefusedByName(string name)
    {
        var file = Path.Combine(Store.Root, "store", Assert.Single(Value(Store.Install(Of(SamplePackage.Open()))).Plugins).Digest.ToString(), name);
        File.SetAttributes(file, FileAttributes.Normal);
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal($"`{file}` was changed after the plugin was installed\nhint: install the plugin again", Refusal(Store.OpenInstalled(Demo)));
        Value(Store.Install(Of(SamplePackage.Open())));
        Value(Store.OpenInstalled(Demo));
    }

    [Fact]
    public void OpenInstalled_MissingFile_IsRefusedByName()
    {
        var file = Path.Combine(Store.Root, "store", Assert.Single(Value(Store.Install(Of(SamplePackage.Open()))).Plugins).Digest.ToString(), "README.md");
        File.Delete(file);
        Assert.StartsWith($"`{file}` is missing", Refusal(Store.OpenInstalled(Demo)), StringComparison.Ordinal);
    }

    [Fact]
    public void Current_WiderGrantWrittenIntoLock_IsRefused()
    {
        Value(Store.Install(Of(SamplePackage.Open())));
        var file = Path.Combine(Store.Root, "generations", "1", "plugins.lock");
        File.SetAttributes(file, FileAttributes.Normal);
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"pods\"", "\"secrets\"", StringComparison.Ordinal));
        Assert.Contains("plugins[0].granted` is not what its digest says", Refusal(Store.Current()), StringComparison.Ordinal);
    }

    [Fact]
    public void Current_DamagedPointer_IsRefused()
    {
        Value(Store.Install(Of(SamplePackage.Open())));
        File.WriteAllText(Path.Combine(Store.Root, "current"), "../../x");
        Assert.Contains("does not name a generation", Refusal(Store.Current()), StringComparison.Ordinal);
    }

    [Fact]
    public void Install_AnotherHoldsTheLock_IsRefusedClearly()
    {
        Value(Store.Install(Of(SamplePackage.Open())));
        using var held = Value(StoreLock.Acquire(Store.Root, TimeSpan.Zero));
        var store = new PluginStore(Store.Root, new StoreFiles(), TimeSpan.Zero);
        Assert.Equal("another LazyOC is changing the installed plugins\nhint: wait for it to finish, then try again", Refusal(store.SetEnabled(Demo, false)));
        Assert.True(Assert.Single(Value(store.Current()).Plugins).Enabled);
    }

    [Fact]
    public async Task Install_ManyAtOnce_LosesNone()
    {
        var ids = Enumerable.Range(0, 6).Select(i => $"acme.plugin{i}").ToArray();
        await Task.WhenAll(ids.Select(id => Task.Run(() => Value(new PluginStore(Store.Root, new StoreFiles(), TimeSpan.FromMinutes(1)).Install(Of(SamplePackage.Open(id)))))));
        var current = Value(Store.Current());
        Assert.Equal(ids, current.Plugins.Select(p => p.Id.ToString()));
        Assert.Equal(ids.Length, current.Number);
    }

    /// <summary>
    /// Ends the process before every single step of an update (and, for writes, half-way through) and looks at what the
    /// next start finds.
    /// </summary>
    [Fact]
    public void Install_KilledAtAnyStep_LeavesOldOrNew()
    {
        var steps = 0;
        Update(Path.Combine(_home.Path, "count"), (_, _) => steps++);
        Assert.True(steps >= 20, $"only {steps} steps");
        var outcomes = new HashSet<string>();
        foreach (var torn in new[] { false, true })
            for (var last = 0; last < steps; last++)
            {
                var root = Path.Combine(_home.Path, $"{last}{torn}");
                var step = 0;
                Assert.Throws<KilledException>(() => Update(root, (what, path) =>
                {
                    if (step++ < last) return;
                    if (torn && what == "write" && step == last + 1) File.WriteAllText(path, "{");
                    throw new KilledException();
                }));
                var version = Value(new PluginStore(root).OpenInstalled(Demo)).Entry.Version.ToString();
                outcomes.Add(version);
                Assert.Contains(version, new[] { "1.0.0", "2.0.0" });
                // Whatever was left lying about does not stop the next attempt.
                Value(new PluginStore(root).Install(Of(SamplePackage.Open(version: "2.0.0"))));
                Assert.Equal("2.0.0", Value(new PluginStore(root).OpenInstalled(Demo)).Entry.Version.ToString());
            }
        Assert.Equal(["1.0.0", "2.0.0"], outcomes.Order());

        static void Update(string root, Action<string, string> beforeStep)
        {
            Value(new PluginStore(root).Install(Of(SamplePackage.Open())));
            Value(new PluginStore(root, new StoreFiles(beforeStep), TimeSpan.Zero).Install(Of(SamplePackage.Open(version: "2.0.0"))));
        }
    }

    private sealed class KilledException : Exception;
}
