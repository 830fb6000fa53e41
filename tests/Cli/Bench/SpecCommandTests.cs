using System.Text.Json;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Bench;

/// <summary><c>lazyoc bench wasm --spec</c> as other programs call it: one JSON object, and an exit code that says whether all held.</summary>
public sealed class SpecCommandTests : IDisposable
{
    /// <summary>(module (func (export "one") (result i32) (i32.const 1)))</summary>
    private static readonly byte[] One =
    [
        0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0,
        1, 5, 1, 0x60, 0, 1, 0x7F,
        3, 2, 1, 0,
        7, 7, 1, 3, (byte)'o', (byte)'n', (byte)'e', 0, 0,
        10, 6, 1, 4, 0, 0x41, 1, 0x0B,
    ];

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Theory]
    [InlineData("1", 0, 3, 0)]
    [InlineData("2", 1, 2, 1)]
    public async Task Spec_OfAFolder_PrintsItsCountsAndEndsWithWhetherAllHeld(string expected, int exitCode, int passed, int failed)
    {
        var folder = Directory.CreateDirectory(_lazyoc.PathOf("core")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "one.wasm"), One);
        await File.WriteAllTextAsync(Path.Combine(folder, "text.wasm"), "(module)");
        await File.WriteAllTextAsync(Path.Combine(folder, "script.json"), $$"""
            {"commands":[
              {"type":"module","line":1,"filename":"one.wasm"},
              {"type":"assert_return","line":2,"action":{"type":"invoke","field":"one","args":[]},"expected":[{"type":"i32","value":"{{expected}}"}]},
              {"type":"assert_malformed","line":3,"filename":"text.wasm","text":"magic header not detected","module_type":"binary"},
              {"type":"assert_malformed","line":4,"filename":"text.wat","text":"unknown operator","module_type":"text"}
            ]}
            """);

        var run = await _lazyoc.RunAsync("bench", "wasm", "--spec", folder, "--json");

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Error));
        using var report = JsonDocument.Parse(run.Output);
        var root = report.RootElement;
        Assert.Equal(["passed", "failed", "textSkipped", "files"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal((passed, failed, 1), (root.GetProperty("passed").GetInt32(), root.GetProperty("failed").GetInt32(), root.GetProperty("textSkipped").GetInt32()));
        var file = Assert.Single(root.GetProperty("files").EnumerateArray());
        Assert.Equal("core/script", file.GetProperty("file").GetString());
        Assert.Equal(failed, file.GetProperty("failures").GetArrayLength());
    }
}
