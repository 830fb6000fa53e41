using System.Buffers.Binary;

namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>
/// Changes generated modules without making them invalid: NaNs become canonical where their bits could be seen, and
/// <c>memory.size</c> and <c>memory.grow</c>, which the generator does not write, appear beside loads.
/// </summary>
/// <remarks>
/// The bits of a scalar NaN are seen by reinterpretation, stores, the sign that <c>copysign</c> takes, and when it
/// becomes a lane; those of a lane by anything, so there they are made canonical at once. Results, logged values and
/// globals are compared as the word <c>nan</c>. Source: WebAssembly 2.0, §4.3.3 (NaN propagation).
/// </remarks>
internal sealed class CodeRewriter
{
    private const byte F32 = 0x7D;
    private const byte F64 = 0x7C;
    private const byte V128 = 0x7B;

    private const int CodeSection = 10;
    private const int Call = 0x10;
    private const int ReturnCall = 0x12;

    /// <summary>How often a loaded value gets the company of memory instructions.</summary>
    private const int OneInLoads = 16;

    private readonly bool _canonical;
    private readonly SeededRandom _random;
    private readonly ModuleShape _shape;

    private CodeRewriter(ModuleShape shape, bool canonical, SeededRandom random)
    {
        _shape = shape;
        _canonical = canonical;
        _random = random;
    }

    /// <summary>The changed module.</summary>
    /// <param name="module">A valid one.</param>
    /// <param name="canonical">Whether NaNs become canonical.</param>
    /// <param name="random">Decides where memory instructions appear.</param>
    public static byte[] Rewrite(ReadOnlySpan<byte> module, bool canonical, SeededRandom random) =>
        new CodeRewriter(ModuleShape.Of(module), canonical, random).Rewrite(module);

    /// <summary>The module with canonical NaNs and nothing else changed.</summary>
    public static byte[] Canonicalize(ReadOnlySpan<byte> module) =>
        new CodeRewriter(ModuleShape.Of(module) with { HasMemory = false }, canonical: true, new SeededRandom(0)).Rewrite(module);

    private byte[] Rewrite(ReadOnlySpan<byte> module)
    {
        var output = new CodeWriter();
        var reader = new CodeReader(module);
        output.Bytes(reader.Bytes(ModuleShape.PreambleBytes));
        while (!reader.IsAtEnd)
        {
            var id = reader.Byte();
            var content = reader.Bytes(reader.Number());
            output.Byte(id);
            output.Sized(id == CodeSection ? RewriteBodies(content) : content);
        }
        return output.ToArray();
    }

    private byte[] RewriteBodies(ReadOnlySpan<byte> section)
    {
        var output = new CodeWriter();
        var reader = new CodeReader(section);
        var count = reader.Number();
        output.Number(count);
        for (var i = 0; i < count; i++)
            output.Sized(RewriteBody(reader.Bytes(reader.Number()), _shape.ParameterCounts[i]));
        return output.ToArray();
    }

    private byte[] RewriteBody(ReadOnlySpan<byte> body, int parameterCount)
    {
        var output = new CodeWriter();
        var reader = new CodeReader(body);
        var groups = reader.Number();
        var locals = parameterCount;
        var firstGroup = reader.Position;
        for (var i = 0; i < groups; i++)
        {
            locals += reader.Number();
            reader.Byte();
        }
        // One more local of each kind, to look at a value twice.
        var kinds = _shape.HasVectors ? 3 : 2;
        output.Number(groups + (_canonical ? kinds : 0));
        output.Bytes(body[firstGroup..reader.Position]);
        if (_canonical)
        {
            foreach (var type in (ReadOnlySpan<byte>)[F32, F64, V128])
            {
                if (type == V128 && !_shape.HasVectors)
                    continue;
                output.Number(1);
                output.Byte(type);
            }
        }
        while (!reader.IsAtEnd)
        {
            var start = reader.Position;
            var opcode = reader.Instruction();
            RewriteInstruction(output, opcode, body[start..reader.Position], locals);
        }
        return output.ToArray();
    }

