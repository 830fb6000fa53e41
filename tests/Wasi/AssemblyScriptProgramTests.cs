namespace LazyOC.Wasi.Tests;

public sealed class AssemblyScriptProgramTests
{
    public static TheoryData<string, string> ProgramsOnTrees
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var program in AssemblyScriptProgram.Checked)
            {
                foreach (var kind in TreeUnderTest.Kinds)
                    rows.Add(program, kind);
            }
            return rows;
        }
    }

    [AssemblyScriptTheory]
    [MemberData(nameof(ProgramsOnTrees))]
    public void Run_CheckingProgram_FindsWhatWasiPromises(string program, string kind)
    {
        using var tree = new TreeUnderTest(kind);

        var run = ProgramRun.Of(AssemblyScriptProgram.Compile(program), tree.Options);

        Assert.True(run is { Output: "ok\n", ExitCode: 0 }, run.ToString());
    }
}
