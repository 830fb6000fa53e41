using System.Diagnostics;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Doctor;

/// <summary>
/// Whether the machine code of QuickJS's main function stays the same. The function is beyond what the just-in-time
/// compiler optimises: were its precompiled code replaced once it is hot, JavaScript would run several times slower.
/// </summary>
/// <remarks>Two bodies of code have the same call at different places, so the place tells which one runs.</remarks>
internal static class InterpreterCode
{
    private const int Depth = 20;

    private const int Rounds = 40;

    /// <summary>After so many iterations the runtime has long looked for better code.</summary>
    private const string Work = "(() => { let s = 0; const f = n => n + 1; for (let i = 0; i < 20000; i++) s = f(s); return s; })()";

    /// <summary>The runtime replaces hot code in the background, this long after things have calmed down.</summary>
    private static readonly TimeSpan Replacement = TimeSpan.FromMilliseconds(300);

    private static readonly string Recursion = $"(() => {{ const f = n => n === 0 ? Date.now() : f(n - 1) + 0; return f({Depth}); }})()";

    /// <summary>Whether the code that runs after a long run is the one that ran first.</summary>
    public static async Task<bool> StaysAsync(CancellationToken cancellationToken)
    {
        var first = GuestThread.Run(PlaceOfCall);
        GuestThread.Run(RunLong);
        await Task.Delay(Replacement, cancellationToken);
        GuestThread.Run(RunLong);
        return first == GuestThread.Run(PlaceOfCall);
    }

    private static int RunLong()
    {
        using var quickJs = new QuickJs();
        for (var i = 0; i < Rounds; i++)
            quickJs.Evaluate(Work);
        return Rounds;
    }

    /// <summary>Where in its machine code the main function calls a function of the host.</summary>
    private static int PlaceOfCall()
    {
        StackTrace? stack = null;
        using var quickJs = new QuickJs(() => stack = new StackTrace());
        quickJs.Evaluate(Recursion);
        // Every JavaScript call has a frame of it, so no other function is as often on the stack.
        return stack!.GetFrames().GroupBy(frame => frame.GetMethod()?.Name).MaxBy(frames => frames.Count())!.First().GetNativeOffset();
    }
}
