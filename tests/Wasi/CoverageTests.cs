using System.Collections.Concurrent;

namespace LazyOC.Wasi.Tests;

/// <summary>The programs call every function there is, right and wrong.</summary>
public sealed class CoverageTests
{
    /// <summary>Sockets are not given and signals are not sent: there is no right call of these.</summary>
    private static readonly string[] NeverSucceed = ["proc_raise", "sock_accept", "sock_recv", "sock_send", "sock_shutdown"];

    /// <summary>There is no wrong call of these.</summary>
    private static readonly string[] NeverFail = ["sched_yield"];

    [CompilersFact]
    public void Programs_Together_GetASuccessAndAnErrorFromEveryFunction()
    {
        var answers = new ConcurrentDictionary<(string Function, Errno Answer), bool>();
        foreach (var name in CProgram.Checked)
            Run(CProgram.Compile(name), answers);
        foreach (var name in AssemblyScriptProgram.Checked)
            Run(AssemblyScriptProgram.Compile(name), answers);
        foreach (var code in new[] { "0", "1" })
        {
            var exit = new WasiOptions { Arguments = ["exit", "proc_exit", code] };
            ProgramRun.Of(CProgram.Compile("exit"), exit, answers);
        }

        Assert.Equal([], GuestCalls.Functions.Except(NeverSucceed).Where(function => !answers.ContainsKey((function, Errno.Success))));
        Assert.Equal([], GuestCalls.Functions.Except(NeverFail).Where(function => !answers.Keys.Any(answer => answer.Function == function && answer.Answer != Errno.Success)));
    }

    /// <summary>The module that is the measure of "every" has what a context defines, and nothing is missing in it.</summary>
    [Fact]
    public void EveryFunction_IsWhatAContextDefines()
    {
        using var context = new WasiContext(new WasiOptions());

        Assert.Equal(GuestCalls.Functions.Order(StringComparer.Ordinal), context.Functions.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(46, context.Functions.Count);
    }

    private static void Run(Wasm.WasmModule module, ConcurrentDictionary<(string Function, Errno Answer), bool> answers)
    {
        using var tree = new TreeUnderTest(TreeUnderTest.Memory);
        Assert.Equal("ok\n", ProgramRun.Of(module, tree.Options, answers).Output);
    }
}
