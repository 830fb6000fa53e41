namespace LazyOC.Wasm.Binary;

/// <summary>What follows an opcode in the binary format.</summary>
internal enum Immediate : byte
{
    /// <summary>Not an instruction.</summary>
    Undefined,

    None,

    /// <summary>A block type.</summary>
    Block,

    /// <summary>One index: label, function, local, global, table or segment.</summary>
    Index,

    /// <summary>Two indices, in the order of the binary format.</summary>
    TwoIndices,

    /// <summary>A vector of labels and a default label.</summary>
    Labels,

    /// <summary>A vector of value types.</summary>
    Types,

    /// <summary>A reference type.</summary>
    ReferenceType,

    /// <summary>Alignment and offset.</summary>
    MemoryArgument,

    /// <summary>A memory index; in a module without several memories the byte 0.</summary>
    Memory,

    /// <summary>Two memory indices, likewise.</summary>
    TwoMemories,

    /// <summary>A data segment index, then a memory index, likewise.</summary>
    SegmentAndMemory,

    /// <summary>Alignment and offset, then a lane.</summary>
    MemoryArgumentAndLane,

    /// <summary>A lane of a vector.</summary>
    Lane,

    /// <summary>Sixteen lanes.</summary>
    Lanes,

    I32,
    I64,
    F32,
    F64,
    V128,
}

/// <summary>One decoded instruction. Which properties have a meaning depends on <see cref="Immediate"/>.</summary>
internal readonly struct Instruction
{
    private const int LaneShift = 32;
    private const int MemoryShift = 8;
    private const uint GreatestMemory = 0xFF_FFFF;

    private readonly ulong _first;

    /// <summary>
    /// Of loads and stores: bits 0 to 7 the alignment, 8 to 31 the memory, 32 to 39 the lane. Other instructions on one
    /// lane have it there too.
    /// </summary>
    private readonly ulong _second;

    public Instruction(Opcode opcode, Immediate immediate, int offset, ulong first = 0, ulong second = 0)
    {
        Opcode = opcode;
        Immediate = immediate;
        Offset = offset;
        _first = first;
        _second = second;
    }

    public Opcode Opcode { get; }

    public Immediate Immediate { get; }

    /// <summary>Where the opcode is, in bytes from the start of the module.</summary>
    public int Offset { get; }

    /// <summary>
    /// The index, or the first of two: type of <c>call_indirect</c>, segment of <c>memory.init</c> and
    /// <c>table.init</c>, destination of <c>table.copy</c> and <c>memory.copy</c>.
    /// </summary>
    public uint Index => (uint)_first;

    /// <summary>
    /// The second index: table of <c>call_indirect</c> and <c>table.init</c>, memory of <c>memory.init</c>, source of
    /// <c>table.copy</c> and <c>memory.copy</c>.
    /// </summary>
    public uint SecondIndex => (uint)_second;

    public int I32 => (int)_first;

    public long I64 => (long)_first;

    public uint F32Bits => (uint)_first;

    public ulong F64Bits => _first;

    /// <summary>The first eight bytes of <c>v128.const</c>, or the first eight lanes of <c>i8x16.shuffle</c>.</summary>
    public ulong LowBits => _first;

    /// <summary>The other eight bytes or lanes.</summary>
    public ulong HighBits => _second;

    /// <summary>The lane that is accessed.</summary>
    public int Lane => (byte)(_second >> LaneShift);

    public BlockType BlockType => new((long)_first);

    /// <summary>Constant added to the address of a load or store.</summary>
    public uint MemoryOffset => (uint)_first;

    /// <summary>Binary logarithm of the alignment a load or store promises.</summary>
    public uint AlignmentExponent => (byte)_second;

    /// <summary>The memory that a load or store accesses.</summary>
    public int MemoryIndex => (int)((_second >> MemoryShift) & GreatestMemory);

    /// <summary>Number of labels of <c>br_table</c>, the default not counted.</summary>
    public int LabelCount => (int)_second;

    /// <summary>Where the labels of <c>br_table</c> begin; <see cref="InstructionReader.Labels"/> reads them.</summary>
    public int LabelsOffset => (int)_first;

    /// <summary>Type of <c>ref.null</c>, or the first type of a typed <c>select</c>.</summary>
    public ValType Type => (ValType)_first;

    /// <summary>Number of types of a typed <c>select</c>; 1 in a valid module.</summary>
    public uint TypeCount => (uint)_second;

    /// <summary>The second number of a load or store. No module has so many memories that an index would not fit.</summary>
    public static ulong MemoryArgument(uint alignmentExponent, uint memory, byte lane) =>
        alignmentExponent | (ulong)Math.Min(memory, GreatestMemory) << MemoryShift | WithLane(lane);

    /// <summary>The part of the second number that holds a lane.</summary>
    public static ulong WithLane(byte lane) => (ulong)lane << LaneShift;
}

/// <summary>The type of a block: empty, one result, or an entry of the type section. Source: §5.4.1.</summary>
/// <param name="Encoded">The signed 33-bit number of the binary format.</param>
internal readonly record struct BlockType(long Encoded)
{
    private const long Empty = -0x40;

    public bool IsEmpty => Encoded == Empty;

    public bool HasTypeIndex => Encoded >= 0;

    /// <summary>Index into the type section, unchecked.</summary>
    public uint TypeIndex => (uint)Encoded;

    /// <summary>The one result of a block that is neither empty nor has a type index.</summary>
    public ValType Result => (ValType)(Encoded & 0x7F);
}
