using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Validation;
using static LazyOC.Wasm.Tests.Binary.ModuleBytes;

namespace LazyOC.Wasm.Tests.Binary;

public sealed class ModuleReaderTests
{
    private static readonly byte[] EmptyFunctionType = [1, 0x60, 0, 0];

    [Fact]
    public void Read_EmptyModule_HasNothing()
    {
        var module = Read(new ModuleBytes().ToArray());

        Assert.Empty(module.Functions);
        Assert.Null(module.Start);
        Assert.Null(module.DataCount);
    }

    [Fact]
    public void Read_ModuleWithImportsAndDefinitions_PutsImportsFirstInTheIndexSpaces()
    {
        var module = Read(new ModuleBytes()
            .Section(1, 2, 0x60, 0, 0, 0x60, 1, 0x7F, 1, 0x7E)
            .Section(2, [2, .. Name("env"), .. Name("f"), 0, 1, .. Name("env"), .. Name("g"), 3, 0x7D, 1])
            .Section(3, 1, 0)
            .Section(6, 1, 0x7F, 0, 0x41, 7, 0x0B)
            .Section(10, [1, .. Sized(1, 2, 0x7F, 0x0B)])
            .ToArray());

        Assert.Equal(1, module.ImportedFunctionCount);
        Assert.Equal("[i32] -> [i64]", module.TypeOfFunction(0).ToString());
        Assert.Equal("[] -> []", module.TypeOfFunction(1).ToString());
        Assert.Equal(new GlobalType(ValType.F32, IsMutable: true), module.Globals[0]);
        Assert.Equal(new GlobalType(ValType.I32, IsMutable: false), module.Globals[1]);
        Assert.Equal([0x41, 7, 0x0B], module.Slice(module.GlobalInitializers[0].Code).ToArray());
        Assert.Equal(new LocalDeclaration(2, ValType.I32), Assert.Single(module.Bodies[0].Locals));
    }

    [Fact]
    public void Read_EveryTruncationInsideASection_IsMalformed()
    {
        var module = new ModuleBytes()
            .Section(1, EmptyFunctionType)
            .Section(3, 1, 0)
            .Section(5, 1, 0, 1)
            .Section(12, 1)
            .Section(10, [1, .. Sized(0, 0x0B)])
            .Section(11, 1, 0, 0x41, 0, 0x0B, 1, 42)
            .ToArray();
        const int typesEnd = 14;

        Assert.Single(Read(module).DataSegments);
        Assert.Single(Read(module[..typesEnd]).Types);
        foreach (var length in Enumerable.Range(0, module.Length).Except([8, typesEnd]))
            AssertRefused(WasmFormatError.Malformed, "", module[..length]);
    }

    [Theory]
    [InlineData("magic header not detected", 0x00, 0x61, 0x73, 0x6E, 1, 0, 0, 0)]
    [InlineData("unknown binary version", 0x00, 0x61, 0x73, 0x6D, 2, 0, 0, 0)]
    [InlineData("malformed section id", 0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 13, 0)]
    [InlineData("section size mismatch", 0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 2, 0, 0)]
    [InlineData("length out of bounds", 0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 5, 0)]
    [InlineData("length out of bounds", 0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 1, 9)]
    [InlineData("integer too large", 0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 0x80, 0x80, 0x80, 0x80, 0x10)]
    [InlineData("integer representation too long", 0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0)]
    [InlineData("malformed UTF-8", 0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 0, 2, 1, 0x80)]
    public void Read_BrokenBytes_SaysWhatIsWrong(string message, params int[] bytes) =>
        AssertRefused(WasmFormatError.Malformed, message, [.. bytes.Select(value => (byte)value)]);

    [Fact]
    public void Read_RepeatedSection_IsMalformed() =>
        AssertRefused(WasmFormatError.Malformed, "repeated or out of order", new ModuleBytes().Section(1, 0).Section(1, 0).ToArray());

    [Fact]
    public void Read_SectionsOutOfOrder_IsMalformed() =>
        AssertRefused(WasmFormatError.Malformed, "repeated or out of order", new ModuleBytes().Section(3, 0).Section(1, 0).ToArray());

    [Fact]
    public void Read_FunctionWithoutBody_IsMalformed() =>
        AssertRefused(WasmFormatError.Malformed, "inconsistent lengths", new ModuleBytes().Section(1, EmptyFunctionType).Section(3, 1, 0).ToArray());

