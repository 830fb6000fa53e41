using System.Diagnostics;

namespace LazyOC.Repository.Tests;

/// <summary>The gate refuses to pass without the conformance suite, before it builds anything.</summary>
public sealed class GateTests : IDisposable
{
    /// <summary>What the scripts themselves need; nothing that builds, installs or converts.</summary>
    private static readonly string[] Programs = ["bash", "dirname", "readlink"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lazyoc-gate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Run_WithoutTheSuite_FailsAndSaysWhere()
    {
        var output = await RunAsync(Path.Combine(_folder.FullName, "nowhere.tar.xz"));

        Assert.Contains($"ci: the WebAssembly test suite is not at {_folder.FullName}/nowhere.tar.xz\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("ci: restore", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutItsConverter_FailsAndNamesIt()
    {
        var archive = Path.Combine(_folder.FullName, "suite.tar.xz");
        await File.WriteAllTextAsync(archive, "");

        var output = await RunAsync(archive);

        Assert.Contains("ci: wast2json, which the WebAssembly test suite needs, is not installed\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("ci: restore", output, StringComparison.Ordinal);
    }

    /// <summary>The control: left out on purpose, the gate goes on, and ends here because nothing can be restored.</summary>
    [Fact]
    public async Task Run_WithTheSuiteLeftOut_GoesOn()
    {
        var output = await RunAsync("none");

        Assert.Contains("ci: restore in locked mode\n", output, StringComparison.Ordinal);
        Assert.Contains("ci: the restore failed\n", output, StringComparison.Ordinal);
    }

    /// <summary>What the gate prints; it ends with 1.</summary>
    private async Task<string> RunAsync(string suite)
    {
        foreach (var program in Programs)
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, program), Path.Combine("/usr/bin", program));
        var start = new ProcessStartInfo("/usr/bin/bash", [Path.Combine(RepositoryRoot.Path, ".ci", "run")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = _folder.FullName;
        start.Environment["LAZYOC_WASM_SPEC"] = suite;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.EndsWith("0 passed, 1 failed, 0 skipped\n", output, StringComparison.Ordinal);
        return output;
    }
}
