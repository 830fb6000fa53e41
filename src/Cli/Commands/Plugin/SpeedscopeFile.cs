using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>A profile in the format of https://www.speedscope.app/file-format-schema.json: evented, one profile for each lane of each kind.</summary>
/// <remarks>Events of one profile must nest, but what a plugin does overlaps: what overlaps is put into lanes beside each other.</remarks>
internal sealed record SpeedscopeFile
{
    [JsonPropertyName("$schema")] public string Schema { get; init; } = "https://www.speedscope.app/file-format-schema.json";
    public required SpeedscopeShared Shared { get; init; }
    public required ImmutableArray<SpeedscopeProfile> Profiles { get; init; }
    public required string Name { get; init; }
    public string Exporter { get; init; } = "lazyoc";
    public int ActiveProfileIndex { get; init; }

    public static SpeedscopeFile Of(PluginProfile profile)
    {
        var frames = new Dictionary<string, int>(StringComparer.Ordinal);
        var profiles = ImmutableArray.CreateBuilder<SpeedscopeProfile>();
        foreach (var kind in Enum.GetValues<ProfileKind>())
        {
            var lanes = Lanes(profile.Entries.Where(entry => entry.Kind == kind));
            for (var lane = 0; lane < lanes.Count; lane++)
                profiles.Add(Of(lanes[lane], NameOf(kind) + (lanes.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" {lane + 1}") : ""), profile.DurationMs, frames));
        }
        return new SpeedscopeFile
        {
            Shared = new SpeedscopeShared([.. frames.OrderBy(frame => frame.Value).Select(frame => new SpeedscopeFrame(frame.Key))]),
            // An empty list is not a profile that can be opened.
            Profiles = profiles.Count > 0 ? profiles.ToImmutable() : [Of([], "nothing happened", profile.DurationMs, frames)],
            Name = $"{profile.Plugin} {profile.Version}",
        };
    }

    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => JsonSerializer.SerializeAsync(stream, this, PluginJson.Default.SpeedscopeFile, cancellationToken);

    private static SpeedscopeProfile Of(List<ProfileEntry> lane, string name, double durationMs, Dictionary<string, int> frames)
    {
        var events = ImmutableArray.CreateBuilder<SpeedscopeEvent>();
        foreach (var entry in lane)
        {
            if (!frames.TryGetValue(entry.Name, out var frame)) frames.Add(entry.Name, frame = frames.Count);
            events.Add(new SpeedscopeEvent("O", frame, Start(entry)));
            events.Add(new SpeedscopeEvent("C", frame, Math.Max(entry.EndMs, Start(entry))));
        }
        return new SpeedscopeProfile { Name = name, EndValue = Math.Max(durationMs, events.Count > 0 ? events[^1].At : 0), Events = events.ToImmutable() };
    }

    // What was going on before is shown from the beginning.
    private static double Start(ProfileEntry entry) => Math.Max(0, entry.StartMs);

    private static List<List<ProfileEntry>> Lanes(IEnumerable<ProfileEntry> entries)
    {
        var lanes = new List<List<ProfileEntry>>();
        foreach (var entry in entries.OrderBy(Start).ThenBy(entry => entry.EndMs))
        {
            var lane = lanes.Find(other => other[^1].EndMs <= Start(entry));
            if (lane is null) lanes.Add(lane = []);
            lane.Add(entry);
        }
        return lanes;
    }

    private static string NameOf(ProfileKind kind) => kind switch
    {
        ProfileKind.Message => "messages",
        ProfileKind.Turn => "turns",
        ProfileKind.HostCall => "host calls",
        ProfileKind.Span => "spans",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "this kind has no name"),
    };
}

/// <summary>What the profiles share.</summary>
internal sealed record SpeedscopeShared(ImmutableArray<SpeedscopeFrame> Frames);

/// <summary>Something that takes time.</summary>
internal sealed record SpeedscopeFrame(string Name);

/// <summary>One lane.</summary>
internal sealed record SpeedscopeProfile
{
    public string Type { get; init; } = "evented";
    public required string Name { get; init; }
    public string Unit { get; init; } = "milliseconds";
    public double StartValue { get; init; }
    public required double EndValue { get; init; }
    public required ImmutableArray<SpeedscopeEvent> Events { get; init; }
}

/// <summary>A frame begins (<c>O</c>) or ends (<c>C</c>).</summary>
internal sealed record SpeedscopeEvent(string Type, int Frame, double At);
