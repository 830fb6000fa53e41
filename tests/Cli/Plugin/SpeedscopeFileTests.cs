using System.Text.Json;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Cli.Tests.Plugin;

public sealed class SpeedscopeFileTests
{
    [Fact]
    public async Task Write_WhatOverlaps_IsInLanesWhoseEventsNest()
    {
        var profile = new PluginProfile(PluginId.Parse("acme.test"), "1.0.0", 1_000,
        [
            new(ProfileKind.HostCall, "kubernetes.list", 20, 40),
            new(ProfileKind.Turn, "render", 10, 20),
            new(ProfileKind.Message, "render", -5, 50),
            new(ProfileKind.Message, "event", 30, 60),
            new(ProfileKind.Message, "render", 60, 70),
            new(ProfileKind.Span, "load", 0, 5),
        ], 0, NoStacks);
        var root = await WriteAsync(profile);

        Assert.Equal("https://www.speedscope.app/file-format-schema.json", root.GetProperty("$schema").GetString());
        var frames = root.GetProperty("shared").GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("name").GetString()!).ToArray();
        var profiles = root.GetProperty("profiles").EnumerateArray().ToArray();
        Assert.Equal(["messages 1", "messages 2", "turns", "host calls", "spans"], profiles.Select(p => p.GetProperty("name").GetString()));
        Assert.Equal(["O render 0", "C render 50", "O render 60", "C render 70"], Events(profiles[0], frames));
        Assert.Equal(["O event 30", "C event 60"], Events(profiles[1], frames));
        Assert.All(profiles, p => Assert.Equal(("evented", "milliseconds", 0.0, 1_000.0), (p.GetProperty("type").GetString(), p.GetProperty("unit").GetString(), p.GetProperty("startValue").GetDouble(), p.GetProperty("endValue").GetDouble())));
    }

    [Fact]
    public void Of_NothingAtAll_IsAProfileThatCanBeOpened() =>
        Assert.Single(SpeedscopeFile.Of(new PluginProfile(PluginId.Parse("acme.test"), "1.0.0", 10, [], 0, NoStacks)).Profiles);

    [Fact]
    public async Task Write_Samples_AreASampledProfileOfFunctionsBesideWhatHappened()
    {
        var guest = new ProfileStacks(
            [new("handler", "src/app.ts", 10, 3), new("render", "src/app.ts", 4, 1), new("(lazyoc)")],
            [[0, 1], [0], [2]],
            [new(0, 1.5), new(0, 1), new(1, 2.25), new(2, 1)],
            0);
        var root = await WriteAsync(new PluginProfile(PluginId.Parse("acme.test"), "1.0.0", 1_000, [new(ProfileKind.Message, "render", 0, 50), new(ProfileKind.Turn, "render", 1, 9)], 0, guest));

        var frames = root.GetProperty("shared").GetProperty("frames").EnumerateArray().Select(frame => frame.GetRawText().Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings("")).ToArray();
        Assert.Equal(
            ["""{"name":"handler","file":"src/app.ts","line":10,"col":3}""", """{"name":"render","file":"src/app.ts","line":4,"col":1}""", """{"name":"(lazyoc)"}""", """{"name":"render"}"""],
            frames);
        var profiles = root.GetProperty("profiles").EnumerateArray().ToArray();
        Assert.Equal(["sampled", "evented", "evented"], profiles.Select(p => p.GetProperty("type").GetString()));
        var sampled = profiles[0];
        Assert.Equal(["type", "name", "unit", "startValue", "endValue", "samples", "weights"], sampled.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("milliseconds", 0.0, 5.75), (sampled.GetProperty("unit").GetString(), sampled.GetProperty("startValue").GetDouble(), sampled.GetProperty("endValue").GetDouble()));
        Assert.Equal(["0,1", "0,1", "0", "2"], sampled.GetProperty("samples").EnumerateArray().Select(stack => string.Join(',', stack.EnumerateArray())));
        Assert.Equal([1.5, 1, 2.25, 1], sampled.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble()));
        Assert.Equal(["O 3", "C 3"], profiles[1].GetProperty("events").EnumerateArray().Select(e => $"{e.GetProperty("type").GetString()} {e.GetProperty("frame").GetInt32()}"));
        Assert.Equal(["$schema", "shared", "profiles", "name", "exporter", "activeProfileIndex"], root.EnumerateObject().Select(member => member.Name));
    }

    private static ProfileStacks NoStacks => new([], [], [], 0);

    private static async Task<JsonElement> WriteAsync(PluginProfile profile)
    {
        using var stream = new MemoryStream();
        await SpeedscopeFile.Of(profile).WriteAsync(stream, CancellationToken.None);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static IEnumerable<string> Events(JsonElement profile, string[] frames) => profile.GetProperty("events").EnumerateArray()
        .Select(e => $"{e.GetProperty("type").GetString()} {frames[e.GetProperty("frame").GetInt32()]} {e.GetProperty("at").GetDouble()}");
}
