using System.Diagnostics;
using System.Globalization;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>What <c>bench once</c> does: one measurement in a process that did nothing before, printed as <c>NUMBER RESULT</c>.</summary>
internal static class Once
{
    public static Lap Run(IReadOnlyList<string> words) => GuestThread.Run(() => words switch
    {
        ["load", var file, var export, var argument] => ModuleStart.Run(File.ReadAllBytes(file), Environment.ProcessId, export, int.Parse(argument, CultureInfo.InvariantCulture)),
        ["script"] => FirstScript(),
        ["memory", var count] => Memory(int.Parse(count, CultureInfo.InvariantCulture)),
        _ => throw new UserError(ExitCode.Usage, $"`{string.Join(' ', words)}` is nothing to measure once"),
    });

    /// <summary>A new instance and the value of its first script.</summary>
    public static Lap FirstScript()
    {
        var started = Stopwatch.GetTimestamp();
        using var vm = new QuickJs();
        var result = vm.Evaluate(JavaScriptBench.FirstScript);
        return new Lap(Stopwatch.GetElapsedTime(started).TotalNanoseconds, result);
    }

    /// <summary>Bytes that so many idle instances add to the process's resident memory.</summary>
    private static Lap Memory(int count)
    {
        var idle = new List<QuickJs> { Start() };
        var before = Environment.WorkingSet;
        while (idle.Count <= count) idle.Add(Start());
        var added = Math.Max(0, Environment.WorkingSet - before);
        foreach (var vm in idle) vm.Dispose();
        return new Lap(added, count.ToString(CultureInfo.InvariantCulture));
    }

    private static QuickJs Start()
    {
        var vm = new QuickJs();
        vm.Evaluate(JavaScriptBench.FirstScript);
        return vm;
    }
}
