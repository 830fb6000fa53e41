using System.CommandLine;
using LazyOC.Cli.Commands.Bench.Spec;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary><c>lazyoc bench wasm</c> and <c>lazyoc bench call</c>.</summary>
internal static class WasmBenchCommand
{
    /// <param name="runs">The option of the same name of all benchmarks.</param>
    /// <param name="json">Likewise.</param>
    /// <param name="print">Prints a report as the user wants it.</param>
    public static IEnumerable<Command> Create(Option<int> runs, Option<bool> json, Action<ParseResult, BenchReport> print)
    {
        var modes = new Mode[]
        {
            new("--startup", "Decoding, validation and first call of modules of several sizes", StartupBench.RunAsync),
            new("--js", "JavaScript on QuickJS, beside the same QuickJS on V8", JavaScriptBench.RunAsync),
            new("--call", "Calls into the guest and out of it", CallBench.RunAsync),
        };
        var wasm = new Command("wasm", "The WebAssembly engine beside V8 and native code of the same module; without an option, compute kernels");
        foreach (var mode in modes) wasm.Options.Add(mode.Option);
        var spec = new Option<string?>("--spec")
        {
            Description = "Instead of measuring, run test scripts of the WebAssembly specification: a .wast or converted .json file, a folder of them, or the .tar.xz",
            HelpName = "FILE-OR-DIR",
        };
        wasm.Options.Add(spec);
        wasm.Validators.Add(result =>
        {
            if (modes.Count(mode => result.GetValue(mode.Option)) + (result.GetValue(spec) is null ? 0 : 1) > 1)
                result.AddError($"only one of {string.Join(", ", modes.Select(mode => $"`{mode.Option.Name}`"))} and `--spec` can be done at a time");
        });
        wasm.SetAction((parsed, cancellationToken) => parsed.GetValue(spec) is { } path
            ? SpecRun.RunAsync(path, parsed.GetValue(json), cancellationToken)
            : RunAsync(Array.Find(modes, mode => parsed.GetValue(mode.Option))?.RunAsync ?? KernelBench.RunAsync, parsed, cancellationToken));
        yield return wasm;

        var call = new Command("call", "Calls into a WebAssembly guest and out of it; the same as `wasm --call`");
        call.SetAction((parsed, cancellationToken) => RunAsync(CallBench.RunAsync, parsed, cancellationToken));
        yield return call;

        yield return OnceCommand();

        async Task<int> RunAsync(Func<WasmBenchOptions, CancellationToken, Task<BenchReport>> run, ParseResult parsed, CancellationToken cancellationToken)
        {
            print(parsed, await run(new WasmBenchOptions { Runs = Math.Max(1, parsed.GetValue(runs)) }, cancellationToken));
            return ExitCode.Ok;
        }
    }

    /// <summary>For the benchmarks themselves: they start the program with it to see what only a new process shows.</summary>
    private static Command OnceCommand()
    {
        var words = new Argument<string[]>("words");
        var once = new Command("once", "One measurement in this process") { words };
        once.Hidden = true;
        once.SetAction(parsed =>
        {
            var lap = Once.Run(parsed.GetValue(words) ?? []);
            Console.Out.WriteLine(FormattableString.Invariant($"{lap.Nanoseconds:0} {lap.Result}"));
            return ExitCode.Ok;
        });
        return once;
    }

    private sealed class Mode(string name, string description, Func<WasmBenchOptions, CancellationToken, Task<BenchReport>> runAsync)
    {
        public Option<bool> Option { get; } = new(name) { Description = description };

        public Func<WasmBenchOptions, CancellationToken, Task<BenchReport>> RunAsync { get; } = runAsync;
    }
}
