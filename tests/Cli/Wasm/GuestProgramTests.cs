using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Wasm;

/// <summary>What <c>lazyoc wasm run</c> says of a file that it does not take, and what it advises.</summary>
public sealed class GuestProgramTests : IDisposable
{
    /// <summary>Bytes of the largest module that is taken.</summary>
    private const int MaxModuleBytes = 64 * 1024 * 1024;

    private static readonly byte[] Header = [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0];

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task Run_Text_AdvisesToMakeABinary() =>
        await AssertRefusedAsync("(module)"u8.ToArray(), "magic header not detected (at byte 0x0)", "it must be a binary module");

    [Fact]
    public async Task Run_Component_SaysThatThoseAreNotRun() =>
        await AssertRefusedAsync([0x00, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0], "unknown binary version (at byte 0x4)", "it must be a core module");

    /// <summary>A start section that names no function: a module it is, and a binary one.</summary>
    [Fact]
    public async Task Run_InvalidModule_SaysThatItIsDamaged() =>
        await AssertRefusedAsync([.. Header, 8, 1, 9], "unknown function 9 (at byte 0xa)", "the file is damaged");

    [Fact]
    public async Task Run_FileThatIsTooLarge_NamesTheLimits() =>
        await AssertRefusedAsync(new byte[MaxModuleBytes + 1], $"module bytes: {MaxModuleBytes + 1} exceeds the limit of {MaxModuleBytes} (at byte 0x0)", "the limits are those that hold for plugins");

    private async Task AssertRefusedAsync(byte[] module, string message, string hint)
    {
        await File.WriteAllBytesAsync(_lazyoc.PathOf("program.wasm"), module);

        var run = await _lazyoc.RunAsync("wasm", "run", _lazyoc.PathOf("program.wasm"));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"lazyoc: program.wasm: {message}\nhint: {hint}", run.Error, StringComparison.Ordinal);
    }
}
