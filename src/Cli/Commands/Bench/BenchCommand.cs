using System.CommandLine;
using System.Globalization;
using LazyOC.Cli.Commands.Bench.Dev;
using LazyOC.Cli.Commands.Bench.Guests;
using LazyOC.Cli.Commands.Bench.Install;
using LazyOC.Cli.Commands.Bench.Market;
using LazyOC.Cli.Commands.Bench.Resolve;
using LazyOC.Cli.Commands.Bench.Wasm;

namespace LazyOC.Cli.Commands.Bench;

/// <summary><c>lazyoc bench</c>: measures this build beside its peers, on this machine, in one run.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the report as JSON", Recursive = true };
        var markdown = new Option<bool>("--markdown") { Description = "Print the report as a table of docs/performance.md", Recursive = true };
        var runs = new Option<int>("--runs") { Description = "Runs of each; the median is reported", HelpName = "NUMBER", DefaultValueFactory = _ => 7, Recursive = true };
        var command = new Command("bench", "Measures LazyOC beside its peers, on this machine, in one run") { json, markdown, runs };
        command.Subcommands.Add(Subject("start", "Start of the program to a settled frame of the demo", StartBench.RunAsync));
        command.Subcommands.Add(Subject("plugin", "Messages to a plugin's guest and back, starts, and memory", PluginBench.RunAsync));
        command.Subcommands.Add(Subject("events", "Events through the bus and into guests", EventBench.RunAsync));
        command.Subcommands.Add(Subject("swap", "A plugin replaced while events go to it", SwapBench.RunAsync));
        command.Subcommands.Add(Subject("resolve", "Versions of plugins that fit together, found or found not to be", ResolveBench.RunAsync));
        command.Subcommands.Add(Subject("install", "A plugin of 1 MiB from a registry on this machine, verified and running", InstallBench.RunAsync));
        command.Subcommands.Add(Subject("dev", "A plugin under development: a file saved to its view, and `plugin new` to the first frame", DevBench.RunAsync));
        command.Subcommands.Add(Subject("tui", "Keys, frames and memory of the screen over 10,000 pods that change", TuiBench.RunAsync));
        command.Subcommands.Add(MarketBenchCommand.Create(runs, Show));
        foreach (var subject in WasmBenchCommand.Create(runs, json, Show)) command.Subcommands.Add(subject);
        return command;

        Command Subject(string name, string description, Func<int, CancellationToken, Task<BenchReport>> run)
        {
            var subject = new Command(name, description);
            subject.SetAction(async (parsed, cancellationToken) =>
            {
                Show(parsed, await run(Math.Max(1, parsed.GetValue(runs)), cancellationToken));
                return ExitCode.Ok;
            });
            return subject;
        }

        void Show(ParseResult parsed, BenchReport report)
        {
            if (parsed.GetValue(json)) Output.Json(report, BenchJson.Default.BenchReport);
            else if (parsed.GetValue(markdown)) PrintMarkdown(report);
            else Print(report);
        }
    }

    private static void Print(BenchReport report)
    {
        var peers = report.Rows.SelectMany(row => row.Peers.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        Output.Rows(
            ["", "UNIT", "LAZYOC", .. peers.Select(peer => peer.ToUpperInvariant())],
            report.Rows.Select(row => (string[])[row.Name, row.Unit, Number(row.Ours), .. peers.Select(peer => Beside(row, peer))]));
        foreach (var (name, mean) in report.Summary.Where(entry => entry.Key.StartsWith(BenchRow.GeometricMean, StringComparison.Ordinal)))
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {mean}"));
        foreach (var growth in report.Growth)
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{growth.Name}: n^{growth.Exponent} ({string.Join(", ", growth.Points.Select(point => $"{Number(point.Cost)} {growth.Unit} at {point.Size}"))})"));
        foreach (var missing in report.Missing) Console.Error.WriteLine($"missing: {missing}");
    }

    private static void PrintMarkdown(BenchReport report)
    {
        var peers = report.Rows.SelectMany(row => row.Peers.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        Console.Out.WriteLine($"| {report.Subject} | LazyOC |{string.Concat(peers.Select(peer => $" {peer} {report.Peers.GetValueOrDefault(peer)} |"))}");
        Console.Out.WriteLine($"|---|---|{string.Concat(peers.Select(_ => "---|"))}");
        foreach (var row in report.Rows) Console.Out.WriteLine($"| {row.Name} | {Number(row.Ours)} {row.Unit} |{string.Concat(peers.Select(peer => $" {Beside(row, peer)} |"))}");
        foreach (var growth in report.Growth)
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {growth.Name}, at {string.Join(" / ", growth.Points.Select(point => $"{point.Size:N0}"))} | {string.Join(" / ", growth.Points.Select(point => Number(point.Cost)))} {growth.Unit} (n^{growth.Exponent}) |{string.Concat(peers.Select(_ => " |"))}"));
        Console.Out.WriteLine();
        Console.Out.WriteLine($"{report.Machine}.");
        foreach (var missing in report.Missing) Console.Error.WriteLine($"missing: {missing}");
    }

    /// <summary>The peer's figure, and how many times it ours is.</summary>
    private static string Beside(BenchRow row, string peer) =>
        row.RatioTo(peer) is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{Number(row.Peers[peer])} ({ratio:0.00}×)") : "";

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
