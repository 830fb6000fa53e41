using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>Compares this engine with V8 over generated modules.</summary>
/// <param name="FirstSeed">The first of the seeds, which follow each other.</param>
/// <param name="Count">How many modules.</param>
/// <param name="Features">What they may use beyond the first version of WebAssembly, in the words of wasm-opt.</param>
/// <param name="Jobs">How many are generated at once.</param>
/// <param name="Folder">Where modules that differ are kept.</param>
internal sealed record DifferentialCampaign(int FirstSeed, int Count, ImmutableArray<string> Features, int Jobs, string Folder)
{
    /// <summary>Modules that V8 may be behind.</summary>
    private const int MaxPending = 4;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    /// <summary>Everything in which wasm-opt's fuzzer, V8 and this engine agree; without reference types, which the fuzzer's host functions cannot take.</summary>
    public static ImmutableArray<string> DefaultFeatures { get; } =
        ["mutable-globals", "nontrapping-float-to-int", "sign-ext", "bulk-memory", "multivalue", "simd", "tail-call"];

    /// <summary>Runs on a guest thread and waits for it.</summary>
    public DifferentialReport Run(V8Peer v8, Action<string> tell) => GuestThread.Run(() => RunHere(v8, tell));

    private DifferentialReport RunHere(V8Peer v8, Action<string> tell)
    {
        var report = new DifferentialReport();
        var scratch = Directory.CreateTempSubdirectory("lazyoc-fuzz-");
        using var watchdog = new Watchdog();
        using var generated = new BlockingCollection<Task<GeneratedModule>>(Jobs);
        var generator = new ModuleGenerator(Features, scratch.FullName);
        using var stop = new CancellationTokenSource();
        var producer = Task.Run(() => Produce(generator, generated, stop.Token));
        try
        {
            var pending = new Queue<(GeneratedModule Module, EngineRun Run)>();
            var started = Stopwatch.GetTimestamp();
            var told = started;
            foreach (var task in generated.GetConsumingEnumerable())
            {
                var module = task.GetAwaiter().GetResult();
                watchdog.Watch($"differential seed {module.Seed}");
                if (Submit(module, v8, report, watchdog) is { } run)
                    pending.Enqueue((module, run));
                while (pending.Count > MaxPending)
                    Settle(pending, v8, report, watchdog);
                if (Stopwatch.GetElapsedTime(told) < ProgressEvery)
                    continue;
                told = Stopwatch.GetTimestamp();
                tell($"differential: {module.Seed - FirstSeed + 1} of {Count} modules, {report.Calls} calls, {report.Differences.Count} differences, {(module.Seed - FirstSeed + 1) / Stopwatch.GetElapsedTime(started).TotalSeconds:F1} a second");
            }
            while (pending.Count > 0)
                Settle(pending, v8, report, watchdog);
            return report;
        }
        finally
        {
            stop.Cancel();
            producer.GetAwaiter().GetResult();
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>The collection's bound is what keeps the number of generators small.</summary>
    private async Task Produce(ModuleGenerator generator, BlockingCollection<Task<GeneratedModule>> generated, CancellationToken stop)
    {
        var tasks = new List<Task>();
        try
        {
            for (var seed = FirstSeed; seed < FirstSeed + Count; seed++)
            {
                var own = seed;
                var task = Task.Run(() => generator.Generate(own), CancellationToken.None);
                tasks.RemoveAll(earlier => earlier.IsCompleted);
                tasks.Add(task);
                generated.Add(task, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever takes the modules has failed.
        }
        finally
        {
            generated.CompleteAdding();
            await Task.WhenAll(tasks);
        }
    }

    /// <summary>Runs a module here and hands it to V8; <see langword="null"/> when there is nothing to compare.</summary>
    private static EngineRun? Submit(GeneratedModule module, V8Peer v8, DifferentialReport report, Watchdog watchdog)
    {
        if (module.Failure is not null)
        {
            report.Skip(module.Failure);
            return null;
        }
        var run = DifferentialCheck.Run(module.Bytes, module.Seed, watchdog);
        if (!run.IsRepeatable)
        {
            report.Skip($"ended here by {run.Execution!.Lines[^1]}");
            return null;
        }
        v8.SubmitExecution(run.Bytes, run.Plan);
        return run;
    }

    private void Settle(Queue<(GeneratedModule Module, EngineRun Run)> pending, V8Peer v8, DifferentialReport report, Watchdog watchdog)
    {
        var (module, run) = pending.Dequeue();
        watchdog.Watch($"V8 with differential seed {module.Seed}");
        var comparison = Comparison.Of(run, v8.Receive());
        if (run.Refusal is { } refusal && comparison.Difference is null)
        {
            report.Skip($"refused by both: {refusal.Error}");
            return;
        }
        if (comparison.Difference is { } difference)
            Examine(module, difference, report);
        report.Count(module, run, comparison);
    }

    /// <summary>Keeps the module, as it was and with less in it, unless only the bits of NaNs differ.</summary>
    private void Examine(GeneratedModule module, string difference, DifferentialReport report)
    {
        // Another process, because the first has answers under way.
        using var v8 = new V8Peer();
        if (module.NaNs == NaNTreatment.Untouched && DifferenceOf(CodeRewriter.Canonicalize(module.Bytes), module.Seed, v8) is null)
        {
            report.NaNBits++;
            return;
        }
        report.Differences.Add($"seed {module.Seed}: {difference}");
        var reduced = ModuleReducer.Reduce(module.Bytes, bytes => DifferenceOf(bytes, module.Seed, v8) is not null);
        var file = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"differential-{module.Seed}"));
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(file + ".wasm", module.Bytes);
        File.WriteAllBytes(file + ".reduced.wasm", reduced);
        File.WriteAllText(file + ".txt", $"{difference}\nreduced: {DifferenceOf(reduced, module.Seed, v8)}\n");
    }

    private static string? DifferenceOf(byte[] module, int seed, V8Peer v8)
    {
        var run = DifferentialCheck.Run(module, seed);
        if (!run.IsRepeatable)
            return null;
        v8.SubmitExecution(run.Bytes, run.Plan);
        return Comparison.Of(run, v8.Receive()).Difference;
    }
}
