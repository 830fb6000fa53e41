using System.Collections.Immutable;

namespace LazyOC.Wasm.Binary;

/// <content>Sections with content: element segments, code, data segments, and the constant expressions in them.</content>
internal sealed partial class ModuleReader
{
    private readonly ImmutableArray<ElementSegment>.Builder _elementSegments = ImmutableArray.CreateBuilder<ElementSegment>();
    private readonly ImmutableArray<FunctionBody>.Builder _bodies = ImmutableArray.CreateBuilder<FunctionBody>();
    private readonly ImmutableArray<DataSegment>.Builder _dataSegments = ImmutableArray.CreateBuilder<DataSegment>();
    private uint? _dataCount;
    private int _segmentElements;

    private void ReadElementSegments(ref ByteReader reader)
    {
        for (var remaining = reader.ReadCount(_limits.ElementSegments, "element segments"); remaining > 0; remaining--)
            _elementSegments.Add(ReadElementSegment(ref reader));
    }

    private ElementSegment ReadElementSegment(ref ByteReader reader)
    {
        var offset = reader.Offset;
        var flags = reader.ReadU32();
        if (flags > 7)
            throw WasmFormatException.Malformed(offset, $"malformed elements segment kind {flags}");

        var isActive = (flags & 1) == 0;
        var hasSecondBit = (flags & 2) != 0;
        var hasExpressions = (flags & 4) != 0;
        var mode = (isActive, hasSecondBit) switch
        {
            (true, _) => SegmentMode.Active,
            (false, false) => SegmentMode.Passive,
            (false, true) => SegmentMode.Declarative,
        };
        var table = isActive && hasSecondBit ? reader.ReadU32() : 0;
        var position = isActive ? ReadConstantExpression(ref reader) : default;

        // The two shortest forms leave the type out: they hold functions.
        var type = isActive && !hasSecondBit ? ValType.FuncRef
            : hasExpressions ? reader.ReadReferenceType()
            : ReadElementKind(ref reader);

        var count = reader.ReadCount(_limits.SegmentElements - _segmentElements, "elements of segments");
        _segmentElements += count;
        return new ElementSegment
        {
            SegmentOffset = offset,
            Mode = mode,
            Table = table,
            Offset = position,
            Type = type,
            FunctionIndices = hasExpressions ? [] : ReadIndices(ref reader, count),
            Expressions = hasExpressions ? ReadConstantExpressions(ref reader, count) : [],
        };
    }

    private static ValType ReadElementKind(ref ByteReader reader)
    {
        var kind = reader.ReadByte();
        return kind == 0
            ? ValType.FuncRef
            : throw WasmFormatException.Malformed(reader.Offset - 1, $"malformed element kind 0x{kind:x2}");
    }

    private static ImmutableArray<uint> ReadIndices(ref ByteReader reader, int count)
    {
        var indices = ImmutableArray.CreateBuilder<uint>(count);
        for (var i = 0; i < count; i++)
            indices.Add(reader.ReadU32());
        return indices.MoveToImmutable();
    }

    private ImmutableArray<ConstantExpression> ReadConstantExpressions(ref ByteReader reader, int count)
    {
        var expressions = ImmutableArray.CreateBuilder<ConstantExpression>(count);
        for (var i = 0; i < count; i++)
            expressions.Add(ReadConstantExpression(ref reader));
        return expressions.MoveToImmutable();
    }

    /// <summary>Finds the end of an expression; whether it is constant is the validator's question.</summary>
    private ConstantExpression ReadConstantExpression(ref ByteReader reader)
    {
        var start = reader.Offset;
        var instructions = new InstructionReader(_module.Span, new ByteRange(start, reader.Remaining), _features);
        for (var depth = 1; depth > 0;)
        {
            var instruction = instructions.Read();
            if (instruction.Immediate == Immediate.Block)
                depth++;
            else if (instruction.Opcode == Opcode.End)
                depth--;
        }
        var length = instructions.Offset - start;
        reader.Skip(length);
        return new ConstantExpression(new ByteRange(start, length));
    }

    private void ReadBodies(ref ByteReader reader)
    {
        var count = reader.ReadCount(_limits.Functions, "function bodies");
        _bodies.Capacity = count;
        for (var i = 0; i < count; i++)
        {
            try
            {
                _bodies.Add(ReadBody(ref reader));
            }
            catch (WasmFormatException refusal)
            {
                throw refusal.In(_importedFunctions + i);
            }
        }
    }

    private FunctionBody ReadBody(ref ByteReader section)
    {
        var start = section.Offset;
        var range = section.ReadSizedRange();
        if (range.Length > _limits.FunctionBodyBytes)
            throw WasmFormatException.LimitExceeded(start, "function body bytes", (ulong)range.Length, (ulong)_limits.FunctionBodyBytes);
        var reader = new ByteReader(_module.Span, range);
        var runs = reader.ReadCount();
        var locals = ImmutableArray.CreateBuilder<LocalDeclaration>(Math.Min(runs, _limits.Locals));
        ulong total = 0;
        for (var i = 0; i < runs; i++)
        {
            var offset = reader.Offset;
            var count = reader.ReadU32();
            total += count;
            if (total > uint.MaxValue)
                throw WasmFormatException.Malformed(offset, "too many locals");
            var type = reader.ReadValType();
            if (count > 0 && total <= (ulong)_limits.Locals)
                locals.Add(new LocalDeclaration((int)count, type));
        }
        if (total > (ulong)_limits.Locals)
            throw WasmFormatException.LimitExceeded(range.Offset, "locals", total, (ulong)_limits.Locals);
        return new FunctionBody(new ByteRange(reader.Offset, reader.Remaining), locals.DrainToImmutable(), (int)total);
    }

    private void ReadDataSegments(ref ByteReader reader)
    {
        for (var remaining = reader.ReadCount(_limits.DataSegments, "data segments"); remaining > 0; remaining--)
            _dataSegments.Add(ReadDataSegment(ref reader));
    }

    private DataSegment ReadDataSegment(ref ByteReader reader)
    {
        var offset = reader.Offset;
        var flags = reader.ReadU32();
        if (flags > 2)
            throw WasmFormatException.Malformed(offset, $"malformed data segment kind {flags}");
        var isActive = flags != 1;
        return new DataSegment
        {
            SegmentOffset = offset,
            Mode = isActive ? SegmentMode.Active : SegmentMode.Passive,
            Memory = flags == 2 ? reader.ReadU32() : 0,
            Offset = isActive ? ReadConstantExpression(ref reader) : default,
            Data = reader.ReadSizedRange(),
        };
    }
}
