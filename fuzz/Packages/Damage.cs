using System.Buffers.Binary;
using System.Collections.Immutable;

namespace LazyOC.Fuzz.Packages;

/// <summary>How a package is damaged.</summary>
internal enum DamageKind
{
    Bits,
    Bytes,
    Splice,
    Cut,
    Field,
    Name,
    Entry,
    Content,
}

/// <summary>Damage to the bytes of a package, wherever they are; a seed decides it.</summary>
/// <param name="random">What decides.</param>
/// <param name="others">Packages that parts are taken from.</param>
internal sealed class Damage(SeededRandom random, ImmutableArray<byte[]> others)
{
    private const int LocalSize = 30, CentralSize = 46, EndSize = 22;

    /// <summary>Half of the damage falls on the directory, which is small beside the content.</summary>
    private const int Tail = 600;

    /// <summary>Offset and width of the fields that the two headers of a file share, from the local header's begin; the central one has them two bytes later.</summary>
    private static readonly (int At, int Width)[] SharedFields = [(4, 2), (6, 2), (8, 2), (10, 2), (12, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)];

    private static readonly (int At, int Width)[] CentralFields = [(4, 2), (32, 2), (34, 2), (36, 2), (38, 4), (40, 2), (42, 4)];

    private static readonly (int At, int Width)[] EndFields = [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)];

    public byte[] Bits(byte[] package)
    {
        var bytes = (byte[])package.Clone();
        for (var i = 1 + random.Below(8); i > 0; i--) bytes[Position(bytes.Length)] ^= (byte)(1 << random.Below(8));
        return bytes;
    }

    public byte[] Bytes(byte[] package)
    {
        var bytes = (byte[])package.Clone();
        for (var i = 1 + random.Below(6); i > 0; i--) bytes[Position(bytes.Length)] = random.Below(4) switch { 0 => 0, 1 => 255, 2 => (byte)'/', _ => (byte)random.Next() };
        return bytes;
    }

    /// <summary>Bytes of a package over those of another, or between them.</summary>
    public byte[] Splice(byte[] package)
    {
        var donor = random.Of(others.AsSpan());
        var (from, at) = (random.Below(donor.Length), random.Below(package.Length));
        var length = Math.Min(1 + random.Below(random.OneIn(4) ? donor.Length : 64), donor.Length - from);
        var after = random.OneIn(2) ? at : Math.Min(at + length, package.Length);
        return [.. package[..at], .. donor[from..(from + length)], .. package[after..]];
    }

    public byte[] Cut(byte[] package)
    {
        var (at, length) = (random.Below(package.Length), 1 + random.Below(random.OneIn(4) ? package.Length : 32));
        var end = Math.Min(at + length, package.Length);
        return random.Below(5) switch
        {
            0 => package[..at],
            1 => package[at..],
            2 => [.. package[..at], .. package[end..]],
            3 => [.. package[..end], .. package[at..]],
            _ => [.. package, .. random.Bytes(1 + random.Below(40))],
        };
    }

    /// <summary>A field of a header says something else; in half of the cases the file's other header agrees.</summary>
    public byte[] Field(byte[] package)
    {
        var bytes = (byte[])package.Clone();
        var locals = Headers(bytes, 0x04034b50);
        var centrals = Headers(bytes, 0x02014b50);
        for (var i = 1 + random.Below(2); i > 0; i--)
        {
            var file = random.Below(Math.Min(locals.Count, centrals.Count));
            switch (random.Below(4))
            {
                case 0:
                    Lie(bytes, bytes.Length - EndSize, random.Of<(int, int)>(EndFields));
                    break;
                case 1:
                    Lie(bytes, centrals[file], random.Of<(int, int)>(CentralFields));
                    break;
                case 2:
                    var field = random.Of<(int At, int Width)>(SharedFields);
                    Lie(bytes, locals[file], field);
                    if (random.OneIn(2)) bytes.AsSpan(locals[file] + field.At, field.Width).CopyTo(bytes.AsSpan(centrals[file] + field.At + 2));
                    break;
                default:
                    var (at, width) = random.Of<(int, int)>(SharedFields);
                    Lie(bytes, centrals[file], (at + 2, width));
                    break;
            }
        }
        return bytes;
    }

    private void Lie(byte[] bytes, int record, (int At, int Width) field)
    {
        var target = bytes.AsSpan(record + field.At, field.Width);
        var value = field.Width == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(target) : BinaryPrimitives.ReadUInt32LittleEndian(target);
        value = random.Below(8) switch
        {
            0 => 0,
            1 => uint.MaxValue,
            2 => value + 1,
            3 => value - 1,
            4 => value ^ (1u << random.Below(field.Width * 8)),
            5 => 0x7fffffff,
            6 => (uint)random.Below(bytes.Length),
            _ => (uint)random.Next(),
        };
        if (field.Width == 2) BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)value);
        else BinaryPrimitives.WriteUInt32LittleEndian(target, value);
    }

    /// <summary>Where headers begin in a sound package; content that looks like one does no harm here.</summary>
    private static List<int> Headers(byte[] bytes, uint signature)
    {
        var found = new List<int>();
        var size = signature == 0x02014b50 ? CentralSize : LocalSize;
        for (var i = 0; i + size <= bytes.Length; i++)
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i)) == signature) found.Add(i);
        return found;
    }

    private int Position(int length) => random.OneIn(2) ? random.Below(length) : length - 1 - random.Below(Math.Min(length, Tail));
}
