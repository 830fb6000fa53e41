using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin top</c>: what the plugins of the running LazyOCs use.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var output = Output.Option();
        var command = new Command("top", "Shows what the plugins of every LazyOC that is open do and use; on a terminal until ctrl-c") { output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var goesOn = parsed.GetValue(output) == OutputFormat.Table && !Console.IsOutputRedirected;
            var (rows, at) = (await ReadAsync(home, cancellationToken), Stopwatch.GetTimestamp());
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Output.Json(rows, PluginJson.Default.ImmutableArrayTopRow);
                return ExitCode.Ok;
            }
            try
            {
                do
                {
                    await Task.Delay(Interval, cancellationToken);
                    var (before, since) = (rows, at);
                    (rows, at) = (await ReadAsync(home, cancellationToken), Stopwatch.GetTimestamp());
                    if (goesOn) Console.Write("\e[H\e[2J");
                    Print(rows, before, Stopwatch.GetElapsedTime(since, at));
                }
                while (goesOn);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // ctrl-c is how one leaves.
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<ImmutableArray<TopRow>> ReadAsync(Home home, CancellationToken cancellationToken)
    {
        var answers = await RunningInstances.AskAsync(home, new ControlRequest { Verb = ControlVerb.Status }, cancellationToken);
        if (answers.IsEmpty) throw new UserError(ExitCode.Unavailable, "no LazyOC is running in this home", "open one with `lazyoc`, or see the demo's with `--demo`") { Help = HelpPage.NotRunning };
        return [.. answers.SelectMany(answer => answer.Plugins, (answer, plugin) => new TopRow(answer.Pid, plugin))];
    }

    private static void Print(ImmutableArray<TopRow> rows, ImmutableArray<TopRow> before, TimeSpan elapsed)
    {
        Output.Rows(["PID", "ID", "VERSION", "STATE", "CPU%", "MEMORY", "MESSAGES", "CALLS/S", "REFUSED", "FAULTS", "RESTARTS", "LOST", "P50MS", "P99MS"], rows.Select(row =>
        {
            var (plugin, account) = (row.Plugin, row.Plugin.Account);
            var earlier = before.FirstOrDefault(r => r.Pid == row.Pid && r.Plugin.Id == plugin.Id)?.Plugin.Account ?? account;
            return (string[])
            [
                Text(row.Pid),
                plugin.Id.ToString(),
                plugin.Version,
                plugin.State.ToString().ToLowerInvariant(),
                string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (account.Cpu - earlier.Cpu) / elapsed * 100):0.0}"),
                ByteSize.Format(account.MemoryBytes),
                Text(account.Messages),
                string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, account.Calls - earlier.Calls) / elapsed.TotalSeconds:0.0}"),
                Text(account.Refused),
                Text(account.Faults),
                Text(account.Restarts),
                Text(account.EventsLost),
                string.Create(CultureInfo.InvariantCulture, $"{plugin.Latency.P50Ms:0.0}"),
                string.Create(CultureInfo.InvariantCulture, $"{plugin.Latency.P99Ms:0.0}"),
            ];
        }));

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>One plugin in one running LazyOC.</summary>
internal sealed record TopRow(int Pid, PluginStatus Plugin);
