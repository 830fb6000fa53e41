using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi.Tests;

public sealed class CProgramTests
{
    public static TheoryData<string, string> ProgramsOnTrees
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var program in CProgram.Checked)
            {
                foreach (var kind in TreeUnderTest.Kinds)
                    rows.Add(program, kind);
            }
            return rows;
        }
    }

    [ClangTheory]
    [MemberData(nameof(ProgramsOnTrees))]
    public void Run_CheckingProgram_FindsWhatWasiPromises(string program, string kind)
    {
        using var tree = new TreeUnderTest(kind);

        var run = CProgram.Run(program, tree.Options);

        Assert.True(run is { Output: "ok\n", ExitCode: 0 }, run.ToString());
    }

    [ClangTheory]
    [InlineData("exit", "0", 0, "unfinishedgoodbye\n")]
    [InlineData("exit", "1", 1, "unfinishedgoodbye\n")]
    [InlineData("exit", "255", 255, "unfinishedgoodbye\n")]
    [InlineData("exit", "256", 256, "unfinishedgoodbye\n")]
    [InlineData("exit", "4294967295", uint.MaxValue, "unfinishedgoodbye\n")]
    [InlineData("return", "3", 3, "unfinishedgoodbye\n")]
    [InlineData("_Exit", "4", 4, "")]
    [InlineData("proc_exit", "5", 5, "")]
    [InlineData("proc_exit", "0", 0, "")]
    public void Run_Exit_EndsWithTheProgramsCode(string way, string code, uint expected, string output)
    {
        var run = CProgram.Run("exit", new WasiOptions { Arguments = ["exit", way, code], Terminals = WasiTerminals.None });

        Assert.Equal(expected, run.ExitCode);
        Assert.Equal(output, run.Output);
    }

    [ClangFact]
    public void Run_Abort_TrapsWithTheGuestsStack()
    {
        var trap = Assert.Throws<TrapException>(() => CProgram.Run("exit", new WasiOptions { Arguments = ["exit", "abort"] }));

        Assert.Equal(TrapCode.Unreachable, trap.Code);
        Assert.Contains("_start", trap.GuestStack);
    }

    [ClangFact]
    public void Run_Hello_GetsArgumentsVariablesAndInput()
    {
        var options = new WasiOptions
        {
            Arguments = ["hello", "zwei"],
            Environment = [new("COLOUR", "blue"), new("OTHER", "x")],
            StandardInput = new MemoryStream(Encoding.UTF8.GetBytes("shout\n")),
        };

        var (exitCode, output, error) = CProgram.Run("hello", options);

        Assert.Equal("argument 0: hello\nargument 1: zwei\nCOLOUR=blue\nSHOUT\n", output);
        Assert.Equal("done\n", error);
        Assert.Equal(2u, exitCode);
    }

    [ClangFact]
    public void Run_Files_SeesTwoTreesAsAnyProgramWould()
    {
        var package = MemoryFileSystem.ReadOnly([new("data/numbers.txt", Encoding.UTF8.GetBytes("1 2 3\n"))]);
        var scratch = new MemoryFileSystem();

        var (exitCode, output, _) = CProgram.Run("files", new WasiOptions { Mounts = [new("/plugin", package), new("/tmp", scratch)] });

        Assert.Equal("ok\n", output);
        Assert.Equal(0u, exitCode);
        Assert.Equal("hello\0\0\0!++", Encoding.UTF8.GetString(scratch.ReadFile("two")!.Value.Span));
        Assert.Equal(3, scratch.EntryCount);
        Assert.Equal(11 + "two".Length, scratch.UsedBytes);
    }

    [ClangFact]
    public void Run_Clocks_SleepsOnTheHostsClockInMilliseconds()
    {
        var time = new SteppingTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000).AddTicks(1_234_567));

        var (_, output, _) = CProgram.Run("clocks", new WasiOptions { TimeProvider = time });

        Assert.Equal("1000000000.123000000 2\n", output);
        Assert.Equal(200, time.Timers);
    }
}
