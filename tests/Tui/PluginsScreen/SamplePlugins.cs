using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Tui.PluginsScreen;
using LazyOC.Tui.Tests.Overlays;

namespace LazyOC.Tui.Tests.PluginsScreen;

/// <summary>A home with plugins in every state.</summary>
internal static class SamplePlugins
{
    public static DateTimeOffset Now { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static PluginRow PodHealth { get; } = Row(
        SampleOverlays.Manifest with
        {
            License = "Apache-2.0",
            Repository = "https://example.com/lazyoc/pod-health",
            Limits = new PluginLimitRequest { Memory = "64MiB" },
            Contributes = new Contributions
            {
                Columns = [new ColumnContribution { Id = "lazyoc.pod-health.score", Resource = "Pod", Title = "HEALTH" }],
                Tabs = [new TabContribution { Id = "lazyoc.pod-health.tab", Resource = "Pod", Title = "Health" }],
                Actions = [new ActionContribution { Id = "lazyoc.pod-health.restart", Resources = ["Pod"], Title = "Restart unhealthy" }],
            },
        },
        PluginState.Active,
        wave: 0.08);

    public static ImmutableArray<PluginRow> All { get; } =
    [
        PodHealth,
        Row("acme.sleeper", "Sleeper", PluginState.Enabled),
        Row("acme.prometheus", "Prometheus metrics", PluginState.Active, wave: 0.6),
        Row("lazyoc.crasher", "Crasher", PluginState.Quarantined, "five restarts in 30 minutes, the last after: threw: boom at main.ts:12"),
        Row("lazyoc.chatty", "Chatty", PluginState.Suspended, "refused 20 times within a minute, last kubernetes.list of secrets"),
        Row("me.draft", "Draft of mine", PluginState.Faulted, "threw: render is not a function; starts again in 4 s") is var draft ? draft with { Plugin = draft.Plugin with { Dev = true, Source = "~/src/draft" } } : draft,
        Row("acme.off", "Switched off", null) is var off ? off with { Plugin = off.Plugin with { Enabled = false } } : off,
    ];

    public static ImmutableArray<PluginLogLine> Log { get; } =
    [
        new(Now.AddMinutes(-4), PluginLogLevel.Info, "activated for onTab:lazyoc.pod-health.tab"),
        new(Now.AddMinutes(-3), PluginLogLevel.Debug, "scored 14 pods in 3 ms"),
        new(Now.AddMinutes(-2), PluginLogLevel.Warn, "basket-7d9c6b5f4-004zk has no events, and its score is a guess that may well be off by some points"),
        new(Now.AddMinutes(-1), PluginLogLevel.Error, "kubernetes.list of events failed: permission-denied"),
    ];

    public static ImmutableArray<PluginAuditLine> Audit { get; } =
    [
        new(Now.AddMinutes(-4), "transition", TextStyle.Info, "plugin.active", "from activating", "onTab:lazyoc.pod-health.tab"),
        new(Now.AddMinutes(-3), "counted", TextStyle.Muted, "kubernetes.get", "pods in bookstore", Count: 1_204),
        new(Now.AddMinutes(-2), "refused", TextStyle.Error, "kubernetes.list", "events in payments", "permission-denied: the grant covers bookstore only"),
        new(Now.AddMinutes(-1), "intent", TextStyle.Warn, "kubernetes.delete", "pod basket-7d9c6b5f4-004zk in bookstore"),
        new(Now.AddMinutes(-1), "done", TextStyle.Ok, "kubernetes.delete", "pod basket-7d9c6b5f4-004zk in bookstore"),
    ];

    public static PluginsState State { get; } = new() { Rows = All, Log = Log, Audit = Audit };

    private static PluginRow Row(string id, string name, PluginState? state, string? reason = null, double wave = 0) => Row(
        new PluginManifest
        {
            ManifestVersion = 1,
            Id = PluginId.Parse(id),
            Version = SemanticVersion.Parse("0.9.1"),
            DisplayName = name,
            Engines = new PluginEngines { Lazyoc = VersionRange.Parse("^1.0") },
            Main = "dist/plugin.js",
        },
        state,
        reason,
        wave);

    private static PluginRow Row(PluginManifest manifest, PluginState? state, string? reason = null, double wave = 0)
    {
        var plugin = new ListedPlugin
        {
            Manifest = manifest,
            Digest = Digest.Of("package"u8),
            Source = $"{manifest.Id}-{manifest.Version}.lzp",
            Granted = manifest.Permissions,
            Enabled = true,
            Unsigned = true,
        };
        var faults = state is PluginState.Quarantined or PluginState.Faulted ? 5 : 0;
        var status = state is not { } s ? null : new PluginStatus
        {
            Id = manifest.Id,
            Name = manifest.DisplayName,
            Version = manifest.Version.ToString(),
            State = s,
            Since = Now.AddMinutes(-12),
            Reason = reason,
            Unsigned = true,
            Account = new PluginAccount(TimeSpan.FromSeconds(1.25), wave > 0 ? 13_500_000 : 0, 1_204, 2_310, 3, faults, faults, 0),
        };
        var history = wave <= 0 ? [] : Enumerable.Range(0, 90).Select(i =>
            new PluginSample(Now.AddSeconds(i - 90), wave * (1 + Math.Sin(i / 5.0)) / 2, 12_000_000 + i * 17_000, (long)(10 * (1 + Math.Cos(i / 3.0))), i % 40 == 7 ? 1 : 0)).ToImmutableArray();
        return new PluginRow(plugin, status, history);
    }
}
