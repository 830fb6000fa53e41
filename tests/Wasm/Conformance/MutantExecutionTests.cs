using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Fuzz.Wasm.Mutation;
using LazyOC.Wasm.Tests.Validation;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>What the validator lets pass must compile and run, and do what it does in V8.</summary>
public sealed class MutantExecutionTests
{
    private const int Count = 5_000;

    [Fact]
    public void Instantiate_DamagedModuleThatIsValid_RunsOrTraps()
    {
        using var report = Run(v8: null);

        Assert.Equal("", string.Join('\n', report.Failures));
        Assert.InRange(report.Executed, Count / 20, Count);
        Assert.True(report.Calls > report.Executed);
    }

    [NodeFact]
    public void Instantiate_DamagedModuleThatIsValid_DoesWhatItDoesInV8()
    {
        using var v8 = new V8Peer();
        using var report = Run(v8);

        Assert.Equal("", string.Join('\n', report.Failures));
        Assert.InRange(report.Compared, Count / 20, report.Executed);
    }

    private static MutationReport Run(V8Peer? v8) => new MutationCampaign(MutationTests.Corpus, 1, Count, Folder: null).Run(v8, _ => { });
}
