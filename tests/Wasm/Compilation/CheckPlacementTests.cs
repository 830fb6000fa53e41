using LazyOC.Wasm.Compilation;
using LazyOC.Wasm.Tests.Binary;
using LazyOC.Wasm.Tests.Execution;

namespace LazyOC.Wasm.Tests.Compilation;

public sealed class CheckPlacementTests
{
    [Fact]
    public void Place_OnACycle_ChecksOneOfItsFunctions() =>
        // 0 → 1 → 2 → 1, and 3 calls nothing.
        Assert.Equal([false, true, false, false], Place([1], [2], [1], []));

    [Fact]
    public void Place_InAFunctionThatCallsItself_Checks() => Assert.Equal([true], Place([0]));

    [Fact]
    public void Place_InATreeOfCalls_ChecksNothing() => Assert.Equal([false, false, false], Place([1, 2], [2], []));

    [Fact]
    public void Place_WhereWorkDoublesWithEachLevel_ChecksBeforeItExplodes()
    {
        var isChecked = Place(Doubling(40));

        Assert.DoesNotContain(true, isChecked[^10..]);
        Assert.Contains(true, isChecked[..20]);
    }

    /// <summary>2⁶⁰ calls without a loop and without recursion.</summary>
    [Fact]
    public void Interrupt_OfCallsThatOnlyBranch_StopsThem()
    {
        using var instance = WasmModule.Load(Calling(Doubling(60))).Instantiate(new WasmLinker());
        var interrupter = new Thread(() =>
        {
            Thread.Sleep(20);
            instance.Interrupt();
        });
        interrupter.Start();

        Assert.Equal(TrapCode.Interrupted, Fixture.Trap(() => instance.GetFunction<Action>("f")()).Code);
        interrupter.Join();
    }

    [Fact]
    public void Calls_NestedDeeplyWithoutACycle_TrapOnASmallStack()
    {
        const int last = 10_000;
        int[][] chain = [.. Enumerable.Range(1, last).Select(next => new[] { next }), []];
        // 20 values of the global are kept over the call: frames of more than 160 bytes.
        using var instance = WasmModule.Load(Calling(chain, before: [.. Enumerable.Repeat<byte[]>([0x23, 0], 20).SelectMany(get => get)], after: [.. Enumerable.Repeat<byte>(0x7C, 19), 0x24, 0])).Instantiate(new WasmLinker());
        var run = instance.GetFunction<Action>("f");
        Exception? outcome = null;
        var small = new Thread(() => outcome = Record.Exception(run), 512 * 1024);
        small.Start();
        small.Join();

        Assert.Equal(TrapCode.StackExhausted, Assert.IsType<TrapException>(outcome).Code);
        GuestThread.Run(() =>
        {
            run();
            return 0;
        });
    }

    private static int[][] Doubling(int levels) =>
        [.. Enumerable.Range(1, levels).Select(next => next < levels ? new[] { next, next } : [])];

    private static bool[] Place(params int[][] calls)
    {
        var module = WasmModule.Load(Calling(calls)).Definition;
        return CheckPlacement.Place(module, WasmModule.Load(Calling(calls)).Calls);
    }

    /// <summary>A module whose function i calls the functions of entry i, between the given code; function 0 is exported as <c>f</c>.</summary>
    private static byte[] Calling(int[][] calls, byte[]? before = null, byte[]? after = null)
    {
        var count = ModuleBytes.Leb((uint)calls.Length);
        byte[] Body(int[] callees) => ModuleBytes.Sized(
            [0, .. before ?? [], .. callees.SelectMany(callee => (byte[])[0x10, .. ModuleBytes.Leb((uint)callee)]), .. after ?? [], 0x0B]);
        return new ModuleBytes()
            .Section(1, 1, 0x60, 0, 0)
            .Section(3, [.. count, .. new byte[calls.Length]])
            .Section(6, 1, 0x7E, 1, 0x42, 0, 0x0B)
            .Section(7, [1, .. ModuleBytes.Name("f"), 0, 0])
            .Section(10, [.. count, .. calls.SelectMany(Body)])
            .ToArray();
    }
}
