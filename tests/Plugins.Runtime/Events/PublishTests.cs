using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Tests.Events;

/// <summary>Events from plugin to plugin, on QuickJS.</summary>
public sealed class PublishTests
{
    private const string Teller = "acme.teller";
    private const string Listener = "acme.listener";

    private const string MayTell = """ "permissions": { "events": { "publish": ["acme.teller.*"] } }, """;
    private const string MayListen = """ "activation": ["onStartup"], "permissions": { "events": { "subscribe": ["acme.teller.*"] } }, """;

    private const string Listens = """
        lazyoc.on("activate", () => lazyoc.call("events.subscribe", { topics: ["acme.teller.*"] }));
        lazyoc.on("event", ({ topic, publisher, sequence, data }) => console.log(topic, publisher, sequence, JSON.stringify(data)));
        lazyoc.on("command", () => lazyoc.call("events.unsubscribe", { topics: ["acme.teller.*"] }));
        """;

    private static string Tells(string calls) => $$"""
        const tell = (topic, data, key) => lazyoc.call("events.publish", { topic, data, key }).catch((error) => console.log(error.code + ": " + error.message));
        lazyoc.on("command", async () => { {{calls}} });
        """;

    [Fact]
    public async Task Publish_BelowItsOwnId_IsDeliveredInOrderWithItsPublisher()
    {
        await using var fixture = await StartAsync(Tells("""await tell("acme.teller.alert", { n: 1 }); await tell("acme.teller.alert", { n: 2 });"""));

        await RunAsync(fixture, Teller);

        await LoggedAsync(fixture, 2);
        Assert.Equal(
            [$"{Listener} Info acme.teller.alert acme.teller 1 {{\"n\":1}}", $"{Listener} Info acme.teller.alert acme.teller 2 {{\"n\":2}}"],
            fixture.LogLines.Where(line => line.StartsWith(Listener, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""tell("acme.other.alert", 1)""", "permission-denied: this plugin has no permission to publish acme.other.alert")]
    [InlineData("""tell("resource.pods", 1)""", "permission-denied: this plugin has no permission to publish resource.pods")]
    [InlineData("""tell("acme.teller.*", 1)""", "invalid: the arguments of `events.publish` are not valid: `topic` is no topic")]
    [InlineData("""tell("acme.teller.a", "x".repeat(70000))""", "invalid: the arguments of `events.publish` are not valid: `data` has 70,002 bytes")]
    [InlineData("""tell("acme.teller.a", 1, "")""", "invalid: the arguments of `events.publish` are not valid: `key` has 0 characters")]
    [InlineData("""(async () => { for (let i = 0; i < 70; i++) await tell("acme.teller.t" + i, 1); })()""", "quota-exceeded: this plugin has published 64 different topics")]
    public async Task Publish_WhatItMayNot_IsRefused(string call, string refusal)
    {
        await using var fixture = await StartAsync(Tells($"await {call};"));

        await RunAsync(fixture, Teller);

        Assert.Contains(fixture.LogLines, line => line.StartsWith($"{Teller} Info {refusal}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(""" "activation": ["onStartup"], """, false)]
    [InlineData(MayListen, true)]
    public async Task Subscribe_ToAPluginsTopics_NeedsPermissionBesideItsControl(string manifest, bool permitted)
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty"))
            .WithJavaScript(Teller, MayTell, Tells("""await tell("acme.teller.alert", 1);"""))
            .WithJavaScript(Listener, manifest, """
                lazyoc.on("activate", () => lazyoc.call("events.subscribe", { topics: ["acme.teller.*"] }).then(() => console.log("subscribed"), (error) => console.log(error.code)));
                lazyoc.on("event", ({ data }) => console.log("heard"));
                """)
            .StartAsync();
        await LoggedAsync(fixture, 1);

        await RunAsync(fixture, Teller);

        if (permitted) await LoggedAsync(fixture, 2);
        Assert.Equal(permitted ? ["subscribed", "heard"] : ["permission-denied"], fixture.LogLines.Where(l => l.StartsWith(Listener, StringComparison.Ordinal)).Select(l => l.Split(' ')[^1]));
    }

    [Fact]
    public async Task Unsubscribe_EndsDelivery()
    {
        await using var fixture = await StartAsync(Tells("""await tell("acme.teller.alert", 1);"""));
        await RunAsync(fixture, Teller);
        await LoggedAsync(fixture, 1);

        await RunAsync(fixture, Listener);
        await RunAsync(fixture, Teller);
        // What comes by another way after it: the listener has dealt with all that was before.
        await RunAsync(fixture, Listener);

        Assert.Single(fixture.LogLines, line => line.StartsWith(Listener, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_FasterThanItsQuota_IsRefused()
    {
        var fixture = (await HostFixture.CreateAsync("empty")).WithJavaScript(Teller, MayTell, Tells("""for (let i = 0; i < 5; i++) await tell("acme.teller.alert", i);"""));
        fixture.Sandbox = new() { Events = new(PerSecond: 0.001, Burst: 3) };
        await using var started = await fixture.StartAsync();

        await RunAsync(fixture, Teller);

        Assert.Equal(2, fixture.LogLines.Count(line => line.Contains("quota-exceeded: the quota of published events", StringComparison.Ordinal)));
    }

    private static async Task<HostFixture> StartAsync(string teller)
    {
        var fixture = await (await HostFixture.CreateAsync("empty")).WithJavaScript(Teller, MayTell, teller).WithJavaScript(Listener, MayListen, Listens).StartAsync();
        await fixture.UntilAsync(() => fixture.Status(Listener).State == PluginState.Active);
        return fixture;
    }

    private static async Task RunAsync(HostFixture fixture, string plugin) => Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{plugin}.command"));

    private static async Task LoggedAsync(HostFixture fixture, int lines)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (fixture.LogLines.Count(line => line.StartsWith(Listener, StringComparison.Ordinal)) < lines)
        {
            Assert.False(patience.IsCancellationRequested, string.Join(" | ", fixture.LogLines));
            await Task.Delay(10);
        }
    }
}
