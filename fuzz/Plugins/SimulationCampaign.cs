using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Fuzz.Plugins.Simulation;

namespace LazyOC.Fuzz.Plugins;

/// <summary>Runs many schedules, one after the other, and keeps what came of them.</summary>
/// <param name="run">Runs the schedule of a seed.</param>
internal sealed class SimulationCampaign(Func<int, SimulationOutcome> run)
{
    /// <summary>Schedules that did what must never happen, of which this many are kept.</summary>
    private const int FailuresKept = 20;

    private const int ProgressEvery = 5_000;

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<SimulationOutcome> _failures = [];
    private string _hash = "";
    private int _failed;

    /// <summary>How often each kind of thing happened.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>The first schedules that failed.</summary>
    public IReadOnlyList<SimulationOutcome> Failures => _failures;

    public void Run(int from, int schedules, Action<string> progress)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var seed = from; seed < from + schedules; seed++)
        {
            var outcome = RunOne(seed);
            foreach (var kind in outcome.Kinds) _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            hash.AppendData(Encoding.UTF8.GetBytes($"{outcome}\n"));
            if (!outcome.Wrong.IsEmpty)
            {
                if (_failed++ < FailuresKept) _failures.Add(outcome);
                progress($"seed {seed}: {string.Join("; ", outcome.Wrong)}");
            }
            if ((seed - from + 1) % ProgressEvery == 0) progress(string.Create(CultureInfo.InvariantCulture, $"{seed - from + 1} schedules, {_failed} failed"));
        }
        _hash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The lines of the record.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var (kind, count) in _counts) yield return string.Create(CultureInfo.InvariantCulture, $"  {count,9}  {kind}");
        yield return $"failures      {_failed}";
        foreach (var failure in _failures) yield return $"  seed {failure.Seed}: {string.Join("; ", failure.Wrong)}";
        yield return $"hash          sha256 {_hash}";
    }

    // A schedule that does not end, or ends in an exception, is a finding with its seed and no end of the campaign.
    private SimulationOutcome RunOne(int seed)
    {
        try
        {
            return run(seed);
        }
#pragma warning disable CA1031 // Whatever it is, it is reported with its seed.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            return new SimulationOutcome { Seed = seed, Wrong = [bug.ToString()], Kinds = ImmutableArray<string>.Empty, Trace = "" };
        }
    }
}
