using System.Diagnostics;
using LazyOC.Cli.Commands.Bench.Spec;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>Vector code is other code on other processors; the compiler is told that this one has less than it has.</summary>
public sealed class ProcessorTests
{
    [TestsuiteTheory]
    [InlineData("DOTNET_EnableAVX", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 0)]
    public async Task Run_VectorScriptsOnALesserProcessor_EveryCommandHolds(string variable, int greatestVectorBits)
    {
        string[] scripts = [.. Testsuite.Scripts("core").Where(script => script.StartsWith("core/simd", StringComparison.Ordinal)).Select(Testsuite.PathOf)];
        var commands = scripts.SelectMany(script => SpecScript.Load(script).Commands).Count(command => !command.IsText);
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(SpecProgram).Assembly.Location, .. scripts])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { [variable] = "0" },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        var lines = output.Split('\n', 2, StringSplitOptions.TrimEntries);
        Assert.Equal("", lines[1]);
        var counts = lines[0].Split(' ');
        Assert.InRange(int.Parse(counts[0], null), 0, greatestVectorBits);
        Assert.Equal(commands, int.Parse(counts[1], null));
        Assert.True(commands > 20_000);
        Assert.Equal(0, process.ExitCode);
    }
}