    [Fact]
    public void Read_DataCountThatDiffers_IsMalformed() =>
        AssertRefused(WasmFormatError.Malformed, "data count", new ModuleBytes().Section(12, 1).ToArray());

    [Fact]
    public void Read_FourBillionLocals_IsMalformedWithoutTakingMemory() =>
        AssertRefused(
            WasmFormatError.Malformed, "too many locals",
            WithFunction(2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x0B));

    [Fact]
    public void Read_BrokenNameSection_IsReadUpToTheDefect()
    {
        var module = Read(new ModuleBytes()
            .Section(1, EmptyFunctionType)
            .Section(3, 1, 0)
            .Section(10, [1, .. Sized(0, 0x0B)])
            .Section(0, [.. Name("name"), 1, .. Sized([1, 0, .. Name("main")]), 2, 0x80])
            .ToArray());

        Assert.Equal("main", module.Names.FunctionName(0));
    }

    /// <summary>Names are for people who look for errors: a module that has too many runs without them.</summary>
    [Fact]
    public void Read_NameSectionBeyondTheLimit_IsIgnored()
    {
        byte[] names = [.. Name("name"), 1, .. Sized([1, 0, .. Name("main")])];
        var bytes = new ModuleBytes().Section(1, EmptyFunctionType).Section(3, 1, 0).Section(10, [1, .. Sized(0, 0x0B)]).Section(0, names).ToArray();
        var contentBytes = names.Length - Name("name").Length;

        Assert.Equal("main", ModuleReader.Read(bytes, new WasmLimits { NameSectionBytes = contentBytes }).Names.FunctionName(0));
        Assert.Null(ModuleReader.Read(bytes, new WasmLimits { NameSectionBytes = contentBytes - 1 }).Names.FunctionName(0));
    }

