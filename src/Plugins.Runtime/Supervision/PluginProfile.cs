using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Guests;

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

/// <summary>What ran in the guest at one moment.</summary>
/// <param name="Stack">Index of the stack.</param>
/// <param name="CpuMs">The guest's CPU since the sample before, in milliseconds.</param>
public readonly record struct ProfileSample(int Stack, double CpuMs);

/// <summary>The guest's stacks, as they were sampled.</summary>
/// <param name="Functions">Functions that were running; <see cref="GuestFrame.Line"/> is the first in which a named one was seen.</param>
/// <param name="Stacks">Each a list of indexes of functions, outermost first.</param>
/// <param name="Samples">In order.</param>
/// <param name="Dropped">Samples that were more than a profile holds.</param>
public sealed record ProfileStacks(ImmutableArray<GuestFrame> Functions, ImmutableArray<ImmutableArray<int>> Stacks, ImmutableArray<ProfileSample> Samples, long Dropped);

/// <summary>What one plugin did for a while.</summary>
/// <param name="Plugin">Which.</param>
/// <param name="Version">Its version at the end.</param>
/// <param name="DurationMs">How long it was looked at.</param>
/// <param name="Entries">What ended in that time, in the order in which it ended.</param>
/// <param name="Dropped">Entries that were more than a profile holds.</param>
/// <param name="Guest">What ran in the guest meanwhile.</param>
public sealed record PluginProfile(PluginId Plugin, string Version, double DurationMs, ImmutableArray<ProfileEntry> Entries, long Dropped, ProfileStacks Guest);

/// <summary>Records what one plugin does. Thread safe.</summary>
internal sealed class ProfileRecorder(RuntimeLimits limits, TimeProvider time) : IStackSampler
{
    private readonly Lock _gate = new();
    private readonly long _beganAt = time.GetTimestamp();
    private readonly ImmutableArray<ProfileEntry>.Builder _entries = ImmutableArray.CreateBuilder<ProfileEntry>();
    private readonly SampleTable _samples = new(limits);
    private long _dropped;

    /// <inheritdoc/>
    public TimeSpan Interval => limits.ProfileInterval;

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

    /// <inheritdoc/>
    public void Add(ImmutableArray<GuestFrame> innermostFirst, TimeSpan cpu)
    {
        lock (_gate) _samples.Add(innermostFirst, cpu);
    }

    public PluginProfile Take(PluginId plugin, string version)
    {
        lock (_gate) return new PluginProfile(plugin, version, time.GetElapsedTime(_beganAt).TotalMilliseconds, _entries.ToImmutable(), _dropped, _samples.Take());
    }
}
