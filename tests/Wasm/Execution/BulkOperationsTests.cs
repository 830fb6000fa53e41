namespace LazyOC.Wasm.Tests.Execution;

public sealed class BulkOperationsTests
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [InlineData(5, 0)]
    [InlineData(0, 5)]
    [InlineData((2 * MiB) + 7, 0)]
    [InlineData(0, (2 * MiB) + 7)]
    public void Copy_OfMoreThanASlice_IsAsIfThroughABuffer(int target, int source)
    {
        using var instance = Fixture.Instantiate("bulk");
        instance.Memory.Grow(128);
        const int length = (3 * MiB) + 11;
        var bytes = instance.Memory.GetSpan((uint)source, length);
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)(i * 31 / 7);
        var expected = bytes.ToArray();

        instance.GetFunction<Action<int, int, int>>("copy")(target, source, length);

        Assert.True(instance.Memory.GetSpan((uint)target, length).SequenceEqual(expected));
    }

    [Fact]
    public void Fill_WhileInterrupted_StopsBetweenSlices()
    {
        using var instance = Fixture.Instantiate("bulk", new InstanceOptions { MaxMemoryBytes = 1L << 30 });
        instance.Memory.Grow(16_383);
        var fill = instance.GetFunction<Action<int, int, int>>("fill");
        var memory = instance.Memory;
        // Sees the first byte change, so that the interrupt comes while the fill is under way.
        var interrupter = new Thread(() =>
        {
            while (memory.Read<byte>(0) == 0)
                Thread.Yield();
            instance.Interrupt();
        });
        interrupter.Start();

        Assert.Equal(TrapCode.Interrupted, Fixture.Trap(() =>
        {
            for (byte value = 1; value < 100; value++)
                fill(0, value, (int)memory.SizeBytes);
        }).Code);
        interrupter.Join();

        // Stopped inside an instruction: the beginning was filled by it, the end was not.
        Assert.NotEqual(memory.Read<byte>(0), memory.Read<byte>((uint)memory.SizeBytes - 1));
    }

    [Fact]
    public void Fuel_OfABulkInstruction_IsByTheBytesItMoves()
    {
        using var instance = Fixture.Instantiate("bulk", new InstanceOptions { Fuel = 10_000_000 });
        long Used(string function, params object[] arguments)
        {
            var before = instance.Fuel;
            instance.GetFunction(function)!.Invoke(arguments);
            return before - instance.Fuel;
        }

        var nothing = Used("fill", 0, 1, 0);
        Assert.Equal(nothing + (64_000 / 64), Used("fill", 0, 1, 64_000));
        Assert.Equal(nothing + (64_000 / 64), Used("copy", 1, 0, 64_000));
        Assert.InRange(Used("grow_table", 800), 300, 330);
        Assert.InRange(Used("grow_table", 800), 1, 20);
        Assert.Equal(Used("fill_twice", 6400), Used("fill_twice", 6400));
    }

    [Fact]
    public void Fuel_WhenItDoesNotSuffice_StopsAtTheSameInstruction()
    {
        byte LastValue()
        {
            using var instance = Fixture.Instantiate("bulk", new InstanceOptions { Fuel = 1_500 });
            Assert.Equal(TrapCode.FuelExhausted, Fixture.Trap(() => instance.GetFunction<Action<int>>("fill_twice")(65_536)).Code);
            return instance.Memory.Read<byte>(0);
        }

        Assert.Equal(1, LastValue());
        Assert.Equal(1, LastValue());
    }
}
