using System.Collections.Immutable;

namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>What the rewriter must know of a module that is not in its code.</summary>
/// <param name="ParameterCounts">Of the functions the module defines.</param>
/// <param name="VectorImports">Imported functions that take vectors and return nothing, with the number of their parameters.</param>
/// <param name="HasMemory">Whether there is a memory, imported or not.</param>
/// <param name="HasVectors">Whether code may use vectors.</param>
internal sealed record ModuleShape(
    ImmutableArray<int> ParameterCounts, ImmutableDictionary<int, int> VectorImports, bool HasMemory, bool HasVectors)
{
    public const int PreambleBytes = 8;

    private const byte V128 = 0x7B;

    /// <summary>Reads the type, import, function and memory sections, and whether a vector instruction occurs.</summary>
    public static ModuleShape Of(ReadOnlySpan<byte> module)
    {
        var types = new List<(int Parameters, int Results, bool HasVector)>();
        var parameterCounts = ImmutableArray.CreateBuilder<int>();
        var vectorImports = ImmutableDictionary.CreateBuilder<int, int>();
        var (hasMemory, hasVectors) = (false, false);
        var reader = new CodeReader(module) { Position = PreambleBytes };
        while (!reader.IsAtEnd)
        {
            var id = reader.Byte();
            var content = new CodeReader(reader.Bytes(reader.Number()));
            switch (id)
            {
                case 1:
                    for (var count = content.Number(); count > 0; count--)
                        types.Add(Type(ref content));
                    break;
                case 2:
                    hasMemory |= Imports(ref content, types, vectorImports);
                    break;
                case 3:
                    for (var count = content.Number(); count > 0; count--)
                        parameterCounts.Add(types[content.Number()].Parameters);
                    break;
                case 5:
                    hasMemory |= content.Number() > 0;
                    break;
                case 10:
                    hasVectors = UsesVectors(ref content);
                    break;
            }
        }
        return new ModuleShape(parameterCounts.ToImmutable(), vectorImports.ToImmutable(), hasMemory, hasVectors);
    }

    private static (int Parameters, int Results, bool HasVector) Type(ref CodeReader reader)
    {
        reader.Byte();
        var parameters = reader.Bytes(reader.Number());
        var results = reader.Bytes(reader.Number());
        return (parameters.Length, results.Length, parameters.Contains(V128) || results.Contains(V128));
    }

    /// <summary>Whether a memory is among the imports.</summary>
    private static bool Imports(ref CodeReader reader, List<(int Parameters, int Results, bool HasVector)> types, ImmutableDictionary<int, int>.Builder vectorImports)
    {
        var (hasMemory, functions) = (false, 0);
        for (var count = reader.Number(); count > 0; count--)
        {
            reader.SkipName();
            reader.SkipName();
            switch (reader.Byte())
            {
                case 0:
                    var type = types[reader.Number()];
                    if (type is { HasVector: true, Results: 0 })
                        vectorImports.Add(functions, type.Parameters);
                    functions++;
                    break;
                case 1:
                    reader.Byte();
                    SkipLimits(ref reader);
                    break;
                case 2:
                    hasMemory = true;
                    SkipLimits(ref reader);
                    break;
                default:
                    reader.Bytes(2);
                    break;
            }
        }
        return hasMemory;
    }

    private static void SkipLimits(ref CodeReader reader)
    {
        var hasMaximum = reader.Byte() == 1;
        reader.Number();
        if (hasMaximum)
            reader.Number();
    }

    private static bool UsesVectors(ref CodeReader reader)
    {
        for (var count = reader.Number(); count > 0; count--)
        {
            var body = new CodeReader(reader.Bytes(reader.Number()));
            for (var groups = body.Number(); groups > 0; groups--)
            {
                body.Number();
                body.Byte();
            }
            while (!body.IsAtEnd)
            {
                if (body.Instruction() >> 8 == 0xFD)
                    return true;
            }
        }
        return false;
    }
}
