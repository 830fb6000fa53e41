using System.Globalization;
using System.Text;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>Swaps of real guests, while events go on.</summary>
public sealed class QuickJsSwapTests : IAsyncLifetime
{
    private const string Id = "acme.counter";
    private const int Events = 2_000;
    private const int ManySwaps = 200;

    private static readonly ClusterClient Client = new(new ClusterOptions { Server = new Uri("https://127.0.0.1:1") });

    private readonly AuditLog _audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
    private int _living;
    private int _started;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _audit.DisposeAsync();

    [Fact]
    public async Task Apply_UnderAStreamOfEvents_LosesNoneAndDoublesNone()
    {
        await using var host = await StartAsync(Package(0));
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Events; i++)
            {
                host.Bus.Publish("plugin.tick", new EventsLost { Count = i }, ContractJson.Default.EventsLost);
                if (i % 20 == 19) await Task.Delay(1);
            }
        });
        var swaps = 0;
        while (!publishing.IsCompleted || swaps < 3)
        {
            Assert.IsType<PluginChange.Swapped>(Assert.Single(await host.ApplyAsync([Package(++swaps)])));
        }
        await publishing;

        var expected = $"{Events} events, {(long)Events * (Events + 1) / 2}, {Events} different";
        await UntilAsync(host, () => Status(host).EndsWith(expected, StringComparison.Ordinal));
        Assert.Equal($"v{swaps}: {expected}", Status(host));
        Assert.Equal(0, host.Plugins.Single().Account.EventsLost);
    }

    [Fact]
    public async Task Apply_ManyTimes_LeavesOneInstance()
    {
        await using (var host = await StartAsync(Package(0)))
        {
            for (var i = 1; i <= ManySwaps; i++) Assert.IsType<PluginChange.Swapped>(Assert.Single(await host.ApplyAsync([Package(i)])));
            await UntilAsync(host, () => Volatile.Read(ref _living) == 1);
            Assert.Equal(ManySwaps + 1, _started);
        }
        Assert.Equal(0, _living);
    }

    [Fact]
    public async Task Apply_VersionWithoutHydrate_StartsFresh()
    {
        await using var host = await StartAsync(Package(0));
        host.Bus.Publish("plugin.tick", new EventsLost { Count = 0 }, ContractJson.Default.EventsLost);
        await UntilAsync(host, () => Status(host).Contains(" 1 events", StringComparison.Ordinal));

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await host.ApplyAsync([Package(1, hydrates: false)])));
        host.Bus.Publish("plugin.tick", new EventsLost { Count = 0 }, ContractJson.Default.EventsLost);

        await UntilAsync(host, () => Status(host) == "v1: 1 events, 2, 1 different");
    }

    [Fact]
    public async Task Apply_VersionThatWaitsByATimer_TakesOver()
    {
        await using var host = await StartAsync(Package(0));
        host.Bus.Publish("plugin.tick", new EventsLost { Count = 0 }, ContractJson.Default.EventsLost);
        await UntilAsync(host, () => Status(host).Contains(" 1 events", StringComparison.Ordinal));

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await host.ApplyAsync([Package(1, hydrated: "await new Promise((done) => setTimeout(done, 20));")])));

        await UntilAsync(host, () => Status(host) == "v1: 1 events, 1, 1 different");
    }

    private async Task<PluginHost> StartAsync(InstalledPlugin plugin)
    {
        var host = await PluginHost.StartAsync(new PluginHostOptions
        {
            Plugins = [plugin],
            Session = new ClusterSession { Client = Client, Context = "demo", User = "admin", Namespace = "default" },
            Audit = _audit,
            Log = (_, _, _) => { },
            Bug = (what, bug) => Assert.Fail($"{what}: {bug}"),
            StartGuest = StartGuestAsync,
            Sandbox = new() { HostCalls = new(100_000, 100_000), ArgumentRate = new(1 << 30, 1 << 30), Cpu = new(1_000, 1_000) },
            Limits = new() { MailboxEvents = Events, RenderDeadline = TimeSpan.FromSeconds(10), StateDeadline = TimeSpan.FromSeconds(10), DrainDeadline = TimeSpan.FromSeconds(20), MessageDeadline = TimeSpan.FromSeconds(20) },
        });
        await UntilAsync(host, () => Status(host).Length > 0);
        return host;
    }

    private async ValueTask<GuestStart> StartGuestAsync(GuestKind kind, GuestOptions options, CancellationToken cancellationToken)
    {
        var start = await GuestFactory.StartAsync(kind, options, cancellationToken);
        if (start is GuestStart.Running running)
        {
            Interlocked.Increment(ref _living);
            Interlocked.Increment(ref _started);
            _ = running.Guest.Ended.ContinueWith(_ => Interlocked.Decrement(ref _living), TaskScheduler.Default);
        }
        return start;
    }

    private static string Status(PluginHost host) => host.Extensions.StatusItems.Single().State is StatusItemState.Set set ? set.Text : "";

    private static async Task UntilAsync(PluginHost host, Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"not reached: {Status(host)}; {string.Join("; ", host.Plugins)}");
            await Task.Delay(20);
        }
    }

    /// <summary>A plugin that counts events, sums their numbers, and tells both; its state is what it saw.</summary>
    /// <param name="version">Its patch version.</param>
    /// <param name="hydrates">Whether it takes the state over.</param>
    /// <param name="hydrated">What it does before.</param>
    private static InstalledPlugin Package(int version, bool hydrates = true, string hydrated = "")
    {
        var code = $$"""
            let seen = [];
            const show = () => lazyoc.call("ui.status", { item: "{{Id}}.status", text: `v{{version}}: ${seen.length} events, ${seen.reduce((a, b) => a + b, 0)}, ${new Set(seen).size} different`, style: "plain" });
            lazyoc.on("activate", async () => { await lazyoc.call("events.subscribe", { topics: ["plugin.tick"] }); await show(); });
            lazyoc.on("event", async ({ topic, sequence }) => { if (topic === "plugin.tick") { seen.push(sequence); await show(); } });
            lazyoc.on("dehydrate", () => ({ state: { seen } }));
            {{(hydrates ? $"lazyoc.on(\"hydrate\", async ({{ state }}) => {{ {hydrated} seen = state.seen; await show(); }});" : "")}}
            """;
        var json = $$"""
            {
              "manifestVersion": 1, "id": "{{Id}}", "version": "1.0.{{version.ToString(CultureInfo.InvariantCulture)}}", "displayName": "Counter", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
              "activation": ["onStartup"], "permissions": { "events": { "subscribe": ["plugin.*"] } },
              "contributes": { "statusItems": [{ "id": "{{Id}}.status", "title": "Status" }] }
            }
            """;
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        var main = Encoding.UTF8.GetBytes(code);
        return HostFixture.Installed(manifest, main);
    }
}
