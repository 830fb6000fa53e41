using System.Runtime.CompilerServices;

namespace LazyOC.Wasm.Tests.Execution;

public sealed class WasmInstanceTests
{
    [Fact]
    public void Dispose_ThenCall_IsRefused()
    {
        var instance = Fixture.Instantiate("memory");
        var (size, memory) = (instance.GetFunction<Func<int>>("size"), instance.Memory);

        instance.Dispose();
        instance.Dispose();

        Assert.Throws<ObjectDisposedException>(() => size());
        Assert.Throws<ObjectDisposedException>(() => memory.Read<int>(0));
    }

    [Fact]
    public void Dispose_WhileTheGuestRuns_InterruptsItFirst()
    {
        var instance = Fixture.Instantiate("limits");
        var spin = instance.GetFunction<Action>("spin");
        var disposer = new Thread(instance.Dispose);
        disposer.Start();

        // Disposed before or after the call began.
        var exception = Record.Exception(spin);
        disposer.Join();

        Assert.True(exception is TrapException { Code: TrapCode.Interrupted } or ObjectDisposedException, exception?.ToString());
        Assert.Throws<ObjectDisposedException>(spin);
    }

    [Fact]
    public void Call_FromASecondThread_IsRefused()
    {
        using var entered = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        using var instance = HostFixture.Instantiate(() =>
        {
            entered.Set();
            done.Wait();
        });
        var runner = new Thread(() => instance.GetFunction<Action>("throws")());
        runner.Start();
        entered.Wait();

        var refusal = Assert.Throws<InvalidOperationException>(() => instance.GetFunction<Action>("increment")());

        done.Set();
        runner.Join();
        Assert.Contains("another thread", refusal.Message, StringComparison.Ordinal);
        instance.GetFunction<Action>("increment")();
    }

    [Fact]
    public void Collection_OfAnUnusedModule_UnloadsItsCode()
    {
        var code = RunAndForget();

        for (var i = 0; i < 10 && code.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(code.IsAlive);
    }

    [Fact]
    public void Memory_OfTheModule_IsReachedByChecksOnly()
    {
        using var instance = Fixture.Instantiate("memory");
        var memory = instance.Memory;

        memory.Write(WasmMemory.PageBytes - 8, 123L);
        Assert.Equal(123L, memory.Read<long>(WasmMemory.PageBytes - 8));
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => memory.Write(WasmMemory.PageBytes - 7, 1L)).Code);
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => memory.GetSpan(uint.MaxValue, 1)).Code);
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => memory.GetSpan(0, -1)).Code);
    }

    /// <summary>The generated type that a delegate of the instance was made from.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunAndForget()
    {
        using var instance = Fixture.Instantiate("arithmetic");
        var divide = instance.GetFunction<Func<int, int, int>>("div_s");
        Assert.Equal(3, divide(7, 2));
        return new WeakReference(divide.Method.Module);
    }
}
