using System.Collections.Immutable;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>A function on a guest's stack.</summary>
/// <param name="Name">As the code names it; the guest's own text, without control characters.</param>
/// <param name="File">Where it is, in the plugin's sources when there is a source map, or <see cref="Native"/>; null when that is not known.</param>
/// <param name="Line">Of the place that was running or calling, from 1; 0 when that is not known.</param>
/// <param name="Column">From 1; 0 when that is not known.</param>
public readonly record struct GuestFrame(string Name, string? File = null, int Line = 0, int Column = 0)
{
    /// <summary>The <see cref="File"/> of what is the engine's own, such as <c>Array.prototype.sort</c>.</summary>
    public const string Native = "(native)";
}

/// <summary>Takes samples of what runs in a guest. Called on the guest's thread; must return at once.</summary>
public interface IStackSampler
{
    /// <summary>Least guest CPU between two samples.</summary>
    TimeSpan Interval { get; }

    /// <summary>A sample.</summary>
    /// <param name="innermostFirst">What runs, and who called it.</param>
    /// <param name="cpu">The guest's CPU since the sample before.</param>
    void Add(ImmutableArray<GuestFrame> innermostFirst, TimeSpan cpu);
}
