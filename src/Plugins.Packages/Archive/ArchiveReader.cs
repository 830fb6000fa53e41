using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>
/// Reads the zip of a package from an untrusted source. Only the plain layout is accepted: entries one after another from
/// the first byte, then the central directory in the same order, then the end record, with nothing between or behind. So
/// every reader of zip files sees the same files in it.
/// </summary>
internal sealed class ArchiveReader
{
    private const string Repack = "pack it with `lazyoc plugin pack`";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly PackageLimits _limits;

    private ArchiveReader(ReadOnlyMemory<byte> bytes, PackageLimits limits) => (_bytes, _limits) = (bytes, limits);

    private readonly record struct Entry(string Path, ushort Version, ushort Flags, ushort Method, uint Crc, uint PackedBytes, uint Bytes, uint LocalOffset);

    /// <summary>All files in ordinal order of path, or the first thing that is wrong.</summary>
    public static Outcome<ImmutableArray<PackageFile>> Read(ReadOnlyMemory<byte> bytes, PackageLimits limits)
    {
        try
        {
            return new ArchiveReader(bytes, limits).Read();
        }
        catch (RefusedException e)
        {
            return e.Problem;
        }
    }

    private ImmutableArray<PackageFile> Read()
    {
        if (_bytes.Length > _limits.MaxPackedBytes) throw Refuse("", $"the package has {ByteSize.Format(_bytes.Length)}; at most {ByteSize.Format(_limits.MaxPackedBytes)} are allowed");
        var entries = ReadDirectory(out var start);
        CheckTotals(entries);
        CheckNames(entries);
        var files = ImmutableArray.CreateBuilder<PackageFile>(entries.Count);
        var offset = 0L;
        foreach (var entry in entries) files.Add(ReadFile(entry, start, ref offset));
        if (offset != start) throw Refuse("", "the package has bytes between its files and its directory", Repack);
        files.Sort((x, y) => string.CompareOrdinal(x.Path, y.Path));
        return files.ToImmutable();
    }

    private List<Entry> ReadDirectory(out int start)
    {
        var bytes = _bytes.Span;
        if (bytes.Length < ZipFormat.EndSize || U32(bytes[^ZipFormat.EndSize..]) != ZipFormat.EndSignature) throw NotAZip(bytes);
        var end = bytes[^ZipFormat.EndSize..];
        var (count, size, offset) = (U16(end[10..]), U32(end[12..]), U32(end[16..]));
        if (count == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue || HasZip64Locator(bytes)) throw Refuse("", "the package uses zip64", Repack);
        if (U16(end[4..]) != 0 || U16(end[6..]) != 0 || U16(end[8..]) != count) throw Refuse("", "the package is one part of a split zip", Repack);
        if (U16(end[20..]) != 0) throw Refuse("", "the package has a zip comment", Repack);
        if (count > _limits.MaxEntries) throw Refuse("", $"the package has {count:N0} files; at most {_limits.MaxEntries:N0} are allowed");
        if (count == 0) throw Refuse("", "the package is empty", Repack);
        if ((ulong)offset + size + ZipFormat.EndSize != (ulong)bytes.Length) throw Refuse("", "the package's directory is not where its end record says", Repack);
        start = (int)offset;
        var directory = bytes.Slice(start, (int)size);
        var entries = new List<Entry>(count);
        for (var i = 0; i < count; i++) entries.Add(ReadEntry(ref directory));
        if (!directory.IsEmpty) throw Refuse("", "the package's directory has more in it than files", Repack);
        return entries;
    }

