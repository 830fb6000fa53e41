using System.Collections.Immutable;

namespace LazyOC.Wasm.Binary;

/// <summary>Decodes the binary format: the whole grammar of §5.5 of WebAssembly 2.0 except the inside of function bodies,
/// which the validator decodes as it checks them.</summary>
internal sealed partial class ModuleReader
{
    private const uint Magic = 0x6D736100;
    private const uint Version = 1;

    private readonly ReadOnlyMemory<byte> _module;
    private readonly WasmLimits _limits;
    private readonly WasmFeatures _features;

    private readonly ImmutableArray<CustomSection>.Builder _customSections = ImmutableArray.CreateBuilder<CustomSection>();
    private ByteRange? _nameSection;

    private ModuleReader(ReadOnlyMemory<byte> module, WasmLimits limits, WasmFeatures features)
    {
        _module = module;
        _limits = limits;
        _features = features;
    }

    /// <summary>Decodes a module. The bytes are kept, not copied, and must not change afterwards.</summary>
    /// <exception cref="WasmFormatException">The bytes are not a module, or one larger than the limits.</exception>
    public static Module Read(ReadOnlyMemory<byte> module, WasmLimits limits, WasmFeatures features = WasmFeatures.All)
    {
        if (module.Length > limits.ModuleBytes)
            throw WasmFormatException.LimitExceeded(0, "module bytes", (ulong)module.Length, (ulong)limits.ModuleBytes);
        return new ModuleReader(module, limits, features).Read();
    }

    private Module Read()
    {
        var reader = new ByteReader(_module.Span, new ByteRange(0, _module.Length));
        ReadPreamble(ref reader);

        var previousOrder = 0;
        while (!reader.IsAtEnd)
        {
            var offset = reader.Offset;
            var id = (SectionId)reader.ReadByte();
            if (id > SectionId.DataCount)
                throw WasmFormatException.Malformed(offset, $"malformed section id {(byte)id}");
            var content = reader.ReadSizedRange();
            if (id == SectionId.Custom)
            {
                ReadCustomSection(content);
                continue;
            }
            if (Order(id) <= previousOrder)
                throw WasmFormatException.Malformed(offset, $"unexpected content after last section: the {Text(id)} section is repeated or out of order");
            previousOrder = Order(id);
            ReadSection(id, content);
        }
        return Assemble();
    }

    private static void ReadPreamble(ref ByteReader reader)
    {
        if (reader.ReadF32Bits() != Magic)
            throw WasmFormatException.Malformed(0, "magic header not detected");
        if (reader.ReadF32Bits() != Version)
            throw WasmFormatException.Malformed(4, "unknown binary version");
    }

    private void ReadSection(SectionId id, ByteRange content)
    {
        var reader = new ByteReader(_module.Span, content);
        switch (id)
        {
            case SectionId.Type: ReadTypes(ref reader); break;
            case SectionId.Import: ReadImports(ref reader); break;
            case SectionId.Function: ReadFunctions(ref reader); break;
            case SectionId.Table: ReadTables(ref reader); break;
            case SectionId.Memory: ReadMemories(ref reader); break;
            case SectionId.Global: ReadGlobals(ref reader); break;
            case SectionId.Export: ReadExports(ref reader); break;
            case SectionId.Start: ReadStart(ref reader); break;
            case SectionId.Element: ReadElementSegments(ref reader); break;
            case SectionId.DataCount: _dataCount = reader.ReadU32(); break;
            case SectionId.Code: ReadBodies(ref reader); break;
            case SectionId.Data: ReadDataSegments(ref reader); break;
            case SectionId.Custom: break;
        }
        if (!reader.IsAtEnd)
            throw WasmFormatException.Malformed(reader.Offset, $"section size mismatch: the {Text(id)} section ends before its stated size");
    }

    /// <summary>Only the section's own name can be malformed; sections beyond the limit are not recorded.</summary>
    private void ReadCustomSection(ByteRange section)
    {
        var reader = new ByteReader(_module.Span, section);
        var name = reader.ReadName(section.Length);
        var content = new ByteRange(reader.Offset, reader.Remaining);
        if (_customSections.Count < _limits.CustomSections)
            _customSections.Add(new CustomSection(name, content));
        if (string.Equals(name, "name", StringComparison.Ordinal) && content.Length <= _limits.NameSectionBytes)
            _nameSection ??= content;
    }

    private Module Assemble()
    {
        if (_bodies.Count != _functions.Count - _importedFunctions)
            throw WasmFormatException.Malformed(_module.Length, "function and code section have inconsistent lengths");
        if (_dataCount is { } count && count != (uint)_dataSegments.Count)
            throw WasmFormatException.Malformed(_module.Length, "data count and data section have inconsistent lengths");

        return new Module
        {
            Bytes = _module,
            Features = _features,
            Types = _types.DrainToImmutable(),
            Imports = _imports.DrainToImmutable(),
            Functions = _functions.DrainToImmutable(),
            Tables = _tables.DrainToImmutable(),
            TableOffsets = _tableOffsets.DrainToImmutable(),
            Memories = _memories.DrainToImmutable(),
            MemoryOffsets = _memoryOffsets.DrainToImmutable(),
            Globals = _globals.DrainToImmutable(),
            GlobalOffsets = _globalOffsets.DrainToImmutable(),
            Bodies = _bodies.DrainToImmutable(),
            GlobalInitializers = _globalInitializers.DrainToImmutable(),
            Exports = _exports.DrainToImmutable(),
            Start = _start,
            StartOffset = _startOffset,
            ElementSegments = _elementSegments.DrainToImmutable(),
            DataSegments = _dataSegments.DrainToImmutable(),
            DataCount = _dataCount,
            CustomSections = _customSections.DrainToImmutable(),
            NameSection = _nameSection,
            ImportedTableCount = _importedTables,
            ImportedMemoryCount = _importedMemories,
        };
    }

    /// <summary>Sections stand in the order of their numbers, but for data count, which precedes code.</summary>
    private static int Order(SectionId id) => id switch
    {
        SectionId.DataCount => (int)SectionId.Code,
        SectionId.Code or SectionId.Data => (int)id + 1,
        _ => (int)id,
    };

    private static string Text(SectionId id) =>
        id == SectionId.DataCount ? "data count" : id.ToString().ToLowerInvariant();
}
