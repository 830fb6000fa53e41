namespace LazyOC.Wasm.Tests.Execution;

public sealed class LimitsTests
{
    [Theory]
    [InlineData("spin")]
    [InlineData("spin_by_calls")]
    public void Interrupt_BeforeOrDuringAnEndlessLoop_StopsItAndWhatFollows(string function)
    {
        using var instance = Fixture.Instantiate("limits");
        var spin = instance.GetFunction<Action>(function);
        var count = instance.GetFunction<Func<int, int>>("count");
        var interrupter = new Thread(instance.Interrupt);
        interrupter.Start();

        Assert.Equal(TrapCode.Interrupted, Fixture.Trap(spin).Code);
        interrupter.Join();
        Assert.True(instance.IsInterrupted);
        Assert.Equal(TrapCode.Interrupted, Fixture.Trap(() => count(1)).Code);
    }

    [Fact]
    public void Interrupt_BehindTheCheckAtTheEntry_StopsTheLoopThatFollows()
    {
        WasmInstance? instance = null;
        using var made = instance = HostFixture.Instantiate(() => instance!.Interrupt());

        Assert.Equal(TrapCode.Interrupted, Fixture.Trap(() => instance.GetFunction<Action>("throws_then_spins")()).Code);
    }

    [Fact]
    public void ClearInterrupt_AfterAnInterrupt_LetsTheInstanceRunAgain()
    {
        using var instance = Fixture.Instantiate("limits");
        var count = instance.GetFunction<Func<int, int>>("count");
        Assert.Equal(1, count(1));

        instance.Interrupt();
        instance.ClearInterrupt();

        Assert.Equal(5, count(5));
        Assert.Equal(TrapCode.StackExhausted, Fixture.Trap(() => instance.GetFunction<Func<int>>("mutual")()).Code);
    }

    [Fact]
    public void AtNextCheck_BeforeARecursion_IsCalledOnceAndLeavesTheLimitsAsTheyWere()
    {
        using var instance = Fixture.Instantiate("limits");
        var recurse = instance.GetFunction<Func<int, int>>("recurse");
        var seen = new List<string>();
        instance.AtNextCheck(() => seen.Add(string.Join(' ', WasmInstance.RunningFunctions())));

        Assert.Equal(TrapCode.StackExhausted, Fixture.Trap(() => recurse(0)).Code);

        Assert.Equal(["recurse"], seen);
        Assert.Empty(WasmInstance.RunningFunctions());
    }

    [Fact]
    public void AtNextCheck_OfAnInterruptedInstance_IsNotCalled()
    {
        using var instance = Fixture.Instantiate("limits");
        var calls = 0;
        instance.Interrupt();
        instance.AtNextCheck(() => calls++);

        Assert.Equal(TrapCode.Interrupted, Fixture.Trap(() => instance.GetFunction<Func<int, int>>("recurse")(0)).Code);
        Assert.Equal(0, calls);
    }

    [Fact]
    public void AtNextCheck_FromAnotherThreadAgainAndAgain_LetsTheGuestGoOnUntilItIsInterrupted()
    {
        using var instance = Fixture.Instantiate("limits");
        var recurse = instance.GetFunction<Func<int, int>>("recurse");
        var looks = 0;
        var asker = new Thread(() =>
        {
            while (Volatile.Read(ref looks) < 20)
            {
                instance.AtNextCheck(() => Interlocked.Increment(ref looks));
                Thread.Yield();
            }
            instance.Interrupt();
        });
        asker.Start();

        TrapCode end;
        do end = Fixture.Trap(() => recurse(0)).Code;
        while (end == TrapCode.StackExhausted);

        Assert.Equal(TrapCode.Interrupted, end);
        asker.Join();
        Assert.InRange(looks, 20, 21);
    }

