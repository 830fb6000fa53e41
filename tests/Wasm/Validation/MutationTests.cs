using System.Globalization;
using LazyOC.Cli.Commands.Bench.Spec;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Tests.Conformance;
using LazyOC.Wasm.Validation;

namespace LazyOC.Wasm.Tests.Validation;

/// <summary>
/// Damaged modules: <c>LAZYOC_FUZZ_COUNT</c> of them, from seed <c>LAZYOC_FUZZ_SEED</c>. A failure names the seed, which
/// repeats it with a count of 1.
/// </summary>
public sealed class MutationTests
{
    internal static readonly int Count = FromEnvironment("LAZYOC_FUZZ_COUNT", 40_000);
    internal static readonly int ExecutedCount = FromEnvironment("LAZYOC_FUZZ_COUNT", 5_000);
    internal static readonly int FirstSeed = FromEnvironment("LAZYOC_FUZZ_SEED", 1);

    [Fact]
    public void Load_DamagedModule_IsAcceptedOrRefusedWithinItsMemory()
    {
        var corpus = Corpus();
        var refused = 0;
        for (var i = 0; i < Count; i++)
        {
            var seed = FirstSeed + i;
            var module = new ModuleMutator(seed).Mutate(corpus[seed % corpus.Count]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (!TryLoad(module, seed))
                refused++;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var allowed = (256L * module.Length) + (512 * 1024);
            Assert.True(allocated <= allowed, $"seed {seed}: {allocated} bytes for a module of {module.Length}");
        }
        Assert.InRange(refused, Count / 4, Count);
    }

    /// <summary>The committed fixture and, where the test suite is, a part of its modules.</summary>
    internal static IReadOnlyList<byte[]> Corpus()
    {
        var fixture = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "every-group.wasm"));
        var scripts = Testsuite.Scripts("core").Where(script => !script.StartsWith("core/simd", StringComparison.Ordinal));
        var modules = scripts
            .SelectMany(script => SpecScript.Load(Testsuite.PathOf(script)).Commands)
            .Where(command => string.Equals(command.Kind, "module", StringComparison.Ordinal))
            .Select(command => File.ReadAllBytes(command.File))
            .Where(module => module.Length is > 200 and < 20_000)
            .Take(300);
        return [fixture, .. modules];
    }

    private static bool TryLoad(byte[] module, int seed)
    {
        try
        {
            Validator.Validate(ModuleReader.Read(module, WasmLimits.Default), WasmLimits.Default);
            return true;
        }
        catch (WasmFormatException refusal)
        {
            Assert.InRange(refusal.Offset, 0, module.Length);
            return false;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"seed {seed}: {exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    private static int FromEnvironment(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
