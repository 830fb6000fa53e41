using LazyOC.Wasm.Tests.Execution;

namespace LazyOC.Wasm.Tests.Compilation;

public sealed class MemoryAccessTests : IDisposable
{
    private const int PageBytes = WasmMemory.PageBytes;

    private readonly WasmInstance _instance = Fixture.Instantiate("memory");

    public void Dispose() => _instance.Dispose();

    [Theory]
    [InlineData("load8", 1)]
    [InlineData("load32", 4)]
    public void Load_AtTheEnd_WorksUpToTheLastByte(string function, int size)
    {
        var load = _instance.GetFunction<Func<int, int>>(function);

        Assert.Equal(0, load(PageBytes - size));
        AssertOutOfBounds(() => load(PageBytes - size + 1));
        AssertOutOfBounds(() => load(PageBytes));
        AssertOutOfBounds(() => load(-1));
        AssertOutOfBounds(() => load(int.MinValue));
    }

    [Fact]
    public void Load64_AtTheEnd_WorksUpToTheLastByte()
    {
        var load = _instance.GetFunction<Func<int, long>>("load64");

        Assert.Equal(0, load(PageBytes - 8));
        AssertOutOfBounds(() => load(PageBytes - 7));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Load_WhoseAddressAndOffsetExceed32Bits_DoesNotWrapAround(int address) =>
        AssertOutOfBounds(() => _instance.GetFunction<Func<int, int>>("load32_far")(address));

    [Fact]
    public void Load_OfAComputedAddress_WrapsBeforeTheOffsetIsAdded()
    {
        var load = _instance.GetFunction<Func<int, int, int>>("load_computed");
        _instance.Memory.Write(8u, 77);

        Assert.Equal(77, load(-4, 8));
        AssertOutOfBounds(() => load(-4, 0));
    }

    [Fact]
    public void Load_OfAConstantAddress_IsCheckedAgainstTheLeastSize()
    {
        Assert.Equal(0, _instance.GetFunction<Func<int>>("load_last_constant")());
        AssertOutOfBounds(() => _instance.GetFunction<Func<int>>("load_constant_beyond")());
        _instance.Memory.Grow(1);
        Assert.Equal(0, _instance.GetFunction<Func<int>>("load_constant_beyond")());
    }

    [Fact]
    public void Store_OutOfBounds_ChangesNothing()
    {
        var store = _instance.GetFunction<Action<int, int>>("store32");

        AssertOutOfBounds(() => store(PageBytes - 2, -1));
        Assert.Equal(0, _instance.Memory.Read<short>(PageBytes - 2));
    }

    [Fact]
    public void Store8_OfA64BitValue_WritesItsLowestByte()
    {
        _instance.GetFunction<Action<int, long>>("store8_of_64")(3, 0x1122334455667788);

        Assert.Equal(0x88L << 24, _instance.Memory.Read<long>(0));
    }

    /// <summary>Each of the four accesses of the function must be checked where the ones before prove nothing about it.</summary>
    [Theory]
    [InlineData(PageBytes - 17, true)]
    [InlineData(PageBytes - 16, false)]
    [InlineData(PageBytes - 15, false)]
    [InlineData(PageBytes - 11, false)]
    [InlineData(-8, false)]
    public void Access_DominatedByOthers_IsCheckedUnlessTheyProveIt(int address, bool isInside)
    {
        var proofs = _instance.GetFunction<Func<int, int>>("proofs");

        if (isInside)
            Assert.Equal(0, proofs(address));
        else
            AssertOutOfBounds(() => proofs(address));
    }

    [Fact]
    public void Access_AfterAnArmThatProvedIt_IsCheckedForTheOtherArm()
    {
        var load = _instance.GetFunction<Func<int, int, int>>("proof_of_other_arm");

        Assert.Equal(0, load(0, 1));
        AssertOutOfBounds(() => load(PageBytes, 0));
        AssertOutOfBounds(() => load(PageBytes - 100, 1));
    }

    [Fact]
    public void Grow_WithinTheMaximum_IsSeenByCodeThatRuns()
    {
        Assert.Equal(0, _instance.GetFunction<Func<int, int>>("grow_then_load")((3 * PageBytes) - 4));
        Assert.Equal(3, _instance.GetFunction<Func<int>>("size")());
    }

    [Fact]
    public void Grow_BeyondTheMaximum_IsRefused()
    {
        var grow = _instance.GetFunction<Func<int, int>>("grow");

        Assert.Equal(1, grow(2));
        Assert.Equal(-1, grow(1));
        Assert.Equal(-1, grow(-1));
        Assert.Equal(3, grow(0));
    }

    [Fact]
    public void Grow_BeyondTheInstancesLimit_IsRefused()
    {
        using var instance = Fixture.Instantiate("memory", new InstanceOptions { MaxMemoryBytes = 2 * PageBytes });
        var grow = instance.GetFunction<Func<int, int>>("grow");

        Assert.Equal(1, grow(1));
        Assert.Equal(-1, grow(1));
    }

    [Fact]
    public void Instantiate_WithLessMemoryThanTheModuleNeeds_SaysSo()
    {
        var refusal = Assert.Throws<WasmLinkException>(() => Fixture.Instantiate("memory", new InstanceOptions { MaxMemoryBytes = PageBytes - 1 }));

        Assert.Contains("MaxMemoryBytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_OutOfBounds_ChangesNothing()
    {
        var fill = _instance.GetFunction<Action<int, int, int>>("fill");

        AssertOutOfBounds(() => fill(PageBytes - 1, 7, 2));
        Assert.Equal(0, _instance.Memory.Read<byte>(PageBytes - 1));
        fill(PageBytes, 7, 0);
        AssertOutOfBounds(() => fill(PageBytes + 1, 7, 0));
        AssertOutOfBounds(() => fill(1, 7, -1));
    }

    [Fact]
    public void Copy_OfOverlappingRanges_IsAsIfThroughABuffer()
    {
        "abcdef"u8.CopyTo(_instance.Memory.GetSpan(0, 6));
        var copy = _instance.GetFunction<Action<int, int, int>>("copy");

        copy(2, 0, 4);

        Assert.Equal("ababcd", _instance.Memory.ReadUtf8(0, 6));
        AssertOutOfBounds(() => copy(0, PageBytes - 1, 2));
        AssertOutOfBounds(() => copy(PageBytes - 1, 0, 2));
    }

    [Fact]
    public void Init_OfADroppedSegment_HasNothingToCopy()
    {
        var init = _instance.GetFunction<Action<int, int, int>>("init");

        init(10, 1, 4);
        Assert.Equal("ello", _instance.Memory.ReadUtf8(10, 4));
        AssertOutOfBounds(() => init(0, 3, 3));
        _instance.GetFunction<Action>("drop")();
        AssertOutOfBounds(() => init(0, 0, 1));
        init(0, 0, 0);
    }

    private static void AssertOutOfBounds(Action action) =>
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(action).Code);
}
