using System.Text.Json;
using LazyOC.Cli.Commands.Bench.Spec;
using LazyOC.Wasm.Tests.Binary;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>The runner of test scripts itself, on scripts made by hand.</summary>
public sealed class SpecRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lazyoc-spec-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Run_OfAFolder_CountsWhatHoldsAndSaysWhatDoesNot()
    {
        Write("core", "good", """
            {"type":"module","line":1,"filename":"one.wasm"},
            {"type":"assert_return","line":2,"action":{"type":"invoke","field":"one","args":[]},"expected":[{"type":"i32","value":"1"}]},
            {"type":"assert_malformed","line":3,"filename":"x.wat","text":"","module_type":"text"}
            """);
        Write("core", "wrong", """
            {"type":"module","line":1,"filename":"one.wasm"},
            {"type":"assert_return","line":2,"action":{"type":"invoke","field":"one","args":[]},"expected":[{"type":"i32","value":"2"}]},
            {"type":"assert_return","line":3,"action":{"type":"invoke","field":"two","args":[]},"expected":[]},
            {"type":"module","line":4,"filename":"missing.wasm"},
            {"type":"assert_return","line":5,"action":{"type":"invoke","field":"one","args":[]},"expected":[]},
            {"type":"dance","line":6}
            """);
        File.WriteAllText(Path.Combine(_folder.FullName, "core", "broken.json"), "{\"commands\":[{}]}");

        var report = await SpecRun.RunAsync(_folder.FullName, CancellationToken.None);

        Assert.Equal((3, 6, 1), (report.Passed, report.Failed, report.TextSkipped));
        Assert.Equal(["core/broken", "core/good", "core/wrong"], report.Files.Select(file => file.File));
        Assert.Contains("not a script that wast2json made", Assert.Single(report.Files[0].Failures), StringComparison.Ordinal);
        Assert.Empty(report.Files[1].Failures);
        var failures = report.Files[2].Failures;
        Assert.Equal("line 2 assert_return: result 0 of `one` is 1, expected i32 2", failures[0]);
        Assert.Contains("no function `two`", failures[1], StringComparison.Ordinal);
        Assert.Contains("missing.wasm", failures[2], StringComparison.Ordinal);
        Assert.Contains("was not instantiated", failures[3], StringComparison.Ordinal);
        Assert.Contains("unknown command", failures[4], StringComparison.Ordinal);
    }

    /// <summary>The right class of error is not enough: the message begins with the specification's wording.</summary>
    [Fact]
    public async Task Run_OfRefusals_ComparesTheWording()
    {
        Write("core", "wording", """
            {"type":"assert_malformed","line":1,"filename":"text.wasm","text":"magic header not detected","module_type":"binary"},
            {"type":"assert_malformed","line":2,"filename":"text.wasm","text":"unknown binary version","module_type":"binary"},
            {"type":"assert_invalid","line":3,"filename":"export.wasm","text":"unknown memory","module_type":"binary"},
            {"type":"assert_invalid","line":4,"filename":"export.wasm","text":"unknown memory 1","module_type":"binary"},
            {"type":"assert_unlinkable","line":5,"filename":"import.wasm","text":"unknown import","module_type":"binary"},
            {"type":"assert_unlinkable","line":6,"filename":"import.wasm","text":"incompatible import type","module_type":"binary"},
            {"type":"assert_malformed","line":7,"filename":"export.wasm","text":"unknown memory 0","module_type":"binary"}
            """);
        var folder = Path.Combine(_folder.FullName, "core");
        File.WriteAllText(Path.Combine(folder, "text.wasm"), "(module)");
        File.WriteAllBytes(Path.Combine(folder, "export.wasm"), new ModuleBytes().Section(7, [1, .. ModuleBytes.Name("m"), 2, 0]).ToArray());
        File.WriteAllBytes(Path.Combine(folder, "import.wasm"), new ModuleBytes().Section(2, [1, .. ModuleBytes.Name("m"), .. ModuleBytes.Name("m"), 2, 0, 1]).ToArray());

        var report = await SpecRun.RunAsync(_folder.FullName, CancellationToken.None);

        Assert.Equal(
            ["line 2 assert_malformed", "line 4 assert_invalid", "line 6 assert_unlinkable", "line 7 assert_malformed"],
            report.Files[0].Failures.Select(failure => failure[..failure.IndexOf(':', StringComparison.Ordinal)]));
        Assert.Equal("line 2 assert_malformed: magic header not detected (at byte 0x0), expected: unknown binary version", report.Files[0].Failures[0]);
    }

    [Fact]
    public async Task Report_AsJson_HasItsDocumentedShape()
    {
        Write("core", "empty", "");

        var report = await SpecRun.RunAsync(Path.Combine(_folder.FullName, "core", "empty.json"), CancellationToken.None);
        var json = JsonSerializer.SerializeToElement(report, SpecJson.Default.SpecReport);

        Assert.Equal(["passed", "failed", "textSkipped", "files"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["failed", "failures", "file", "passed", "textSkipped"],
            json.GetProperty("files")[0].EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("core", WasmFeatures.None)]
    [InlineData("tail-call", WasmFeatures.TailCalls)]
    [InlineData("multi-memory", WasmFeatures.MultipleMemories)]
    [InlineData("extended-const", WasmFeatures.ExtendedConstants)]
    [InlineData("mine", WasmFeatures.All)]
    public void Script_HasTheFeaturesOfItsGroup(string group, WasmFeatures features)
    {
        Write(group, "empty", "");

        Assert.Equal(features, SpecScript.Load(Path.Combine(_folder.FullName, group, "empty.json")).Features);
    }

    [Fact]
    public async Task Cancel_OfAScriptThatNeverEnds_InterruptsTheGuest()
    {
        // loop, br 0, end
        Write("core", "endless", """{"type":"module","line":1,"filename":"one.wasm"}""", code: [0x03, 0x40, 0x0C, 0, 0x0B, 0x41, 1], isStart: true);
        using var cancellation = new CancellationTokenSource();

        var run = SpecRun.RunAsync(_folder.FullName, cancellation.Token);
        cancellation.CancelAfter(50);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Run_WhereThereIsNothing_SaysSo()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => SpecRun.RunAsync(Path.Combine(_folder.FullName, "nothing"), CancellationToken.None));
        await Assert.ThrowsAsync<FileNotFoundException>(() => SpecRun.RunAsync(_folder.FullName, CancellationToken.None));
    }

    /// <summary>Writes a script with the module <c>one.wasm</c> beside it, whose function <c>one</c> has the code, or gives 1.</summary>
    private void Write(string group, string name, string commands, byte[]? code = null, bool isStart = false)
    {
        var folder = _folder.CreateSubdirectory(group).FullName;
        var module = new ModuleBytes()
            .Section(1, [1, 0x60, 0, .. isStart ? (byte[])[0] : [1, 0x7F]])
            .Section(3, 1, 0)
            .Section(7, [1, .. ModuleBytes.Name("one"), 0, 0]);
        if (isStart)
            module.Section(8, 0);
        module.Section(10, [1, .. ModuleBytes.Sized([0, .. code ?? [0x41, 1], .. isStart ? (byte[])[0x1A] : [], 0x0B])]);
        File.WriteAllBytes(Path.Combine(folder, "one.wasm"), module.ToArray());
        File.WriteAllText(Path.Combine(folder, name + ".json"), $$"""{"commands":[{{commands}}]}""");
    }
}
