using System.Buffers.Binary;
using System.Text;

namespace LazyOC.Plugins.Packages;

/// <summary>Writes the zip of a package: sorted entries, one fixed time, no extra fields; the same files give the same bytes.</summary>
/// <remarks>Paths must satisfy <see cref="Contracts.PackagePath"/> and sizes <see cref="PackageLimits"/>; the caller checks both by reading the result.</remarks>
internal static class ArchiveWriter
{
    private readonly record struct Entry(byte[] Name, ushort Method, uint Crc, int PackedBytes, int Bytes, int Offset);

    public static byte[] Write(IEnumerable<PackageFile> files)
    {
        using var output = new MemoryStream();
        var entries = new List<Entry>();
        foreach (var file in files.OrderBy(f => f.Path, StringComparer.Ordinal)) entries.Add(WriteFile(output, file));
        var start = (int)output.Position;
        foreach (var entry in entries) WriteCentral(output, entry);
        WriteEnd(output, entries.Count, start);
        return output.ToArray();
    }

    private static Entry WriteFile(MemoryStream output, PackageFile file)
    {
        ReadOnlyMemory<byte> packed = Deflater.Pack(file.Content.Span);
        var deflated = packed.Length < file.Content.Length;
        var data = deflated ? packed : file.Content;
        var entry = new Entry(Encoding.UTF8.GetBytes(file.Path), deflated ? ZipFormat.Deflated : ZipFormat.Stored, Crc32.Of(file.Content.Span), data.Length, file.Content.Length, (int)output.Position);
        Span<byte> header = stackalloc byte[ZipFormat.LocalSize];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, ZipFormat.LocalSignature);
        WriteShared(header[4..], entry);
        output.Write(header);
        output.Write(entry.Name);
        output.Write(data.Span);
        return entry;
    }

    private static void WriteCentral(MemoryStream output, Entry entry)
    {
        Span<byte> header = stackalloc byte[ZipFormat.CentralSize];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, ZipFormat.CentralSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], ZipFormat.Version);
        WriteShared(header[6..], entry);
        BinaryPrimitives.WriteInt32LittleEndian(header[42..], entry.Offset);
        output.Write(header);
        output.Write(entry.Name);
    }

    /// <summary>The 26 bytes that the local and the central header have in common.</summary>
    private static void WriteShared(Span<byte> header, Entry entry)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, ZipFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], ZipFormat.Utf8Flag);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], entry.Method);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], ZipFormat.FixedTime);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], ZipFormat.FixedDate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], entry.Crc);
        BinaryPrimitives.WriteInt32LittleEndian(header[14..], entry.PackedBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[18..], entry.Bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)entry.Name.Length);
    }

    private static void WriteEnd(MemoryStream output, int entries, int start)
    {
        Span<byte> end = stackalloc byte[ZipFormat.EndSize];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, ZipFormat.EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], (ushort)entries);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)entries);
        BinaryPrimitives.WriteInt32LittleEndian(end[12..], (int)output.Position - start);
        BinaryPrimitives.WriteInt32LittleEndian(end[16..], start);
        output.Write(end);
    }
}
