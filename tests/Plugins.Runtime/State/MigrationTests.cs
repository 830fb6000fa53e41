using System.Text;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Tests.State;

/// <summary>What is stored goes with a plugin from one version to the next, or stays with the old one; guests are JavaScript on the real engine.</summary>
public sealed class MigrationTests : IDisposable
{
    private const string Id = "acme.notes";
    private const string Stores = """{ "storage": "1MiB", "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get"] }] }""";

    /// <summary>Shows what is stored; each command adds one to it.</summary>
    private const string Notes = """
        const show = async () => {
          const { items } = await lazyoc.call("storage.list", { values: true });
          return { type: "empty", message: "VERSION: " + items.map((item) => item.key + "=" + JSON.stringify(item.value)).join(" ") };
        };
        lazyoc.on("render", show);
        lazyoc.on("command", async () => {
          const { value } = await lazyoc.call("storage.get", { key: "count" });
          await lazyoc.call("storage.set", { key: "count", value: (value ?? 0) + 1 });
        });
        """;

    private const string Doubles = """
        lazyoc.on("migrate", async ({ from }) => {
          const { value } = await lazyoc.call("storage.get", { key: "count" });
          await lazyoc.call("storage.batch", { set: [{ key: "total", value: value * 2 }, { key: "from", value: from }], delete: [{ key: "count" }] });
        });
        """;

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-migration-").FullName;

    private string Data => Path.Combine(_home, "data");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Apply_VersionThatMigrates_TakesOverWithTheStoreAsItExpectsIt()
    {
        await using var fixture = await StartAsync(Version("1.0.0"));
        await CountAsync(fixture, 3);

        var change = Assert.Single(await fixture.Host.ApplyAsync([Migrating("2.0.0", Doubles)]));

        Assert.IsType<PluginChange.Swapped>(change);
        Assert.Equal("""2.0.0: from="1.0.0" total=6""", await TextAsync(fixture));
        // The old epoch is as it was, for whoever goes back.
        Assert.Equal("3", Stored(1, "count"));
        Assert.Equal(["1.db", "1.db.left", "2.db", "migration.lock"], FilesOfPlugin());
    }

