using System.Diagnostics;
using System.Globalization;
using LazyOC.Fuzz.Wasm.Differential;
using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Mutation;

/// <summary>
/// Loads damaged modules and runs those that are valid: nothing but the documented exceptions, memory in proportion to
/// the module, an end, and where V8 is at hand its judgement and its outcomes.
/// </summary>
/// <param name="Corpus">What is damaged.</param>
/// <param name="FirstSeed">The first of the seeds, which follow each other.</param>
/// <param name="Count">How many mutants.</param>
/// <param name="Folder">Where mutants that fail are kept; <see langword="null"/> to keep none.</param>
internal sealed record MutationCampaign(MutationCorpus Corpus, int FirstSeed, int Count, string? Folder)
{
    /// <summary>Of each call.</summary>
    private const long Fuel = 20_000;

    private const int MaxCalls = 24;

    /// <summary>What loading may allocate: this much for each byte of the module and so much for any module.</summary>
    private const int AllowedBytesForEach = 256;

    private const int AllowedBytesForAny = 512 * 1024;

    /// <summary>Mutants that V8 may be behind.</summary>
    private const int MaxPending = 16;

    private static readonly string[] Tags = ["malformed import kind 0x04", "malformed export kind 0x04", "malformed section id 13"];

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    /// <summary>Whether valid mutants are run.</summary>
    public bool Executes { get; init; } = true;

    /// <summary>Runs on a guest thread and waits for it.</summary>
    /// <param name="v8">Who judges and runs the mutants too, if anyone.</param>
    /// <param name="tell">Told of the progress.</param>
    public MutationReport Run(V8Peer? v8, Action<string> tell) => GuestThread.Run(() => RunHere(v8, tell));

    /// <summary>Runs one mutant here, on the calling thread.</summary>
    public EngineRun RunOne(int seed) => Execute(Corpus.Mutate(seed), seed, watchdog: null);

    private MutationReport RunHere(V8Peer? v8, Action<string> tell)
    {
        var report = new MutationReport();
        using var watchdog = new Watchdog();
        var pending = new Queue<Mutant>();
        var started = Stopwatch.GetTimestamp();
        var told = started;
        for (var seed = FirstSeed; seed < FirstSeed + Count; seed++)
        {
            watchdog.Watch($"mutation seed {seed}");
            var mutant = Run(seed, report, watchdog);
            if (v8 is not null)
            {
                Submit(mutant, v8);
                pending.Enqueue(mutant);
            }
            while (pending.Count > MaxPending)
                Settle(pending.Dequeue(), v8!, report, watchdog);
            if (Stopwatch.GetElapsedTime(told) < ProgressEvery)
                continue;
            told = Stopwatch.GetTimestamp();
            tell($"mutation: {report.Mutants} of {Count} mutants, {report.Executed} executed, {report.Failures.Count} failures, {report.Mutants / Stopwatch.GetElapsedTime(started).TotalSeconds:F1} a second");
        }
        while (pending.TryDequeue(out var last))
            Settle(last, v8!, report, watchdog);
        return report;
    }

    private Mutant Run(int seed, MutationReport report, Watchdog watchdog)
    {
        var bytes = Corpus.Mutate(seed);
        CheckAllocation(seed, bytes, report);
        var run = Execute(bytes, seed, watchdog);
        if (run.Problem is { } problem)
            Fail(report, seed, bytes, problem);
        if (run.Refusal is { } refusal && (refusal.Offset < 0 || refusal.Offset > bytes.Length))
            Fail(report, seed, bytes, $"the defect is said to be at byte {refusal.Offset}");
        report.Count(seed, run);
        return new Mutant(seed, bytes, run);
    }

