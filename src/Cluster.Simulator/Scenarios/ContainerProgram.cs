using System.Globalization;
using System.Text;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>
/// The few programs that every simulated container has: <c>true</c>, <c>false</c>, <c>echo</c>, <c>cat</c>, <c>hostname</c>,
/// <c>yes</c>, which never ends, <c>sleep infinity</c>, and <c>sh -c</c> with commands between semicolons, each with
/// <c>&gt;&amp;2</c> behind it for standard error, and <c>exit</c>.
/// </summary>
internal static class ContainerProgram
{
    /// <summary>One run.</summary>
    public sealed record Run(string Host, string[] Command, byte[] Input, Func<byte[], Task> Output, Func<byte[], Task> Errors, CancellationToken Ends);

    /// <summary>The exit code; null when there is no such program.</summary>
    public static async Task<int?> RunAsync(Run run)
    {
        switch (run.Command)
        {
            case ["true"]:
                return 0;
            case ["false"]:
                return 1;
            case ["echo", .. var words]:
                await run.Output(Encoding.UTF8.GetBytes(string.Join(' ', words) + "\n"));
                return 0;
            case ["cat"]:
                await run.Output(run.Input);
                return 0;
            case ["hostname"]:
                await run.Output(Encoding.UTF8.GetBytes(run.Host + "\n"));
                return 0;
            case ["yes"]:
                byte[] lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("y\n", 4096)));
                while (true)
                    await run.Output(lines);
            case ["sleep", "infinity"]:
                await Task.Delay(Timeout.Infinite, run.Ends);
                return 0;
            case ["sh", "-c", var script]:
                return await ScriptAsync(run, script);
            default:
                return null;
        }
    }

    private static async Task<int?> ScriptAsync(Run run, string script)
    {
        const string ToErrors = ">&2";
        int? last = 0;
        foreach (string line in script.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            bool toErrors = line.EndsWith(ToErrors, StringComparison.Ordinal);
            string[] words = (toErrors ? line[..^ToErrors.Length] : line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["exit", var code] && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int exit))
                return exit;
            last = await RunAsync(run with { Command = words, Output = toErrors ? run.Errors : run.Output }) ?? 127;
        }

        return last;
    }
}
