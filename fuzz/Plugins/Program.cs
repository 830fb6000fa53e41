using System.Globalization;
using LazyOC.Fuzz;
using LazyOC.Fuzz.Plugins;
using LazyOC.Fuzz.Plugins.Simulation;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(SimulationOptions.Usage);
    return 0;
}
try
{
    var options = SimulationOptions.Parse(args);
    // In memory where there is such a folder: what is proven is the order of steps, not the disk.
    var scratch = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"lazyoc-fuzz-{Environment.ProcessId}")).FullName;
    try
    {
        var isClean = true;
        if (options.Kind is "swap" or "all") isClean &= Run("swap", "Versions of a plugin that take over from each other", SwapSimulation.Run);
        if (options.Kind is "store" or "all") isClean &= Run("store", "Stores that become another epoch, in one host and in two on one home, killed at any step", seed => StoreSimulation.Run(seed, Path.Combine(scratch, $"{seed}")));
        return isClean ? 0 : 1;
    }
    finally
    {
        Directory.Delete(scratch, recursive: true);
    }

    bool Run(string kind, string title, Func<int, SimulationOutcome> simulate)
    {
        if (options.Replay is { } seed)
        {
            var outcome = simulate(seed);
            Console.WriteLine(outcome);
            return outcome.Wrong.IsEmpty;
        }
        var log = new RunLog(kind, title, string.Create(CultureInfo.InvariantCulture, $"fuzz/run {kind} --from {options.From} --schedules {options.Schedules}"));
        log.Add($"seeds         {options.From}..{options.From + options.Schedules - 1}");
        var campaign = new SimulationCampaign(simulate);
        campaign.Run(options.From, options.Schedules, Console.WriteLine);
        foreach (var line in campaign.Lines()) log.Add(line);
        log.Write(string.Create(CultureInfo.InvariantCulture, $"{kind}-{options.From}-{options.Schedules}"), options.Schedules >= SimulationOptions.FullSchedules);
        return campaign.Failures.Count == 0;
    }
}
catch (FormatException mistake)
{
    Console.Error.WriteLine($"{mistake.Message}; see fuzz/run --help");
    return 2;
}