    /// <summary>Loading alone, because running takes what the module asks for.</summary>
    private void CheckAllocation(int seed, byte[] bytes, MutationReport report)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            WasmModule.Load(bytes, features: V8Peer.Features);
        }
        catch (WasmFormatException)
        {
            // The verdict is for the run that follows.
        }
        catch (Exception exception)
        {
            Fail(report, seed, bytes, $"{exception.GetType().Name}: {exception.Message}");
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var allowed = ((long)AllowedBytesForEach * bytes.Length) + AllowedBytesForAny;
        report.GreatestShare = Math.Max(report.GreatestShare, allocated / (double)allowed);
        if (allocated > allowed)
            Fail(report, seed, bytes, $"{allocated} bytes allocated for a module of {bytes.Length}");
    }

    private EngineRun Execute(byte[] bytes, int seed, Watchdog? watchdog) => EngineRun.Of(bytes, module =>
    {
        var plan = Executes ? PlanOf(module, seed) : new CallPlan([]);
        var execution = Executes ? EngineExecution.Run(module, plan, Fuel, watchdog) : new ModuleExecution([], ExecutionEnd.Finished, 0);
        return (plan, execution, null);
    });

    /// <summary>Ones first, which get far in many functions, then values at edges.</summary>
    private static CallPlan PlanOf(WasmModule module, int seed)
    {
        var callable = CallPlan.Callable(module).Take(MaxCalls).ToList();
        var ones = callable.Select(export => new ExportCall(export.Export, export.Name, [.. export.Type.Parameters.Select(Values.One)]));
        var random = new SeededRandom(seed, stream: 3);
        var edges = callable.Select(export => new ExportCall(export.Export, export.Name, [.. export.Type.Parameters.Select(type => EdgeValues.Of(type, random))]));
        return new CallPlan([.. ones, null, .. edges, null]);
    }

    private void Submit(Mutant mutant, V8Peer v8)
    {
        v8.SubmitValidation(mutant.Bytes);
        if (IsComparable(mutant.Run))
            v8.SubmitExecution(mutant.Bytes, mutant.Run.Plan);
    }

    /// <summary>Vectors cannot be handed to stubs in JavaScript.</summary>
    private bool IsComparable(EngineRun run) =>
        Executes && run is { Execution: not null, IsRepeatable: true } && !run.TakesVectors;

    private void Settle(Mutant mutant, V8Peer v8, MutationReport report, Watchdog watchdog)
    {
        watchdog.Watch($"V8 with mutation seed {mutant.Seed}");
        Judge(mutant, v8.Receive() is "1", report);
        if (!IsComparable(mutant.Run))
            return;
        var comparison = Comparison.Of(mutant.Run, v8.Receive());
        if (comparison.Difference is { } difference)
            Examine(mutant, difference, report);
        report.Count(mutant.Seed, mutant.Run, comparison);
    }

    private void Judge(Mutant mutant, bool isValid, MutationReport report)
    {
        report.Judged++;
        var refusal = mutant.Run.Refusal;
        if (refusal?.Error is WasmFormatError.Unsupported or WasmFormatError.LimitExceeded || IsTag(refusal))
            report.CountUnlike(refusal!.Error);
        else if (refusal is null != isValid && mutant.Run.Problem is null)
            Fail(report, mutant.Seed, mutant.Bytes, $"V8 says {(isValid ? "valid" : "invalid")}, we say {refusal?.Message ?? "valid"}");
    }

    /// <summary>Tags belong to exception handling, which V8 has; the suite of 2.0 wants them to be called malformed.</summary>
    private static bool IsTag(WasmFormatException? refusal) =>
        refusal is not null && Array.Exists(Tags, words => refusal.Message.StartsWith(words, StringComparison.Ordinal));

    private void Examine(Mutant mutant, string difference, MutationReport report)
    {
        // Another process, because the first has answers under way.
        using var v8 = new V8Peer();
        var canonical = Execute(CodeRewriter.Canonicalize(mutant.Bytes), mutant.Seed, watchdog: null);
        if (canonical is { Execution: not null, IsRepeatable: true })
        {
            v8.SubmitExecution(canonical.Bytes, canonical.Plan);
            if (Comparison.Of(canonical, v8.Receive()).Difference is null)
            {
                report.NaNBits++;
                return;
            }
        }
        Fail(report, mutant.Seed, mutant.Bytes, difference);
    }

    private void Fail(MutationReport report, int seed, byte[] bytes, string what)
    {
        report.Failures.Add($"seed {seed}: {what}");
        if (Folder is null)
            return;
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"mutation-{seed}"));
        File.WriteAllBytes(file + ".wasm", bytes);
        File.AppendAllText(file + ".txt", what + "\n");
    }

    private sealed record Mutant(int Seed, byte[] Bytes, EngineRun Run);
}
