using System.Runtime.CompilerServices;
using LazyOC.Wasm.Compilation;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Tests.Execution;

/// <summary>Alone in the process's counters: these tests run while no other does.</summary>
[CollectionDefinition(nameof(LifetimeTests), DisableParallelization = true)]
[Collection(nameof(LifetimeTests))]
public sealed class LifetimeTests
{
    private const int Modules = 1_000;

    /// <summary>Addresses that a memory has at least where the system gives it all that an index reaches.</summary>
    private const long MemoryBytes = 8L << 30;

    [Fact]
    public void Modules_LoadedRunAndDropped_GiveTheirCodeAndMemoryBack()
    {
        RunAndDrop(10);
        var before = Settled(static _ => false);
        // What .NET itself maps comes and goes; one memory that is not unmapped is 8 GiB.
        var mostMapped = before.MappedBytes + MemoryBytes - 1;

        RunAndDrop(Modules);

        var after = Settled(now => now.Assemblies <= before.Assemblies && now.Resources <= before.Resources && now.MappedBytes <= mostMapped);
        Assert.InRange(after.Assemblies, 0, before.Assemblies);
        Assert.InRange(after.Resources, 0, before.Resources);
        Assert.InRange(after.MappedBytes, 0, mostMapped);
    }

    /// <summary>The control: what is still referred to is counted.</summary>
    [Fact]
    public void Modules_StillReferredTo_AreCounted()
    {
        var before = Settled(static _ => false);
        var kept = Enumerable.Range(0, 5).Select(_ => Run()).ToList();

        var after = Settled(static _ => false);

        Assert.InRange(after.Assemblies, before.Assemblies + kept.Count, int.MaxValue);
        Assert.InRange(after.Resources, before.Resources + (2 * kept.Count), long.MaxValue);
        if (OperatingSystem.IsLinux())
            Assert.InRange(after.MappedBytes, before.MappedBytes + ((kept.Count - 1) * MemoryBytes), long.MaxValue);
        kept.ForEach(instance => instance.Dispose());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunAndDrop(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var instance = Run();
            // Every other one is left to the garbage collector.
            if (i % 2 == 0)
                instance.Dispose();
        }
    }

    private static WasmInstance Run()
    {
        var instance = Fixture.Instantiate("memory");
        Assert.Equal(1, instance.GetFunction<Func<int>>("size")());
        return instance;
    }

    /// <summary>Counts after collections, until they are as hoped for or do not change any more.</summary>
    private static Counts Settled(Func<Counts, bool> isExpected)
    {
        var counts = new Counts(int.MaxValue, long.MaxValue, long.MaxValue);
        for (var unchanged = 0; unchanged < 5 && !isExpected(counts);)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var assemblies = AppDomain.CurrentDomain.GetAssemblies().Count(assembly => string.Equals(assembly.GetName().Name, ModuleCompiler.AssemblyName, StringComparison.Ordinal));
            var now = new Counts(assemblies, LiveResources.Instances + LiveResources.ReservedBytes + LiveResources.CommittedBytes + LiveResources.BlockBytes, MappedBytes());
            // The runtime's own mappings never quite settle.
            unchanged = now with { MappedBytes = 0 } == counts with { MappedBytes = 0 } ? unchanged + 1 : 0;
            counts = now;
        }
        return counts;
    }

    /// <summary>The addresses that the kernel says the process has mapped, accessible or not; 0 where it does not say.</summary>
    private static long MappedBytes()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var total = 0L;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var ends = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
            total += (long)(Convert.ToUInt64(ends[1], 16) - Convert.ToUInt64(ends[0], 16));
        }
        return total;
    }

    /// <summary>What there is: generated assemblies, what the engine says it holds natively, what the kernel says is mapped.</summary>
    private readonly record struct Counts(int Assemblies, long Resources, long MappedBytes);
}
