using System.Globalization;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Tests.Execution;

public sealed class WasmSnapshotTests
{
    private const int PageBytes = WasmMemory.PageBytes;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Instantiate_FromASnapshot_ContinuesEverything(bool copies)
    {
        using var origin = Prepared();
        using var snapshot = SnapshotOf(origin, copies);
        using var instance = snapshot.Instantiate(new WasmLinker());

        AssertPrepared(instance);
        Assert.Equal(41, instance.GetFunction<Func<int>>("count_up")());
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => instance.GetFunction<Action>("init")()).Code);
        Assert.Equal(2, instance.GetFunction<Func<int, int>>("grow")(1));
        Assert.Equal(0, instance.Memory.Read<int>((3 * PageBytes) - 4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Instances_OfOneSnapshot_DoNotSeeEachOther(bool copies)
    {
        using var origin = Prepared();
        using var snapshot = SnapshotOf(origin, copies);
        using var first = snapshot.Instantiate(new WasmLinker());
        using var second = snapshot.Instantiate(new WasmLinker());

        first.Memory.Write(PageBytes, 'x');
        origin.Memory.Write(PageBytes, 'y');
        first.GetFunction<Func<int>>("count_up")();

        AssertPrepared(second);
        snapshot.Dispose();
        Assert.Equal("abc", second.Memory.ReadUtf8(PageBytes, 3));
        Assert.Throws<ObjectDisposedException>(() => snapshot.Instantiate(new WasmLinker()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Restore_AfterATrap_PutsEverythingBack(bool copies)
    {
        using var instance = Prepared();
        using var snapshot = SnapshotOf(instance, copies);
        Assert.Equal(TrapCode.Unreachable, Fixture.Trap(() => instance.GetFunction<Action>("damage")()).Code);
        Assert.Equal(5u, instance.Memory.PageCount);

        instance.Restore(snapshot);

        AssertPrepared(instance);
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => instance.Memory.Read<byte>(2 * PageBytes)).Code);
        Assert.Equal(2, instance.GetFunction<Func<int, int>>("grow")(1));
        Assert.Equal(0, instance.Memory.Read<int>(2 * PageBytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Restore_OverAGrownMemoryThatIsDirtyThroughout_LeavesNothingOfIt(bool copies)
    {
        using var instance = Prepared();
        var content = instance.Memory.GetSpan(0, 2 * PageBytes).ToArray();
        using var snapshot = SnapshotOf(instance, copies);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(2, instance.GetFunction<Func<int, int>>("grow")(3));
            instance.Memory.GetSpan(0, 5 * PageBytes).Fill(0xAB);

            instance.Restore(snapshot);

            Assert.Equal(2u, instance.Memory.PageCount);
            Assert.True(instance.Memory.GetSpan(0, 2 * PageBytes).SequenceEqual(content));
        }
        Assert.Equal(2, instance.GetFunction<Func<int, int>>("grow")(3));
        Assert.False(instance.Memory.GetSpan(2 * PageBytes, 3 * PageBytes).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Snapshot_WhileTheInstanceRuns_IsRefused()
    {
        WasmInstance? instance = null;
        using var made = instance = HostFixture.Instantiate(() => instance!.Snapshot());

        Assert.Throws<InvalidOperationException>(() => instance.GetFunction<Action>("throws")());
    }

    [Fact]
    public void Snapshot_OfAnInstanceThatHoldsAnObjectOfTheHost_IsRefused()
    {
        using var inTable = Prepared();
        inTable.GetTable("objects")![0] = new object();
        using var inGlobal = Prepared();
        inGlobal.GetGlobal("object")!.Value = new object();
        using var other = Prepared();
        other.GetTable("functions")![1] = inTable.GetFunction("wide");

        Assert.Contains("table 1", Assert.Throws<WasmLinkException>(inTable.Snapshot).Message, StringComparison.Ordinal);
        Assert.Contains("global 3", Assert.Throws<WasmLinkException>(inGlobal.Snapshot).Message, StringComparison.Ordinal);
        Assert.Contains("table 0", Assert.Throws<WasmLinkException>(other.Snapshot).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshot_OfAnInstanceThatImportsItsMemory_IsRefused()
    {
        using var exporter = Fixture.Instantiate("exporter");
        using var importer = Fixture.Load("importer").Instantiate(new WasmLinker().DefineInstance("exporter", exporter));

        Assert.Throws<WasmLinkException>(importer.Snapshot);
    }

    [Fact]
    public void Instantiate_WithLessThanTheStateNeeds_IsRefused()
    {
        using var origin = Prepared();
        using var snapshot = origin.Snapshot();

        Assert.Throws<WasmLinkException>(() => snapshot.Instantiate(new WasmLinker(), new InstanceOptions { MaxMemoryBytes = PageBytes }));
        Assert.Throws<WasmLinkException>(() => snapshot.Instantiate(new WasmLinker(), new InstanceOptions { MaxTableElements = 3 }));
    }

    [Fact]
    public void Restore_OfAnotherModulesSnapshot_IsRefused()
    {
        using var origin = Prepared();
        using var snapshot = origin.Snapshot();
        using var other = Prepared();

        Assert.Throws<InvalidOperationException>(() => other.Restore(snapshot));
    }

    /// <summary>What starting costs is counted in pages of its own that an instance has, not in milliseconds.</summary>
    [LinuxFact]
    public void Instantiate_FromASnapshotOfALargeMemory_HasNoPagesOfItsOwnUntilItWrites()
    {
        const int pages = 4096;
        using var origin = Fixture.Instantiate("snapshot", new InstanceOptions { MaxMemoryBytes = 1L << 30 });
        origin.Memory.Grow(pages);
        origin.Memory.GetSpan(PageBytes, 1024 * 1024).Fill(7);
        using var snapshot = origin.Snapshot();
        using var instance = snapshot.Instantiate(new WasmLinker(), new InstanceOptions { MaxMemoryBytes = 1L << 30 });

        Assert.Equal(0, OwnKiB(instance.Memory));
        Assert.Equal(7, instance.Memory.Read<byte>(PageBytes));
        Assert.Equal(0, instance.Memory.Read<byte>(100 * PageBytes));
        instance.Memory.Write(PageBytes, (byte)8);
        // One page; systems with larger ones copy as much.
        Assert.InRange(OwnKiB(instance.Memory), 4, 64);

        // Where mappings are not to be had, what is not zero is copied, and only that.
        using var copied = new WasmMemory(1, pages + 1);
        using var image = new CopiedMemoryImage(origin.Memory);
        copied.Put(image);
        Assert.InRange(OwnKiB(copied), 1024, 1024 + 128);
        Assert.Equal(7, copied.Read<byte>((2 * PageBytes) - 1));
    }

    /// <summary>A snapshot of the kind that this system has, or of the one for systems that cannot map memory.</summary>
    private static WasmSnapshot SnapshotOf(WasmInstance instance, bool copies)
    {
        var snapshot = copies ? instance.Snapshot(memory => new CopiedMemoryImage(memory)) : instance.Snapshot();
        Assert.Equal(!copies && OperatingSystem.IsLinux(), snapshot.IsShared);
        return snapshot;
    }

    private static WasmInstance Prepared()
    {
        var instance = Fixture.Instantiate("snapshot");
        instance.GetFunction<Action>("prepare")();
        return instance;
    }

    private static void AssertPrepared(WasmInstance instance)
    {
        Assert.Equal("abc", instance.Memory.ReadUtf8(PageBytes, 3));
        Assert.Equal(2u, instance.Memory.PageCount);
        Assert.Equal(40, instance.GetGlobal("count")!.Value);
        Assert.Equal(2.5, instance.GetFunction<Func<double>>("wide")());
        Assert.Equal(1, instance.GetFunction<Func<int>>("has_function")());
        Assert.Equal((1, 2), (instance.GetFunction<Func<int, int>>("call")(0), instance.GetFunction<Func<int, int>>("call")(2)));
        Assert.Equal(TrapCode.UninitializedElement, Fixture.Trap(() => instance.GetFunction<Func<int, int>>("call")(1)).Code);
    }

    /// <summary>Memory that nobody shares of the mappings a linear memory consists of, as the kernel counts it.</summary>
    private static unsafe long OwnKiB(WasmMemory memory)
    {
        var (start, end) = ((ulong)memory.Start, (ulong)memory.Start + (ulong)memory.SizeBytes);
        var isInside = false;
        var total = 0L;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Split('-', ' ') is [var from, var to, ..] && ulong.TryParse(from, NumberStyles.HexNumber, null, out var low) && ulong.TryParse(to, NumberStyles.HexNumber, null, out var high))
                isInside = low >= start && high <= end;
            else if (isInside && line.StartsWith("Private_Dirty", StringComparison.Ordinal))
                total += long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        return total;
    }
}

/// <summary>A test of what only Linux does; reported as skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "memory is mapped copy-on-write on Linux only";
}
