namespace LazyOC.Plugins.Packages;

/// <summary>Numbers of the zip format. Source: PKWARE APPNOTE.TXT 6.3.10, section 4.3.</summary>
internal static class ZipFormat
{
    public const uint LocalSignature = 0x04034b50;
    public const uint CentralSignature = 0x02014b50;
    public const uint EndSignature = 0x06054b50;
    public const uint Zip64LocatorSignature = 0x07064b50;

    public const int LocalSize = 30;
    public const int CentralSize = 46;
    public const int EndSize = 22;
    public const int Zip64LocatorSize = 20;

    public const ushort Stored = 0;
    public const ushort Deflated = 8;

    public const ushort EncryptedFlags = 0x2041;
    public const ushort DescriptorFlag = 0x0008;
    public const ushort Utf8Flag = 0x0800;

    /// <summary>Bits 1 and 2 tell how hard the compressor tried.</summary>
    public const ushort HarmlessFlags = Utf8Flag | 0x0006;

    /// <summary>2.0, the first version with deflate; made by a system without file modes (FAT).</summary>
    public const ushort Version = 20;

    /// <summary>Systems whose names and modes every reader takes alike; others make some readers change a name.</summary>
    public const byte MadeByFat = 0;

    public const byte MadeByUnix = 3;

    /// <summary>1 January 1980, 00:00, the earliest time there is.</summary>
    public const ushort FixedTime = 0;

    public const ushort FixedDate = (1 << 5) | 1;
}
