using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>Which stored data a generation names.</summary>
public sealed class StoredDataTests : IDisposable
{
    private static readonly PluginId Demo = PluginId.Parse("acme.demo");

    private readonly TemporaryDirectory _home = new();

    private PluginStore Store => new(Path.Combine(_home.Path, "plugins"));

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Install_VersionThatMigratesFromTheOneBefore_NamesANewEpoch()
    {
        Install("1.0.0");
        HasData(1);
        Install("1.1.0");

        var entry = Install("2.0.0", "<2.0.0");

        Assert.Equal((2, new StoreOrigin(1, Contracts.Versions.SemanticVersion.Parse("1.1.0"))), (entry.StoreEpoch, entry.StoreOrigin));
        HasData(2);
        // A version that needs no migration goes on with it.
        Assert.Equal((2, null), Of(Install("2.1.0", "<2.0.0")));
    }

    [Fact]
    public void Install_OverAMigrationThatNeverRan_StartsFromTheDataThatIsThere()
    {
        Install("1.0.0");
        HasData(1);
        Install("2.0.0", "<2.0.0");

        Assert.Equal((3, "1 1.0.0"), Of(Install("3.0.0", "<2.0.0 || <3.0.0")));
        Assert.Equal((1, null), Of(Install("2.0.1-beta", null)));
    }

    [Fact]
    public void Install_TheSameAgain_ChangesNothing()
    {
        Install("1.0.0");
        HasData(1);
        var first = Of(Install("2.0.0", "<2.0.0"));

        Assert.Equal(first, Of(Install("2.0.0", "<2.0.0")));
    }

    [Fact]
    public void SwitchBack_OverAMigration_NamesTheEpochBefore()
    {
        Install("1.0.0");
        HasData(1);
        var before = Value(Store.Current()).Number;
        Install("2.0.0", "<2.0.0");
        HasData(2);

        Value(Store.SwitchBack(Value(Store.Current()).Number, before));

        Assert.Equal(1, Value(Store.Current()).Find(Demo)!.StoreEpoch);
        // What was taken back is not used again: another host may still have it open.
        Assert.Equal((3, "1 1.0.0"), Of(Install("2.0.0", "<2.0.0")));
    }

    [Fact]
    public void Install_AfterUninstall_GoesOnWithTheDataThatStayed()
    {
        Install("1.0.0");
        HasData(1);
        Install("2.0.0", "<2.0.0");
        HasData(2);
        Value(Store.Uninstall(Demo));

        Assert.Equal((2, null), Of(Install("2.1.0", "<2.0.0")));
    }

    [Fact]
    public void OpenInstalled_Content_IsReadLaterAndOnlyWhileItIsWhatWasInstalled()
    {
        Install("1.0.0");
        var plugin = Value(Store.OpenInstalled(Demo));
        Assert.Contains(plugin.Content.Files, file => file is { Path: "README.md", Size: 7 });
        Assert.Equal("# Demo\n"u8, plugin.Content.Read("README.md")!.Value.Span);
        Assert.Null(plugin.Content.Read("missing"));

        var file = Path.Combine(Store.Root, "store", plugin.Entry.Digest.ToString(), "README.md");
        File.SetAttributes(file, FileAttributes.Normal);
        File.WriteAllText(file, "# demo\n");

        Assert.Null(plugin.Content.Read("README.md"));
        Assert.NotNull(plugin.Content.Read("plugin.json"));
    }

    [Fact]
    public void Open_MigrationWhoseEntryIsNotThere_IsRefused()
    {
        var files = SamplePackage.Files();
        files[0] = SamplePackage.File("plugin.json", WithMigration("2.0.0", "<2.0.0"));

        Assert.False(PluginPackage.Open(SamplePackage.Pack(files)).TryGet(out _, out var problems));
        Assert.Contains("`migrations/v2.js` is the entry of one of the manifest's `migrations`", Problem.Join(problems), StringComparison.Ordinal);
    }

    private InstalledEntry Install(string version, string? migratesFrom = null)
    {
        var files = SamplePackage.Files(version: version);
        files[0] = SamplePackage.File("plugin.json", WithMigration(version, migratesFrom));
        if (migratesFrom is not null) files.Add(SamplePackage.File("migrations/v2.js", "lazyoc;"));
        Assert.True(PluginPackage.Open(SamplePackage.Pack(files)).TryGet(out var package, out var problems), Problem.Join(problems));
        return Value(Store.Install(new Installation { Package = package, Grant = package.Manifest.Permissions, Source = "demo.lzp" })).Find(Demo)!;
    }

    private static string WithMigration(string version, string? from) =>
        SamplePackage.Manifest(version: version).Replace("\"permissions\":{", "\"permissions\":{\"storage\":\"1MiB\",", StringComparison.Ordinal)[..^1]
        + (from is null ? "}" : $$""","migrations":[{"from":"{{from}}","entry":"migrations/v2.js"}]}""");

    private void HasData(int epoch)
    {
        var file = PluginStore.DataFile(Store.Data, Demo, epoch);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
    }

    private static (int Epoch, string? Origin) Of(InstalledEntry entry) => (entry.StoreEpoch, entry.StoreOrigin is { } origin ? $"{origin.Epoch} {origin.Version}" : null);

    private static T Value<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.TryGet(out var value, out var problems), Problem.Join(problems));
        return value;
    }
}
