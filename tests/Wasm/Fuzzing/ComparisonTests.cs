using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Wasm.Tests.Validation;

namespace LazyOC.Wasm.Tests.Fuzzing;

/// <summary>A harness that cannot see a difference proves nothing.</summary>
public sealed class ComparisonTests
{
    private const string Agreement = "ok\n7\ntrap:memory-bounds log:1\nmemory 1 abc";

    private static readonly CallPlan Plan = new([new ExportCall(0, "f", []), new ExportCall(1, "g", [1]), null]);

    [Fact]
    public void Comparison_OfTheSameOutcomes_FindsNothing() => Assert.Null(Compare(Agreement).Difference);

    [Theory]
    [InlineData("ok\n8\ntrap:memory-bounds log:1\nmemory 1 abc", "step 1, f()")]
    [InlineData("ok\n7\ntrap:unreachable log:1\nmemory 1 abc", "step 2, g(1)")]
    [InlineData("ok\n7\n0 log:1\nmemory 1 abc", "step 2, g(1)")]
    [InlineData("ok\n7\ntrap:memory-bounds log:2\nmemory 1 abc", "step 2, g(1)")]
    [InlineData("ok\n7\ntrap:memory-bounds log:1\nmemory 1 abd", "step 3, state")]
    [InlineData("trap:unreachable", "step 0, instantiation")]
    [InlineData("ok\n7", "outcomes here")]
    [InlineData("refused: because", "V8 refuses the module (because)")]
    public void Comparison_OfOtherOutcomes_SaysWhereTheyDiffer(string theirs, string where) =>
        Assert.Contains(where, Compare(theirs).Difference, StringComparison.Ordinal);

    [Fact]
    public void Comparison_OfAStackThatIsUsedUp_EndsThere()
    {
        var comparison = Compare("ok\ntrap:stack\n1\nmemory 1 other");

        Assert.Null(comparison.Difference);
        Assert.True(comparison.EndedByHost);
        Assert.Equal(1, comparison.Compared);
    }

    [Theory]
    [InlineData("trap:null-element", "trap:null-or-signature", true)]
    [InlineData("trap:signature log:1", "trap:null-or-signature log:1", true)]
    [InlineData("trap:signature log:1", "trap:null-or-signature log:2", false)]
    [InlineData("trap:overflow", "trap:conversion", true)]
    [InlineData("trap:nan-conversion", "trap:conversion", true)]
    [InlineData("trap:nan-conversion", "trap:overflow", false)]
    [InlineData("trap:table-bounds", "trap:null-or-signature", false)]
    public void Agree_OnTrapsThatV8DoesNotTellApart_AcceptsTheirCausesOnly(string ours, string v8, bool agree) =>
        Assert.Equal(agree, TrapKinds.Agree(ours, v8));

    [NodeFact]
    public void V8_ToldOfAnotherPlan_DiffersFromOurs()
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "memory.wasm"));
        var module = WasmModule.Load(bytes);
        var (export, name, _) = CallPlan.Callable(module).First(callable => callable.Name is "store32");
        CallPlan PlanOf(int value) => new([new ExportCall(export, name, [8, value]), null]);
        var run = GuestThread.Run(() => EngineRun.Of(bytes, loaded => (PlanOf(1), EngineExecution.Run(loaded, PlanOf(1)), null)));
        using var v8 = new V8Peer();

        v8.SubmitExecution(bytes, PlanOf(1));
        v8.SubmitExecution(bytes, PlanOf(2));

        Assert.Null(Comparison.Of(run, v8.Receive()).Difference);
        Assert.Contains("state", Comparison.Of(run, v8.Receive()).Difference, StringComparison.Ordinal);
    }

    private static Comparison Compare(string theirs) =>
        Comparison.Of(new EngineRun([], Plan, new ModuleExecution([.. Agreement.Split('\n')], ExecutionEnd.Finished, 0), null, null), theirs);
}
