using System.Diagnostics;
using System.Globalization;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>From the bytes of a module to the answer of one of its functions.</summary>
internal static class ModuleStart
{
    /// <param name="bytes">A module that ends in four bytes of a custom section.</param>
    /// <param name="salt">Put there, so that no two modules are the same.</param>
    /// <param name="export">The function; takes an <c>i32</c>.</param>
    /// <param name="argument">What it is called with.</param>
    public static Lap Run(byte[] bytes, int salt, string export, int argument)
    {
        var salted = bytes.AsSpan().ToArray();
        BitConverter.TryWriteBytes(salted.AsSpan(salted.Length - sizeof(int)), salt);
        var started = Stopwatch.GetTimestamp();
        var module = WasmModule.Load(salted);
        using var instance = module.Instantiate(Imports(module));
        var function = instance.GetFunction(export) ?? throw new UserError(ExitCode.Failed, $"the module exports no function `{export}`");
        var answer = function.Invoke(argument)[0]!;
        return new Lap(Stopwatch.GetElapsedTime(started).TotalNanoseconds, Convert.ToString(answer, CultureInfo.InvariantCulture)!);
    }

    /// <summary>Host functions that do nothing and answer 0.</summary>
    private static WasmLinker Imports(WasmModule module)
    {
        var linker = new WasmLinker();
        foreach (var import in module.Imports)
        {
            if (import.Type is FunctionType type)
                linker.Define(import.Module, import.Name, type, (_, _) => [.. type.Results.Select(Zero)]);
        }

        return linker;
    }

    private static object? Zero(ValType type) => type switch
    {
        ValType.I32 => 0,
        ValType.I64 => 0L,
        ValType.F32 => 0f,
        ValType.F64 => 0.0,
        _ => null,
    };
}
