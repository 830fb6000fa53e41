using System.CommandLine;
using LazyOC.Marketplace;

// Longer than a stop may take: what is under way is finished, and nothing is cut off before.
return await MarketCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = MarketLimits.Default.MaxDrainTime + MarketLimits.Default.ShutdownTime + TimeSpan.FromSeconds(5) });
