using System.Collections.Immutable;

namespace LazyOC.Wasm;

/// <summary>What an import or export is; the numeric value is its byte in the binary format.</summary>
public enum ExternalKind : byte
{
    /// <summary>A function.</summary>
    Function,

    /// <summary>A table of references.</summary>
    Table,

    /// <summary>A linear memory.</summary>
    Memory,

    /// <summary>A global variable.</summary>
    Global,
}

/// <summary>The type of something that can be imported or exported. Closed: the four records of this file.</summary>
/// <remarks>Immutable and comparable by value. Source: WebAssembly 2.0, §2.3.12.</remarks>
public abstract record ExternalType
{
    private protected ExternalType(ExternalKind kind) => Kind = kind;

    /// <summary>Which of the four records this is.</summary>
    public ExternalKind Kind { get; }
}

/// <summary>Parameter and result types of a function, compared structurally.</summary>
public sealed record FunctionType(ImmutableArray<ValType> Parameters, ImmutableArray<ValType> Results)
    : ExternalType(ExternalKind.Function)
{
    /// <inheritdoc/>
    public bool Equals(FunctionType? other) =>
        other is not null
        && Parameters.AsSpan().SequenceEqual(other.Parameters.AsSpan())
        && Results.AsSpan().SequenceEqual(other.Results.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Parameters.Length);
        foreach (var type in Parameters)
            hash.Add((byte)type);
        foreach (var type in Results)
            hash.Add((byte)type);
        return hash.ToHashCode();
    }

    /// <summary>The type as the specification writes it: <c>[i32 i64] -> [f32]</c>.</summary>
    public override string ToString() => $"{Text(Parameters)} -> {Text(Results)}";

    private static string Text(ImmutableArray<ValType> types) =>
        $"[{string.Join(' ', types.Select(type => type.Text()))}]";
}

/// <summary>Least and greatest size of a table (elements) or memory (pages of 64 KiB), unsigned.</summary>
/// <param name="Minimum">Size at instantiation.</param>
/// <param name="Maximum">Size it may grow to; <see langword="null"/> when the module sets none.</param>
public readonly record struct SizeLimits(uint Minimum, uint? Maximum);

/// <summary>A table of references of one type; sizes count elements.</summary>
public sealed record TableType(ValType Element, SizeLimits Limits) : ExternalType(ExternalKind.Table);

/// <summary>A linear memory; sizes count pages of 64 KiB.</summary>
public sealed record MemoryType(SizeLimits Limits) : ExternalType(ExternalKind.Memory);

/// <summary>A global variable.</summary>
public sealed record GlobalType(ValType Value, bool IsMutable) : ExternalType(ExternalKind.Global);