    [Theory]
    [InlineData("unexpected end", 1, 1)]
    [InlineData("too many locals", 2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x0B)]
    [InlineData("locals: 60000 exceeds the limit of 50000", 1, 0xE0, 0xD4, 0x03, 0x7F, 0x0B)]
    [InlineData("malformed value type", 1, 1, 0x00, 0x0B)]
    [InlineData("function body bytes: 21 exceeds the limit of 20", 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x0B)]
    public void Read_DefectBeforeTheCodeOfABody_NamesTheFunction(string message, params int[] body)
    {
        // An import and a function that is fine come first.
        var module = new ModuleBytes()
            .Section(1, EmptyFunctionType)
            .Section(2, [1, .. Name("m"), .. Name("f"), 0, 0])
            .Section(3, 2, 0, 0)
            .Section(10, [2, .. Sized(0, 0x0B), .. Sized([.. body.Select(value => (byte)value)])])
            .ToArray();

        var refusal = Assert.ThrowsAny<WasmFormatException>(() => ModuleReader.Read(module, new WasmLimits { FunctionBodyBytes = 20 }));

        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, refusal.Function);
        Assert.EndsWith(", function 2)", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.Offset, module.Length - body.Length - 1, module.Length);
    }

    [Fact]
    public void Read_CustomSections_AreKeptInOrderUpToTheLimit()
    {
        var bytes = new ModuleBytes().Section(0, [.. Name("a"), 1]).Section(0, Name("b")).Section(0, Name("c")).ToArray();

        var module = ModuleReader.Read(bytes, new WasmLimits { CustomSections = 2 });

        Assert.Equal(["a", "b"], module.CustomSections.Select(section => section.Name));
        Assert.Equal([1], module.Slice(module.CustomSections[0].Content).ToArray());
    }

    public static TheoryData<string, WasmLimits, byte[]> TooMuch => new()
    {
        { "module bytes", new WasmLimits { ModuleBytes = 7 }, new ModuleBytes().ToArray() },
        { "types", new WasmLimits { Types = 0 }, new ModuleBytes().Section(1, EmptyFunctionType).ToArray() },
        { "function parameters", new WasmLimits { Parameters = 0 }, new ModuleBytes().Section(1, 1, 0x60, 1, 0x7F, 0).ToArray() },
        { "function results", new WasmLimits { Results = 0 }, new ModuleBytes().Section(1, 1, 0x60, 0, 1, 0x7F).ToArray() },
        { "imports", new WasmLimits { Imports = 0 }, new ModuleBytes().Section(2, 1, 0, 0, 2, 0, 0).ToArray() },
        { "functions", new WasmLimits { Functions = 0 }, WithFunction(0, 0x0B) },
        { "locals", new WasmLimits { Locals = 2 }, WithFunction(1, 3, 0x7F, 0x0B) },
        { "function body bytes", new WasmLimits { FunctionBodyBytes = 2 }, WithFunction(0, 0x01, 0x0B) },
        { "nested blocks", new WasmLimits { ControlDepth = 2 }, WithFunction(0, 0x02, 0x40, 0x02, 0x40, 0x0B, 0x0B, 0x0B) },
        { "operand stack", new WasmLimits { OperandStack = 64 }, WithFunction([0, .. Enumerable.Repeat<byte[]>([0x41, 0], 65).SelectMany(push => push), 0x00, 0x0B]) },
        { "tables", new WasmLimits { Tables = 0 }, new ModuleBytes().Section(4, 1, 0x70, 0, 0).ToArray() },
        { "table elements", new WasmLimits { TableElements = 4 }, new ModuleBytes().Section(4, 1, 0x70, 0, 5).ToArray() },
        { "memories", new WasmLimits { Memories = 0 }, new ModuleBytes().Section(5, 1, 0, 0).ToArray() },
        { "memory pages", new WasmLimits { MemoryPages = 4 }, new ModuleBytes().Section(5, 1, 0, 5).ToArray() },
        { "globals", new WasmLimits { Globals = 0 }, new ModuleBytes().Section(6, 1, 0x7F, 0, 0x41, 0, 0x0B).ToArray() },
        { "exports", new WasmLimits { Exports = 0 }, new ModuleBytes().Section(7, 1, 0, 2, 0).ToArray() },
        { "element segments", new WasmLimits { ElementSegments = 0 }, new ModuleBytes().Section(9, 1, 1, 0, 0).ToArray() },
        { "elements of segments", new WasmLimits { SegmentElements = 1 }, new ModuleBytes().Section(9, 2, 1, 0, 1, 0, 1, 0, 1, 0).ToArray() },
        { "data segments", new WasmLimits { DataSegments = 0 }, new ModuleBytes().Section(11, 1, 1, 0).ToArray() },
        { "memories", new WasmLimits { Memories = 1 }, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("m"), 2, 0, 1]).Section(5, 1, 0, 0).ToArray() },
        { "tables", new WasmLimits { Tables = 0 }, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("t"), 1, 0x70, 0, 0]).ToArray() },
        { "tables", new WasmLimits { Tables = 1 }, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("t"), 1, 0x70, 0, 0]).Section(4, 1, 0x70, 0, 0).ToArray() },
        { "table elements", new WasmLimits { TableElements = 4 }, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("t"), 1, 0x70, 0, 5]).ToArray() },
        { "memory pages", new WasmLimits { MemoryPages = 4 }, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("m"), 2, 0, 5]).ToArray() },
        { "globals", new WasmLimits { Globals = 0 }, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("g"), 3, 0x7F, 0]).ToArray() },
        { "globals", new WasmLimits { Globals = 1 }, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("g"), 3, 0x7F, 0]).Section(6, 1, 0x7F, 0, 0x41, 0, 0x0B).ToArray() },
        { "branch table labels", new WasmLimits { BranchTableLabels = 2 }, WithFunction(0, 0x41, 0, 0x0E, 2, 0, 0, 0, 0x0B) },
        { "compile time in milliseconds", new WasmLimits { CompileTime = TimeSpan.FromTicks(-1) }, WithFunction(0, 0x0B) },
        { "name bytes", new WasmLimits { NameBytes = 3 }, new ModuleBytes().Section(7, [1, .. Name("long"), 2, 0]).ToArray() },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public void Load_BeyondALimit_NamesTheLimit(string what, WasmLimits limits, byte[] module)
    {
        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Validator.Validate(ModuleReader.Read(module, limits), limits));

        Assert.Equal(WasmFormatError.LimitExceeded, refusal.Error);
        Assert.StartsWith(what + ":", refusal.Message, StringComparison.Ordinal);
    }

    private static Module Read(byte[] module) => ModuleReader.Read(module, WasmLimits.Default);

    private static void AssertRefused(WasmFormatError error, string message, byte[] module)
    {
        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Read(module));
        Assert.Equal(error, refusal.Error);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
