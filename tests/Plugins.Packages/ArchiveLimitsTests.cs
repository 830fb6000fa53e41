using static LazyOC.Plugins.Packages.Tests.SamplePackage;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>Each limit of an archive, with what just keeps it and what just does not.</summary>
public sealed class ArchiveLimitsTests
{
    private static readonly byte[] Three = ArchiveWriter.Write([File("a", new string('x', 1_024)), File("b", new string('y', 1_024)), File("c", new string('z', 1_024))]);

    private static string? Refusal(byte[] bytes, PackageLimits limits) => ArchiveReader.Read(bytes, limits).TryGet(out _, out var problems) ? null : Assert.Single(problems).ToString();

    [Fact]
    public void Default_IsWhatTheFormatSays()
    {
        var limits = PackageLimits.Default;
        Assert.Equal((32 << 20, 128 << 20, 4_096, 100, 1 << 20), (limits.MaxPackedBytes, limits.MaxUnpackedBytes, limits.MaxEntries, limits.MaxRatio, limits.RatioFromBytes));
        Assert.Equal(240, Contracts.PackagePath.MaxBytes);
    }

    [Fact]
    public void Read_PackedSize_IsBounded()
    {
        Assert.Null(Refusal(Three, new PackageLimits(MaxPackedBytes: Three.Length)));
        Assert.StartsWith("the package has ", Refusal(Three, new PackageLimits(MaxPackedBytes: Three.Length - 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnpackedSize_IsBoundedOverAllFiles()
    {
        Assert.Null(Refusal(Three, new PackageLimits(MaxUnpackedBytes: 3_072)));
        Assert.Equal("`c` brings the package to more than 3 KiB unpacked", Refusal(Three, new PackageLimits(MaxUnpackedBytes: 3_071)));
    }

    [Fact]
    public void Read_NumberOfFiles_IsBounded()
    {
        Assert.Null(Refusal(Three, new PackageLimits(MaxEntries: 3)));
        Assert.Equal("the package has 3 files; at most 2 are allowed", Refusal(Three, new PackageLimits(MaxEntries: 2)));
    }

    [Fact]
    public void Read_Ratio_IsBoundedForLargeFilesOnly()
    {
        var bomb = ArchiveWriter.Write([File("bomb", new string('x', 1 << 20))]);
        Assert.Null(Refusal(bomb, PackageLimits.Default));
        Assert.Null(Refusal(bomb, new PackageLimits(RatioFromBytes: (1 << 20) - 1, MaxRatio: 2_000)));
        Assert.Equal("`bomb` unpacks to more than 100 times its packed size", Refusal(bomb, new PackageLimits(RatioFromBytes: (1 << 20) - 1)));
        Assert.Equal("`bomb` unpacks to more than 100 times its packed size", Refusal(ArchiveWriter.Write([File("bomb", new string('x', (1 << 20) + 1))]), PackageLimits.Default));
    }

    [Fact]
    public void Read_LengthOfAName_IsBounded()
    {
        Assert.Null(Refusal(ArchiveWriter.Write([File(new string('a', 240), "")]), PackageLimits.Default));
        Assert.EndsWith("it is longer than 240 bytes", Refusal(ArchiveWriter.Write([File(new string('a', 241), "")]), PackageLimits.Default), StringComparison.Ordinal);
    }

    /// <summary>Headers that promise more than the archive can hold take no memory.</summary>
    [Fact]
    public void Read_SizesThatLie_TakeNoMemory()
    {
        var zip = new TornZip((byte[])Three.Clone());
        for (var i = 0; i < 3; i++) zip.Set(zip.Local(i) + 22, 0, 0, 0, 2).Set(zip.Central(i) + 24, 0, 0, 0, 2);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("`a` unpacks to more than 100 times its packed size", Refusal(zip.Bytes, PackageLimits.Default));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
