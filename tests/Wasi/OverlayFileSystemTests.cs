namespace LazyOC.Wasi.Tests;

/// <summary>What an overlay does to its lower tree: nothing; and to its quota.</summary>
public sealed class OverlayFileSystemTests
{
    private const int Create = 1;
    private const int Truncate = 8;

    [ClangTheory]
    [InlineData("seeds")]
    [InlineData("unlink")]
    [InlineData("rename")]
    [InlineData("times")]
    public void Changes_OverAHostFolder_LeaveItAsItWas(string program)
    {
        using var tree = new TreeUnderTest(TreeUnderTest.OverHost);
        // The lower one may even be writable.
        using var lower = new HostFileSystem(tree.Folder!);
        var before = Snapshot(tree.Folder!);

        var run = CProgram.Run(program, tree.Options with { Mounts = [new WasiMount("/data", new OverlayFileSystem(lower)), new WasiMount("/ro", tree.ReadOnly)] });

        Assert.Equal("ok\n", run.Output);
        Assert.Equal(before, Snapshot(tree.Folder!));
    }

    [Fact]
    public void Write_ToALowerFileBeyondTheQuota_IsNoSpaceAndCopiesNothing()
    {
        var lower = MemoryFileSystem.ReadOnly([new("big", new byte[100]), new("small", new byte[5])]);
        var overlay = new OverlayFileSystem(lower, new VirtualFileSystemLimits { TotalBytes = 50 });
        using var guest = On(overlay);
        guest.PutBuffer(16, 100, 4);

        Assert.Equal(Errno.Success, guest.Open("big"));
        Assert.Equal(Errno.NoSpace, guest.Call("fd_write", 4, 16, 1, 32));
        Assert.Equal(0, overlay.UsedBytes);
        Assert.Equal(Errno.Success, guest.Call("fd_filestat_set_size", 4, 0L));
        Assert.Equal(Errno.Success, guest.Open("small"));
        Assert.Equal(Errno.Success, guest.Call("fd_write", 5, 16, 1, 32));
        Assert.Equal(5, overlay.UsedBytes);
    }

    [Fact]
    public void Unlink_BeyondTheLimitOfEntries_IsNoSpaceAndRemovesNothing()
    {
        var lower = MemoryFileSystem.ReadOnly(Enumerable.Range(0, 5).Select(i => new KeyValuePair<string, ReadOnlyMemory<byte>>($"file{i}", default)));
        var overlay = new OverlayFileSystem(lower, new VirtualFileSystemLimits { Entries = 3 });
        using var guest = On(overlay);

        // The directory's upper part is one entry, each name that hides one is another.
        Assert.Equal(
            [Errno.Success, Errno.Success, Errno.NoSpace],
            Enumerable.Range(0, 3).Select(i => guest.Call("path_unlink_file", 3, 1024, guest.Put(1024, $"file{i}"))));
        Assert.Equal(Errno.Success, guest.Open("file2"));
        Assert.Equal(Errno.NoEntry, guest.Open("file1"));
        Assert.Equal(Errno.NoSpace, guest.Open("file1", Create));
    }

    [Fact]
    public void Rename_OfALowerDirectory_IsAnotherDeviceSoThatProgramsCopy()
    {
        var overlay = new OverlayFileSystem(MemoryFileSystem.ReadOnly([new("dir/file", new byte[1])]));
        using var guest = On(overlay);

        Assert.Equal(Errno.CrossDevice, guest.Call("path_rename", 3, 1024, guest.Put(1024, "dir"), 3, 2048, guest.Put(2048, "new")));
        Assert.Equal(Errno.Success, guest.Open("dir/file"));
    }

    [Fact]
    public void Unlink_ChangedFile_GivesItsBytesBackOnceItIsClosed()
    {
        var overlay = new OverlayFileSystem(MemoryFileSystem.ReadOnly([new("file", new byte[10])]));
        using var guest = On(overlay);
        guest.PutBuffer(16, 100, 4);
        Assert.Equal(Errno.Success, guest.Open("file"));
        Assert.Equal(Errno.Success, guest.Call("fd_write", 4, 16, 1, 32));

        Assert.Equal(10, overlay.UsedBytes);
        Assert.Equal(Errno.Success, guest.Call("path_unlink_file", 3, 1024, guest.Put(1024, "file")));
        Assert.Equal(10, overlay.UsedBytes);
        Assert.Equal(Errno.Success, guest.Call("fd_close", 4));
        Assert.Equal(0, overlay.UsedBytes);
    }

    [Fact]
    public void HardLinksOfTheLowerTree_AreOneFileToWriteTo()
    {
        var lower = new MemoryFileSystem();
        lower.WriteFile("one", "1234"u8.ToArray());
        using (var guest = On(lower))
            Assert.Equal(Errno.Success, guest.Call("path_link", 3, 0, 1024, guest.Put(1024, "one"), 3, 2048, guest.Put(2048, "two")));
        using var over = On(new OverlayFileSystem(lower));

        Assert.Equal(Errno.Success, over.Open("one", Truncate));
        Assert.Equal(Errno.Success, over.Call("path_filestat_get", 3, 0, 1024, over.Put(1024, "two"), 512));

        Assert.Equal(0L, over.Memory.Read<long>(512 + 32));
        Assert.Equal(2L, over.Memory.Read<long>(512 + 24));
        Assert.Equal(4, lower.ReadFile("two")!.Value.Length);
    }

    private static GuestCalls On(VirtualFileSystem system) => new(new WasiOptions { Mounts = [new WasiMount("/data", system)] });

    private static string[] Snapshot(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) ? File.ReadAllText(path) : "")}")];
}
