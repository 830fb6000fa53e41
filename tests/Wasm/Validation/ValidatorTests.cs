using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Tests.Binary;
using LazyOC.Wasm.Validation;
using static LazyOC.Wasm.Tests.Binary.ModuleBytes;

namespace LazyOC.Wasm.Tests.Validation;

public sealed class ValidatorTests
{
    [Fact]
    public void Validate_ModuleWithEveryGroupOfInstructions_Passes() =>
        Validate(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "every-group.wasm")));

    [Theory]
    [InlineData("`i32.add` needs an operand, the stack is empty", 0x41, 1, 0x6A, 0x1A, 0x0B)]
    [InlineData("`i32.add` needs i32, the stack has i64", 0x41, 1, 0x42, 1, 0x6A, 0x1A, 0x0B)]
    [InlineData("`end` leaves 1 operands too many", 0x41, 1, 0x0B)]
    [InlineData("unknown label 1", 0x0C, 1, 0x0B)]
    [InlineData("unknown local 0", 0x20, 0, 0x1A, 0x0B)]
    [InlineData("unknown global 0", 0x23, 0, 0x1A, 0x0B)]
    [InlineData("unknown function 1", 0x10, 1, 0x0B)]
    [InlineData("unknown table 0", 0x41, 0, 0x11, 0, 0, 0x0B)]
    [InlineData("unknown memory 0", 0x3F, 0, 0x1A, 0x0B)]
    [InlineData("unknown type 9", 0x02, 9, 0x0B, 0x0B)]
    [InlineData("undeclared function reference", 0xD2, 0, 0x1A, 0x0B)]
    [InlineData("`select` of references must state its type", 0xD0, 0x70, 0xD0, 0x70, 0x41, 0, 0x1B, 0x1A, 0x0B)]
    [InlineData("invalid lane index 16: `i8x16.extract_lane_s`", 0x41, 0, 0xFD, 0x0F, 0xFD, 0x15, 16, 0x1A, 0x0B)]
    [InlineData("invalid lane index 32: `i8x16.shuffle`", 0x00, 0xFD, 0x0D, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 31, 32, 0x1A, 0x0B)]
    [InlineData("`i8x16.splat` needs i32, the stack has i64", 0x42, 0, 0xFD, 0x0F, 0x1A, 0x0B)]
    [InlineData("`f64x2.add` needs v128, the stack has f64", 0x00, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0xFD, 0xF0, 0x01, 0x1A, 0x0B)]
    [InlineData("unknown memory 0: `v128.load`", 0x41, 0, 0xFD, 0x00, 4, 0, 0x1A, 0x0B)]
    [InlineData("an `if` without `else` must leave what it takes", 0x41, 0, 0x04, 0x7F, 0x41, 0, 0x0B, 0x1A, 0x0B)]
    [InlineData("the labels of `br_table` take 0 and 1 operands", 0x02, 0x7F, 0x41, 0, 0x0E, 1, 1, 0, 0x0B, 0x1A, 0x0B)]
    public void Validate_InvalidCode_SaysWhatIsWrongWhere(string message, params int[] code)
    {
        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Validate(WithFunction([0, .. code.Select(value => (byte)value)])));

        Assert.Equal(WasmFormatError.Invalid, refusal.Error);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("function 0", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unexpected end", 0x02, 0x40, 0x0B)]
    [InlineData("code continues after its final `end`", 0x0B, 0x01)]
    [InlineData("`else` without `if`", 0x05, 0x0B)]
    [InlineData("illegal opcode 0xff", 0xFF, 0, 0x0B)]
    [InlineData("illegal opcode 0xfd9a", 0xFD, 0x9A, 0x01, 0x0B)]
    [InlineData("illegal opcode 0xfd 276", 0xFD, 0x94, 0x02, 0x0B)]
    [InlineData("unexpected end", 0xFD, 0x0C, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)]
    [InlineData("malformed block type", 0x02, 0x41, 0x0B, 0x0B)]
    [InlineData("malformed memop flags", 0x28, 0x20, 0, 0x0B)]
    public void Validate_MalformedCode_IsMalformed(string message, params int[] code)
    {
        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Validate(WithFunction([0, .. code.Select(value => (byte)value)])));

        Assert.Equal(WasmFormatError.Malformed, refusal.Error);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relaxed SIMD", 0xFD, 0x80, 0x02, 0x0B)]
    [InlineData("relaxed SIMD", 0xFD, 0x93, 0x02, 0x0B)]
    [InlineData("exception handling", 0x06, 0x40, 0x0B, 0x0B)]
    public void Validate_UnsupportedFeature_IsNamed(string feature, params int[] code)
    {
        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Validate(WithFunction([0, .. code.Select(value => (byte)value)])));

        Assert.Equal(WasmFormatError.Unsupported, refusal.Error);
        Assert.Contains(feature, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x00, 4, 5)]
    [InlineData(0x01, 3, 4)]
    [InlineData(0x07, 0, 1)]
    [InlineData(0x5C, 2, 3)]
    [InlineData(0x5D, 3, 4)]
    public void Validate_VectorLoad_IsAlignedAtMostNaturally(byte load, byte natural, byte tooLarge)
    {
        // i32.const 0, the load, drop
        byte[] Module(byte alignment) => new ModuleBytes().Section(1, 1, 0x60, 0, 0).Section(3, 1, 0).Section(5, 1, 0, 1)
            .Section(10, [1, .. Sized(0, 0x41, 0, 0xFD, load, alignment, 0, 0x1A, 0x0B)]).ToArray();

        Validate(Module(natural));
        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Validate(Module(tooLarge)));
        Assert.Contains("alignment must not be larger than natural", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_UnreachableCode_TakesOperandsOfAnyType() =>
        Validate(WithFunction(0, 0x00, 0x6A, 0x1A, 0x7C, 0x1A, 0x1B, 0x1A, 0x0B));

    [Fact]
    public void Validate_NestingAsDeepAsTheLimit_NeedsNoStackOfTheHost()
    {
        const int depth = 400_000;
        var limits = new WasmLimits { ControlDepth = depth + 1 };
        var module = WithFunction([0, .. Enumerable.Repeat<byte[]>([0x02, 0x40], depth).SelectMany(open => open), .. Enumerable.Repeat((byte)0x0B, depth + 1)]);

        Validator.Validate(ModuleReader.Read(module, limits), limits);
    }

    [Fact]
    public void Validate_DuplicateExport_IsInvalid()
    {
        var module = new ModuleBytes().Section(5, 1, 0, 1).Section(7, [2, .. Name("m"), 2, 0, .. Name("m"), 2, 0]).ToArray();

        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Validate(module));

        Assert.Contains("duplicate export name", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ModuleBothInvalidAndMalformed_IsMalformed()
    {
        var module = new ModuleBytes().Section(1, 1, 0x60, 0, 0).Section(3, 2, 0, 0)
            .Section(10, [2, .. Sized(0, 0x1A, 0x0B), .. Sized(0, 0x02, 0x40, 0x0B)]).ToArray();

        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Validate(module));

        Assert.Equal(WasmFormatError.Malformed, refusal.Error);
    }

    [Fact]
    public void Validate_DefectInABody_NamesTheFunctionAndTheByte()
    {
        var module = new ModuleBytes().Section(1, 1, 0x60, 0, 0).Section(3, 2, 0, 0).Section(10, [2, .. Sized(0, 0x0B), .. Sized(0, 0x1A, 0x0B)]).ToArray();

        var refusal = Assert.Throws<WasmValidationException>(() => Validate(module));

        Assert.Equal((1, module.Length - 2), (refusal.Function, refusal.Offset));
        Assert.EndsWith($"(at byte 0x{module.Length - 2:x}, function 1)", refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("type mismatch", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What is wrong with a declaration that is not the first of its kind, and how far from the module's end it begins.</summary>
    public static TheoryData<string, int, byte[]> Declarations => new()
    {
        { "size minimum must not be greater than maximum", 4, new ModuleBytes().Section(4, 2, 0x70, 0, 1, 0x70, 1, 5, 3).ToArray() },
        { "size minimum must not be greater than maximum", 3, new ModuleBytes().Section(5, 2, 0, 1, 1, 5, 3).ToArray() },
        { "memory size must be at most 65536 pages (4GiB)", 4, new ModuleBytes().Section(5, [2, 0, 1, 0, .. Leb(65_537)]).ToArray() },
        { "multiple memories", 2, new ModuleBytes().Section(5, 2, 0, 1, 0, 1).ToArray() },
        { "unknown function 9", 1, new ModuleBytes().Section(8, 9).ToArray() },
        { "start function", 7, new ModuleBytes().Section(1, 1, 0x60, 1, 0x7F, 0).Section(3, 1, 0).Section(8, 0).Section(10, [1, .. Sized(0, 0x0B)]).ToArray() },
        { "table elements: 7 exceeds the limit of 6", 3, new ModuleBytes().Section(4, 2, 0x70, 0, 1, 0x70, 0, 7).ToArray() },
        { "memory pages: 7 exceeds the limit of 6", 2, new ModuleBytes().Section(5, 2, 0, 1, 0, 7).ToArray() },
        { "tables: 3 exceeds the limit of 2", 3, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("t"), 1, 0x70, 0, 1]).Section(4, 2, 0x70, 0, 1, 0x70, 0, 1).ToArray() },
        { "memories: 3 exceeds the limit of 2", 2, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("m"), 2, 0, 1]).Section(5, 2, 0, 1, 0, 1).ToArray() },
        { "globals: 3 exceeds the limit of 2", 5, new ModuleBytes().Section(2, [1, .. Name("m"), .. Name("g"), 3, 0x7F, 0]).Section(6, 2, 0x7F, 0, 0x41, 0, 0x0B, 0x7F, 0, 0x41, 0, 0x0B).ToArray() },
    };

    [Theory]
    [MemberData(nameof(Declarations))]
    public void Validate_DefectInADeclaration_NamesTheByteWhereItBegins(string message, int fromEnd, byte[] module)
    {
        var limits = new WasmLimits { Tables = 2, TableElements = 6, Memories = 2, MemoryPages = 6, Globals = 2 };
        var features = message.StartsWith("multiple", StringComparison.Ordinal) ? WasmFeatures.None : WasmFeatures.All;

        var refusal = Assert.ThrowsAny<WasmFormatException>(() => Validator.Validate(ModuleReader.Read(module, limits, features), limits));

        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(module.Length - fromEnd, refusal.Offset);
        Assert.Null(refusal.Function);
    }

    private static void Validate(byte[] module) =>
        Validator.Validate(ModuleReader.Read(module, WasmLimits.Default), WasmLimits.Default);
}
