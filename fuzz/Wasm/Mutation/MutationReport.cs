using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Mutation;

/// <summary>Counts what a campaign over damaged modules saw. The hash covers seeds, verdicts and outcomes, in the order of the seeds.</summary>
internal sealed class MutationReport : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SortedDictionary<string, int> _refused = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _traps = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _unlike = new(StringComparer.Ordinal);

    public int Mutants { get; private set; }

    public int Refused => _refused.Values.Sum();

    /// <summary>Mutants whose code was run.</summary>
    public int Executed { get; private set; }

    public long Calls { get; private set; }

    /// <summary>Mutants that V8 ran too.</summary>
    public int Compared { get; private set; }

    /// <summary>Mutants whose validity V8 judged too.</summary>
    public int Judged { get; set; }

    public int EndedByHost { get; private set; }

    public int NaNBits { get; set; }

    /// <summary>Greatest allocation while loading, as a part of what the size of the module allows.</summary>
    public double GreatestShare { get; set; }

    /// <summary>What was wrong, each with its seed.</summary>
    public List<string> Failures { get; } = [];

    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>A refusal that V8 need not share: what this engine does not have, or does not have so much of.</summary>
    public void CountUnlike(WasmFormatError error) => _unlike[error.ToString()] = _unlike.GetValueOrDefault(error.ToString()) + 1;

    public void Count(int seed, EngineRun run)
    {
        Mutants++;
        var verdict = run.Refusal is { } refusal ? $"{refusal.Error} at {refusal.Offset}" : "valid";
        _hash.AppendData(Encoding.UTF8.GetBytes($"{seed} {verdict}\n"));
        if (run.Refusal is not null)
            _refused[run.Refusal.Error.ToString()] = _refused.GetValueOrDefault(run.Refusal.Error.ToString()) + 1;
        if (run.Execution is not { } execution)
            return;
        Executed++;
        for (var i = 0; i < execution.Lines.Length; i++)
        {
            var word = TrapKinds.Word(execution.Lines[i]);
            Calls += i > 0 ? 1 : 0;
            if (word.StartsWith(TrapKinds.Prefix, StringComparison.Ordinal))
                _traps[word[TrapKinds.Prefix.Length..]] = _traps.GetValueOrDefault(word[TrapKinds.Prefix.Length..]) + 1;
        }
    }

    /// <summary>The outcomes both engines agree on become part of the hash.</summary>
    public void Count(int seed, EngineRun run, Comparison comparison)
    {
        Compared++;
        EndedByHost += comparison.EndedByHost ? 1 : 0;
        for (var i = 0; i < comparison.Compared && run.Execution is not null; i++)
            _hash.AppendData(Encoding.UTF8.GetBytes($"{seed} {run.Execution.Lines[i]}\n"));
    }

    public IEnumerable<string> Lines()
    {
        yield return $"mutants       {Mutants}";
        yield return $"refused       {Refused} ({Join(_refused)})";
        yield return $"executed      {Executed}, {Calls} calls and looks";
        yield return $"traps         {_traps.Values.Sum()} ({Join(_traps)})";
        yield return $"allocation    at most {GreatestShare.ToString("P0", CultureInfo.InvariantCulture)} of what the size of a module allows";
        yield return $"judged by V8  {Judged}, of which {_unlike.Values.Sum()} need not be refused there ({Join(_unlike)})";
        yield return $"run by V8     {Compared}, of which {EndedByHost} ended early by a stack or memory that V8 could not get";
        yield return $"NaN bits      {NaNBits} mutants whose difference vanished with canonical NaNs";
        yield return $"failures      {Failures.Count}";
        foreach (var failure in Failures)
            yield return $"  {failure}";
        yield return $"hash          sha256 {Hash}";
    }

    public void Dispose() => _hash.Dispose();

    private static string Join<T>(SortedDictionary<string, T> counts) => string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"));
}
