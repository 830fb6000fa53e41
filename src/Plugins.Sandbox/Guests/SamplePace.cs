using System.Collections.Immutable;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>
/// Takes samples of one guest no faster than asked for, on its thread and outside of its budget: who is looked at is not
/// interrupted for it.
/// </summary>
internal sealed class SamplePace(TurnBudget budget)
{
    /// <summary>How much of the guest's CPU there is at least to one part that sampling takes, however expensive a guest makes it.</summary>
    private const int CostShare = 4;

    private IStackSampler? _sampler;
    private TimeSpan _sampledAt;
    private TimeSpan _dueAt;
    private bool _isSampling;

    /// <summary>Takes a sample if one is due.</summary>
    /// <param name="sampler">Who is told.</param>
    /// <param name="read">Reads the stack; null when it cannot be read now.</param>
    public void Look(IStackSampler sampler, Func<ImmutableArray<GuestFrame>?> read)
    {
        if (_isSampling) return;
        var now = budget.Consumed;
        if (_sampler != sampler)
        {
            // What ran before is not this profile's.
            (_sampler, _sampledAt, _dueAt) = (sampler, now, now + sampler.Interval);
            return;
        }
        if (now < _dueAt) return;
        _isSampling = true;
        budget.Pause();
        ImmutableArray<GuestFrame>? stack;
        TimeSpan cost;
        try
        {
            stack = read();
        }
        finally
        {
            cost = budget.Resume();
            _isSampling = false;
        }
        var pause = cost * CostShare;
        _dueAt = now + (pause > sampler.Interval ? pause : sampler.Interval);
        if (stack is not { } frames) return;
        sampler.Add(frames, now - _sampledAt);
        _sampledAt = now;
    }
}
