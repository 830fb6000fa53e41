using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>Changes of several plugins at once, the way back, and what is cleaned up.</summary>
public sealed class SetChangeTests : IDisposable
{
    private static readonly PluginId Demo = PluginId.Parse("acme.demo");
    private static readonly PluginId Lines = PluginId.Parse("acme.lines");

    private readonly TemporaryDirectory _home = new();

    private PluginStore Store => new(Path.Combine(_home.Path, "plugins"));

    public void Dispose() => _home.Dispose();

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

    private static Installation Of(string id, string version, string more = "", InstallReason why = InstallReason.Requested, string? requested = null)
    {
        var files = SamplePackage.Files(id, version);
        var manifest = SamplePackage.Manifest(id, version);
        files[0] = files[0] with { Content = Encoding.UTF8.GetBytes(manifest[..^1] + (more.Length > 0 ? "," + more : "") + "}") };
        var package = Value(PluginPackage.Open(SamplePackage.Pack(files)));
        return new Installation { Package = package, Grant = package.Manifest.Permissions, Source = "test", Why = why, Requested = requested is null ? null : VersionRange.Parse(requested) };
    }

    private void HasData(PluginId id, int epoch)
    {
        var file = PluginStore.DataFile(Store.Data, id, epoch);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"data {epoch}");
    }

    [Fact]
    public void Apply_SeveralPlugins_MakesOneGeneration()
    {
        Value(Store.Install(Of("acme.old", "1.0.0")));

        var made = Value(Store.Apply(new SetChange
        {
            Cause = "install acme.demo",
            From = 1,
            Install = [Of("acme.demo", "1.0.0", """ "dependencies":{"acme.lines":"^1"} """, requested: "^1"), Of("acme.lines", "1.2.0", why: InstallReason.Dependency)],
            Remove = [PluginId.Parse("acme.old")],
        }));

        Assert.Equal((2, "install acme.demo"), (made.Number, made.Cause));
        Assert.NotNull(made.Created);
        Assert.Equal(["acme.demo 1.0.0 Requested ^1.0.0", "acme.lines 1.2.0 Dependency "], Value(Store.Current()).Plugins.Select(p => $"{p.Id} {p.Version} {p.Why} {p.Requested}"));
        Assert.Empty(Store.Unmet(made));
    }

    [Fact]
    public void Apply_PlannedForAnotherSet_ChangesNothing()
    {
        Value(Store.Install(Of("acme.demo", "1.0.0")));

        Assert.Contains("have changed meanwhile", Refusal(Store.Apply(new SetChange { Cause = "install acme.lines", From = 0, Install = [Of("acme.lines", "1.0.0")] })), StringComparison.Ordinal);

        Assert.Equal(1, Value(Store.Current()).Number);
    }

    [Fact]
    public void Apply_OneGrantTooWide_InstallsNoneAndUnpacksNone()
    {
        var wide = Of("acme.lines", "1.0.0") with { Grant = new() { Clipboard = Contracts.Permissions.ClipboardAccess.Write } };

        Assert.Contains("more than its manifest asks for", Refusal(Store.Apply(new SetChange { Cause = "x", Install = [Of("acme.demo", "1.0.0"), wide] })), StringComparison.Ordinal);

        Assert.False(Directory.Exists(Path.Combine(Store.Root, "store")));
    }

    [Fact]
    public void Rollback_AfterAMigratingUpdate_GoesBackToTheDataOfThatTime()
    {
        Value(Store.Install(Of("acme.demo", "1.0.0")));
        HasData(Demo, 1);
        Value(Store.SetEnabled(Demo, false));
        Value(Store.Install(Of("acme.lines", "1.0.0")));
        var updated = Value(Store.Install(Migrating("acme.demo", "2.0.0"))).Find(Demo)!;
        Assert.Equal(2, updated.StoreEpoch);
        HasData(Demo, 2);

        var back = Value(Store.Rollback(Demo));

        var entry = back.Find(Demo)!;
        Assert.Equal(("1.0.0", 1, true), (entry.Version.ToString(), entry.StoreEpoch, entry.Enabled));
        Assert.Equal("rollback acme.demo", back.Cause);
        Assert.NotNull(back.Find(Lines));
        Assert.True(File.Exists(PluginStore.DataFile(Store.Data, Demo, 2)));
        // Once more goes forward again: to what it was before this.
        Assert.Equal("2.0.0", Value(Store.Rollback(Demo)).Find(Demo)!.Version.ToString());
    }

    [Fact]
    public void Rollback_OfWhatAnotherNeeds_IsRefusedAndSaysWho()
    {
        Value(Store.Install(Of("acme.lines", "1.0.0")));
        Value(Store.Install(Of("acme.lines", "2.0.0")));
        Value(Store.Install(Of("acme.demo", "1.0.0", """ "dependencies":{"acme.lines":"^2"} """)));

        Assert.Equal("`acme.demo` 1.0.0 needs acme.lines ^2.0.0, which 1.0.0 is not\nhint: change acme.demo first, or disable it", Refusal(Store.Rollback(Lines)));
        Assert.Equal("2.0.0", Value(Store.Current()).Find(Lines)!.Version.ToString());
        Value(Store.SetEnabled(Demo, false));
        Assert.Equal("1.0.0", Value(Store.Rollback(Lines)).Find(Lines)!.Version.ToString());
    }

    [Fact]
    public void Rollback_WithoutAnEarlierVersion_SaysSo()
    {
        Value(Store.Install(Of("acme.demo", "1.0.0")));
        Assert.StartsWith("`acme.demo` has no earlier version here", Refusal(Store.Rollback(Demo)), StringComparison.Ordinal);
        Assert.StartsWith("`acme.lines` is not installed", Refusal(Store.Rollback(Lines)), StringComparison.Ordinal);
    }

    [Fact]
    public void History_NamesEachSetWithItsCause()
    {
        Value(Store.Install(Of("acme.demo", "1.0.0")));
        Value(Store.SetAuto(Demo, AutomaticUpdates.Patch));
        Value(Store.Install(Of("acme.demo", "1.0.1")));
        Value(Store.Uninstall(Demo));

        Assert.Equal(["1 install acme.demo", "2 auto acme.demo", "3 install acme.demo", "4 uninstall acme.demo"], Store.History().Select(set => $"{set.Number} {set.Cause}"));
        Assert.Equal(AutomaticUpdates.Patch, Store.History()[2].Find(Demo)!.Auto);
    }

    [Fact]
    public void History_WhileTheClockJumps_IsInTheOrderInWhichItHappened()
    {
        var time = new JumpingTime();
        var store = PluginStore.At(Store.Root, time);
        foreach (var (year, version) in new[] { (2030, "1.0.0"), (2001, "1.1.0"), (2026, "1.2.0") })
        {
            time.Now = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
            Value(store.Install(Of("acme.demo", version)));
        }

        Assert.Equal([2030, 2001, 2026], store.History().Select(set => set.Created!.Value.Year));
        Assert.Equal("1.1.0", Value(store.Rollback(Demo)).Find(Demo)!.Version.ToString());
    }

    private sealed class JumpingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public void CollectGarbage_KeepsWhatTheKeptSetsName()
    {
        for (var patch = 0; patch < 5; patch++) Value(Store.Install(Of("acme.demo", $"1.0.{patch}")));
        HasData(Demo, 1);
        HasData(Demo, 7);
        HasData(Lines, 3);
        Directory.CreateDirectory(Store.Downloads);
        File.WriteAllText(Path.Combine(Store.Downloads, "half.part"), "12345");
        Directory.CreateDirectory(Path.Combine(Store.Rehearsals, "killed"));

        var planned = Value(Store.CollectGarbage(keep: 1, dryRun: true));
        Assert.Equal(5, Store.History().Length);
        var gone = Value(Store.CollectGarbage(keep: 1, dryRun: false));

        Assert.Equal(planned.Items.AsEnumerable(), gone.Items);
        Assert.Equal(["data/acme.demo/7.db", "downloads/half.part", "generations/1", "generations/2", "generations/3", "rehearsals/killed"], gone.Items.Where(item => !item.StartsWith("store/", StringComparison.Ordinal)));
        Assert.Equal(3, gone.Items.Count(item => item.StartsWith("store/", StringComparison.Ordinal)));
        Assert.True(gone.Bytes > 0);
        Assert.Equal("1.0.3", Value(Store.Rollback(Demo)).Find(Demo)!.Version.ToString());
        Value(Store.OpenInstalled(Demo));
        Assert.Empty(Value(Store.CollectGarbage(keep: 2, dryRun: false)).Items);
    }

    [Fact]
    public void CollectGarbage_AfterAnUninstall_KeepsTheDataAndWhoLeftThem()
    {
        Value(Store.Install(Of("acme.demo", "1.0.0")));
        HasData(Demo, 1);
        Value(Store.Uninstall(Demo));
        for (var i = 0; i < 4; i++) Value(Store.Install(Of("acme.lines", $"1.0.{i}")));

        Value(Store.CollectGarbage(keep: 0, dryRun: false));

        Assert.Equal([1, 6], Store.History().Select(set => set.Number));
        // Who installs it again goes on with the data, or migrates them.
        var again = Value(Store.Install(Migrating("acme.demo", "2.0.0"))).Find(Demo)!;
        Assert.Equal((2, 1), (again.StoreEpoch, again.StoreOrigin!.Epoch));
    }

    [Fact]
    public void CollectGarbage_KilledAtAnyStep_LeavesAWholeSet()
    {
        var steps = 0;
        Collect(Path.Combine(_home.Path, "count"), (_, _) => steps++);
        Assert.True(steps >= 5, $"only {steps} steps");
        for (var last = 0; last < steps; last++)
        {
            var root = Path.Combine(_home.Path, $"killed{last}");
            var step = 0;
            Assert.Throws<KilledException>(() => Collect(root, (_, _) =>
            {
                if (step++ >= last) throw new KilledException();
            }));
            var store = new PluginStore(root);
            Assert.Equal("1.0.3", Value(store.OpenInstalled(Demo)).Entry.Version.ToString());
            // Every set that is still there is whole, and the next attempt leaves nothing.
            foreach (var set in store.History())
                foreach (var entry in set.Plugins) Value(store.Open(entry));
            Value(store.CollectGarbage(keep: 0, dryRun: false));
            Assert.Single(Directory.GetDirectories(Path.Combine(root, "store")));
            Assert.Single(store.History());
        }

        static void Collect(string root, Action<string, string> beforeStep)
        {
            for (var patch = 0; patch < 4; patch++) Value(new PluginStore(root).Install(Of("acme.demo", $"1.0.{patch}")));
            Value(PluginStore.At(root, TimeProvider.System, beforeStep).CollectGarbage(keep: 0, dryRun: false));
        }
    }

    private static Installation Migrating(string id, string version)
    {
        var manifest = $$"""{"manifestVersion":1,"id":"{{id}}","version":"{{version}}","displayName":"Demo","engines":{"lazyoc":"^1.0"},"main":"dist/plugin.js","permissions":{"storage":"1MiB"},"migrations":[{"from":"<2.0.0","entry":"migrate.js"}]}""";
        var package = Value(PluginPackage.Open(SamplePackage.Pack([SamplePackage.File("plugin.json", manifest), SamplePackage.File("dist/plugin.js", "export {};"), SamplePackage.File("migrate.js", "export {};")])));
        return new Installation { Package = package, Grant = package.Manifest.Permissions, Source = "test" };
    }

    private sealed class KilledException : Exception;
}
