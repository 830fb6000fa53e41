using LazyOC.Cli.Commands.Bench.Spec;

namespace LazyOC.Wasm.Tests.Conformance;

public sealed class ConformanceTests
{
    public static TheoryData<string> CoreScripts => [.. Testsuite.Scripts("core")];

    [TestsuiteTheory]
    [MemberData(nameof(CoreScripts))]
    public async Task Run_CoreScript_EveryCommandHolds(string script)
    {
        var commands = SpecScript.Load(Testsuite.PathOf("core", script));
        var outcome = await ScriptRunner.RunAsync(commands, CancellationToken.None);

        Assert.Equal(commands.Commands.Length, outcome.Passed + outcome.TextModules + outcome.Failures.Count);
        if (KnownFailures.Contains("core", script))
            Assert.True(outcome.Failures.Count > 0, $"core/{script} passes now: take it off the list of known failures");
        else
            Assert.True(outcome.Failures.Count == 0, string.Join('\n', outcome.Failures));
    }

    /// <summary>What the suite consists of, so that a broken conversion cannot pass for a passed suite.</summary>
    [TestsuiteFact]
    public void Scripts_OfCore_HaveTheCommandsTheSuiteIsKnownToHave()
    {
        var commands = Testsuite.Scripts("core").SelectMany(script => SpecScript.Load(Testsuite.PathOf("core", script)).Commands).ToList();
        int Count(string kind) => commands.Count(command => string.Equals(command.Kind, kind, StringComparison.Ordinal));

        Assert.Equal(146, Testsuite.Scripts("core").Count);
        Assert.Equal(53_899, commands.Count);
        Assert.Equal(45_634, Count("assert_return"));
        Assert.Equal(2_408, Count("assert_trap"));
        Assert.Equal(2_144, Count("assert_invalid"));
        Assert.Equal(1_813, Count("assert_malformed"));
        Assert.Equal(1_077, commands.Count(command => command.IsText));
        Assert.Equal(1_595, Count("module"));
        Assert.Equal(83, Count("assert_unlinkable"));
        Assert.Equal(34, Count("assert_uninstantiable"));
        Assert.Equal(15, Count("assert_exhaustion"));
    }

    [TestsuiteFact]
    public void KnownFailures_AreScriptsOfTheSuite_AndNoMoreThanBefore()
    {
        const int atMost = 56;

        Assert.InRange(KnownFailures.Count, 0, atMost);
        Assert.All(KnownFailures.All, script => Assert.Contains(script, Testsuite.Scripts("core").Select(name => $"core/{name}")));
    }
}
