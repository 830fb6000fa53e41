using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Fuzz.Wasm.Mutation;

namespace LazyOC.Wasm.Tests.Validation;

/// <summary>Compares our judgement of damaged modules with that of V8.</summary>
public sealed class DifferentialTests
{
    [NodeFact]
    public void Load_DamagedModule_IsAcceptedExactlyWhenV8AcceptsIt()
    {
        using var v8 = new V8Peer();
        using var report = new MutationCampaign(MutationTests.Corpus, 1, MutationTests.Count, Folder: null) { Executes = false }.Run(v8, _ => { });

        Assert.Equal("", string.Join('\n', report.Failures));
        Assert.Equal(MutationTests.Count, report.Judged);
    }
}
