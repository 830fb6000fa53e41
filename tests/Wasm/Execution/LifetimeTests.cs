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

    [Fact]
    public void Modules_LoadedRunAndDropped_GiveTheirCodeAndMemoryBack()
    {
        RunAndDrop(10);
        var before = Settled(static (_, _) => false);

        RunAndDrop(Modules);

        var after = Settled((assemblies, resources) => assemblies <= before.Assemblies && resources <= before.Resources);
        Assert.InRange(after.Assemblies, 0, before.Assemblies);
        Assert.InRange(after.Resources, 0, before.Resources);
    }

    /// <summary>The control: what is still referred to is counted.</summary>
    [Fact]
    public void Modules_StillReferredTo_AreCounted()
    {
        var before = Settled(static (_, _) => false);
        var kept = Enumerable.Range(0, 5).Select(_ => Run()).ToList();

        var after = Settled(static (_, _) => false);

        Assert.InRange(after.Assemblies, before.Assemblies + kept.Count, int.MaxValue);
        Assert.InRange(after.Resources, before.Resources + (2 * kept.Count), long.MaxValue);
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
    private static (int Assemblies, long Resources) Settled(Func<int, long, bool> isExpected)
    {
        var counts = (Assemblies: 0, Resources: 0L);
        for (var unchanged = 0; unchanged < 5 && !isExpected(counts.Assemblies, counts.Resources);)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var assemblies = AppDomain.CurrentDomain.GetAssemblies().Count(assembly => string.Equals(assembly.GetName().Name, ModuleCompiler.AssemblyName, StringComparison.Ordinal));
            var now = (assemblies, LiveResources.Instances + LiveResources.ReservedBytes + LiveResources.CommittedBytes + LiveResources.BlockBytes);
            unchanged = now == counts ? unchanged + 1 : 0;
            counts = now;
        }
        return counts;
    }
}
