using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>A profile in the format of https://www.speedscope.app/file-format-schema.json: the guest's stacks as they were sampled, then what it did, evented, one profile for each lane of each kind.</summary>
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
        // Functions first: the stacks number them as the profile does.
        var frames = new List<SpeedscopeFrame>(profile.Guest.Functions.Select(FrameOf));
        var profiles = ImmutableArray.CreateBuilder<SpeedscopeProfile>();
        if (!profile.Guest.Samples.IsEmpty) profiles.Add(Of(profile.Guest));
        foreach (var kind in Enum.GetValues<ProfileKind>())
        {
            var lanes = Lanes(profile.Entries.Where(entry => entry.Kind == kind));
            for (var lane = 0; lane < lanes.Count; lane++)
                profiles.Add(Of(lanes[lane], NameOf(kind) + (lanes.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" {lane + 1}") : ""), profile.DurationMs, frames));
        }
        return new SpeedscopeFile
        {
            Shared = new SpeedscopeShared([.. frames]),
            // An empty list is not a profile that can be opened.
            Profiles = profiles.Count > 0 ? profiles.ToImmutable() : [Of([], "nothing happened", profile.DurationMs, frames)],
            Name = $"{profile.Plugin} {profile.Version}",
        };
    }

    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => JsonSerializer.SerializeAsync(stream, this, PluginJson.Default.SpeedscopeFile, cancellationToken);

    private static SpeedscopeProfile Of(ProfileStacks guest) => new()
    {
        Type = "sampled",
        Name = "guest CPU",
        EndValue = guest.Samples.Sum(sample => sample.CpuMs),
        Samples = [.. guest.Samples.Select(sample => guest.Stacks[sample.Stack])],
        Weights = [.. guest.Samples.Select(sample => sample.CpuMs)],
    };

    private static SpeedscopeFrame FrameOf(GuestFrame function) => new(function.Name, function.File, function.Line > 0 ? function.Line : null, function.Column > 0 ? function.Column : null);

    private static SpeedscopeProfile Of(List<ProfileEntry> lane, string name, double durationMs, List<SpeedscopeFrame> frames)
    {
        var events = ImmutableArray.CreateBuilder<SpeedscopeEvent>();
        foreach (var entry in lane)
        {
            var frame = frames.IndexOf(new SpeedscopeFrame(entry.Name));
            if (frame < 0)
            {
                frame = frames.Count;
                frames.Add(new SpeedscopeFrame(entry.Name));
            }
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
/// <param name="Name">What it is.</param>
/// <param name="File">Of a function, where it is.</param>
/// <param name="Line">From 1.</param>
/// <param name="Col">From 1.</param>
internal sealed record SpeedscopeFrame(string Name, string? File = null, int? Line = null, int? Col = null);

/// <summary>One lane, or the samples.</summary>
internal sealed record SpeedscopeProfile
{
    public string Type { get; init; } = "evented";
    public required string Name { get; init; }
    public string Unit { get; init; } = "milliseconds";
    public double StartValue { get; init; }
    public required double EndValue { get; init; }

    /// <summary>Of <c>evented</c>.</summary>
    public ImmutableArray<SpeedscopeEvent>? Events { get; init; }

    /// <summary>Of <c>sampled</c>: indexes of frames, outermost first.</summary>
    public ImmutableArray<ImmutableArray<int>>? Samples { get; init; }

    /// <summary>Of <c>sampled</c>: of each sample, in <see cref="Unit"/>.</summary>
    public ImmutableArray<double>? Weights { get; init; }
}

/// <summary>A frame begins (<c>O</c>) or ends (<c>C</c>).</summary>
internal sealed record SpeedscopeEvent(string Type, int Frame, double At);
