using System.Buffers.Binary;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>A zip that is changed in one place, and made right again elsewhere.</summary>
internal sealed class TornZip(byte[] bytes)
{
    public byte[] Bytes { get; private set; } = bytes;

    public int End => Bytes.Length - ZipFormat.EndSize;

    /// <summary>Where the n-th record with a signature begins.</summary>
    public int At(uint signature, int n = 0)
    {
        for (var i = 0; ; i++)
            if (BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(i)) == signature && n-- == 0) return i;
    }

    public int Local(int n = 0) => At(ZipFormat.LocalSignature, n);

    public int Central(int n = 0) => At(ZipFormat.CentralSignature, n);

    public TornZip Set(int offset, params byte[] content)
    {
        content.CopyTo(Bytes, offset);
        return this;
    }

    public TornZip Add(int offset, int amount, int width = 4)
    {
        var field = Bytes.AsSpan(offset);
        if (width == 4) BinaryPrimitives.WriteInt32LittleEndian(field, BinaryPrimitives.ReadInt32LittleEndian(field) + amount);
        else BinaryPrimitives.WriteInt16LittleEndian(field, (short)(BinaryPrimitives.ReadInt16LittleEndian(field) + amount));
        return this;
    }

    public TornZip Insert(int offset, params byte[] content)
    {
        Bytes = [.. Bytes[..offset], .. content, .. Bytes[offset..]];
        return this;
    }

    /// <summary>The directory begins, or is longer, by some bytes.</summary>
    public TornZip MoveDirectory(int by) => Add(End + 16, by);

    public TornZip GrowDirectory(int by) => Add(End + 12, by);
}
