using LazyOC.Wasm.Tests.Binary;
using LazyOC.Wasm.Tests.Compilation;

namespace LazyOC.Wasm.Tests.Execution;

/// <summary>What memories and tables may grow to: by the limits of the module, by the options of the instance, alone and together.</summary>
public sealed class GrowthTests
{
    private const int PageBytes = WasmMemory.PageBytes;

    [Fact]
    public void Grow_BeyondWhatTheModuleWasLoadedUnder_IsRefused()
    {
        using var bounded = WasmModule.Load(Fixture.Bytes("several"), new WasmLimits { MemoryPages = 3, TableElements = 4 }).Instantiate(new WasmLinker());
        using var free = Fixture.Instantiate("several");

        Assert.Equal((1, -1, 3), (Grow(bounded, "first", 2), Grow(bounded, "first", 1), (int)bounded.Memory.PageCount));
        Assert.Equal((3, -1), (Grow(bounded, "functions", 1), Grow(bounded, "functions", 1)));
        Assert.Equal((2, -1), (Grow(bounded, "objects", 2), Grow(bounded, "objects", 1)));
        Assert.Equal((-1, -1), (bounded.Memory.Grow(1), bounded.GetTable("functions")!.Grow(1, null)));
        // The control: what the limits refused, the options admit.
        Assert.Equal((1, 3), (Grow(free, "first", 2), Grow(free, "first", 1)));
        Assert.Equal((3, 4), (Grow(free, "functions", 1), Grow(free, "functions", 1)));
        Assert.Equal((2, 4), (Grow(free, "objects", 2), Grow(free, "objects", 1)));
    }

    [Fact]
    public void Grow_OfAPrecompiledModule_IsBoundedByTheDefaultLimits()
    {
        using var instance = Persisted.Load("several", metered: false).Instantiate(new WasmLinker(), new InstanceOptions { MaxTableElements = int.MaxValue });
        var most = (int)WasmLimits.Default.TableElements;

        Assert.Equal(-1, Grow(instance, "objects", most - 1));
        Assert.Equal(2, Grow(instance, "objects", 1));
    }

    [Fact]
    public void Grow_OfTables_IsBoundedByAllOfThemTogether()
    {
        using var instance = Fixture.Instantiate("several", new InstanceOptions { MaxTableElements = 7 });

        Assert.Equal(3, Grow(instance, "functions", 1));
        Assert.Equal(-1, Grow(instance, "objects", 2));
        Assert.Equal(2, Grow(instance, "objects", 1));
        Assert.Equal((-1, -1), (Grow(instance, "functions", 1), Grow(instance, "objects", 1)));
    }

    [Fact]
    public void Grow_OfMemories_IsBoundedByAllOfThemTogether()
    {
        using var instance = Fixture.Instantiate("several", new InstanceOptions { MaxMemoryBytes = 4 * PageBytes });

        Assert.Equal((1, -1, 1, -1), (Grow(instance, "first", 1), Grow(instance, "second", 2), Grow(instance, "second", 1), Grow(instance, "first", 1)));
    }

    /// <summary>Each table alone is within every limit of one; together they would take 24 GB.</summary>
    [Fact]
    public void Instantiate_OfManyLargeTables_IsRefusedBeforeOneIsMade()
    {
        var refusal = Assert.Throws<WasmLinkException>(() => Tables(1_000, 1_000_000).Instantiate(new WasmLinker()));

        Assert.Equal("the tables need 1000000000 elements, but MaxTableElements is 1000000", refusal.Message);
        // The control: the same module on a smaller scale, with and without the bound.
        Assert.Throws<WasmLinkException>(() => Tables(1_000, 100).Instantiate(new WasmLinker(), new InstanceOptions { MaxTableElements = 99_999 }));
        Tables(1_000, 100).Instantiate(new WasmLinker(), new InstanceOptions { MaxTableElements = 100_000 }).Dispose();
    }

    /// <summary>While a state is put back, the sizes before and after must not be counted together.</summary>
    [Fact]
    public void Restore_OfOtherSizesOfTheSameTotal_Succeeds()
    {
        var module = Fixture.Load("several");
        var options = new InstanceOptions { MaxMemoryBytes = 3 * PageBytes, MaxTableElements = 6 };
        using var origin = module.Instantiate(new WasmLinker(), options);
        Assert.Equal((1, 3), (Grow(origin, "first", 1), Grow(origin, "functions", 1)));
        using var snapshot = origin.Snapshot();
        using var other = module.Instantiate(new WasmLinker(), options);
        Assert.Equal((1, 2), (Grow(other, "second", 1), Grow(other, "objects", 1)));

        other.Restore(snapshot);

        Assert.Equal((2u, 1u), (other.Memory.PageCount, other.GetMemory("second")!.PageCount));
        Assert.Equal((4u, 2u), (other.GetTable("functions")!.Length, other.GetTable("objects")!.Length));
        Assert.Equal((-1, -1), (Grow(other, "second", 1), Grow(other, "objects", 1)));
    }

    [Theory]
    [InlineData(2, 6, "MaxMemoryBytes is 131072")]
    [InlineData(3, 5, "MaxTableElements is 5")]
    public void Restore_OfMoreThanTheOptionsAdmitTogether_IsRefusedAndChangesNothing(int pages, int elements, string limit)
    {
        var module = Fixture.Load("several");
        using var origin = module.Instantiate(new WasmLinker());
        Assert.Equal((1, 3), (Grow(origin, "first", 1), Grow(origin, "functions", 1)));
        using var snapshot = origin.Snapshot();
        using var instance = module.Instantiate(new WasmLinker(), new InstanceOptions { MaxMemoryBytes = pages * PageBytes, MaxTableElements = elements });
        instance.Memory.Write(8, 42);

        var refusal = Assert.Throws<WasmLinkException>(() => instance.Restore(snapshot));

        Assert.Contains(limit, refusal.Message, StringComparison.Ordinal);
        Assert.Equal((42, 1u, 3u), (instance.Memory.Read<int>(8), instance.Memory.PageCount, instance.GetTable("functions")!.Length));
    }

    private static int Grow(WasmInstance instance, string what, int count) => instance.GetFunction<Func<int, int>>("grow_" + what)(count);

    private static WasmModule Tables(int count, uint elements) => WasmModule.Load(new ModuleBytes()
        .Section(4, [.. ModuleBytes.Leb((uint)count), .. Enumerable.Repeat<byte[]>([0x70, 0, .. ModuleBytes.Leb(elements)], count).SelectMany(table => table)])
        .ToArray());
}
