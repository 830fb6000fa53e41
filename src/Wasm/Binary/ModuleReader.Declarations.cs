using System.Collections.Immutable;

namespace LazyOC.Wasm.Binary;

/// <content>Sections that declare: types, imports, functions, tables, memories, globals, exports.</content>
internal sealed partial class ModuleReader
{
    private const byte FunctionTypeForm = 0x60;

    /// <summary>Has a maximum, is shared, is 64-bit: a bit each. Shared without a maximum is no memory anywhere.</summary>
    private const byte MaxMemoryFlags = 7;

    private readonly ImmutableArray<FunctionType>.Builder _types = ImmutableArray.CreateBuilder<FunctionType>();
    private readonly ImmutableArray<Import>.Builder _imports = ImmutableArray.CreateBuilder<Import>();
    private readonly ImmutableArray<int>.Builder _functions = ImmutableArray.CreateBuilder<int>();
    private readonly ImmutableArray<TableType>.Builder _tables = ImmutableArray.CreateBuilder<TableType>();
    private readonly ImmutableArray<int>.Builder _tableOffsets = ImmutableArray.CreateBuilder<int>();
    private readonly ImmutableArray<MemoryType>.Builder _memories = ImmutableArray.CreateBuilder<MemoryType>();
    private readonly ImmutableArray<int>.Builder _memoryOffsets = ImmutableArray.CreateBuilder<int>();
    private readonly ImmutableArray<GlobalType>.Builder _globals = ImmutableArray.CreateBuilder<GlobalType>();
    private readonly ImmutableArray<int>.Builder _globalOffsets = ImmutableArray.CreateBuilder<int>();
    private readonly ImmutableArray<ConstantExpression>.Builder _globalInitializers = ImmutableArray.CreateBuilder<ConstantExpression>();
    private readonly ImmutableArray<Export>.Builder _exports = ImmutableArray.CreateBuilder<Export>();
    private uint? _start;
    private int _startOffset;
    private int _importedFunctions;
    private int _importedTables;
    private int _importedMemories;

    private void ReadTypes(ref ByteReader reader)
    {
        var count = reader.ReadCount(_limits.Types, "types");
        _types.Capacity = count;
        for (var i = 0; i < count; i++)
        {
            var form = reader.ReadByte();
            if (form != FunctionTypeForm)
                throw ByteReader.MalformedCode(reader.Offset - 1, "function type", form);
            var parameters = ReadValTypes(ref reader, _limits.Parameters, "function parameters");
            var results = ReadValTypes(ref reader, _limits.Results, "function results");
            _types.Add(new FunctionType(parameters, results));
        }
    }

    private static ImmutableArray<ValType> ReadValTypes(ref ByteReader reader, int limit, string what)
    {
        var count = reader.ReadCount(limit, what);
        var types = ImmutableArray.CreateBuilder<ValType>(count);
        for (var i = 0; i < count; i++)
            types.Add(reader.ReadValType());
        return types.MoveToImmutable();
    }

    private void ReadImports(ref ByteReader reader)
    {
        var count = reader.ReadCount(_limits.Imports, "imports");
        _imports.Capacity = count;
        for (var i = 0; i < count; i++)
        {
            var module = reader.ReadName(_limits.NameBytes);
            var name = reader.ReadName(_limits.NameBytes);
            _imports.Add(ReadImport(ref reader, module, name));
        }
        _importedFunctions = _functions.Count;
        _importedTables = _tables.Count;
        _importedMemories = _memories.Count;
    }

    private Import ReadImport(ref ByteReader reader, string module, string name)
    {
        var offset = reader.Offset;
        var kind = (ExternalKind)reader.ReadByte();
        switch (kind)
        {
            case ExternalKind.Function:
                var index = ReadTypeIndex(ref reader);
                _functions.Add(index);
                return new Import(module, name, _types[index]);
            case ExternalKind.Table:
                AddTable(ref reader);
                return new Import(module, name, _tables[^1]);
            case ExternalKind.Memory:
                AddMemory(ref reader);
                return new Import(module, name, _memories[^1]);
            case ExternalKind.Global:
                AddGlobal(ref reader);
                return new Import(module, name, _globals[^1]);
            default:
                throw WasmFormatException.Malformed(offset, $"malformed import kind 0x{(byte)kind:x2}");
        }
    }

