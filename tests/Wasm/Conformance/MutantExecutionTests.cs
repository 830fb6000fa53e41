using System.Diagnostics;
using LazyOC.Wasm.Tests.Validation;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>What the validator lets pass must compile and run, and do what it does in V8.</summary>
public sealed class MutantExecutionTests
{
    private const long Fuel = 20_000;

    /// <summary>As generous as V8, because a module sees how far its memory and tables grow.</summary>
    private static readonly InstanceOptions Options = new() { Fuel = Fuel, MaxMemoryBytes = 4L << 30, MaxTableElements = 10_000_000 };

    [Fact]
    public void Instantiate_DamagedModuleThatIsValid_RunsOrTraps()
    {
        var executions = GuestThread.Run(() => ValidMutants().ToList().ConvertAll(Execute));

        Assert.NotEmpty(executions);
        Assert.Contains(executions, execution => execution.Outcomes.Length > 0);
    }

    [NodeFact]
    public void Instantiate_DamagedModuleThatIsValid_DoesWhatItDoesInV8()
    {
        // What ran out of fuel or stack here would run on there.
        var executions = GuestThread.Run(() => ValidMutants().ToList().ConvertAll(Execute)).FindAll(execution => execution.Calls >= 0);

        var expected = ExecuteWithV8(executions);

        Assert.Equal(executions.Count, expected.Length);
        var differences = executions.Zip(expected)
            .Where(pair => !string.Equals(pair.First.Outcomes, pair.Second, StringComparison.Ordinal))
            .Select(pair => $"seed {pair.First.Seed}: V8 says {pair.Second}, we say {pair.First.Outcomes}");
        Assert.Equal("", string.Join('\n', differences));
    }

    private static IEnumerable<(int Seed, byte[] Bytes, WasmModule Module)> ValidMutants()
    {
        var corpus = MutationTests.Corpus();
        for (var seed = MutationTests.FirstSeed; seed < MutationTests.FirstSeed + MutationTests.ExecutedCount; seed++)
        {
            var bytes = new ModuleMutator(seed).Mutate(corpus[seed % corpus.Count]);
            if (TryLoad(bytes) is { } module)
                yield return (seed, bytes, module);
        }
    }

    private static WasmModule? TryLoad(byte[] bytes)
    {
        try
        {
            return WasmModule.Load(bytes);
        }
        catch (WasmFormatException)
        {
            return null;
        }
    }

    private static Execution Execute((int Seed, byte[] Bytes, WasmModule Module) mutant)
    {
        var outcomes = new List<string>();
        try
        {
            using var instance = mutant.Module.Instantiate(StubsFor(mutant.Module), Options);
            foreach (var export in mutant.Module.Exports)
            {
                if (export.Type is not FunctionType type)
                    continue;
                if (Call(instance, export.Name, type) is not { } outcome)
                    break;
                outcomes.Add(outcome);
            }
            return new Execution(mutant.Seed, mutant.Bytes, outcomes.Count, string.Join(' ', outcomes));
        }
        catch (WasmLinkException)
        {
            return new Execution(mutant.Seed, mutant.Bytes, 0, "link");
        }
        catch (TrapException trap)
        {
            return new Execution(mutant.Seed, mutant.Bytes, IsOwnLimit(trap) ? -1 : 0, "trap");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"seed {mutant.Seed}: {exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    /// <summary>What a call gave; <see langword="null"/> when it met a limit of this engine.</summary>
    private static string? Call(WasmInstance instance, string name, FunctionType type)
    {
        instance.Fuel = Fuel;
        try
        {
            var results = instance.GetFunction(name)!.Invoke([.. type.Parameters.Select(OneOf)]);
            return string.Join(',', results.Zip(type.Results, Text));
        }
        catch (TrapException trap)
        {
            return IsOwnLimit(trap) ? null : "trap";
        }
    }

    private static bool IsOwnLimit(TrapException trap) => trap.Code is TrapCode.FuelExhausted or TrapCode.StackExhausted;

    private static string[] ExecuteWithV8(List<Execution> executions)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Conformance", "execute-with-v8.js");
        var start = new ProcessStartInfo("node", ["--experimental-wasm-type-reflection", script]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using (var input = new BinaryWriter(process.StandardInput.BaseStream))
        {
            foreach (var execution in executions)
            {
                input.Write(execution.Module.Length);
                input.Write(execution.Calls);
                input.Write(execution.Module);
            }
        }
        var outcomes = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return outcomes.Split('\n');
    }

    private static WasmLinker StubsFor(WasmModule module)
    {
        var linker = new WasmLinker();
        foreach (var import in module.Imports)
        {
            _ = import.Type switch
            {
                FunctionType type => linker.Define(import.Module, import.Name, type, (_, _) => [.. type.Results.Select(OneOf)]),
                TableType type => linker.Define(import.Module, import.Name, new WasmTable(type.Element, Math.Min(type.Limits.Minimum, 1_000), type.Limits.Maximum)),
                MemoryType type => linker.Define(import.Module, import.Name, new WasmMemory(Math.Min(type.Limits.Minimum, 16), type.Limits.Maximum)),
                GlobalType type => linker.Define(import.Module, import.Name, new WasmGlobal(type.Value, type.IsMutable, OneOf(type.Value))),
                _ => throw new NotSupportedException(),
            };
        }
        return linker;
    }

    private static object? OneOf(ValType type) => type switch
    {
        ValType.I32 => 1,
        ValType.I64 => 1L,
        ValType.F32 => 1f,
        ValType.F64 => 1d,
        _ => null,
    };

    /// <summary>A result as the script for V8 writes it: unsigned bits, one word for every NaN and every reference.</summary>
    private static string Text(object? value, ValType type) => value switch
    {
        int number => ((uint)number).ToString(null, null),
        long number => ((ulong)number).ToString(null, null),
        float number => float.IsNaN(number) ? "nan" : BitConverter.SingleToUInt32Bits(number).ToString(null, null),
        double number => double.IsNaN(number) ? "nan" : BitConverter.DoubleToUInt64Bits(number).ToString(null, null),
        null => "null",
        _ => "reference",
    };

    /// <summary>What a module did.</summary>
    /// <param name="Seed">Of its mutation.</param>
    /// <param name="Module">Its bytes.</param>
    /// <param name="Calls">Number of calls that ended by themselves; −1 when the start function did not.</param>
    /// <param name="Outcomes">Of the calls, or why there were none.</param>
    private sealed record Execution(int Seed, byte[] Module, int Calls, string Outcomes);
}
