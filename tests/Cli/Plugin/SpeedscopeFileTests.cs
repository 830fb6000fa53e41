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
        ], 0);
        using var stream = new MemoryStream();
        await SpeedscopeFile.Of(profile).WriteAsync(stream, CancellationToken.None);
        var root = JsonDocument.Parse(stream.ToArray()).RootElement;

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
        Assert.Single(SpeedscopeFile.Of(new PluginProfile(PluginId.Parse("acme.test"), "1.0.0", 10, [], 0)).Profiles);

    private static IEnumerable<string> Events(JsonElement profile, string[] frames) => profile.GetProperty("events").EnumerateArray()
        .Select(e => $"{e.GetProperty("type").GetString()} {frames[e.GetProperty("frame").GetInt32()]} {e.GetProperty("at").GetDouble()}");
}
