using LazyOC.Fuzz.Wasm.Differential;

namespace LazyOC.Fuzz.Wasm.Mutation;

/// <summary>Makes damaged copies of modules; the same seed makes the same ones.</summary>
/// <remarks>
/// Every second one is damaged anywhere, lengths included. The others are damaged inside sections and function bodies
/// whose lengths are then made right again, or hardly any would be valid or get as far as the validator.
/// </remarks>
internal sealed class ModuleMutator(int seed)
{
    private const int MaxMutations = 4;
    private const byte CodeSection = 10;

    /// <summary>Values at the edges of encodings: LEB128 continuations, opcodes of blocks, prefixes, types.</summary>
    private static readonly byte[] Interesting =
        [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0B, 0x0E, 0x1C, 0x40, 0x60, 0x6F, 0x70, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F, 0x80, 0xD0, 0xFC, 0xFD, 0xFF];

    private readonly SeededRandom _random = new(seed);

    /// <summary>A damaged copy of a valid module.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> module)
    {
        if (_random.OneIn(2))
            return MutateWithin(module);
        var bytes = new List<byte>(module.Length + 64);
        bytes.AddRange(module);
        // The magic and the version stay: nothing is learnt there.
        for (var count = MutationCount(); count > 0; count--)
            MutateOnce(bytes, ModuleShape.PreambleBytes);
        return [.. bytes];
    }

    /// <summary>Often one, because what is damaged in many places is refused at the first.</summary>
    private int MutationCount() => _random.OneIn(2) ? 1 : 1 + _random.Below(MaxMutations);

    private byte[] MutateWithin(ReadOnlySpan<byte> module)
    {
        var sections = new List<(byte Id, List<byte> Content)>();
        var bodies = new List<List<byte>>();
        var reader = new CodeReader(module) { Position = ModuleShape.PreambleBytes };
        while (!reader.IsAtEnd)
        {
            var id = reader.Byte();
            var content = reader.Bytes(reader.Number());
            sections.Add((id, [.. id == CodeSection ? default : content]));
            if (id == CodeSection)
                bodies = BodiesOf(content);
        }
        for (var count = MutationCount(); count > 0; count--)
        {
            var isCode = bodies.Count > 0 && !_random.OneIn(4);
            MutateOnce(isCode ? bodies[_random.Below(bodies.Count)] : sections[_random.Below(sections.Count)].Content, 0);
        }
        return Assemble(module[..ModuleShape.PreambleBytes], sections, bodies);
    }

    private static List<List<byte>> BodiesOf(ReadOnlySpan<byte> section)
    {
        var bodies = new List<List<byte>>();
        var reader = new CodeReader(section);
        for (var count = reader.Number(); count > 0; count--)
            bodies.Add([.. reader.Bytes(reader.Number())]);
        return bodies;
    }

    private static byte[] Assemble(ReadOnlySpan<byte> preamble, List<(byte Id, List<byte> Content)> sections, List<List<byte>> bodies)
    {
        var output = new CodeWriter();
        output.Bytes(preamble);
        foreach (var (id, content) in sections)
        {
            output.Byte(id);
            if (id != CodeSection)
            {
                output.Sized([.. content]);
                continue;
            }
            var code = new CodeWriter();
            code.Number(bodies.Count);
            foreach (var body in bodies)
                code.Sized([.. body]);
            output.Sized(code.ToArray());
        }
        return output.ToArray();
    }

    private void MutateOnce(List<byte> bytes, int first)
    {
        if (bytes.Count <= first + 1)
            return;
        var at = first + _random.Below(bytes.Count - first);
        var length = 1 + _random.Below(Math.Min(16, bytes.Count - at));
        switch (_random.Below(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Below(8));
                break;
            case 1:
                bytes[at] = (byte)_random.Below(256);
                break;
            case 2 or 3:
                bytes[at] = _random.Of<byte>(Interesting);
                break;
            case 4 or 5:
                // Instructions of one type have neighbouring opcodes.
                bytes[at] = (byte)(bytes[at] + _random.Below(7) - 3);
                break;
            case 6:
                bytes.Insert(at, _random.Of<byte>(Interesting));
                break;
            case 7:
                bytes.RemoveRange(at, length);
                break;
            default:
                bytes.InsertRange(first + _random.Below(bytes.Count - first), bytes.GetRange(at, length));
                break;
        }
    }
}
