using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>Keeps the samples of a guest.</summary>
/// <param name="interval">Least CPU between two of them; none for one at every opportunity.</param>
internal sealed class SampleLog(TimeSpan interval = default) : IStackSampler
{
    public ConcurrentQueue<(ImmutableArray<GuestFrame> Stack, TimeSpan Cpu)> Samples { get; } = [];

    public TimeSpan Interval => interval;

    public void Add(ImmutableArray<GuestFrame> innermostFirst, TimeSpan cpu) => Samples.Enqueue((innermostFirst, cpu));

    /// <summary>How many samples have a function of this name at the top.</summary>
    public int CountOf(string function) => Samples.Count(sample => sample.Stack[0].Name == function);

    /// <summary>Samples a guest.</summary>
    public GuestOptions On(GuestOptions options) => options with { Sampler = () => this };
}
