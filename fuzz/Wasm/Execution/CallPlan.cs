using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Execution;

/// <summary>A call of an exported function.</summary>
/// <param name="Export">Index among the exports of every kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Boxed values of the parameters' types.</param>
internal sealed record ExportCall(int Export, string Name, ImmutableArray<object?> Arguments)
{
    public override string ToString() => $"{Name}({string.Join(", ", Arguments.Select(Values.Bits))})";
}

/// <summary>What is done with an instance, one after the other; <see langword="null"/> is a look at its whole state.</summary>
internal sealed record CallPlan(ImmutableArray<ExportCall?> Steps)
{
    /// <summary>The plan without what follows the first <paramref name="count"/> steps.</summary>
    public CallPlan Take(int count) => new(Steps[..Math.Min(count, Steps.Length)]);

    /// <summary>The calls as the peer reads them: an array for each, the export's index and the arguments' bits.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var step in Steps)
        {
            json.WriteStartArray();
            if (step is not null)
            {
                json.WriteNumberValue(step.Export);
                foreach (var argument in step.Arguments)
                    json.WriteStringValue(Values.Bits(argument));
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>Functions that can be called from JavaScript: those without vectors in their types.</summary>
    public static IEnumerable<(int Export, string Name, FunctionType Type)> Callable(WasmModule module)
    {
        var exports = module.Exports;
        for (var i = 0; i < exports.Length; i++)
        {
            if (exports[i].Type is FunctionType type && !HasVector(type))
                yield return (i, exports[i].Name, type);
        }
    }

    public static bool HasVector(FunctionType type) => type.Parameters.Contains(ValType.V128) || type.Results.Contains(ValType.V128);
}