    [Fact]
    public void Recursion_WithoutEnd_ExhaustsTheStackOnAnyThread()
    {
        using var instance = Fixture.Instantiate("limits");
        var recurse = instance.GetFunction<Func<int, int>>("recurse");

        Assert.Equal(TrapCode.StackExhausted, Fixture.Trap(() => recurse(0)).Code);
        var trap = GuestThread.Run(() => Fixture.Trap(() => recurse(0)));
        Assert.Equal(TrapCode.StackExhausted, trap.Code);
        Assert.Equal(TrapException.MaxGuestFrames, trap.GuestStack.Length);
        Assert.All(trap.GuestStack, frame => Assert.Equal("recurse", frame));
        // A smaller stack than before: the limit of the thread that ran last must not be in force.
        Exception? onSmallThread = null;
        var small = new Thread(() => onSmallThread = Record.Exception(() => recurse(0)), 1024 * 1024);
        small.Start();
        small.Join();
        var shortage = Assert.IsType<TrapException>(onSmallThread);
        Assert.Equal(TrapCode.StackExhausted, shortage.Code);
        Assert.Contains("of this thread's stack, less than StackLimitBytes", shortage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StackLimitBytes_OfSeveralSizes_DecideHowDeepCallsGo()
    {
        var module = Fixture.Load("fuel");
        (int Depth, string Message) Deepest(long stackLimitBytes) => GuestThread.Run(() =>
        {
            using var instance = module.Instantiate(new WasmLinker(), new InstanceOptions { StackLimitBytes = stackLimitBytes });
            var trap = Fixture.Trap(() => instance.GetFunction<Action<int>>("recurse")(int.MaxValue));
            Assert.Equal(TrapCode.StackExhausted, trap.Code);
            return ((int)instance.GetGlobal("count")!.Value!, trap.Message);
        });

        var small = Deepest(256 * 1024);
        var large = Deepest(8 * 1024 * 1024);

        Assert.Equal("call stack exhausted: StackLimitBytes is 262144", small.Message);
        Assert.Equal("call stack exhausted: StackLimitBytes is 8388608", large.Message);
        // 32 times the stack; the host's own frames are in it.
        Assert.InRange(large.Depth, 16 * small.Depth, int.MaxValue);
        Assert.InRange(small.Depth, 100, int.MaxValue);
    }

    [Fact]
    public void Recursion_OfAFunctionWithAHugeFrame_ExhaustsTheStackToo()
    {
        // (func $f (local i64 × 40000) …) sets every local, so that the frame is as large as it looks, and calls itself.
        using var instance = WasmModule.Load(HugeFrame(40_000)).Instantiate(new WasmLinker());

        Assert.Equal(TrapCode.StackExhausted, Fixture.Trap(() => instance.GetFunction<Action>("f")()).Code);
    }

    [Fact]
    public void Fuel_WhenUsedUp_TrapsAndCanBeRefilled()
    {
        using var instance = Fixture.Instantiate("limits", new InstanceOptions { Fuel = 1_000 });
        var count = instance.GetFunction<Func<int, int>>("count");

        Assert.Equal(10, count(10));
        var used = 1_000 - instance.Fuel;
        Assert.InRange(used, 10, 200);
        Assert.Equal(TrapCode.FuelExhausted, Fixture.Trap(() => count(1_000)).Code);
        instance.Fuel = used;
        Assert.Equal(10, count(10));
        Assert.Equal(0, instance.Fuel);
    }

    [Fact]
    public void Fuel_OfAnUnmeteredInstance_IsRefused()
    {
        using var instance = Fixture.Instantiate("limits");

        Assert.Throws<InvalidOperationException>(() => instance.Fuel);
    }

    private static byte[] HugeFrame(int locals)
    {
        var code = new List<byte> { 1 };
        code.AddRange(Binary.ModuleBytes.Leb((uint)locals));
        code.Add(0x7E);
        for (var i = 1; i < locals; i++)
        {
            // local.get i-1, i64.const 1, i64.add, local.set i
            code.Add(0x20);
            code.AddRange(Binary.ModuleBytes.Leb((uint)(i - 1)));
            code.AddRange([0x42, 1, 0x7C, 0x21]);
            code.AddRange(Binary.ModuleBytes.Leb((uint)i));
        }
        code.AddRange([0x10, 0, 0x0B]);
        return new Binary.ModuleBytes()
            .Section(1, 1, 0x60, 0, 0)
            .Section(3, 1, 0)
            .Section(7, [1, .. Binary.ModuleBytes.Name("f"), 0, 0])
            .Section(10, [1, .. Binary.ModuleBytes.Sized([.. code])])
            .ToArray();
    }
}
