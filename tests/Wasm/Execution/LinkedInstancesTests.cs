using System.Runtime.CompilerServices;

namespace LazyOC.Wasm.Tests.Execution;

public sealed class LinkedInstancesTests : IDisposable
{
    private readonly WasmInstance _exporter = Fixture.Instantiate("exporter");
    private readonly WasmInstance _importer;

    public LinkedInstancesTests() =>
        _importer = Fixture.Load("importer").Instantiate(new WasmLinker().DefineInstance("exporter", _exporter));

    public void Dispose()
    {
        _importer.Dispose();
        _exporter.Dispose();
    }

    [Fact]
    public void Memory_GrownByOne_IsGrownForTheOther() =>
        Assert.Equal(9, _importer.GetFunction<Func<int>>("grow_and_store")());

    [Fact]
    public void Global_SetByOne_IsSetForTheOther()
    {
        Assert.Equal(6, _importer.GetFunction<Func<long>>("global")());
        Assert.Equal(6L, _exporter.GetGlobal("global")!.Value);
    }

    [Fact]
    public void TableElement_OfTheOther_RunsWithTheOthersState()
    {
        Assert.Equal(42, _exporter.GetFunction<Func<int, int>>("call")(2));
        Assert.Equal(43, _exporter.GetFunction<Func<int, int>>("call")(2));
    }

    [Fact]
    public void StackLimit_AlsoHoldsInTheOther() =>
        Assert.Equal(TrapCode.StackExhausted, Fixture.Trap(() => _importer.GetFunction<Func<int>>("recurse")()).Code);

    [Fact]
    public void Interrupt_OfOne_StopsTheOther()
    {
        var interrupter = new Thread(_importer.Interrupt);
        interrupter.Start();

        Assert.Equal(TrapCode.Interrupted, Fixture.Trap(() => _importer.GetFunction<Action>("spin")()).Code);
        interrupter.Join();
    }

    [Fact]
    public void Dispose_OfOne_LeavesTheOtherUsable()
    {
        _importer.Dispose();

        Assert.Equal(42, _exporter.GetFunction<Func<int, int>>("call")(2));
    }

    [Fact]
    public void Collection_WhileATableReachesAnInstance_KeepsIt()
    {
        using var exporter = Fixture.Instantiate("exporter");
        LinkAndForget(exporter);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(42, exporter.GetFunction<Func<int, int>>("call")(2));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LinkAndForget(WasmInstance exporter) =>
        Fixture.Load("importer").Instantiate(new WasmLinker().DefineInstance("exporter", exporter));
}
