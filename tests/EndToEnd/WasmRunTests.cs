using System.Diagnostics;
using System.Text;

namespace LazyOC.EndToEnd.Tests;

/// <summary><c>lazyoc wasm run</c>: a program with the streams, folders and variables it is given, and its exit code.</summary>
public sealed class WasmRunTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LazyOc _lazyoc = new();

    private string Program => _lazyoc.PathOf("program.wasm");

    public Task InitializeAsync() => GuestBuild.WasiProgramAsync(LazyOc.RepositoryRoot, Path.Combine(AppContext.BaseDirectory, "Fixtures", "wasi-program"), Program);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task Run_ArgumentsAndVariables_ReachTheProgram()
    {
        var run = await RunAsync(["--env", "A=1", "--env", "B=x=y"], "say", "--env", "zwei", "");

        Assert.Equal(new ProgramRun(0, "program.wasm\nsay\n--env\nzwei\n\n", "A=1\nB=x=y\n"), run);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("255", 255)]
    [InlineData("256", 255)]
    [InlineData("4294967295", 255)]
    public async Task Run_ExitCode_IsThePrograms(string code, int expected) => Assert.Equal(expected, (await RunAsync([], "exit", code)).ExitCode);

    [Fact]
    public async Task Run_StandardStreams_AreByteForByteAndAtOnce()
    {
        using var process = Start([], "copy");
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var buffer = new byte[256];
        for (var round = 0; round < 3; round++)
        {
            // Each part comes back before the next is sent: nothing waits for the end.
            await process.StandardInput.BaseStream.WriteAsync(bytes);
            await process.StandardInput.BaseStream.FlushAsync();
            await process.StandardOutput.BaseStream.ReadExactlyAsync(buffer).AsTask().WaitAsync(Patience);
            Assert.Equal(bytes, buffer);
        }
        process.StandardInput.Close();
        Assert.Equal(0, await ExitCodeOf(process));
    }

    [Fact]
    public async Task Run_Trap_EndsWith134AndTheGuestsStack()
    {
        var run = await RunAsync([], "trap");

        Assert.Equal(134, run.ExitCode);
        Assert.StartsWith("lazyoc: program.wasm trapped: unreachable", run.Error);
        Assert.Contains("dive", run.Error);
        Assert.DoesNotContain("Exception", run.Error);
    }

    [Fact]
    public async Task Run_OutOfTime_EndsWith124() =>
        Assert.Equal((124, true), await RunAsync(["--timeout", "0.5"], "spin") is var run ? (run.ExitCode, run.Error.Contains("0.5 s", StringComparison.Ordinal)) : default);

    [Fact]
    public async Task Run_OutOfFuel_EndsWith134() =>
        Assert.Contains("fuel", await RunAsync(["--fuel", "100000"], "spin") is { ExitCode: 134 } run ? run.Error : "");

    [Theory]
    [InlineData("spin", "spinning")]
    [InlineData("wait", "waiting")]
    public async Task Run_Interrupted_EndsWith130(string what, string sign)
    {
        using var process = Start([], what);
        Assert.Equal(sign, await process.StandardOutput.ReadLineAsync().WaitAsync(Patience));

        using var kill = System.Diagnostics.Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);

        Assert.Equal(130, await ExitCodeOf(process));
    }

    [Fact]
    public async Task Run_WhenNobodyReads_TellsTheProgram()
    {
        using var process = Start([], "yes");
        Assert.Equal("y", await process.StandardOutput.ReadLineAsync().WaitAsync(Patience));
        process.StandardOutput.Close();

        Assert.Equal(0, await ExitCodeOf(process));
    }

    [Fact]
    public async Task Run_Folder_IsSeenAndNothingBesideIt()
    {
        Directory.CreateDirectory(_lazyoc.PathOf("data"));
        File.WriteAllText(_lazyoc.PathOf("data/file"), "");
        File.WriteAllText(_lazyoc.PathOf("outside"), "");
        const int success = 0, readOnly = 69, notCapable = 76;

        Assert.Equal($"{success} {readOnly} {notCapable}\n", (await RunAsync(["--dir", $"{_lazyoc.PathOf("data")}::/data::ro"], "open", "file")).Output);
        Assert.False(File.Exists(_lazyoc.PathOf("data/new-file")));
        Assert.Equal($"{success} {success} {notCapable}\n", (await RunAsync(["--dir", $"{_lazyoc.PathOf("data")}::/data"], "open", "file")).Output);
        Assert.True(File.Exists(_lazyoc.PathOf("data/new-file")));
    }

    [Theory]
    [InlineData(4, "no file", "none.wasm")]
    [InlineData(1, "magic", "text.wasm")]
    [InlineData(1, "_start", "library.wasm")]
    [InlineData(1, "reactor", "reactor.wasm")]
    [InlineData(1, "imports", "other.wasm")]
    [InlineData(2, "variable", "program.wasm", "--env", "novalue")]
    [InlineData(2, "folder", "program.wasm", "--dir", "::x")]
    [InlineData(2, "number", "program.wasm", "--timeout", "-1")]
    [InlineData(4, "no directory", "program.wasm", "--dir", "nowhere::/x")]
    public async Task Run_WhatCannotStart_IsExplained(int exitCode, string says, string file, params string[] options)
    {
        File.WriteAllText(_lazyoc.PathOf("text.wasm"), "(module)");
        File.WriteAllBytes(_lazyoc.PathOf("library.wasm"), [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]);
        // An export `_initialize`, and an import `env.f`.
        File.WriteAllBytes(_lazyoc.PathOf("reactor.wasm"), [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 15, 1, 11, .. Encoding.UTF8.GetBytes("_initialize"), 0, 0, 10, 4, 1, 2, 0, 0x0B]);
        File.WriteAllBytes(_lazyoc.PathOf("other.wasm"), [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 9, 1, 3, .. Encoding.UTF8.GetBytes("env"), 1, (byte)'f', 0, 0]);

        var run = await _lazyoc.RunAsync(["wasm", "run", _lazyoc.PathOf(file), .. options]);

        Assert.True(run.ExitCode == exitCode, $"ended with {run.ExitCode}: {run.Error}");
        Assert.StartsWith("lazyoc: ", run.Error);
        Assert.Contains(says, run.Error);
        Assert.Contains("hint: ", run.Error);
        Assert.DoesNotContain("Exception", run.Error);
    }

    private static async Task<int> ExitCodeOf(Process process)
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    private Task<ProgramRun> RunAsync(string[] options, params string[] arguments) => _lazyoc.RunAsync(["wasm", "run", Program, .. options, "--", .. arguments]);

    private Process Start(string[] options, params string[] arguments) => _lazyoc.Start(["wasm", "run", Program, .. options, "--", .. arguments]);
}
