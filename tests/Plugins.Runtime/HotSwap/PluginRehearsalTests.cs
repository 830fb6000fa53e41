using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.HotSwap;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>Packages are tried on the real engine before they are installed, against what their plugins have stored.</summary>
public sealed class PluginRehearsalTests : IDisposable
{
    private const string Id = "acme.notes";
    private const string Stored = "three";

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-rehearsal-").FullName;
    private readonly PluginStore _store;
    private readonly List<string> _bugs = [];

    public PluginRehearsalTests() => _store = new PluginStore(Path.Combine(_home, "plugins"));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Rehearse_SoundVersion_SeesItsMigratedDataAndLeavesNothing()
    {
        InstallWithData();
        // It would not start without its data in the form that it expects.
        var next = Package("2.0.0", """
            lazyoc.on("activate", async () => {
              const { value } = await lazyoc.call("storage.get", { key: "new" });
              if (value !== "THREE") throw new Error("found " + value);
            });
            """, """
            lazyoc.on("migrate", async ({ from }) => {
              const { value } = await lazyoc.call("storage.get", { key: "old" });
              await lazyoc.call("storage.set", { key: "new", value: value.toUpperCase() });
            });
            """);

        Assert.Null(await RehearseAsync(next));
        Assert.Null(await RehearseAsync(next));

        AssertUntouched();
    }

    [Theory]
    [InlineData("""throw new Error("no top");""", null, "threw: Error: no top")]
    [InlineData("""lazyoc.on("activate", () => { throw new Error("no start"); });""", null, "threw: Error: no start")]
    [InlineData("""lazyoc.on("activate", () => { for (;;); });""", null, "interrupted: the turn used more than its ")]
    [InlineData("", """lazyoc.on("migrate", async () => { await lazyoc.call("storage.delete", { key: "old" }); throw new Error("half way"); });""", "threw: its migration `migrate.js` fails: Error: half way")]
    [InlineData("", """const forgotten = 1;""", "its migration `migrate.js` fails: ")]
    public async Task Rehearse_VersionThatCannotTakeOver_SaysWhyAndLeavesNothing(string code, string? migration, string expected)
    {
        InstallWithData();

        var failure = await RehearseAsync(Package("2.0.0", code, migration));

        Assert.Contains(expected, $"{failure?.Code}: {failure?.Message}", StringComparison.Ordinal);
        AssertUntouched();
    }

    [Theory]
    [InlineData("""await lazyoc.call("kubernetes.list", { resource: "pods" });""")]
    [InlineData("""await lazyoc.call("storage.set", { key: "early", value: 1 });""")]
    public async Task Rehearse_ActivationThatNeedsAClusterOrTakingOver_IsNoFailure(string call)
    {
        InstallWithData();
        var package = Package("1.1.0", $$"""lazyoc.on("activate", async () => { {{call}} throw new Error("it was done"); });""");

        Assert.Null(await RehearseAsync(package));

        AssertUntouched();
    }

    [Fact]
    public async Task Rehearse_WhileItsPluginStores_NeitherWaitsForItNorIsInItsWay()
    {
        InstallWithData();
        using var running = new StoreFile(PluginStore.DataFile(_store.Data, PluginId.Parse(Id), 1), 1 << 20, new RuntimeLimits());
        var stored = 0;
        using var ends = new CancellationTokenSource();
        var storing = Task.Run(async () =>
        {
            while (!ends.IsCancellationRequested)
            {
                Assert.IsType<CallOutcome<long>.Done>(running.Change([new StoreChange($"live{stored}", "1"u8.ToArray(), null)]));
                stored++;
                await Task.Delay(5);
            }
        });

        for (var i = 0; i < 3; i++) Assert.Null(await RehearseAsync(Package("2.0.0", "", """lazyoc.on("migrate", () => lazyoc.call("storage.delete", { key: "old" }));""")));
        var before = Volatile.Read(ref stored);
        for (var i = 0; i < 500 && Volatile.Read(ref stored) == before; i++) await Task.Delay(10);

        Assert.NotEqual(before, Volatile.Read(ref stored));
        await ends.CancelAsync();
        await storing;
        AssertUntouched();
    }

    private void InstallWithData()
    {
        Assert.True(_store.Install(Of(Package("1.0.0", ""))).TryGet(out _, out var problems), Problem.Join(problems));
        using var file = new StoreFile(PluginStore.DataFile(_store.Data, PluginId.Parse(Id), 1), 1 << 20, new RuntimeLimits());
        Assert.IsType<CallOutcome<long>.Done>(file.Change([new StoreChange("old", Encoding.UTF8.GetBytes($"\"{Stored}\""), null)]));
    }

    private async Task<PluginFailure?> RehearseAsync(PluginPackage package)
    {
        Assert.True(_store.Current().TryGet(out var current, out var problems), Problem.Join(problems));
        var options = new RehearsalOptions { Data = _store.Data, Scratch = _store.Rehearsals, Bug = (what, bug) => _bugs.Add($"{what}: {bug}") };
        return await PluginRehearsal.RunAsync(_store.Preview(Of(package), current), options, CancellationToken.None);
    }

    /// <summary>The version before is installed, with its data, and nothing of the attempt is there.</summary>
    private void AssertUntouched()
    {
        Assert.Empty(_bugs);
        Assert.True(_store.Current().TryGet(out var current, out var problems), Problem.Join(problems));
        Assert.Equal((1, "1.0.0"), (current.Number, current.Find(PluginId.Parse(Id))!.Version.ToString()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Rehearsals));
        Assert.Equal(["1.db"], Directory.EnumerateFiles(Path.Combine(_store.Data, Id)).Select(Path.GetFileName).Where(name => name != "1.db-journal"));
        using var file = new StoreFile(PluginStore.DataFile(_store.Data, PluginId.Parse(Id), 1), 1 << 20, new RuntimeLimits());
        Assert.Equal(Stored, Assert.IsType<CallOutcome<StorageGetAnswer>.Done>(file.Get("old")).Answer.Value?.GetString());
    }

    private static Installation Of(PluginPackage package) => new() { Package = package, Grant = package.Manifest.Permissions, Source = "test" };

    private static PluginPackage Package(string version, string code, string? migration = null)
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-pack-");
        try
        {
            var migrations = migration is null ? "" : """{ "from": "<2.0.0", "entry": "migrate.js" }""";
            File.WriteAllText(Path.Combine(folder.FullName, "plugin.json"), $$"""
                {
                  "manifestVersion": 1, "id": "{{Id}}", "version": "{{version}}", "displayName": "Notes", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
                  "permissions": { "storage": "1MiB", "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list"] }] }, "migrations": [{{migrations}}]
                }
                """);
            File.WriteAllText(Path.Combine(folder.FullName, "main.js"), code.Length > 0 ? code : """lazyoc.on("activate", () => null);""");
            if (migration is not null) File.WriteAllText(Path.Combine(folder.FullName, "migrate.js"), migration);
            Assert.True(PackageSource.Pack(folder.FullName).TryGet(out var packed, out var problems), Problem.Join(problems));
            return packed.Package;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
