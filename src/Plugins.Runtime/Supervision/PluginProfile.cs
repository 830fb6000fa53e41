using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>What an entry of a profile is.</summary>
public enum ProfileKind
{
    /// <summary>A message, from its delivery to its answer.</summary>
    Message,

    /// <summary>A turn: the guest ran.</summary>
    Turn,

    /// <summary>A host call, from its arrival to its answer.</summary>
    HostCall,

    /// <summary>What the plugin itself said that it did.</summary>
    Span,
}

/// <summary>Something that took time.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Name">Type of the message, or name of the call or span.</param>
/// <param name="StartMs">From the beginning of the profile; below 0 for what was going on already.</param>
/// <param name="EndMs">From the beginning of the profile.</param>
public readonly record struct ProfileEntry(ProfileKind Kind, string Name, double StartMs, double EndMs);

/// <summary>What one plugin did for a while.</summary>
/// <param name="Plugin">Which.</param>
/// <param name="Version">Its version at the end.</param>
/// <param name="DurationMs">How long it was looked at.</param>
/// <param name="Entries">What ended in that time, in the order in which it ended.</param>
/// <param name="Dropped">Entries that were more than a profile holds.</param>
public sealed record PluginProfile(PluginId Plugin, string Version, double DurationMs, ImmutableArray<ProfileEntry> Entries, long Dropped);

/// <summary>Records what one plugin does. Thread safe.</summary>
internal sealed class ProfileRecorder(RuntimeLimits limits, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _beganAt = time.GetTimestamp();
    private readonly ImmutableArray<ProfileEntry>.Builder _entries = ImmutableArray.CreateBuilder<ProfileEntry>();
    private long _dropped;

    /// <summary>Records what has ended just now.</summary>
    public void Add(ProfileKind kind, string name, long startedAt) => Add(kind, name, time.GetElapsedTime(startedAt));

    /// <summary>Records what has ended just now.</summary>
    public void Add(ProfileKind kind, string name, TimeSpan took)
    {
        var end = time.GetElapsedTime(_beganAt).TotalMilliseconds;
        var shown = name.Length <= limits.MeasureChars ? name : name[..limits.MeasureChars];
        lock (_gate)
        {
            if (_entries.Count < limits.ProfileEntries) _entries.Add(new ProfileEntry(kind, shown, end - took.TotalMilliseconds, end));
            else _dropped++;
        }
    }

    public PluginProfile Take(PluginId plugin, string version)
    {
        lock (_gate) return new PluginProfile(plugin, version, time.GetElapsedTime(_beganAt).TotalMilliseconds, _entries.ToImmutable(), _dropped);
    }
}
