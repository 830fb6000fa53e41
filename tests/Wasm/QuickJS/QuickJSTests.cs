using System.Runtime.InteropServices;
using LazyOC.Fuzz.Wasm.Soak;

namespace LazyOC.Wasm.Tests.QuickJS;

public sealed class QuickJSTests
{
    [Fact]
    public void Eval_OfASum_IsThree()
    {
        using var quickJS = new QuickJSModule();

        Assert.Equal("3", quickJS.Eval("1+2"));
    }

    [Fact]
    public void Eval_OfALargerScript_AgreesWithJavaScript()
    {
        using var quickJS = new QuickJSModule();

        Assert.Equal(
            """[{"n":"b","v":2.5},{"n":"a","v":1e+21}]|Ünï|a-1,b-22|-0""",
            quickJS.Eval(
                """
                const items = [{ n: "a", v: 1e21 }, { n: "b", v: 2.5 }].sort((x, y) => x.v - y.v);
                const pairs = [..."a1 b22".matchAll(/(\w)(\d+)/g)].map(m => `${m[1]}-${m[2]}`);
                JSON.stringify(items) + "|" + "ünï".replace("ü", "Ü") + "|" + pairs.join() + "|" + (Object.is(Math.round(-0.4), -0) ? "-0" : "0");
                """));
    }

    [Fact]
    public void Module_FromTheBuild_HoldsMachineCodeWhereCrossgen2IsToBeHad()
    {
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            Assert.True(QuickJSModule.Module.UsesNativeImage);
        Assert.True(QuickJSModule.Module.IsPrecompiled);
    }

    [Fact]
    public void Interrupt_OfAnEndlessScript_StopsIt()
    {
        using var quickJS = new QuickJSModule();
        var interrupter = new Thread(quickJS.Instance.Interrupt);
        interrupter.Start();

        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(() => quickJS.Eval("for (;;) {}")).Code);
        interrupter.Join();
    }

    /// <summary>
    /// The interpreter's main function is beyond what the just-in-time compiler optimises: its precompiled body must not
    /// be replaced once it is hot. Two bodies have the same call at different places.
    /// </summary>
    [Fact]
    public void InterpreterLoop_AfterALongRun_IsStillThePrecompiledOne()
    {
        if (!QuickJSModule.Module.UsesNativeImage)
            return;
        var (before, after) = GuestThread.Run(() =>
        {
            using var quickJS = new QuickJSModule();
            var cold = PlacesOfCalls(quickJS);
            RunLong(quickJS);
            // The runtime replaces hot code in the background, 100 ms after things have calmed down.
            Thread.Sleep(300);
            RunLong(quickJS);
            return (cold, PlacesOfCalls(quickJS));
        });

        var interpreter = before.MaxBy(function => function.Value.Count).Key;
        Assert.InRange(before[interpreter].Count, 20, 40);
        Assert.Equal(before[interpreter], after[interpreter]);
        // The control: in code that the just-in-time compiler makes of the same function the calls are elsewhere.
        var module = WasmModule.Load(QuickJSModule.Module.Definition.Bytes);
        Assert.NotEqual(before[interpreter], GuestThread.Run(() =>
        {
            using var quickJS = new QuickJSModule(module);
            return PlacesOfCalls(quickJS)[interpreter];
        }));
    }

    private static void RunLong(QuickJSModule quickJS)
    {
        for (var i = 0; i < 40; i++)
            quickJS.Eval("(() => { let s = 0; const f = n => n + 1; for (let i = 0; i < 20000; i++) s = f(s); return s; })()");
    }

    /// <summary>For each function of the guest that is on the stack, where in its machine code it makes its calls; the interpreter is there most often.</summary>
    private static Dictionary<string, List<int>> PlacesOfCalls(QuickJSModule quickJS)
    {
        quickJS.Eval("(() => { const f = n => n === 0 ? Date.now() : f(n - 1) + 0; return f(20); })()");
        return quickJS.ClockStack!.GetFrames()
            .Where(frame => frame.GetMethod()!.Name.EndsWith(']'))
            .GroupBy(frame => frame.GetMethod()!.Name, frame => frame.GetNativeOffset())
            .ToDictionary(function => function.Key, function => function.ToList());
    }
}
