using System.Buffers.Binary;
using System.IO.Compression;

namespace LazyOC.Fuzz.Packages;

/// <summary>A file of a zip that is written field by field, so that each can lie.</summary>
internal sealed record ZipPart
{
    public const ushort Stored = 0;
    public const ushort Deflated = 8;

    public required byte[] Name { get; init; }

    /// <summary>What the file's own header calls it; <see cref="Name"/> when null.</summary>
    public byte[]? LocalName { get; init; }

    public required byte[] Packed { get; init; }

    public required uint Size { get; init; }

    public required uint Crc { get; init; }

    public ushort Method { get; init; } = Deflated;

    public ushort Flags { get; init; } = 0x0800;

    public ushort MadeBy { get; init; }

    public uint Attributes { get; init; }

    public byte[] Gap { get; init; } = [];

    public byte[] LocalExtra { get; init; } = [];

    public byte[] CentralExtra { get; init; } = [];

    public byte[] Comment { get; init; } = [];

    /// <summary>Whether the directory leaves it out.</summary>
    public bool IsHidden { get; init; }

    public static ZipPart Of(byte[] name, byte[] content, ushort method = Deflated) => new()
    {
        Name = name,
        Packed = method == Stored ? content : Deflate(content),
        Size = (uint)content.Length,
        Crc = Crc32(content),
        Method = method,
    };

    private static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(content);
        return packed.ToArray();
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}

/// <summary>Writes the parts as a zip. Source: PKWARE APPNOTE.TXT 6.3.10, section 4.3.</summary>
internal static class ZipParts
{
    private const int LocalSize = 30, CentralSize = 46, EndSize = 22;
    private const ushort Version = 20, Date = 0x21;

    public static byte[] Write(IReadOnlyList<ZipPart> parts, byte[]? comment = null)
    {
        comment ??= [];
        using var output = new MemoryStream();
        var offsets = new List<uint>();
        foreach (var part in parts)
        {
            output.Write(part.Gap);
            offsets.Add((uint)output.Position);
            var name = part.LocalName ?? part.Name;
            var header = new byte[LocalSize];
            U32(header, 0, 0x04034b50);
            Shared(header.AsSpan(4), part, name.Length, part.LocalExtra.Length);
            output.Write([.. header, .. name, .. part.LocalExtra, .. part.Packed]);
        }
        var start = (uint)output.Position;
        ushort count = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (part.IsHidden) continue;
            count++;
            var header = new byte[CentralSize];
            U32(header, 0, 0x02014b50);
            U16(header, 4, part.MadeBy);
            Shared(header.AsSpan(6), part, part.Name.Length, part.CentralExtra.Length);
            U16(header, 32, (ushort)part.Comment.Length);
            U32(header, 38, part.Attributes);
            U32(header, 42, offsets[i]);
            output.Write([.. header, .. part.Name, .. part.CentralExtra, .. part.Comment]);
        }
        var end = new byte[EndSize];
        U32(end, 0, 0x06054b50);
        U16(end, 8, count);
        U16(end, 10, count);
        U32(end, 12, (uint)output.Position - start);
        U32(end, 16, start);
        U16(end, 20, (ushort)comment.Length);
        output.Write([.. end, .. comment]);
        return output.ToArray();
    }

    private static void Shared(Span<byte> header, ZipPart part, int name, int extra)
    {
        U16(header, 0, Version);
        U16(header, 2, part.Flags);
        U16(header, 4, part.Method);
        U16(header, 8, Date);
        U32(header, 10, part.Crc);
        U32(header, 14, (uint)part.Packed.Length);
        U32(header, 18, part.Size);
        U16(header, 22, (ushort)name);
        U16(header, 24, (ushort)extra);
    }

    private static void U16(Span<byte> bytes, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], value);

    private static void U32(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);
}
