using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Fuzz.Wasm.Execution;

namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>Counts what a differential campaign saw. The hash covers seeds, modules and outcomes, in the order of the seeds.</summary>
internal sealed class DifferentialReport : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SortedDictionary<string, long> _traps = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _treatments = new(StringComparer.Ordinal);

    /// <summary>Modules both engines ran to the same end.</summary>
    public int Modules { get; private set; }

    public long Calls { get; private set; }

    public long Looks { get; private set; }

    public int Metered { get; private set; }

    public long FuelUsed { get; private set; }

    public int EndedByHost { get; private set; }

    /// <summary>Modules whose difference vanished with canonical NaNs.</summary>
    public int NaNBits { get; set; }

    public List<string> Differences { get; } = [];

    public IReadOnlyDictionary<string, long> Traps => _traps;

    public IReadOnlyDictionary<string, int> Skipped => _skipped;

    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Skip(string reason) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;

    public void Count(GeneratedModule module, EngineRun run, Comparison comparison)
    {
        Modules++;
        var treatment = module.NaNs.ToString();
        _treatments[treatment] = _treatments.GetValueOrDefault(treatment) + 1;
        EndedByHost += comparison.EndedByHost ? 1 : 0;
        Append($"{module.Seed} {Convert.ToHexStringLower(SHA256.HashData(module.Bytes))}\n");
        if (run.Execution is not { } execution)
            return;
        // What ended the comparison depends on the machine.
        for (var i = 0; i < comparison.Compared; i++)
        {
            Append($"{execution.Lines[i]}\n");
            if (i > 0)
                Count(run.Plan.Steps[i - 1] is null, execution.Lines[i]);
        }
        if (execution.FuelUsed > 0)
        {
            Metered++;
            FuelUsed += execution.FuelUsed;
            if (!comparison.EndedByHost)
                Append($"{execution.FuelUsed}\n");
        }
    }

    public IEnumerable<string> Lines()
    {
        yield return $"modules       {Modules} compared ({Join(_treatments)})";
        yield return $"calls         {Calls}, and {Looks} looks at memories, tables and globals";
        yield return $"traps         {_traps.Values.Sum()} ({Join(_traps)})";
        yield return $"ended early   {EndedByHost} modules, by a call that used up a stack or memory that V8 could not get";
        yield return $"metered       {Metered} modules run twice more with fuel, {FuelUsed} used";
        yield return $"NaN bits      {NaNBits} modules whose difference vanished with canonical NaNs";
        yield return $"skipped       {_skipped.Values.Sum()}{(_skipped.Count > 0 ? $" ({Join(_skipped)})" : "")}";
        yield return $"differences   {Differences.Count}";
        foreach (var difference in Differences)
            yield return $"  {difference}";
        yield return $"hash          sha256 {Hash}";
    }

    public void Dispose() => _hash.Dispose();

    private void Count(bool isLook, string line)
    {
        if (isLook)
        {
            Looks++;
            return;
        }
        Calls++;
        var word = TrapKinds.Word(line);
        if (word.StartsWith(TrapKinds.Prefix, StringComparison.Ordinal))
            _traps[word[TrapKinds.Prefix.Length..]] = _traps.GetValueOrDefault(word[TrapKinds.Prefix.Length..]) + 1;
    }

    private void Append(string text) => _hash.AppendData(Encoding.UTF8.GetBytes(text));

    private static string Join<T>(SortedDictionary<string, T> counts)
        where T : IFormattable =>
        string.Join(", ", counts.Select(count => $"{count.Key} {count.Value.ToString(null, CultureInfo.InvariantCulture)}"));
}
