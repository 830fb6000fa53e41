using System.IO.Compression;
using static LazyOC.Plugins.Packages.Tests.SamplePackage;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>
/// Archives that readers of zip files understand differently, or that have more in them than files. .NET's own reader, which
/// looks at the directory only, is the control: it takes most of them.
/// </summary>
public sealed class ArchiveLayoutTests
{
    private static TornZip Zip(params string[] names) => new(ArchiveWriter.Write(names.Select(name => File(name, "some content of " + name))));

    private static string Refusal(TornZip zip)
    {
        Assert.False(ArchiveReader.Read(zip.Bytes, PackageLimits.Default).TryGet(out _, out var problems));
        return Assert.Single(problems).ToString();
    }

    private static void AssertOtherReaderTakes(TornZip zip, params string[] names)
    {
        using var other = new ZipArchive(new MemoryStream(zip.Bytes));
        Assert.Equal(names, other.Entries.Select(entry => entry.FullName));
        foreach (var entry in other.Entries)
        {
            using var content = entry.Open();
            content.CopyTo(Stream.Null);
        }
    }

    [Fact]
    public void Read_Untouched_IsRead() => Assert.True(ArchiveReader.Read(Zip("a", "b").Bytes, PackageLimits.Default).TryGet(out _, out _));

    [Fact]
    public void Read_BytesBetweenTwoFiles_IsRefused()
    {
        var zip = Zip("a", "b");
        zip.Insert(zip.Local(1), 1, 2, 3, 4).Add(zip.Central(1) + 42, 4).MoveDirectory(4);
        AssertOtherReaderTakes(zip, "a", "b");
        Assert.StartsWith("`b` does not follow the file before it", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BytesBeforeTheDirectory_IsRefused()
    {
        var zip = Zip("a", "b");
        zip.Insert(zip.Central(), 1, 2, 3, 4).MoveDirectory(4);
        AssertOtherReaderTakes(zip, "a", "b");
        Assert.StartsWith("the package has bytes between its files and its directory", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BytesInTheDirectory_IsRefused()
    {
        var zip = Zip("a", "b");
        zip.Insert(zip.End, 1, 2, 3, 4).GrowDirectory(4);
        Assert.StartsWith("the package's directory has more in it than files", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileThatTheDirectoryHides_IsRefused()
    {
        var zip = Zip("a", "b");
        var (first, second) = (zip.Central(), zip.Central(1));
        zip = new TornZip([.. zip.Bytes[..first], .. zip.Bytes[second..]]);
        zip.GrowDirectory(first - second).Add(zip.End + 8, -1, width: 2).Add(zip.End + 10, -1, width: 2);
        AssertOtherReaderTakes(zip, "b");
        Assert.StartsWith("`b` does not follow the file before it", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TwoNamesForOneFile_IsRefused()
    {
        var zip = Zip("a", "b");
        zip.Set(zip.Central(1) + 42, 0, 0, 0, 0);
        Assert.StartsWith("`b` does not follow the file before it", Refusal(zip), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void Read_CountOfFilesLies_IsRefused(int field)
    {
        var zip = Zip("a", "b");
        Assert.StartsWith("the package is one part of a split zip", Refusal(zip.Add(zip.End + field, 1, width: 2)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreFilesCountedThanThere_IsRefused()
    {
        var zip = Zip("a", "b");
        Assert.StartsWith("the package's directory is damaged", Refusal(zip.Add(zip.End + 8, 1, width: 2).Add(zip.End + 10, 1, width: 2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Read_PartOfASplitZip_IsRefused(int field)
    {
        var zip = Zip("a");
        Assert.StartsWith("the package is one part of a split zip", Refusal(zip.Set(zip.End + field, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFiles_IsRefused() => Assert.StartsWith("the package is empty", Refusal(new TornZip(ArchiveWriter.Write([]))), StringComparison.Ordinal);

    [Fact]
    public void Read_FileWithoutName_IsRefused() => Assert.StartsWith("the package has a file without a name", Refusal(Zip("")), StringComparison.Ordinal);

    [Fact]
    public void Read_Zip64Locator_IsRefused()
    {
        var zip = Zip("a");
        zip.Insert(zip.End, [0x50, 0x4b, 0x06, 0x07, .. new byte[ZipFormat.Zip64LocatorSize - 4]]);
        Assert.StartsWith("the package uses zip64", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ExtraFieldInTheDirectory_IsRefused()
    {
        var zip = Zip("a");
        zip.Insert(zip.End, 1, 0, 0, 0).GrowDirectory(4).Add(zip.Central() + 30, 4, width: 2);
        AssertOtherReaderTakes(zip, "a");
        Assert.StartsWith("`a` has extra zip fields", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CommentOfAFile_IsRefused()
    {
        var zip = Zip("a");
        zip.Insert(zip.End, 1, 2).GrowDirectory(2).Add(zip.Central() + 32, 2, width: 2);
        Assert.StartsWith("`a` has extra zip fields", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ExtraFieldBeforeTheContent_IsRefused()
    {
        var zip = Zip("a");
        zip.Insert(ZipFormat.LocalSize + 1, 1, 0, 0, 0).Add(28, 4, width: 2).MoveDirectory(4);
        AssertOtherReaderTakes(zip, "a");
        Assert.StartsWith("`a` is described differently by its own header", Refusal(zip), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "version")]
    [InlineData(6, "flags")]
    [InlineData(8, "method")]
    [InlineData(14, "checksum")]
    [InlineData(18, "packed size")]
    [InlineData(22, "size")]
    [InlineData(26, "length of the name")]
    [InlineData(ZipFormat.LocalSize, "name")]
    public void Read_HeaderDisagreesWithTheDirectory_IsRefused(int field, string _)
    {
        var zip = Zip("a");
        zip.Bytes[field] ^= 1;
        Assert.StartsWith("`a` is described differently by its own header", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SizesReachIntoTheDirectory_IsRefused()
    {
        var zip = Zip("a");
        zip.Add(18, 1).Add(zip.Central() + 20, 1);
        Assert.StartsWith("`a` reaches into the directory", Refusal(zip), StringComparison.Ordinal);
    }

    /// <summary>Bytes behind the end of deflate's own data: no reader shows them, and each would have to pass over them.</summary>
    [Fact]
    public void Read_BytesBehindThePackedContent_IsRefused()
    {
        var zip = new TornZip(ArchiveWriter.Write([File("a", new string('x', 1_000))]));
        zip.Insert(zip.Central(), 1, 2, 3).MoveDirectory(3);
        zip.Add(18, 3).Add(zip.Central() + 20, 3);
        AssertOtherReaderTakes(zip, "a");
        Assert.StartsWith("`a` does not end where its packed bytes do", Refusal(zip), StringComparison.Ordinal);
    }

    /// <summary>The content is complete, but deflate's end of data is missing: .NET's reader takes it, others do not.</summary>
    [Fact]
    public void Read_PackedContentWithoutItsEnd_IsRefused()
    {
        // One block of stored bytes, which is not marked as the last.
        byte[] content = [.. "abc"u8], packed = [0, 3, 0, 0xfc, 0xff, .. content];
        var zip = new TornZip(ArchiveWriter.Write([new PackageFile("a", content)]));
        zip = new TornZip([.. zip.Bytes[..(ZipFormat.LocalSize + 1)], .. packed, .. zip.Bytes[zip.Central()..]]);
        zip.MoveDirectory(packed.Length - content.Length);
        foreach (var (method, size) in new[] { (8, 18), (zip.Central() + 10, zip.Central() + 20) }) zip.Set(method, 8).Set(size, (byte)packed.Length);
        AssertOtherReaderTakes(zip, "a");
        Assert.StartsWith("`a` does not end where its packed bytes do", Refusal(zip), StringComparison.Ordinal);
    }

    /// <summary>Two names for most readers, and one for a file system that normalises them.</summary>
    [Theory]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("\u212b", "\u00c5")]
    public void Read_NamesAreOneInNfc_IsRefused(string name, string other)
    {
        AssertOtherReaderTakes(Zip(name, other), [.. new[] { name, other }.Order(StringComparer.Ordinal)]);
        Assert.Contains("has a character outside ASCII", Refusal(Zip(name, other)), StringComparison.Ordinal);
    }

    /// <summary>Why names are looked at: an unpacker that joins paths writes outside of its folder.</summary>
    [Fact]
    public void Read_NameThatLeadsOut_IsRefusedAndWouldLeadOut()
    {
        var zip = Zip("../evil");
        Assert.StartsWith("`../evil` is not a name for a file in a package: it leads out of its folder", Refusal(zip), StringComparison.Ordinal);

        using var directory = new TemporaryDirectory();
        var target = Directory.CreateDirectory(Path.Combine(directory.Path, "target")).FullName;
        using var other = new ZipArchive(new MemoryStream(zip.Bytes));
        other.Entries[0].ExtractToFile(Path.Combine(target, other.Entries[0].FullName));
        Assert.True(System.IO.File.Exists(Path.Combine(directory.Path, "evil")));
    }
}
