using System.Diagnostics;

namespace LazyOC.EndToEnd.Tests;

/// <summary>The connection goes and comes while somebody looks: what was there stays usable, says how old it is and heals by itself.</summary>
[Collection(TerminalCollection.Screens)]
public sealed class OfflineTests : IAsyncLifetime
{
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [TmuxFact]
    public async Task CablePulled_InListDetailsAndLogs_StaysUsableAndHeals()
    {
        await using var screen = await _cluster.OpenAsync("--view configmaps");
        await screen.SeeInAsync("ConfigMaps ·", "shop-settings");
        _cluster.Cable.Pull();
        await screen.SeeAsync("offline for");
        // The rows are still there to move in, to filter and to read.
        await screen.FilterAsync("shop");
        await screen.SeeSelectedAsync("ConfigMaps ·", "shop-settings");
        await screen.SeeInAsync("ConfigMap ·", "shop-settings");
        _cluster.Store.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shop-meanwhile","namespace":"bookstore"}}""");
        _cluster.Cable.Plug();
        await screen.SeeAsync("connected");
        await screen.SeeInAsync("ConfigMaps ·", "shop-meanwhile");

        await screen.PressAsync("Y");
        await screen.SeeInAsync("ConfigMap ·", "[YAML]", "kind: ConfigMap");
        _cluster.Cable.Pull();
        var offline = await screen.SeeAsync(frame => frame.Text.Contains("offline for", StringComparison.Ordinal) && frame.Panel("ConfigMap ·").Any(line => line.Contains("stale for", StringComparison.Ordinal)), "since when the YAML is old");
        Assert.Contains(offline.Panel("ConfigMap ·"), line => line.Contains("kind: ConfigMap", StringComparison.Ordinal));
        var settings = _cluster.ConfigMap("shop-settings")!;
        settings["data"]!["changed"] = "meanwhile";
        _cluster.Store.Apply(settings.ToJsonString());
        _cluster.Cable.Plug();
        await screen.SeeInAsync("ConfigMap ·", "changed: meanwhile");
        await screen.SeeAsync("connected");

        await screen.PressAsync("Escape");
        await screen.LeaveFilterAsync();
        await screen.OpenKindAsync("pods", "Pods");
        await screen.FilterAsync("storefront");
        await screen.PressAsync("l");
        await screen.SeeInAsync("Pod ·", "[Logs]", "following");
        var before = await screen.SeeAsync(frame => frame.Panel("Pod ·").Count(line => line.Trim().Length > 0) > 6, "some lines of the log");
        _cluster.Cable.Pull();
        await screen.SeeAsync("offline for");
        await screen.SeeInAsync("Pod ·", "hint:");
        Assert.Contains(Last(before), (await screen.LookAsync()).Text, StringComparison.Ordinal);
        _cluster.Cable.Plug();
        await screen.SeeAsync("connected");
        await screen.SeeAsync(frame => frame.Panel("Pod ·").Length > 0 && !frame.Panel("Pod ·").Any(line => line.Contains("hint:", StringComparison.Ordinal)) && Last(frame) != Last(before), "newer lines of the log");
    }

    [TmuxFact]
    public async Task ServerDown_AtTheStart_SaysWhyAndGoesOnWhenItComes()
    {
        _cluster.Cable.Pull();
        await using var screen = await Screen.OpenWithoutListAsync(_cluster.LazyOc, $"--kubeconfig {_cluster.Kubeconfig}");
        await screen.SeeAsync($"127.0.0.1:{_cluster.Cable.Port}", "hint:");
        await screen.PressAsync("?");
        await screen.SeeInAsync("Keys");
        await screen.TypeAsync("anew");
        await screen.SeeSelectedAsync("Keys", "Ask the cluster anew");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("─ Keys ─");
        _cluster.Cable.Plug();
        await screen.SeeInAsync("Pods ·", "storefront-");
        await screen.SeeAsync("connected");
        await screen.QuitAsync();
    }

    /// <summary>A server that neither answers nor goes away, as one behind a dead link.</summary>
    [TmuxFact]
    public async Task ServerStopped_ThatKeepsItsConnections_LeavesTheScreenUsable()
    {
        using var home = new LazyOc();
        using var simulator = home.Start("simulate", "--write-kubeconfig", home.PathOf("kubeconfig"));
        try
        {
            Assert.Contains("simulated cluster at https://", await simulator.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
            await using var screen = await Screen.OpenAsync(home, $"--kubeconfig {home.PathOf("kubeconfig")} --view configmaps");
            await screen.SeeInAsync("ConfigMaps ·", "shop-settings");
            await SignalAsync(home, simulator, "STOP");
            await screen.FilterAsync("shop");
            await screen.SeeSelectedAsync("ConfigMaps ·", "shop-settings");
            await screen.PressAsync("C-r"); // somebody asks: only then can it be seen that nobody answers
            await screen.PressAsync("?");
            await screen.SeeInAsync("Keys");
            await screen.PressAsync("Escape");
            await screen.SeeNoMoreAsync("─ Keys ─");
            await SignalAsync(home, simulator, "CONT");
            await screen.SeeInAsync("ConfigMaps ·", "shop-settings");
            await screen.SeeAsync("connected");
            await screen.QuitAsync();
        }
        finally
        {
            simulator.Kill(entireProcessTree: true);
        }
    }

    private static async Task SignalAsync(LazyOc home, Process process, string signal) =>
        Assert.Equal(0, (await home.RunAsync("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])).ExitCode);

    private static string Last(Frame frame) => frame.Panel("Pod ·").Last(line => line.Trim() is { Length: > 0 } text && !text.Contains("following", StringComparison.Ordinal) && !text.Contains('▲', StringComparison.Ordinal)).Trim();
}