    private void ReadFunctions(ref ByteReader reader)
    {
        var count = reader.ReadCount(_limits.Functions, "functions");
        _functions.Capacity = _functions.Count + count;
        for (var i = 0; i < count; i++)
            _functions.Add(ReadTypeIndex(ref reader));
    }

    /// <summary>A type index, checked here because every function of the model has a type.</summary>
    private int ReadTypeIndex(ref ByteReader reader)
    {
        var offset = reader.Offset;
        var index = reader.ReadU32();
        return index < (uint)_types.Count
            ? (int)index
            : throw WasmFormatException.Invalid(offset, $"unknown type {index}");
    }

    private void ReadTables(ref ByteReader reader)
    {
        for (var remaining = reader.ReadCount(_limits.Tables, "tables"); remaining > 0; remaining--)
            AddTable(ref reader);
    }

    private void ReadMemories(ref ByteReader reader)
    {
        for (var remaining = reader.ReadCount(_limits.Memories, "memories"); remaining > 0; remaining--)
            AddMemory(ref reader);
    }

    private void ReadGlobals(ref ByteReader reader)
    {
        for (var remaining = reader.ReadCount(_limits.Globals, "globals"); remaining > 0; remaining--)
        {
            AddGlobal(ref reader);
            _globalInitializers.Add(ReadConstantExpression(ref reader));
        }
    }

    private void AddTable(ref ByteReader reader)
    {
        _tableOffsets.Add(reader.Offset);
        _tables.Add(ReadTableType(ref reader));
    }

    private void AddMemory(ref ByteReader reader)
    {
        _memoryOffsets.Add(reader.Offset);
        _memories.Add(ReadMemoryType(ref reader));
    }

    private void AddGlobal(ref ByteReader reader)
    {
        _globalOffsets.Add(reader.Offset);
        _globals.Add(ReadGlobalType(ref reader));
    }

    private void ReadStart(ref ByteReader reader)
    {
        _startOffset = reader.Offset;
        _start = reader.ReadU32();
    }

    private void ReadExports(ref ByteReader reader)
    {
        var count = reader.ReadCount(_limits.Exports, "exports");
        _exports.Capacity = count;
        for (var i = 0; i < count; i++)
        {
            var offset = reader.Offset;
            var name = reader.ReadName(_limits.NameBytes);
            var kind = (ExternalKind)reader.ReadByte();
            if (kind > ExternalKind.Global)
                throw WasmFormatException.Malformed(reader.Offset - 1, $"malformed export kind 0x{(byte)kind:x2}");
            _exports.Add(new Export(name, kind, reader.ReadU32(), offset));
        }
    }

    private static TableType ReadTableType(ref ByteReader reader)
    {
        var element = reader.ReadReferenceType();
        return new TableType(element, ReadSizeLimits(ref reader));
    }

    private static MemoryType ReadMemoryType(ref ByteReader reader)
    {
        var offset = reader.Offset;
        if (reader.PeekByte() is > 2 and <= MaxMemoryFlags)
            throw WasmFormatException.Unsupported(offset, "shared and 64-bit memories are not supported");
        return new MemoryType(ReadSizeLimits(ref reader));
    }

    private static GlobalType ReadGlobalType(ref ByteReader reader)
    {
        var type = reader.ReadValType();
        var mutability = reader.ReadByte();
        if (mutability > 1)
            throw WasmFormatException.Malformed(reader.Offset - 1, $"malformed mutability 0x{mutability:x2}");
        return new GlobalType(type, mutability == 1);
    }

    private static SizeLimits ReadSizeLimits(ref ByteReader reader)
    {
        var flags = reader.ReadByte();
        if (flags > 1)
        {
            // An unsigned integer of 1 bit in the grammar.
            var defect = flags < 0x80 ? "integer too large" : "integer representation too long";
            throw WasmFormatException.Malformed(reader.Offset - 1, $"{defect}: limits flags 0x{flags:x2}");
        }
        var minimum = reader.ReadU32();
        return new SizeLimits(minimum, flags == 1 ? reader.ReadU32() : null);
    }
}
