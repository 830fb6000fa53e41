using LazyOC.Fuzz.Wasm.Differential;
using LazyOC.Fuzz.Wasm.Mutation;
using LazyOC.Wasm.Tests.Conformance;

namespace LazyOC.Wasm.Tests.Validation;

/// <summary>Damaged modules: the first of those that <c>fuzz/run mutation</c> tries. A failure names the seed, for <c>--replay</c>.</summary>
public sealed class MutationTests
{
    internal const int Count = 40_000;

    private static readonly Lazy<MutationCorpus> SharedCorpus = new(() =>
    {
        // Asking converts the suite where that has not been done yet.
        _ = Testsuite.Missing;
        return MutationCorpus.Load(MutationCorpus.ConvertedSuite(), DifferentialCampaign.DefaultFeatures);
    });

    internal static MutationCorpus Corpus => SharedCorpus.Value;

    [Fact]
    public void Load_DamagedModule_IsAcceptedOrRefusedWithinItsMemory()
    {
        using var report = new MutationCampaign(Corpus, 1, Count, Folder: null) { Executes = false }.Run(v8: null, _ => { });

        Assert.Equal("", string.Join('\n', report.Failures));
        Assert.Equal(Count, report.Mutants);
        Assert.InRange(report.Refused, Count / 4, Count - (Count / 20));
    }

    [Fact]
    public void Mutate_OfASeed_IsTheSameModuleAgainAndNotAnothersSeed()
    {
        Assert.Equal(Corpus.Mutate(7), Corpus.Mutate(7));
        Assert.NotEqual(Corpus.Mutate(7), Corpus.Mutate(8));
    }
}
