using LazyOC.Cli.Commands.Wasm;
using LazyOC.Wasm;

namespace LazyOC.Cli.Tests.Wasm;

/// <summary>What <c>lazyoc wasm run</c> says of a file that it does not take, and what it advises.</summary>
public sealed class GuestProgramTests : IDisposable
{
    private static readonly byte[] Header = [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Run_Text_AdvisesToMakeABinary() =>
        await AssertRefusedAsync("(module)"u8.ToArray(), "magic header not detected", "it must be a binary module");

    [Fact]
    public async Task Run_Component_SaysThatThoseAreNotRun() =>
        await AssertRefusedAsync([0x00, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0], "unknown binary version", "components are not run");

    /// <summary>A start section that names no function: a module it is, and a binary one.</summary>
    [Fact]
    public async Task Run_InvalidModule_SaysThatItIsDamaged() =>
        await AssertRefusedAsync([.. Header, 8, 1, 9], "unknown function 9 (at byte 0xa)", "the file is damaged");

    [Fact]
    public async Task Run_FileThatIsTooLarge_NamesTheLimits() =>
        await AssertRefusedAsync(new byte[WasmLimits.Default.ModuleBytes + 1], "module bytes: ", "the limits are those that hold for plugins");

    private async Task AssertRefusedAsync(byte[] module, string message, string hint)
    {
        await File.WriteAllBytesAsync(_file, module);
        var program = new GuestProgram { File = new FileInfo(_file), Arguments = [], Directories = [], Environment = [], Instance = InstanceOptions.Default, Timeout = null };

        var refusal = await Assert.ThrowsAsync<UserError>(() => program.RunAsync(CancellationToken.None));

        Assert.StartsWith($"{Path.GetFileName(_file)}: {message}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(hint, refusal.Hint, StringComparison.Ordinal);
    }
}
