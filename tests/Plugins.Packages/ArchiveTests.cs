using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using static LazyOC.Plugins.Packages.Tests.SamplePackage;

namespace LazyOC.Plugins.Packages.Tests;

public sealed class ArchiveTests
{
    private static string Refusal(ReadOnlyMemory<byte> bytes, PackageLimits? limits = null)
    {
        Assert.False(ArchiveReader.Read(bytes, limits ?? PackageLimits.Default).TryGet(out _, out var problems));
        return Assert.Single(problems).ToString();
    }

    private static byte[] Zip(params string[] names) => ArchiveWriter.Write(names.Select(n => File(n, "some content of " + n)));

    /// <summary>Where a record's n-th signature stands.</summary>
    private static int Find(byte[] zip, uint signature, int n = 0)
    {
        for (var i = 0; ; i++)
            if (BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(i)) == signature && n-- == 0) return i;
    }

    private static byte[] With(byte[] zip, int offset, params byte[] bytes)
    {
        bytes.CopyTo(zip, offset);
        return zip;
    }

    [Fact]
    public void Write_SameFilesInAnyOrder_SameBytes()
    {
        var files = Files();
        Assert.Equal(ArchiveWriter.Write(files), ArchiveWriter.Write(files.AsEnumerable().Reverse()));
    }

    [Fact]
    public void Write_OtherReader_SeesTheSameFiles()
    {
        using var zip = new ZipArchive(new MemoryStream(Zip("b/c.txt", "a.txt")));
        Assert.Equal(["a.txt", "b/c.txt"], zip.Entries.Select(e => e.FullName));
        using var reader = new StreamReader(zip.Entries[1].Open());
        Assert.Equal("some content of b/c.txt", reader.ReadToEnd());
    }

    [Fact]
    public void Read_WhatWasWritten_GivesItBack()
    {
        var files = new[] { File("a", ""), File("b", new string('x', 5_000)), File("c/d", "y") };
        Assert.True(ArchiveReader.Read(ArchiveWriter.Write(files), PackageLimits.Default).TryGet(out var read, out _));
        Assert.Equal(files.Select(f => (f.Path, Encoding.UTF8.GetString(f.Content.Span))), read.Select(f => (f.Path, Encoding.UTF8.GetString(f.Content.Span))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello, I am not a zip file at all")]
    public void Read_NotAZip_IsRefused(string text) =>
        Assert.Equal("the file is not a plugin package: it is not a zip file\nhint: packages are made with `lazyoc plugin pack` and end in `.lzp`", Refusal(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("../evil", "leads out of its folder")]
    [InlineData("a/../../evil", "leads out of its folder")]
    [InlineData("./a", "leads out of its folder")]
    [InlineData("/etc/passwd", "is absolute")]
    [InlineData("a\\b", "has a backslash")]
    [InlineData("C:/x", "has a colon")]
    [InlineData("a\0b", "has a control character")]
    [InlineData("a//b", "has an empty part")]
    [InlineData("folder/", "has an empty part")]
    [InlineData("CON", "device name")]
    [InlineData("a/nul.txt", "device name")]
    [InlineData("com1.js", "device name")]
    [InlineData("aux.txt", "device name")]
    [InlineData("LPT9", "device name")]
    [InlineData("CONIN$", "device name")]
    [InlineData("nul .txt", "device name")]
    [InlineData("file:stream", "has a colon")]
    [InlineData("a?", "not a file name on every platform")]
    [InlineData("a\u001b[2J", "has a control character")]
    [InlineData("a/..", "leads out of its folder")]
    [InlineData("a.", "ends in a dot")]
    [InlineData("a /b", "ends in a dot or a space")]
    [InlineData("caf\u00e9", "outside ASCII")]
    [InlineData("cafe\u0301", "outside ASCII")]
    public void Read_ForbiddenName_IsRefusedByName(string name, string reason)
    {
        var refusal = Refusal(Zip(name));
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.StartsWith("`" + new string([.. name.Select(c => c is < ' ' or > '~' ? '\uFFFD' : c)]) + "`", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NameNotUtf8_IsRefused()
    {
        var zip = Zip("ab");
        Assert.Contains("not a name in UTF-8", Refusal(With(zip, Find(zip, ZipFormat.CentralSignature) + ZipFormat.CentralSize, 0xff)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DuplicateName_IsRefused() => Assert.Equal("`a` is in the package twice", Refusal(Zip("a", "a")));

    [Fact]
    public void Read_NamesDifferInCase_IsRefused() => Assert.Equal("`a/b` differs from `A/b` only in case", Refusal(Zip("a/b", "A/b")));

    [Fact]
    public void Read_FileAsFolder_IsRefused() => Assert.Equal("`a/b` is inside `a`, which is a file", Refusal(Zip("a", "a/b")));

    [Theory]
    [InlineData(0xA1FF, "is a symbolic link")]
    [InlineData(0x41ED, "is not a file")]
    [InlineData(0x2000, "is not a file")]
    public void Read_OtherKindOfEntry_IsRefused(int mode, string reason)
    {
        var zip = Zip("a");
        Assert.StartsWith($"`a` {reason}", Refusal(With(zip, Find(zip, ZipFormat.CentralSignature) + 40, (byte)mode, (byte)(mode >> 8))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x27, null)]
    [InlineData(0x08, "`a` is not a file")]
    [InlineData(0x10, "`a` is not a file")]
    [InlineData(0x40, "`a` is not a file")]
    public void Read_DosAttributes_AreThoseOfAFile(byte attributes, string? reason)
    {
        var zip = Zip("a");
        With(zip, Find(zip, ZipFormat.CentralSignature) + 38, attributes);
        if (reason is null) Assert.True(ArchiveReader.Read(zip, PackageLimits.Default).TryGet(out _, out _));
        else Assert.StartsWith(reason, Refusal(zip), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 0x01, "is encrypted")]
    [InlineData(8, 0x08, "uses a zip feature")]
    [InlineData(6, 21, "is written for a zip program")]
    [InlineData(6, 10, "is described differently")]
    [InlineData(5, 2, "is written for a zip program")]
    [InlineData(10, 12, "is packed by method 12")]
    [InlineData(34, 1, "is on another part")]
    [InlineData(42, 1, "does not follow the file before it")]
    [InlineData(16, 0x55, "is described differently")]
    public void Read_DirectoryFieldChanged_IsRefused(int field, byte value, string reason)
    {
        var zip = Zip("a");
        Assert.Contains(reason, Refusal(With(zip, Find(zip, ZipFormat.CentralSignature) + field, value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LocalNameDiffers_IsRefused()
    {
        var zip = Zip("a");
        Assert.Contains("is described differently by its own header", Refusal(With(zip, ZipFormat.LocalSize, (byte)'b')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(42)]
    public void Read_Zip64Entry_IsRefused(int field)
    {
        var zip = Zip("a");
        Assert.StartsWith("`a` uses zip64", Refusal(With(zip, Find(zip, ZipFormat.CentralSignature) + field, 255, 255, 255, 255)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Zip64EndRecord_IsRefused()
    {
        var zip = Zip("a");
        Assert.StartsWith("the package uses zip64", Refusal(With(zip, zip.Length - ZipFormat.EndSize + 16, 255, 255, 255, 255)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BytesBeforeOrBehind_IsRefused()
    {
        Assert.Contains("is not where its end record says", Refusal(Encoding.UTF8.GetBytes("#!").Concat(Zip("a")).ToArray()), StringComparison.Ordinal);
        Assert.Contains("something follows it", Refusal(Zip("a").Append((byte)0).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutOff_IsRefused() => Assert.Contains("it is cut off", Refusal(Zip("a", "b").AsMemory(0, 60)), StringComparison.Ordinal);

    [Fact]
    public void Read_Comment_IsRefused()
    {
        var zip = Zip("a");
        Assert.Contains("has a zip comment", Refusal(With(zip, zip.Length - 2, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ContentChanged_IsRefusedByName()
    {
        var zip = Zip("a");
        Assert.StartsWith("`a` is damaged", Refusal(With(zip, ZipFormat.LocalSize + 1 + 3, 0x7f)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SizeLies_IsRefused()
    {
        var zip = ArchiveWriter.Write([File("a", new string('x', 1_000))]);
        foreach (var size in new byte[] { 0xe7, 0xe9 })
        {
            With(zip, 22, size);
            Assert.Contains("does not have the size it states", Refusal(With(zip, Find(zip, ZipFormat.CentralSignature) + 24, size)), StringComparison.Ordinal);
        }
    }
}
