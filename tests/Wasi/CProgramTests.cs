using System.Text;

namespace LazyOC.Wasi.Tests;

public sealed class CProgramTests
{
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
        var package = VirtualFileSystem.ReadOnly([new("data/numbers.txt", Encoding.UTF8.GetBytes("1 2 3\n"))]);
        var scratch = new VirtualFileSystem();

        var (exitCode, output, _) = CProgram.Run("files", new WasiOptions { Mounts = [new("/plugin", package), new("/tmp", scratch)] });

        Assert.Equal("ok\n", output);
        Assert.Equal(0u, exitCode);
        Assert.Equal("hello\0\0\0!++", Encoding.UTF8.GetString(scratch.ReadFile("two")!.Value.Span));
        Assert.Equal(2, scratch.EntryCount);
        Assert.Equal(11, scratch.UsedBytes);
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
