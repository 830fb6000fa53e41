namespace LazyOC.Wasm.Binary;

/// <summary>Decodes instructions one after the other, without allocating; shared by validator and compiler.</summary>
/// <remarks>
/// Checks the binary grammar of each instruction only; nesting, indices and types are the validator's.
/// Source: WebAssembly 2.0, §5.4.
/// </remarks>
internal ref struct InstructionReader
{
    private const uint MemoryIndexFlag = 0x40;

    private readonly ReadOnlySpan<byte> _module;
    private readonly bool _hasMemoryIndices;
    private ByteReader _bytes;

    /// <summary>A reader of the instructions in <paramref name="code"/>, a range of the module.</summary>
    public InstructionReader(ReadOnlySpan<byte> module, ByteRange code, WasmFeatures features)
    {
        _module = module;
        _hasMemoryIndices = features.HasFlag(WasmFeatures.MultipleMemories);
        _bytes = new ByteReader(module, code);
    }

    public readonly bool IsAtEnd => _bytes.IsAtEnd;

    /// <summary>Where the next instruction begins, in bytes from the start of the module.</summary>
    public readonly int Offset => _bytes.Offset;

    /// <summary>Goes on at <paramref name="offset"/>, which lies ahead in the code.</summary>
    public void MoveTo(int offset) => _bytes.Skip(offset - _bytes.Offset);

    /// <summary>Decodes the next instruction.</summary>
    /// <exception cref="WasmFormatException">There is none, or it is malformed or unsupported.</exception>
    public Instruction Read()
    {
        var offset = _bytes.Offset;
        var opcode = ReadOpcode();
        var immediate = Immediates.Of(opcode);
        return immediate switch
        {
            Immediate.None => new Instruction(opcode, immediate, offset),
            Immediate.Index => new Instruction(opcode, immediate, offset, _bytes.ReadU32()),
            Immediate.TwoIndices => new Instruction(opcode, immediate, offset, _bytes.ReadU32(), _bytes.ReadU32()),
            Immediate.Block => new Instruction(opcode, immediate, offset, (ulong)ReadBlockType()),
            Immediate.Labels => ReadLabels(offset),
            Immediate.Types => ReadTypes(offset),
            Immediate.ReferenceType => new Instruction(opcode, immediate, offset, (ulong)_bytes.ReadReferenceType()),
            Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane => ReadMemoryArgument(opcode, immediate, offset),
            Immediate.Lane => new Instruction(opcode, immediate, offset, 0, Instruction.WithLane(_bytes.ReadByte())),
            Immediate.V128 or Immediate.Lanes => new Instruction(opcode, immediate, offset, _bytes.ReadF64Bits(), _bytes.ReadF64Bits()),
            Immediate.Memory => new Instruction(opcode, immediate, offset, ReadMemoryIndex()),
            Immediate.TwoMemories => new Instruction(opcode, immediate, offset, ReadMemoryIndex(), ReadMemoryIndex()),
            Immediate.SegmentAndMemory => new Instruction(opcode, immediate, offset, _bytes.ReadU32(), ReadMemoryIndex()),
            Immediate.I32 => new Instruction(opcode, immediate, offset, (uint)_bytes.ReadS32()),
            Immediate.I64 => new Instruction(opcode, immediate, offset, (ulong)_bytes.ReadS64()),
            Immediate.F32 => new Instruction(opcode, immediate, offset, _bytes.ReadF32Bits()),
            Immediate.F64 => new Instruction(opcode, immediate, offset, _bytes.ReadF64Bits()),
            _ => throw Immediates.Refuse(opcode, offset),
        };
    }

    /// <summary>The labels of a <c>br_table</c> this reader returned; the last one is the default.</summary>
    public readonly LabelReader Labels(Instruction brTable) =>
        new(new ByteReader(_module, new ByteRange(brTable.LabelsOffset, _bytes.End - brTable.LabelsOffset)), brTable.LabelCount + 1);

    private Opcode ReadOpcode()
    {
        var offset = _bytes.Offset;
        var first = _bytes.ReadByte();
        if (first < Immediates.FirstPrefix)
            return (Opcode)first;
        var number = _bytes.ReadU32();
        if (number > 0xFF)
            throw Immediates.Refuse(first, number, offset);
        return (Opcode)(first << 8 | (int)number);
    }

    private long ReadBlockType()
    {
        var offset = _bytes.Offset;
        var encoded = _bytes.ReadS33();
        if (encoded >= 0)
            return encoded;

        var type = new BlockType(encoded);
        if (_bytes.Offset - offset == 1 && (type.IsEmpty || type.Result.IsDefined()))
            return encoded;
        throw WasmFormatException.Malformed(offset, "malformed block type");
    }

    private Instruction ReadLabels(int offset)
    {
        // One more label than the count says follows: the default.
        var count = _bytes.ReadCount();
        var labels = _bytes.Offset;
        for (var i = 0; i <= count; i++)
            _bytes.ReadU32();
        return new Instruction(Opcode.BrTable, Immediate.Labels, offset, (ulong)labels, (uint)count);
    }

    private Instruction ReadTypes(int offset)
    {
        var count = _bytes.ReadCount();
        var first = default(ValType);
        for (var i = 0; i < count; i++)
        {
            var type = _bytes.ReadValType();
            if (i == 0)
                first = type;
        }
        return new Instruction(Opcode.SelectTyped, Immediate.Types, offset, (ulong)first, (uint)count);
    }

    private Instruction ReadMemoryArgument(Opcode opcode, Immediate immediate, int offset)
    {
        var flags = _bytes.ReadU32();
        // Bit 6 announces the index of a memory (multi-memory proposal).
        var hasIndex = _hasMemoryIndices && (flags & MemoryIndexFlag) != 0;
        var exponent = hasIndex ? flags & ~MemoryIndexFlag : flags;
        if (exponent >= 32)
            throw WasmFormatException.Malformed(offset, "malformed memop flags");
        var memory = hasIndex ? _bytes.ReadU32() : 0;
        var constant = _bytes.ReadU32();
        var lane = immediate == Immediate.MemoryArgumentAndLane ? _bytes.ReadByte() : default;
        return new Instruction(opcode, immediate, offset, constant, Instruction.MemoryArgument(exponent, memory, lane));
    }

    private uint ReadMemoryIndex()
    {
        if (_hasMemoryIndices)
            return _bytes.ReadU32();
        if (_bytes.ReadByte() != 0)
            throw WasmFormatException.Malformed(_bytes.Offset - 1, "zero byte expected");
        return 0;
    }
}

/// <summary>The labels of one <c>br_table</c>, in order; the last one is the default.</summary>
internal ref struct LabelReader
{
    private ByteReader _bytes;
    private int _remaining;

    public LabelReader(ByteReader bytes, int count)
    {
        _bytes = bytes;
        _remaining = count;
    }

    public uint Current { get; private set; }

    public readonly LabelReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_remaining == 0)
            return false;
        _remaining--;
        Current = _bytes.ReadU32();
        return true;
    }
}
