using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.Tests.Settings;

/// <summary>Settings as a plugin on QuickJS sees them.</summary>
public sealed class LiveSettingsTests : IDisposable
{
    private const string Id = "acme.test";
    private const string Secret = "hunter2 and more";

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ConfigGet_GivesValuesAndDefaultsButNoSecret()
    {
        var settings = _folder.Open();
        await using var fixture = await StartAsync(settings, """
            lazyoc.on("command", async () => console.log(JSON.stringify(await lazyoc.call("config.get", {}))));
            """);
        Set(settings, "url", "\"https://a.example\"");
        Set(settings, "token", $"\"{Secret}\"");

        await RunAsync(fixture);

        Assert.Contains($"{Id} Info {{\"values\":{{\"step\":15,\"url\":\"https://a.example\"}}}}", fixture.LogLines);
        Assert.DoesNotContain(fixture.LogLines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Change_WhileItRuns_IsToldWithTheNamesOfWhatIsDifferent()
    {
        var settings = _folder.Open();
        await using var fixture = await StartAsync(settings, """
            lazyoc.on("command", () => {});
            lazyoc.on("settingsChanged", ({ values, changed }) => console.log(changed.join(), JSON.stringify(values)));
            """);
        await RunAsync(fixture);

        Set(settings, "token", $"\"{Secret}\"");
        await LoggedAsync(fixture, $"{Id} Info token {{\"step\":15}}");
        // As another process changes them, which then asks this one to read them again.
        Set(_folder.Open(), "step", "30");
        fixture.Host.ReloadSettings(PluginId.Parse(Id));

        await LoggedAsync(fixture, $"{Id} Info step {{\"step\":30}}");
    }

    [Fact]
    public async Task Change_OfAPluginThatDoesNotListen_IsNoFault()
    {
        var settings = _folder.Open();
        await using var fixture = await StartAsync(settings, """lazyoc.on("command", () => {});""");
        await RunAsync(fixture);

        Set(settings, "step", "30");
        await RunAsync(fixture);

        Assert.Equal(0, fixture.Status(Id).Account.Faults);
    }

    [Fact]
    public async Task Start_WithDamagedSettings_SaysSoAndRuns()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Home, "settings"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Home, "settings", $"{Id}.json"), "{");
        await using var fixture = await StartAsync(_folder.Open(), """lazyoc.on("command", () => {});""");

        await RunAsync(fixture);

        Assert.Contains(fixture.LogLines, line => line.Contains("is damaged, so defaults are used", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Secret_ThatAPluginSomehowHas_IsTakenOutOfLogsFaultsAndAudit(bool isKnown)
    {
        var settings = _folder.Open();
        // The control: what is not this plugin's secret is shown.
        Set(settings, "token", isKnown ? $"\"{Secret}\"" : "\"something else\"");
        await using var fixture = await StartAsync(settings, $$"""
            lazyoc.on("command", async () => {
              console.log("log {{Secret}}");
              await lazyoc.call("events.unsubscribe", { topics: ["audit {{Secret}}"] }).catch(() => {});
              await lazyoc.call("no {{Secret}}", {}).catch(() => {});
              throw new Error("fault {{Secret}}");
            });
            """);

        var faulted = Assert.IsType<InvocationResult.Faulted>(await fixture.Extensions.RunCommandAsync($"{Id}.command"));

        var refused = (await fixture.AuditedAsync(Id)).Where(e => e.Decision == AuditDecision.Refused).Select(e => $"{e.Target} {e.Reason}").ToArray();
        var shown = isKnown ? "[secret]" : Secret;
        Assert.Contains($"fault {shown}", faulted.Failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{Id} Info log {shown}", fixture.LogLines);
        Assert.Contains(refused, line => line.StartsWith($"no {shown}", StringComparison.Ordinal));
        if (isKnown) Assert.DoesNotContain([.. fixture.LogLines, .. refused, faulted.Failure.Message, faulted.Failure.Stack ?? ""], line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public void Permission_FromASetting_FollowsIt()
    {
        var settings = _folder.Open();
        var manifest = SettingsFolder.Manifest(configuration: SettingsFolder.Configuration + """ "permissions": { "network": { "connect": [{ "fromSetting": "url" }] } }, """);
        var there = Demand.Connect.To(new Uri("https://a.example/api"));
        Decision Decide() => manifest.Permissions.Decide(there, name => settings.Of(manifest).TextOf(name));

        Assert.Equal(Decision.Denied, Decide());
        Assert.True(settings.Set(manifest, "url", SettingsFolder.Json("\"https://a.example/prometheus\"")).TryGet(out _, out _));
        Assert.Equal(Decision.Permitted, Decide());
        Assert.True(settings.Set(manifest, "url", SettingsFolder.Json("\"https://b.example\"")).TryGet(out _, out _));
        Assert.Equal(Decision.Denied, Decide());
    }

    private static async Task<HostFixture> StartAsync(PluginSettings settings, string code)
    {
        var fixture = (await HostFixture.CreateAsync("empty")).WithJavaScript(Id, SettingsFolder.Configuration, code);
        fixture.Settings = settings;
        return await fixture.StartAsync();
    }

    private static async Task RunAsync(HostFixture fixture) => Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command"));

    private static void Set(PluginSettings settings, string name, string json) =>
        Assert.True(settings.Set(SettingsFolder.Manifest(), name, SettingsFolder.Json(json)).TryGet(out _, out var problems), problems.IsDefault ? "" : Problem.Join(problems));

    private static async Task LoggedAsync(HostFixture fixture, string line)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!fixture.LogLines.Contains(line))
        {
            Assert.False(patience.IsCancellationRequested, $"`{line}` is not among {string.Join(" | ", fixture.LogLines)}");
            await Task.Delay(10);
        }
    }
}
