using System.Diagnostics;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Validation;

namespace LazyOC.Wasm.Tests.Validation;

/// <summary>Compares our judgement of damaged modules with that of V8.</summary>
public sealed class DifferentialTests
{
    /// <summary>Reads modules, each after its length, and prints 1 or 0 for each.</summary>
    private const string Judge = """
        const bytes = require('fs').readFileSync(0);
        let verdicts = '';
        for (let at = 0; at < bytes.length;) {
          const length = bytes.readUInt32LE(at);
          verdicts += WebAssembly.validate(bytes.subarray(at + 4, at + 4 + length)) ? '1' : '0';
          at += 4 + length;
        }
        process.stdout.write(verdicts);
        """;

    [NodeFact]
    public void Load_DamagedModule_IsAcceptedExactlyWhenV8AcceptsIt()
    {
        var corpus = MutationTests.Corpus();
        var seeds = Enumerable.Range(MutationTests.FirstSeed, MutationTests.Count).ToList();
        var modules = seeds.ConvertAll(seed => new ModuleMutator(seed).Mutate(corpus[seed % corpus.Count]));

        var verdicts = JudgeWithV8(modules);

        Assert.Equal(modules.Count, verdicts.Length);
        Assert.Contains('1', verdicts);
        var differences = new List<string>();
        for (var i = 0; i < modules.Count; i++)
        {
            // V8 has features that this engine does not have.
            var refusal = Refusal(modules[i]);
            if ((refusal is null) != (verdicts[i] == '1') && refusal?.Error != WasmFormatError.Unsupported)
                differences.Add($"seed {seeds[i]}: V8 says {verdicts[i]}, we say {refusal?.Message ?? "1"}");
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static string JudgeWithV8(List<byte[]> modules)
    {
        var start = new ProcessStartInfo("node", ["-e", Judge]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using (var input = new BinaryWriter(process.StandardInput.BaseStream))
        {
            foreach (var module in modules)
            {
                input.Write(module.Length);
                input.Write(module);
            }
        }
        var verdicts = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return verdicts;
    }

    private static WasmFormatException? Refusal(byte[] module)
    {
        try
        {
            Validator.Validate(ModuleReader.Read(module, WasmLimits.Default), WasmLimits.Default);
            return null;
        }
        catch (WasmFormatException refusal)
        {
            return refusal;
        }
    }
}
