using System.Diagnostics;
using System.Globalization;
using LazyOC.Wasm.Execution;

namespace LazyOC.Fuzz.Wasm.Soak;

/// <summary>What the process holds at one moment, with every workload as new.</summary>
/// <param name="Elapsed">Since the start.</param>
/// <param name="Instances">Live ones.</param>
/// <param name="ReservedBytes">Addresses of linear memories.</param>
/// <param name="CommittedBytes">Of these, accessible ones.</param>
/// <param name="BlockBytes">Native memory of contexts, tables and globals.</param>
/// <param name="Assemblies">Loaded ones of generated code.</param>
/// <param name="HeapBytes">Managed memory after a full collection.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="ResidentBytes">What the system counts for the process; only for the log.</param>
internal sealed record SoakSample(
    TimeSpan Elapsed, long Instances, long ReservedBytes, long CommittedBytes, long BlockBytes, long Assemblies, long HeapBytes, long Threads, long ResidentBytes)
{
    private const string GeneratedAssembly = "LazyOC.Wasm.Generated";

    /// <summary>Unloading takes several collections; after so many it has had its chance.</summary>
    private const int MaxCollections = 30;

    /// <summary>Collects until what is asked for is reached, or no more is to be expected.</summary>
    /// <param name="elapsed">Since the start.</param>
    /// <param name="assemblies">As few generated assemblies are wanted.</param>
    public static SoakSample Take(TimeSpan elapsed, long assemblies)
    {
        for (var i = 0; i < MaxCollections; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (i > 1 && CountAssemblies() <= assemblies)
                break;
            Thread.Sleep(10);
        }
        using var process = Process.GetCurrentProcess();
        return new SoakSample(
            elapsed, LiveResources.Instances, LiveResources.ReservedBytes, LiveResources.CommittedBytes, LiveResources.BlockBytes,
            CountAssemblies(), GC.GetTotalMemory(forceFullCollection: true), process.Threads.Count, process.WorkingSet64);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Elapsed.TotalSeconds,6:F0} s  instances {Instances}  reserved {ReservedBytes >> 20} MiB  committed {CommittedBytes >> 10} KiB  blocks {BlockBytes} B  assemblies {Assemblies}  heap {HeapBytes >> 10} KiB  threads {Threads}  resident {ResidentBytes >> 20} MiB");

    private static long CountAssemblies() =>
        AppDomain.CurrentDomain.GetAssemblies().Count(assembly => string.Equals(assembly.GetName().Name, GeneratedAssembly, StringComparison.Ordinal));
}