    [Fact]
    public async Task Apply_BackToTheVersionBefore_GoesOnWithItsOwnEpoch()
    {
        await using var fixture = await StartAsync(Version("1.0.0"));
        await CountAsync(fixture, 3);
        await fixture.Host.ApplyAsync([Migrating("2.0.0", Doubles)]);
        await CountAsync(fixture, 1);

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await fixture.Host.ApplyAsync([Version("1.0.0")])));

        Assert.Equal("1.0.0: count=3", await TextAsync(fixture));
    }

    [Theory]
    [InlineData("""lazyoc.on("migrate", async () => { await lazyoc.call("storage.delete", { key: "count" }); throw new Error("no way"); });""", "no way")]
    [InlineData("""lazyoc.on("migrate", async () => { await lazyoc.call("kubernetes.get", { resource: "pods", namespace: "bookstore", name: "cart" }); });""", "permission-denied")]
    [InlineData("""lazyoc.on("migrate", async () => { await lazyoc.call("ui.status", { item: "acme.notes.status", text: "x" }); });""", "permission-denied")]
    [InlineData("""lazyoc.on("migrate", () => { for (;;); });""", "CPU")]
    [InlineData("""throw new Error("at the top");""", "at the top")]
    [InlineData("""const nothing = 1;""", "no handler")]
    public async Task Apply_MigrationThatFails_LeavesTheOldVersionAndItsStore(string migration, string reason)
    {
        await using var fixture = await StartAsync(Version("1.0.0"));
        await CountAsync(fixture, 2);

        var failed = Assert.IsType<PluginChange.SwapFailed>(Assert.Single(await fixture.Host.ApplyAsync([Migrating("2.0.0", migration)])));

        Assert.Contains("`migrations/v2.js` fails", failed.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, failed.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("1.0.0: count=2", await TextAsync(fixture));
        await CountAsync(fixture, 1);
        Assert.Equal("1.0.0: count=3", await TextAsync(fixture));
        Assert.Equal(["1.db", "migration.lock"], FilesOfPlugin());
    }

    [Fact]
    public async Task Apply_VersionThatFailsAfterItsMigration_LeavesTheOldEpoch()
    {
        await using var fixture = await StartAsync(Version("1.0.0"));
        await CountAsync(fixture, 2);
        var broken = Migrating("2.0.0", Doubles, """lazyoc.on("activate", () => { throw new Error("broken"); });""");

        Assert.Contains("broken", Assert.IsType<PluginChange.SwapFailed>(Assert.Single(await fixture.Host.ApplyAsync([broken]))).Reason, StringComparison.Ordinal);

        Assert.Equal("1.0.0: count=2", await TextAsync(fixture));
        Assert.Equal(["1.db", "migration.lock"], FilesOfPlugin());
        // The control: the same migration with a version that works.
        Assert.IsType<PluginChange.Swapped>(Assert.Single(await fixture.Host.ApplyAsync([Migrating("2.0.0", Doubles)])));
        Assert.Equal("""2.0.0: from="1.0.0" total=4""", await TextAsync(fixture));
    }

    [Fact]
    public async Task Apply_CandidateBeforeItTakesOver_ReadsItsOwnEpochAndMayNotWrite()
    {
        await using var fixture = await StartAsync(Version("1.0.0"));
        await CountAsync(fixture, 2);
        var eager = Migrating("2.0.0", Doubles, """
            let seen = "";
            lazyoc.on("activate", async () => {
              seen = JSON.stringify((await lazyoc.call("storage.get", { key: "total" })).value);
              try { await lazyoc.call("storage.set", { key: "early", value: 1 }); } catch (error) { seen += " " + error.code; }
            });
            lazyoc.on("started", () => lazyoc.call("storage.set", { key: "late", value: 1 }));
            lazyoc.on("render", async () => ({ type: "empty", message: seen + " " + (await lazyoc.call("storage.list", {})).items.map((item) => item.key) }));
            """);

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await fixture.Host.ApplyAsync([eager])));

        await UntilAsync(() => Stored(2, "late") == "1");
        Assert.Equal("4 unavailable from,late,total", await TextAsync(fixture));
    }

    [Fact]
    public async Task Start_UpdatedVersionThatIsNotActive_MigratesFirst()
    {
        await using (var before = await StartAsync(Version("1.0.0"))) await CountAsync(before, 3);

        await using (var fixture = await StartAsync(Migrating("2.0.0", Doubles)))
            Assert.Equal("""2.0.0: from="1.0.0" total=6""", await TextAsync(fixture));

        // Once: the epoch is there now.
        await using var again = await StartAsync(Migrating("2.0.0", """throw new Error("not again");"""));
        Assert.Equal("""2.0.0: from="1.0.0" total=6""", await TextAsync(again));
    }

    [Fact]
    public async Task Apply_ToAPluginThatIsNotActive_MigratesOrLeavesTheOldVersion()
    {
        await using (var before = await StartAsync(Version("1.0.0"))) await CountAsync(before, 3);
        await using var fixture = await StartAsync(Version("1.0.0"));

        Assert.IsType<PluginChange.SwapFailed>(Assert.Single(await fixture.Host.ApplyAsync([Migrating("2.0.0", """throw new Error("no");""")])));
        Assert.Equal("1.0.0", fixture.Status(Id).Version);
        Assert.Equal(["1.db", "migration.lock"], FilesOfPlugin());
        Assert.IsType<PluginChange.Swapped>(Assert.Single(await fixture.Host.ApplyAsync([Migrating("2.0.0", Doubles)])));
        Assert.Equal("""2.0.0: from="1.0.0" total=6""", await TextAsync(fixture));
    }

    [Fact]
    public async Task Start_StoreOfMoreKeysThanAMessageMayCall_IsMigratedKeyByKey()
    {
        const string many = """
            lazyoc.on("command", async () => {
              for (let i = 0; i < 500; i += 100)
                await lazyoc.call("storage.batch", { set: Array.from({ length: 100 }, (_, j) => ({ key: `k${i + j}`, value: "old" })) });
            });
            lazyoc.on("render", async () => { for (let i = 0; i < 500; i++) await lazyoc.call("storage.get", { key: `k${i}` }); });
            """;
        const string eachKey = """
            lazyoc.on("migrate", async () => {
              const { items } = await lazyoc.call("storage.list", { limit: 500 });
              for (const { key } of items) await lazyoc.call("storage.set", { key, value: "new" });
            });
            """;
        await using (var fixture = await StartAsync(Version("1.0.0", many)))
        {
            Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command"));
            // The control: the plugin itself has not so many calls.
            Assert.StartsWith("quota-exceeded: the quota of host calls", Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure.Message, StringComparison.Ordinal);
        }

        await using var next = await StartAsync(Migrating("2.0.0", eachKey));
        await CountAsync(next, 1);

        using var store = new StoreFile(PluginStore.DataFile(Data, Contracts.PluginId.Parse(Id), 2), 1 << 20, new RuntimeLimits());
        var items = Assert.IsType<CallOutcome<StorageListAnswer>.Done>(store.List("k", null, 500, values: true)).Answer.Items;
        Assert.Equal(500, items.Count(item => item.Value!.Value.GetString() == "new"));
    }

    [Fact]
    public async Task Start_CopyThatWasNeverFinished_IsMadeAnew()
    {
        await using (var before = await StartAsync(Version("1.0.0"))) await CountAsync(before, 3);
        File.WriteAllText(Path.Combine(Data, Id, "2.db.pending"), "half");

        await using var fixture = await StartAsync(Migrating("2.0.0", Doubles));

        Assert.Equal("""2.0.0: from="1.0.0" total=6""", await TextAsync(fixture));
        Assert.Equal(["1.db", "1.db.left", "2.db", "migration.lock"], FilesOfPlugin());
    }

    [Fact]
    public async Task Apply_SeveralMigrationsThatMatch_RunInTheirOrder()
    {
        await using var fixture = await StartAsync(Version("1.0.0"));
        await CountAsync(fixture, 1);
        const string second = """lazyoc.on("migrate", async () => { const { value } = await lazyoc.call("storage.get", { key: "total" }); await lazyoc.call("storage.set", { key: "total", value: value + 100 }); });""";
        var package = Migrating("3.0.0", Doubles);
        package = package with
        {
            Manifest = package.Manifest with { Migrations = [.. package.Manifest.Migrations, new StoreMigration { From = VersionRange.Parse("<3.0.0"), Entry = "migrations/v3.js" }, new StoreMigration { From = VersionRange.Parse("0.x"), Entry = "missing.js" }] },
            Content = PackageContent.Of([new("migrations/v2.js", Encoding.UTF8.GetBytes(Doubles)), new("migrations/v3.js", Encoding.UTF8.GetBytes(second))]),
        };

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await fixture.Host.ApplyAsync([package])));

        Assert.Equal("""3.0.0: from="1.0.0" total=102""", await TextAsync(fixture));
    }

    [Fact]
    public async Task Start_DamagedStore_LeavesOtherPluginsAlone()
    {
        await using (var before = await StartAsync(Version("1.0.0"))) await CountAsync(before, 1);
        File.WriteAllText(Path.Combine(Data, Id, "1.db"), new string('x', 10_000));
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Data = Data;
        await using var _ = fixture;
        await fixture.With(Version("1.0.0")).With(fixture.Code("acme.other", "1.0.0", Stores, Notes.Replace("VERSION", "other", StringComparison.Ordinal))).StartAsync();

        var failure = Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure;

        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
        Assert.Equal("other: ", Text(await fixture.OpenTabAsync("acme.other")));
        Assert.Equal(["1.db.damaged"], FilesOfPlugin());
    }

    [Fact]
    public async Task Storage_WithoutPermission_IsRefused()
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Data = Data;
        await using var _ = fixture;
        await fixture.With(fixture.Code(Id, "1.0.0", Permissions.None, Notes)).StartAsync();

        Assert.Contains("permission-denied", Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    private async Task<HostFixture> StartAsync(InstalledPlugin plugin)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Data = Data;
        return await fixture.With(plugin).StartAsync();
    }

    private static InstalledPlugin Version(string version, string? code = null)
    {
        var json = $$"""
            {
              "manifestVersion": 1, "id": "{{Id}}", "version": "{{version}}", "displayName": "Notes", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
              "activation": ["onTab:{{Id}}.tab"], "permissions": {{Stores}},
              "contributes": { "tabs": [{ "id": "{{Id}}.tab", "resource": "Pod", "title": "Tab" }], "commands": [{ "id": "{{Id}}.command", "title": "Do" }], "statusItems": [{ "id": "{{Id}}.status", "title": "Status" }] }
            }
            """;
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Contracts.Problem.Join(problems));
        return HostFixture.Installed(manifest, Encoding.UTF8.GetBytes(Notes.Replace("VERSION", version, StringComparison.Ordinal) + "\n" + code));
    }

    /// <summary>A version whose store is made from that of 1.0.0.</summary>
    private static InstalledPlugin Migrating(string version, string migration, string? code = null)
    {
        var package = Version(version, code);
        return package with
        {
            Manifest = package.Manifest with { Migrations = [new StoreMigration { From = VersionRange.Parse("<2.0.0"), Entry = "migrations/v2.js" }] },
            Content = PackageContent.Of([new("migrations/v2.js", Encoding.UTF8.GetBytes(migration))]),
            Entry = package.Entry with { StoreEpoch = 2, StoreOrigin = new StoreOrigin(1, SemanticVersion.Parse("1.0.0")) },
        };
    }

    private static async Task CountAsync(HostFixture fixture, int times)
    {
        await fixture.OpenTabAsync(Id);
        for (var i = 0; i < times; i++) Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command"));
    }

    private static async Task<string> TextAsync(HostFixture fixture) => Text(await fixture.OpenTabAsync(Id));

    private static string Text(ViewState state) => Assert.IsType<Contracts.Views.ViewNode.Empty>(Assert.IsType<ViewState.Ready>(state).Content).Message;

    private string? Stored(int epoch, string key)
    {
        using var store = new StoreFile(PluginStore.DataFile(Data, Contracts.PluginId.Parse(Id), epoch), 1 << 20, new RuntimeLimits());
        return Assert.IsType<CallOutcome<StorageGetAnswer>.Done>(store.Get(key)).Answer.Value?.GetRawText();
    }

    private string[] FilesOfPlugin() => [.. Directory.EnumerateFiles(Path.Combine(Data, Id)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++) await Task.Delay(20);
        Assert.True(condition());
    }
}
