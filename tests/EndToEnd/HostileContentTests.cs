using System.Text.Json.Nodes;

namespace LazyOC.EndToEnd.Tests;

/// <summary>Objects that are made to break the screen: whatever they hold, every line of every panel has its borders.</summary>
[Collection(TerminalCollection.Screens)]
public sealed class HostileContentTests : IAsyncLifetime
{
    private const string Hostile = "\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u009b5m\u0085next\u202eback\u2066\u200f \u0000\b\r over 日本語 🎉 e\u0301\u0301\u0301 \uff21 한국";

    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [TmuxFact]
    public async Task ConfigMap_WithControlCharactersALongNameAndAMegabyte_KeepsTheFrame()
    {
        Apply("hostile", new JsonObject { ["text"] = Hostile, [".multi"] = $"one\n{Hostile}\nthree" }, new JsonObject { ["example.com/said"] = Hostile, ["example.com/long"] = new string('x', 1 << 20) });
        Apply($"long-{new string('n', 253 - 5)}", [], []);
        await using var screen = await _cluster.OpenAsync("--view configmaps");
        await screen.FilterAsync("~hostile");
        await screen.SeeInAsync("ConfigMap ·", "bookstore/hostile", "日本語");
        foreach (var (width, height) in new[] { (120, 40), (40, 12), (200, 60) })
        {
            await screen.Terminal.ResizeAsync(width, height);
            await screen.SeeAsync(frame => IsFramed(frame, width, height, width < 80 ? ["ConfigMaps ·"] : ["Resources", "ConfigMaps ·", "ConfigMap ·"]), $"whole borders at {width}x{height}");
        }

        await screen.PressAsync("Y");
        await screen.SeeInAsync("ConfigMap ·", "[YAML]", "kind: ConfigMap");
        for (var page = 0; page < 3; page++)
        {
            await screen.SeeAsync(f => IsFramed(f, 200, 60, ["Resources", "ConfigMaps ·", "ConfigMap ·"]), "whole borders around the YAML");
            await screen.PressAsync("PageDown");
        }
        await screen.PressAsync("Escape");
        await screen.LeaveFilterAsync();
        await screen.FilterAsync("long-n");
        await screen.SeeInAsync("ConfigMap ·", "nnnn");
        await screen.SeeAsync(f => IsFramed(f, 200, 60, ["Resources", "ConfigMaps ·", "ConfigMap ·"]), "whole borders around a long name");
        await screen.PressAsync("d");
        await screen.SeeAsync(f => IsFramed(f, 200, 60, ["Delete configmap long-"]) && f.Text.Contains("▸ Cancel", StringComparison.Ordinal), "a whole question about a long name");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("▸ Cancel");
        await screen.QuitAsync();
        Assert.True(await screen.Terminal.IsPlainAsync());
    }

    private void Apply(string name, JsonObject data, JsonObject annotations) => _cluster.Store.Apply(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "bookstore", ["annotations"] = annotations },
        ["data"] = data,
    }.ToJsonString());

    /// <summary>Whether the frame has its size and the panels' borders are where they belong, on every line.</summary>
    private static bool IsFramed(Frame frame, int width, int height, string[] panels)
    {
        AssertClean(frame.Text);
        if (frame.Height > height)
            return false;
        return panels.All(title => frame.AreaOf(title) is var (left, top, inner, rows) && left + inner < width
            && Enumerable.Range(top, rows).All(y => frame[left - 1, y] == "│" && frame[left + inner, y] is "│" or "┃"));
    }

    private static void AssertClean(string screen) =>
        Assert.DoesNotContain(screen, c => c is < ' ' and not '\n' or (>= '\x7f' and <= '\x9f') or '\u202e' or '\u2066' or '\u200f');
}
