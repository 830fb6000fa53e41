using System.Globalization;
using LazyOC.Fuzz.Wasm.Differential;
using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Fuzz.Wasm.Mutation;
using LazyOC.Fuzz.Wasm.Soak;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm;

/// <summary>Runs what the command line asks for; true when nothing was found.</summary>
internal sealed class FuzzRun(FuzzOptions options)
{
    public bool Run()
    {
        if ((options.Does("differential") || options.Does("mutation")) && (Tools.NodeMissing ?? Tools.WasmOptMissing) is { } missing)
            throw new FormatException(missing);
        if (options.Replay is { } seed)
            return Replay(seed);
        var isClean = true;
        if (options.Does("differential"))
            isClean &= Differential();
        if (options.Does("mutation"))
            isClean &= Mutation();
        if (options.Does("soak"))
            isClean &= Soak();
        return isClean;
    }

    private bool Differential()
    {
        var count = options.Count ?? FuzzOptions.FullModules;
        using var v8 = new V8Peer();
        var log = new RunLog("differential", "Generated modules in this engine and in V8", Command("differential", count));
        log.Add($"peer          {v8.Version}");
        log.Add($"generator     {Tools.WasmOptVersion}, {string.Join(", ", options.Features)}");
        log.Add($"seeds         {options.FirstSeed}..{options.FirstSeed + count - 1}");
        var campaign = new DifferentialCampaign(options.FirstSeed, count, options.Features, options.Jobs, RepositoryFolder.Artifacts);
        using var report = campaign.Run(v8, Console.WriteLine);
        foreach (var line in report.Lines())
            log.Add(line);
        log.Write(FileName("differential", count), count >= FuzzOptions.FullModules);
        return report.Differences.Count == 0;
    }

    private bool Mutation()
    {
        var count = options.Count ?? FuzzOptions.FullMutants;
        using var v8 = new V8Peer();
        var corpus = Corpus();
        var log = new RunLog("mutation", "Damaged modules in this engine and in V8", Command("mutation", count));
        log.Add($"peer          {v8.Version}");
        log.Add($"corpus        {corpus.Contents}; sha256 {corpus.Hash}…");
        log.Add($"seeds         {options.FirstSeed}..{options.FirstSeed + count - 1}");
        using var report = new MutationCampaign(corpus, options.FirstSeed, count, RepositoryFolder.Artifacts).Run(v8, Console.WriteLine);
        foreach (var line in report.Lines())
            log.Add(line);
        log.Write(FileName("mutation", count), count >= FuzzOptions.FullMutants);
        return report.Failures.Count == 0;
    }

    private bool Soak()
    {
        var log = new RunLog("soak", "Eight instances on two threads", string.Create(CultureInfo.InvariantCulture, $"fuzz/run soak --minutes {options.Minutes}"));
        var report = new SoakCampaign(TimeSpan.FromMinutes(options.Minutes)).Run(Console.WriteLine);
        log.Add($"work          {report.Steps} steps, {report.Renewals} times an instance was disposed and made anew");
        log.Add($"samples       {report.Samples.Count}");
        foreach (var sample in report.Samples)
            log.Add($"  {sample}");
        log.Add($"problems      {report.Problems.Count}");
        foreach (var problem in report.Problems)
            log.Add($"  {problem}");
        log.Write("soak", options.Minutes >= FuzzOptions.FullMinutes);
        return report.Problems.Count == 0;
    }

    /// <summary>Shows one module's outcomes, line by line, and keeps the module.</summary>
    private bool Replay(int seed)
    {
        using var v8 = new V8Peer();
        var run = GuestThread.Run(() => options.Kind is "mutation" ? new MutationCampaign(Corpus(), seed, 1, null).RunOne(seed) : RunGenerated(seed));
        Directory.CreateDirectory(RepositoryFolder.Artifacts);
        var file = Path.Combine(RepositoryFolder.Artifacts, string.Create(CultureInfo.InvariantCulture, $"replay-{seed}.wasm"));
        File.WriteAllBytes(file, run.Bytes);
        Console.WriteLine($"{run.Bytes.Length} bytes, kept in {Path.GetRelativePath(RepositoryFolder.Root, file)}");
        if (!run.IsRepeatable)
        {
            Console.WriteLine($"here  {run.Execution!.Lines[^1]}, so V8 was not asked");
            return true;
        }
        v8.SubmitExecution(run.Bytes, run.Plan);
        var answer = v8.Receive();
        var theirs = answer.Split('\n');
        for (var i = 0; i < theirs.Length; i++)
        {
            Console.WriteLine($"step {i}: {(i == 0 ? "instantiation" : run.Plan.Steps[i - 1]?.ToString() ?? "state")}");
            Console.WriteLine($"  here {run.Execution?.Lines.ElementAtOrDefault(i) ?? run.Refusal?.Message ?? run.Problem}");
            Console.WriteLine($"  V8   {theirs[i]}");
        }
        var difference = Comparison.Of(run, answer).Difference;
        Console.WriteLine(difference is null ? "no difference" : $"difference: {difference}");
        return difference is null;
    }

    private EngineRun RunGenerated(int seed)
    {
        var scratch = Directory.CreateTempSubdirectory("lazyoc-fuzz-");
        try
        {
            var module = new ModuleGenerator(options.Features, scratch.FullName).Generate(seed);
            return module.Failure is null ? DifferentialCheck.Run(module.Bytes, seed) : throw new FormatException(module.Failure);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private MutationCorpus Corpus() => MutationCorpus.Load(MutationCorpus.ConvertedSuite(), options.Features);

    private string Command(string kind, int count) => string.Create(
        CultureInfo.InvariantCulture,
        $"fuzz/run {kind} --seed {options.FirstSeed} --count {count}{(options.Features.SequenceEqual(DifferentialCampaign.DefaultFeatures) ? "" : $" --features {string.Join(',', options.Features)}")}");

    private string FileName(string kind, int count) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{options.FirstSeed}-{count}");
}
