using System.Globalization;
using System.Runtime.Intrinsics;
using LazyOC.Cli.Commands.Bench.Spec;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>
/// The program that this assembly is besides its tests: runs the converted scripts it is given, prints how wide the
/// widest vectors of the processor are taken to be, how many commands passed, and what failed.
/// </summary>
internal static class SpecProgram
{
    public static async Task<int> Main(string[] scripts)
    {
        var passed = 0;
        var failures = new List<string>();
        foreach (var script in scripts)
        {
            var outcome = await ScriptRunner.RunAsync(SpecScript.Load(script), CancellationToken.None);
            passed += outcome.Passed;
            failures.AddRange(outcome.Failures.Select(failure => $"{Path.GetFileNameWithoutExtension(script)}: {failure}"));
        }
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{VectorBits} {passed}"));
        await Console.Out.WriteLineAsync(string.Join('\n', failures));
        return failures.Count == 0 ? 0 : 1;
    }

    private static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
}
