using System.Globalization;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>Memory that a process shares with no other. Source: proc_pid_smaps(5), <c>smaps_rollup</c>.</summary>
internal static class PrivateMemory
{
    private const string Prefix = "Private_";

    /// <summary>This process's, after all garbage is collected; in bytes, 0 where the system does not tell.</summary>
    public static long Settled()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return Of(Environment.ProcessId) ?? 0;
    }

    /// <summary>In bytes; null where the system does not tell.</summary>
    public static long? Of(int process)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/smaps_rollup");
        if (!File.Exists(file)) return null;
        return File.ReadLines(file)
            .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10);
    }
}
