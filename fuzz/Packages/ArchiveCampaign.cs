using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LazyOC.Fuzz.Packages;

/// <summary>Runs many damaged packages, one after the other, and keeps what came of them.</summary>
/// <param name="run">Runs that of a seed.</param>
internal sealed class ArchiveCampaign(Func<int, ArchiveOutcome> run)
{
    private const int FailuresKept = 20;

    private const int ProgressEvery = 10_000;

    /// <summary>A package that takes longer than this is a hang: the process ends, with the seed in its last words.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<ArchiveOutcome> _failures = [];
    private int _failed;

    /// <summary>How many of each kind were accepted and refused.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>The first that did what must never be.</summary>
    public IReadOnlyList<ArchiveOutcome> Failures => _failures;

    /// <summary>SHA-256 over all outcomes.</summary>
    public string Hash { get; private set; } = "";

    public void Run(int from, int mutants, Action<string> progress)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var current = from;
        using var watchdog = new Timer(_ => Environment.FailFast(string.Create(CultureInfo.InvariantCulture, $"fuzz/run archive --replay {current} does not end")));
        for (; current < from + mutants; current++)
        {
            watchdog.Change(Patience, Timeout.InfiniteTimeSpan);
            var outcome = RunOne(current);
            Count($"{outcome.Kind} {(outcome.IsAccepted ? "accepted" : "refused")}");
            hash.AppendData(Encoding.UTF8.GetBytes($"{outcome}\n"));
            if (!outcome.Wrong.IsEmpty)
            {
                if (_failed++ < FailuresKept) _failures.Add(outcome);
                progress(outcome.ToString());
            }
            if ((current - from + 1) % ProgressEvery == 0) progress(string.Create(CultureInfo.InvariantCulture, $"{current - from + 1} packages, {_failed} failed"));
        }
        Hash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The lines of the record.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var (kind, count) in _counts) yield return string.Create(CultureInfo.InvariantCulture, $"  {count,9}  {kind}");
        yield return string.Create(CultureInfo.InvariantCulture, $"failures      {_failed}");
        foreach (var failure in _failures) yield return $"  {failure}";
        yield return $"hash          sha256 {Hash}";
    }

    private void Count(string kind) => _counts[kind] = _counts.GetValueOrDefault(kind) + 1;

    private ArchiveOutcome RunOne(int seed)
    {
        try
        {
            return run(seed);
        }
#pragma warning disable CA1031 // Whatever it is, it is reported with its seed.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            return new ArchiveOutcome(seed, default, false, "", [bug.ToString()]);
        }
    }
}
