using System.Diagnostics;
using LazyOC.Fuzz.Wasm.Soak;

namespace LazyOC.Wasm.Tests.Fuzzing;

public sealed class SoakTests
{
    private const long Mebibyte = 1 << 20;

    /// <summary>A process of its own, because the counters are the process's and other tests make instances too.</summary>
    [Fact]
    public void Soak_OfAThirdOfAMinute_LeavesEverythingFlat()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "LazyOC.Fuzz.Wasm.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "soak", "--minutes", "0.33"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("problems      0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_OfFlatSamples_IsEmpty() => Assert.Empty(SoakVerdict.Of([.. Enumerable.Range(0, 20).Select(i => Sample(i))]));

    /// <summary>Each number alone makes the verdict, however slowly it grows.</summary>
    [Theory]
    [InlineData("instances")]
    [InlineData("reserved bytes")]
    [InlineData("committed bytes")]
    [InlineData("bytes of native blocks")]
    [InlineData("generated assemblies")]
    [InlineData("managed bytes")]
    [InlineData("threads")]
    public void Verdict_OfANumberThatGrows_NamesIt(string name)
    {
        var samples = Enumerable.Range(0, 20).Select(i => name switch
        {
            "instances" => Sample(i) with { Instances = 8 + (i / 10) },
            "reserved bytes" => Sample(i) with { ReservedBytes = (40L << 30) + (i * 65_536) },
            "committed bytes" => Sample(i) with { CommittedBytes = (4 * Mebibyte) + (i * 4_096) },
            "bytes of native blocks" => Sample(i) with { BlockBytes = 40_000 + i },
            "generated assemblies" => Sample(i) with { Assemblies = 5 + i },
            "managed bytes" => Sample(i) with { HeapBytes = Mebibyte + (i * Mebibyte / 10) },
            _ => Sample(i) with { Threads = 16 + i },
        });

        Assert.Contains(name, Assert.Single(SoakVerdict.Of([.. samples])), StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_OfOneSampleThatStandsOut_IsEmpty() =>
        Assert.Empty(SoakVerdict.Of([.. Enumerable.Range(0, 20).Select(i => i == 15 ? Sample(i) with { HeapBytes = 100 * Mebibyte, Threads = 40 } : Sample(i))]));

    private static SoakSample Sample(int i) =>
        new(TimeSpan.FromSeconds(i), 8, 40L << 30, 4 * Mebibyte, 40_000, 5, Mebibyte + (i % 3 * 1_000), 16, 100 * Mebibyte);
}
