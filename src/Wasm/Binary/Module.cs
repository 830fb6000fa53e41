using System.Collections.Immutable;

namespace LazyOC.Wasm.Binary;

/// <summary>A decoded module: immutable, safe to share between threads, in the order of the index spaces.</summary>
/// <remarks>
/// Index spaces (<see cref="Functions"/>, <see cref="Tables"/>, <see cref="Memories"/>, <see cref="Globals"/>) hold the
/// imported entries first. Code, constant expressions and data stay in <see cref="Bytes"/> and are named by ranges.
/// Indices inside code and segments are unchecked until the validator has passed. Source: WebAssembly 2.0, §2.5.
/// </remarks>
internal sealed class Module
{
    private NameSection? _names;

    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>What the module may use beyond WebAssembly 2.0.</summary>
    public required WasmFeatures Features { get; init; }

    public required ImmutableArray<FunctionType> Types { get; init; }

    public required ImmutableArray<Import> Imports { get; init; }

    /// <summary>The function index space: each function's index into <see cref="Types"/>.</summary>
    public required ImmutableArray<int> Functions { get; init; }

    public required ImmutableArray<TableType> Tables { get; init; }

    /// <summary>Where each of <see cref="Tables"/> is declared, imported or defined; likewise the two that follow.</summary>
    public required ImmutableArray<int> TableOffsets { get; init; }

    public required ImmutableArray<MemoryType> Memories { get; init; }

    public required ImmutableArray<int> MemoryOffsets { get; init; }

    public required ImmutableArray<GlobalType> Globals { get; init; }

    public required ImmutableArray<int> GlobalOffsets { get; init; }

    /// <summary>Bodies of the functions the module defines; entry i belongs to function ImportedFunctionCount + i.</summary>
    public required ImmutableArray<FunctionBody> Bodies { get; init; }

    /// <summary>Initial values of the globals the module defines; entry i belongs to global ImportedGlobalCount + i.</summary>
    public required ImmutableArray<ConstantExpression> GlobalInitializers { get; init; }

    public required ImmutableArray<Export> Exports { get; init; }

    /// <summary>The function to call when the module is instantiated.</summary>
    public required uint? Start { get; init; }

    /// <summary>Where <see cref="Start"/> is stated.</summary>
    public required int StartOffset { get; init; }

    public required ImmutableArray<ElementSegment> ElementSegments { get; init; }

    public required ImmutableArray<DataSegment> DataSegments { get; init; }

    /// <summary>What the data count section states; <see langword="null"/> without that section.</summary>
    public required uint? DataCount { get; init; }

    public required ImmutableArray<CustomSection> CustomSections { get; init; }

    /// <summary>The content of the name section; <see langword="null"/> without one, or when it is too long to be read.</summary>
    public required ByteRange? NameSection { get; init; }

    /// <summary>Names for debugging, decoded when first asked for; empty when the module has none.</summary>
    public NameSection Names => LazyInitializer.EnsureInitialized(ref _names, () => NameSectionReader.Read(this));

    public int ImportedFunctionCount => Functions.Length - Bodies.Length;

    public required int ImportedTableCount { get; init; }

    public required int ImportedMemoryCount { get; init; }

    public int ImportedGlobalCount => Globals.Length - GlobalInitializers.Length;

    /// <summary>The type of a function of the index space.</summary>
    public FunctionType TypeOfFunction(int function) => Types[Functions[function]];

    /// <summary>Reads the instructions in a range of this module.</summary>
    public InstructionReader InstructionsOf(ByteRange code) => new(Bytes.Span, code, Features);

    /// <summary>The bytes of a range of this module.</summary>
    public ReadOnlySpan<byte> Slice(ByteRange range) => Bytes.Span.Slice(range.Offset, range.Length);

    /// <summary>The type of an export; its index must have been validated.</summary>
    public ExternalType TypeOf(Export export) => export.Kind switch
    {
        ExternalKind.Function => TypeOfFunction((int)export.Index),
        ExternalKind.Table => Tables[(int)export.Index],
        ExternalKind.Memory => Memories[(int)export.Index],
        _ => Globals[(int)export.Index],
    };
}

/// <summary>Bytes of the module, by offset from its start.</summary>
internal readonly record struct ByteRange(int Offset, int Length)
{
    public int End => Offset + Length;
}

/// <summary>An import; for functions <see cref="Type"/> is the entry of the type section, resolved.</summary>
internal sealed record Import(string Module, string Name, ExternalType Type)
{
    public ExternalKind Kind => Type.Kind;
}

/// <summary>An export; <see cref="Index"/> counts in the index space of its kind.</summary>
internal sealed record Export(string Name, ExternalKind Kind, uint Index, int Offset);

/// <summary>The code of one function.</summary>
/// <param name="Code">The instructions, the closing <c>end</c> included.</param>
/// <param name="Locals">Runs of declared locals, parameters not included.</param>
/// <param name="LocalCount">Number of declared locals, parameters not included.</param>
internal sealed record FunctionBody(ByteRange Code, ImmutableArray<LocalDeclaration> Locals, int LocalCount);

/// <summary>A run of locals of one type.</summary>
internal readonly record struct LocalDeclaration(int Count, ValType Type);

/// <summary>Instructions that compute an initial value or an offset, the closing <c>end</c> included.</summary>
internal readonly record struct ConstantExpression(ByteRange Code);

internal enum SegmentMode : byte
{
    /// <summary>Copied when the module is instantiated.</summary>
    Active,

    /// <summary>Copied by <c>memory.init</c> or <c>table.init</c>.</summary>
    Passive,

    /// <summary>Never copied: declares functions for <c>ref.func</c>. Element segments only.</summary>
    Declarative,
}

/// <summary>References for a table: function indices or expressions, whichever the module wrote; the other is empty.</summary>
internal sealed record ElementSegment
{
    public required int SegmentOffset { get; init; }

    public required SegmentMode Mode { get; init; }

    /// <summary>The table an active segment is copied to.</summary>
    public required uint Table { get; init; }

    /// <summary>Where in the table an active segment begins.</summary>
    public required ConstantExpression Offset { get; init; }

    public required ValType Type { get; init; }

    public required ImmutableArray<uint> FunctionIndices { get; init; }

    public required ImmutableArray<ConstantExpression> Expressions { get; init; }

    public int Length => FunctionIndices.Length + Expressions.Length;
}

/// <summary>Bytes for a memory.</summary>
internal sealed record DataSegment
{
    public required int SegmentOffset { get; init; }

    public required SegmentMode Mode { get; init; }

    /// <summary>The memory an active segment is copied to.</summary>
    public required uint Memory { get; init; }

    /// <summary>Where in the memory an active segment begins.</summary>
    public required ConstantExpression Offset { get; init; }

    public required ByteRange Data { get; init; }
}

/// <summary>A section the specification gives no meaning; the engine ignores it.</summary>
internal sealed record CustomSection(string Name, ByteRange Content);