    private void RewriteInstruction(CodeWriter output, int opcode, ReadOnlySpan<byte> instruction, int scratch)
    {
        if (opcode is Call or ReturnCall && _shape.VectorImports.TryGetValue(new CodeReader(instruction[1..]).Number(), out var parameterCount))
        {
            // A vector cannot cross into JavaScript: what would log it drops it.
            for (; parameterCount > 0; parameterCount--)
                output.Byte(0x1A);
            if (opcode == ReturnCall)
                output.Byte(0x0F);
            return;
        }
        if (_canonical && SeenBy(opcode) is { } seen)
            Canonicalize(output, seen, scratch);
        output.Bytes(instruction);
        if (_canonical && LanesOf(opcode) is { } lanes)
            CanonicalizeLanes(output, lanes, scratch + 2);
        // Loaded values have no part in the generator's hang limit, as constants do.
        if (opcode is 0x28 or >= 0x2C and <= 0x2F && _shape.HasMemory && _random.OneIn(OneInLoads))
            AddMemoryInstructions(output);
    }

    /// <summary>The type of the float at the top of the stack whose bits an instruction shows.</summary>
    private static byte? SeenBy(int opcode) => opcode switch
    {
        // store, reinterpret, copysign (of its second operand); splat and replace_lane
        0x38 or 0xBC or 0x98 or 0xFD13 or 0xFD20 => F32,
        0x39 or 0xBD or 0xA6 or 0xFD14 or 0xFD22 => F64,
        _ => null,
    };

    /// <summary>The type of the lanes in which an instruction may leave a NaN of bits that are left open.</summary>
    private static byte? LanesOf(int opcode) => opcode switch
    {
        // ceil … nearest, sqrt … max, demote
        >= 0xFD00 + 103 and <= 0xFD00 + 106 or >= 0xFD00 + 227 and <= 0xFD00 + 233 or 0xFD00 + 94 => F32,
        0xFD00 + 116 or 0xFD00 + 117 or 0xFD00 + 122 or 0xFD00 + 148 or >= 0xFD00 + 239 and <= 0xFD00 + 245 or 0xFD00 + 95 => F64,
        _ => null,
    };

    /// <summary>x, NaN, x = x, select.</summary>
    private static void Canonicalize(CodeWriter output, byte type, int scratch)
    {
        var local = type == F32 ? scratch : scratch + 1;
        output.Byte(0x22);
        output.Number(local);
        output.Bytes(type == F32 ? [0x43, 0, 0, 0xC0, 0x7F] : [0x44, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F]);
        Get(output, local);
        Get(output, local);
        output.Byte(type == F32 ? (byte)0x5B : (byte)0x61);
        output.Byte(0x1B);
    }

    /// <summary>x, NaNs, x = x, bitselect.</summary>
    private static void CanonicalizeLanes(CodeWriter output, byte type, int local)
    {
        output.Byte(0x22);
        output.Number(local);
        output.Bytes([0xFD, 0x0C]);
        var nans = new byte[16];
        for (var i = 0; i < nans.Length; i += type == F32 ? sizeof(float) : sizeof(double))
        {
            if (type == F32)
                BinaryPrimitives.WriteUInt32LittleEndian(nans.AsSpan(i), 0x7FC0_0000);
            else
                BinaryPrimitives.WriteUInt64LittleEndian(nans.AsSpan(i), 0x7FF8_0000_0000_0000);
        }
        output.Bytes(nans);
        Get(output, local);
        Get(output, local);
        output.Bytes([0xFD, type == F32 ? (byte)0x41 : (byte)0x47]);
        output.Bytes([0xFD, 0x52]);
    }

    private static void Get(CodeWriter output, int local)
    {
        output.Byte(0x20);
        output.Number(local);
    }

    /// <summary>An i32 is at the top of the stack, before and after.</summary>
    private void AddMemoryInstructions(CodeWriter output)
    {
        if (_random.OneIn(3))
        {
            // By 0, 1, 2 or −1 pages: the generator's memory may grow by one.
            output.Bytes([0x41, _random.Of<byte>([0x00, 0x01, 0x02, 0x7F]), 0x40, 0x00]);
        }
        else
        {
            output.Bytes([0x3F, 0x00]);
        }
        output.Byte(_random.Of<byte>([0x6A, 0x73, 0x6C]));
    }
}