    private static RefusedException NotAZip(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && U32(bytes) == ZipFormat.LocalSignature
        ? Refuse("", "the package does not end as a zip file does: it is cut off, or something follows it", "fetch it again")
        : Refuse("", "the file is not a plugin package: it is not a zip file", "packages are made with `lazyoc plugin pack` and end in `.lzp`");

    private static bool HasZip64Locator(ReadOnlySpan<byte> bytes)
    {
        const int distance = ZipFormat.EndSize + ZipFormat.Zip64LocatorSize;
        return bytes.Length >= distance && U32(bytes[^distance..]) == ZipFormat.Zip64LocatorSignature;
    }

    private static Entry ReadEntry(ref ReadOnlySpan<byte> directory)
    {
        if (directory.Length < ZipFormat.CentralSize || U32(directory) != ZipFormat.CentralSignature) throw Refuse("", "the package's directory is damaged", "fetch it again");
        int nameLength = U16(directory[28..]), extraLength = U16(directory[30..]), commentLength = U16(directory[32..]);
        if (directory.Length < ZipFormat.CentralSize + nameLength + extraLength + commentLength) throw Refuse("", "the package's directory is damaged", "fetch it again");
        var path = ReadName(directory.Slice(ZipFormat.CentralSize, nameLength));
        var entry = new Entry(path, U16(directory[6..]), U16(directory[8..]), U16(directory[10..]), U32(directory[16..]), U32(directory[20..]), U32(directory[24..]), U32(directory[42..]));
        var attributes = U32(directory[38..]);
        CheckKind(entry, attributes);
        if (U16(directory[6..]) > ZipFormat.Version || directory[5] is not (ZipFormat.MadeByFat or ZipFormat.MadeByUnix)) throw Refuse(path, "is written for a zip program that packages do not use", Repack);
        if (extraLength != 0 || commentLength != 0) throw Refuse(path, "has extra zip fields", Repack);
        if (U16(directory[34..]) != 0) throw Refuse(path, "is on another part of a split zip", Repack);
        directory = directory[(ZipFormat.CentralSize + nameLength)..];
        return entry;
    }

    private static string ReadName(ReadOnlySpan<byte> name)
    {
        try
        {
            return StrictUtf8.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw Refuse(Encoding.Latin1.GetString(name), "is not a name in UTF-8", Repack);
        }
    }

    private static void CheckKind(Entry entry, uint attributes)
    {
        const uint typeMask = 0xF000, regular = 0x8000, symbolicLink = 0xA000, dosMask = 0xFFFF, dosFile = 0x27;
        var type = (attributes >> 16) & typeMask;
        if (type == symbolicLink) throw Refuse(entry.Path, "is a symbolic link", "packages have files only");
        // What DOS says besides read-only, hidden, system and archive makes it a folder, or a volume label that some readers skip.
        if ((type != 0 && type != regular) || (attributes & dosMask & ~dosFile) != 0) throw Refuse(entry.Path, "is not a file", "packages have files only");
        if ((entry.Flags & ZipFormat.EncryptedFlags) != 0) throw Refuse(entry.Path, "is encrypted", Repack);
        if ((entry.Flags & ~ZipFormat.HarmlessFlags) != 0) throw Refuse(entry.Path, "uses a zip feature that packages do not have", Repack);
        if (entry.Method is not (ZipFormat.Stored or ZipFormat.Deflated)) throw Refuse(entry.Path, $"is packed by method {entry.Method}, which packages do not use", Repack);
        if (entry.Bytes == uint.MaxValue || entry.PackedBytes == uint.MaxValue || entry.LocalOffset == uint.MaxValue) throw Refuse(entry.Path, "uses zip64", Repack);
    }

    private void CheckTotals(List<Entry> entries)
    {
        var total = 0L;
        foreach (var entry in entries)
        {
            total += entry.Bytes;
            if (total > _limits.MaxUnpackedBytes) throw Refuse(entry.Path, $"brings the package to more than {ByteSize.Format(_limits.MaxUnpackedBytes)} unpacked");
            if (entry.Bytes > _limits.RatioFromBytes && entry.Bytes / _limits.MaxRatio > entry.PackedBytes)
                throw Refuse(entry.Path, $"unpacks to more than {_limits.MaxRatio} times its packed size");
        }
    }

    private static void CheckNames(List<Entry> entries)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, _, _, _, _, _, _, _) in entries)
        {
            if (path.Length == 0) throw Refuse("", "the package has a file without a name", Repack);
            if (!PackagePath.IsValid(path, out var reason)) throw Refuse(path, $"is not a name for a file in a package: it {reason}");
            if (!names.TryAdd(path, path)) throw Refuse(path, names[path] == path ? "is in the package twice" : $"differs from `{names[path]}` only in case");
        }
        foreach (var path in names.Values)
            for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
                if (names.TryGetValue(path[..slash], out var file)) throw Refuse(path, $"is inside `{file}`, which is a file");
    }

    private PackageFile ReadFile(Entry entry, int start, ref long offset)
    {
        var bytes = _bytes.Span;
        if (entry.LocalOffset != offset) throw Refuse(entry.Path, "does not follow the file before it", Repack);
        if (offset + ZipFormat.LocalSize > start) throw Refuse(entry.Path, "reaches into the directory", Repack);
        var header = bytes.Slice((int)offset, ZipFormat.LocalSize);
        int nameLength = U16(header[26..]), extraLength = U16(header[28..]);
        var data = offset + ZipFormat.LocalSize + nameLength + extraLength;
        if (U32(header) != ZipFormat.LocalSignature || data + entry.PackedBytes > start) throw Refuse(entry.Path, "reaches into the directory", Repack);
        var name = bytes.Slice((int)offset + ZipFormat.LocalSize, nameLength);
        var same = extraLength == 0 && U16(header[4..]) == entry.Version && name.SequenceEqual(Encoding.UTF8.GetBytes(entry.Path)) && U16(header[6..]) == entry.Flags && U16(header[8..]) == entry.Method
            && U32(header[14..]) == entry.Crc && U32(header[18..]) == entry.PackedBytes && U32(header[22..]) == entry.Bytes;
        if (!same) throw Refuse(entry.Path, "is described differently by its own header and the directory", Repack);
        offset = data + entry.PackedBytes;
        return new PackageFile(entry.Path, Unpack(entry, _bytes.Slice((int)data, (int)entry.PackedBytes)));
    }

    private static ReadOnlyMemory<byte> Unpack(Entry entry, ReadOnlyMemory<byte> packed)
    {
        var content = entry.Method == ZipFormat.Deflated ? Inflate(entry, packed) : packed;
        if (content.Length != entry.Bytes) throw Refuse(entry.Path, "does not have the size it states");
        if (Crc32.Of(content.Span) != entry.Crc) throw Refuse(entry.Path, "is damaged: its checksum does not match", "fetch the package again");
        return content;
    }

    private static byte[] Inflate(Entry entry, ReadOnlyMemory<byte> packed)
    {
        try
        {
            using var source = new PackedStream(packed);
            using var inflate = new DeflateStream(source, CompressionMode.Decompress);
            var content = new byte[entry.Bytes];
            var length = inflate.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length != content.Length || inflate.ReadByte() >= 0) throw Refuse(entry.Path, "does not have the size it states");
            if (!source.IsReadExactly) throw Refuse(entry.Path, "does not end where its packed bytes do", Repack);
            return content;
        }
        catch (InvalidDataException)
        {
            throw Refuse(entry.Path, "is damaged: it does not unpack", "fetch the package again");
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static RefusedException Refuse(string entry, string message, string? hint = null) => new(new Problem(Shown(entry), message, hint));

    /// <summary>A hostile name is shown in part, on one line and without control characters.</summary>
    private static string Shown(string entry) => new([.. entry.Take(PackagePath.MaxBytes).Select(c => c is < ' ' or > '~' ? '\uFFFD' : c)]);
}

/// <summary>Carries a refusal out of a parser of this room; never leaves it.</summary>
internal sealed class RefusedException(Problem problem) : Exception(problem.ToString())
{
    public Problem Problem { get; } = problem;
}
