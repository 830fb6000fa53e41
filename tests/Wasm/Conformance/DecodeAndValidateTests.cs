using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Validation;

namespace LazyOC.Wasm.Tests.Conformance;

public sealed class DecodeAndValidateTests
{
    public static TheoryData<string> CoreScripts => [.. Testsuite.Scripts("core")];

    [TestsuiteTheory]
    [MemberData(nameof(CoreScripts))]
    public void Load_EveryModuleOfTheScript_IsAcceptedOrRefusedAsStated(string script)
    {
        var failures = new List<string>();
        var isUnsupported = false;
        foreach (var command in Script.Load("core", script).Commands)
        {
            if (command.File.Length == 0 || command.IsText)
                continue;
            var expected = command.Kind switch
            {
                "assert_invalid" => WasmFormatError.Invalid,
                "assert_malformed" => WasmFormatError.Malformed,
                _ => (WasmFormatError?)null,
            };
            var refusal = Refusal(File.ReadAllBytes(command.File));
            isUnsupported |= refusal?.Error == WasmFormatError.Unsupported;
            if (refusal?.Error != expected)
                failures.Add($"line {command.Line} {command.Kind} ({command.Text}): {refusal?.Message ?? "accepted"}");
        }
        if (KnownFailures.Contains("core", script))
            Assert.True(isUnsupported, $"core/{script} passes now: take it off the list of known failures");
        else
            Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static WasmFormatException? Refusal(byte[] bytes)
    {
        try
        {
            Validator.Validate(ModuleReader.Read(bytes, WasmLimits.Default), WasmLimits.Default);
            return null;
        }
        catch (WasmFormatException refusal)
        {
            return refusal;
        }
    }
}
