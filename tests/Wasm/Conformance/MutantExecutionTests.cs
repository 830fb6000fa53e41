using System.Globalization;
using LazyOC.Wasm.Tests.Validation;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>What the validator lets pass must compile and run: to a result, a trap or a refusal to link, and nothing else.</summary>
public sealed class MutantExecutionTests
{
    private const long Fuel = 20_000;

    private static readonly InstanceOptions Options = new() { Fuel = Fuel, MaxMemoryBytes = 1024 * 1024, MaxTableElements = 10_000, StackLimitBytes = 256 * 1024 };

    [Fact]
    public void Instantiate_DamagedModuleThatIsValid_RunsOrTraps()
    {
        var corpus = MutationTests.Corpus();
        var executed = GuestThread.Run(() =>
        {
            var count = 0;
            for (var seed = MutationTests.FirstSeed; seed < MutationTests.FirstSeed + MutationTests.ExecutedCount; seed++)
            {
                if (TryLoad(new ModuleMutator(seed).Mutate(corpus[seed % corpus.Count])) is { } module)
                {
                    Execute(module, seed);
                    count++;
                }
            }
            return count;
        });
        Assert.True(executed > 0, "no damaged module was valid");
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

    private static void Execute(WasmModule module, int seed)
    {
        try
        {
            using var instance = module.Instantiate(StubsFor(module), Options);
            foreach (var export in module.Exports)
            {
                if (export.Type is FunctionType type)
                    Call(instance, export.Name, type);
            }
        }
        catch (Exception exception) when (exception is TrapException or WasmLinkException)
        {
            // Segments out of bounds, a start function that traps, more memory than the options allow.
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"seed {seed.ToString(CultureInfo.InvariantCulture)}: {exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    private static void Call(WasmInstance instance, string name, FunctionType type)
    {
        instance.Fuel = Fuel;
        try
        {
            instance.GetFunction(name)!.Invoke([.. type.Parameters.Select(DefaultOf)]);
        }
        catch (TrapException)
        {
            // The next function is called all the same.
        }
    }

    private static WasmLinker StubsFor(WasmModule module)
    {
        var linker = new WasmLinker();
        foreach (var import in module.Imports)
        {
            _ = import.Type switch
            {
                FunctionType type => linker.Define(import.Module, import.Name, type, (_, _) => [.. type.Results.Select(DefaultOf)]),
                TableType type => linker.Define(import.Module, import.Name, new WasmTable(type.Element, Math.Min(type.Limits.Minimum, 1_000), type.Limits.Maximum)),
                MemoryType type => linker.Define(import.Module, import.Name, new WasmMemory(Math.Min(type.Limits.Minimum, 16), type.Limits.Maximum)),
                GlobalType type => linker.Define(import.Module, import.Name, new WasmGlobal(type.Value, type.IsMutable, DefaultOf(type.Value))),
                _ => throw new NotSupportedException(),
            };
        }
        return linker;
    }

    private static object? DefaultOf(ValType type) => type switch
    {
        ValType.I32 => 1,
        ValType.I64 => 1L,
        ValType.F32 => 1f,
        ValType.F64 => 1d,
        _ => null,
    };
}
