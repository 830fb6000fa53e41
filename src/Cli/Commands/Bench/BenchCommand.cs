using System.CommandLine;
using System.Globalization;
using LazyOC.Cli.Commands.Bench.Spec;

namespace LazyOC.Cli.Commands.Bench;

/// <summary><c>lazyoc bench</c>: measures this build beside its peers, on this machine, in one run.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the report as JSON", Recursive = true };
        var runs = new Option<int>("--runs") { Description = "Runs of each; the median is reported", HelpName = "NUMBER", DefaultValueFactory = _ => 7, Recursive = true };
        var command = new Command("bench", "Measures LazyOC beside its peers, on this machine, in one run") { json, runs };
        command.Subcommands.Add(Subject("start", "Start of the program to a settled frame of the demo", StartBench.RunAsync));
        command.Subcommands.Add(Subject("plugin", "Messages to a plugin's guest and back, and host calls through the door", PluginBench.RunAsync));
        command.Subcommands.Add(Subject("tui", "Keys, frames and memory of the screen over 10,000 pods that change", TuiBench.RunAsync));
        command.Subcommands.Add(Wasm(json));
        return command;

        Command Subject(string name, string description, Func<int, CancellationToken, Task<BenchReport>> run)
        {
            var subject = new Command(name, description);
            subject.SetAction(async (parsed, cancellationToken) =>
            {
                var report = await run(Math.Max(1, parsed.GetValue(runs)), cancellationToken);
                if (parsed.GetValue(json)) Output.Json(report, BenchJson.Default.BenchReport);
                else Print(report);
                return ExitCode.Ok;
            });
            return subject;
        }
    }

    private static Command Wasm(Option<bool> json)
    {
        var spec = new Option<string>("--spec") { Description = "Run test scripts of the WebAssembly specification: a .wast or converted .json file, a folder of them, or the .tar.xz", HelpName = "FILE-OR-DIR", Required = true };
        var wasm = new Command("wasm", "The WebAssembly engine") { spec };
        wasm.SetAction((parsed, cancellationToken) => SpecRun.RunAsync(parsed.GetValue(spec)!, parsed.GetValue(json), cancellationToken));
        return wasm;
    }

    private static void Print(BenchReport report)
    {
        var peers = report.Rows.SelectMany(row => row.Peers.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        Output.Rows(
            ["", "UNIT", "LAZYOC", .. peers.Select(peer => peer.ToUpperInvariant())],
            report.Rows.Select(row => (string[])[row.Name, row.Unit, Number(row.Ours), .. peers.Select(peer => row.Peers.TryGetValue(peer, out var value) ? Number(value) : "")]));
        foreach (var missing in report.Missing) Console.Error.WriteLine($"missing: {missing}");
    }

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
