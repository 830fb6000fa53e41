using System.Runtime.InteropServices;

namespace LazyOC.EndToEnd.Tests;

public sealed class DoctorTests
{
    public static TheoryData<bool> Programs => [false, true];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Doctor_OfTheBuiltAndOfTheLaidOutProgram_FindsThePrecompiledInterpreterInUseAfterALongRun(bool isLaidOut)
    {
        using var lazyOc = new LazyOc();
        var program = isLaidOut ? Path.Combine(LazyOc.RepositoryRoot, "artifacts", "lazyoc", "lazyoc") : LazyOc.Program;

        var run = await lazyOc.RunAsync(program, ["doctor", "--output", "json"]);

        Assert.Equal(0, run.ExitCode);
        using var findings = System.Text.Json.JsonDocument.Parse(run.Output);
        var found = findings.RootElement.EnumerateArray().ToDictionary(finding => finding.GetProperty("check").GetString()!, finding => finding.Clone());
        Assert.Equal("Ok", found["memory"].GetProperty("verdict").GetString());
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return;
        Assert.All(found.Values, finding => Assert.Equal("Ok", finding.GetProperty("verdict").GetString()));
    }

    [Fact]
    public async Task Doctor_WithoutPrecompiledCode_SaysSo()
    {
        using var lazyOc = new LazyOc();

        var run = await lazyOc.RunAsync("env", ["DOTNET_ReadyToRun=0", LazyOc.Program, "doctor"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("compiled just in time", run.Output, StringComparison.Ordinal);
        Assert.Contains("beyond what the just-in-time compiler optimises", run.Output, StringComparison.Ordinal);
    }
}
