using LazyOC.Cli.Commands.Bench.Spec;

namespace LazyOC.Wasm.Tests.Conformance;

public sealed class ConformanceTests
{
    public static TheoryData<string> Scripts => [.. Testsuite.Groups.SelectMany(Testsuite.Scripts)];

    [TestsuiteTheory]
    [MemberData(nameof(Scripts))]
    public async Task Run_Script_EveryCommandHolds(string script)
    {
        var commands = SpecScript.Load(Testsuite.PathOf(script));
        var outcome = await ScriptRunner.RunAsync(commands, CancellationToken.None);

        // Nothing is left out but what needs a parser of text.
        Assert.Equal(commands.Commands.Count(command => command.IsText), outcome.TextModules);
        Assert.Equal(commands.Commands.Length, outcome.Passed + outcome.TextModules + outcome.Failures.Count);
        if (KnownFailures.All.Contains(script))
            Assert.True(outcome.Failures.Count > 0, $"{script} passes now: take it off the list of known failures");
        else
            Assert.True(outcome.Failures.Count == 0, string.Join('\n', outcome.Failures));
    }

    /// <summary>What the suite consists of, so that a broken conversion cannot pass for a passed suite.</summary>
    [TestsuiteFact]
    public void Scripts_OfCore_HaveTheCommandsTheSuiteIsKnownToHave()
    {
        var commands = CommandsOf("core");
        int Count(string kind) => commands.Count(command => string.Equals(command.Kind, kind, StringComparison.Ordinal));

        Assert.Equal(146, Testsuite.Scripts("core").Count);
        Assert.Equal(53_899, commands.Count);
        Assert.Equal(1_077, commands.Count(command => command.IsText));
        Assert.Equal(52_822, commands.Count(command => !command.IsText));
        Assert.Equal(45_634, Count("assert_return"));
        Assert.Equal(2_408, Count("assert_trap"));
        Assert.Equal(2_144, Count("assert_invalid"));
        Assert.Equal(1_813, Count("assert_malformed"));
        Assert.Equal(1_595, Count("module"));
        Assert.Equal(155, Count("action"));
        Assert.Equal(83, Count("assert_unlinkable"));
        Assert.Equal(34, Count("assert_uninstantiable"));
        Assert.Equal(18, Count("register"));
        Assert.Equal(15, Count("assert_exhaustion"));
    }

    [TestsuiteTheory]
    [InlineData("tail-call", 2, 119, 11)]
    [InlineData("multi-memory", 9, 919, 42)]
    [InlineData("extended-const", 3, 271, 3)]
    public void Scripts_OfAProposal_HaveTheCommandsTheSuiteIsKnownToHave(string group, int scripts, int commands, int onText)
    {
        Assert.Equal(scripts, Testsuite.Scripts(group).Count);
        Assert.Equal(commands, CommandsOf(group).Count);
        Assert.Equal(onText, CommandsOf(group).Count(command => command.IsText));
    }

    /// <summary>The list may only shrink; nothing of WebAssembly 2.0 is on it.</summary>
    [TestsuiteFact]
    public void KnownFailures_AreScriptsOfProposals_AndNoMoreThanBefore()
    {
        const int atMost = 9;

        Assert.InRange(KnownFailures.All.Count, 0, atMost);
        Assert.All(KnownFailures.All, script => Assert.Contains(script, Testsuite.Groups.Except(["core"]).SelectMany(Testsuite.Scripts)));
    }

    private static List<ScriptCommand> CommandsOf(string group) =>
        [.. Testsuite.Scripts(group).SelectMany(script => SpecScript.Load(Testsuite.PathOf(script)).Commands)];
}
