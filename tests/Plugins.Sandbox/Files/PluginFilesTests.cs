using System.Text;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Files;
using FileAccess = LazyOC.Plugins.Contracts.Permissions.FileAccess;

namespace LazyOC.Plugins.Sandbox.Tests.Files;

/// <summary>What a plugin can do with its files, and what not.</summary>
public sealed class PluginFilesTests
{
    [Fact]
    public void Write_WithMissingFolders_MakesThemAndReplacesWhole()
    {
        using var fixture = new FilesFixture();

        FilesFixture.Ok(fixture.Write("/mnt/reports/2026/11/a.txt", "first and long"));
        FilesFixture.Ok(fixture.Write("/mnt/reports/2026/11/a.txt", "second"));
        FilesFixture.Ok(fixture.Write("/mnt/reports/2026/11/a.txt", "!", append: true));
        FilesFixture.Ok(fixture.Write("/mnt/reports/2026/11/a.txt", "S", offset: 0));

        Assert.Equal("Second!", File.ReadAllText(Path.Combine(fixture.Folder, "2026", "11", "a.txt")));
        Assert.Equal("Second!", fixture.Read("/mnt/reports/2026/11/a.txt"));
        Assert.Equal(["a.txt File"], fixture.List("/mnt/reports/2026/11"));
    }

    [Fact]
    public void List_Roots_AreWhatThePluginHas()
    {
        using var fixture = new FilesFixture();

        Assert.Equal(["mnt Folder", "plugin Folder", "tmp Folder"], fixture.List("/"));
        Assert.Equal(["reports Folder"], fixture.List("/mnt"));
        Assert.Equal(["data Folder"], fixture.List("/plugin"));
        Assert.Empty(fixture.List("/tmp"));
    }

    [Fact]
    public void Read_InParts_GivesEachPart()
    {
        using var fixture = new FilesFixture();
        FilesFixture.Ok(fixture.Write("/tmp/x", "0123456789"));

        var part = Assert.IsType<CallOutcome<FilesReadAnswer>.Done>(fixture.Files.Read(FilePath.Of("/tmp/x"), 3, 4)).Answer;
        var beyond = Assert.IsType<CallOutcome<FilesReadAnswer>.Done>(fixture.Files.Read(FilePath.Of("/tmp/x"), long.MaxValue, 4)).Answer;

        Assert.Equal("3456", Encoding.UTF8.GetString(part.Data.Base64.Span));
        Assert.Equal(10, part.Size);
        Assert.Empty(beyond.Data.Base64.ToArray());
    }

    [Fact]
    public void DeleteAndRename_WithinATree_DoSo()
    {
        using var fixture = new FilesFixture();
        FilesFixture.Ok(fixture.Write("/mnt/reports/a/x", "x"));

        Assert.Equal(ErrorCode.Conflict, FilesFixture.Error(fixture.Files.Delete(FilePath.Of("/mnt/reports/a"))).Code);
        FilesFixture.Ok(fixture.Files.Rename(FilePath.Of("/mnt/reports/a/x"), FilePath.Of("/mnt/reports/y")));
        Assert.Equal(ErrorCode.Invalid, FilesFixture.Error(fixture.Files.Rename(FilePath.Of("/mnt/reports/y"), FilePath.Of("/tmp/y"))).Code);
        FilesFixture.Ok(fixture.Files.Delete(FilePath.Of("/mnt/reports/a")));
        FilesFixture.Ok(fixture.Files.Delete(FilePath.Of("/mnt/reports/y")));

        Assert.Empty(Directory.EnumerateFileSystemEntries(fixture.Folder));
        Assert.Equal(ErrorCode.NotFound, FilesFixture.Error(fixture.Files.Stat(FilePath.Of("/mnt/reports/y"))).Code);
        Assert.Equal(ErrorCode.Invalid, FilesFixture.Error(fixture.Files.Delete(FilePath.Of("/mnt/reports"))).Code);
    }

    [Theory]
    [InlineData("/plugin/data/table.csv")]
    [InlineData("/plugin/new")]
    [InlineData("/plugin/new/folder/file")]
    public void Write_Package_IsRefused(string path)
    {
        using var fixture = new FilesFixture();

        Assert.Equal(ErrorCode.PermissionDenied, FilesFixture.Error(fixture.Write(path, "x")).Code);
        Assert.Equal("a,b\n", fixture.Read("/plugin/data/table.csv"));
        // The control: the same where it may write.
        FilesFixture.Ok(fixture.Write(path.Replace("/plugin", "/tmp", StringComparison.Ordinal), "x"));
    }

    [Fact]
    public void ReadOnlyMount_EveryChange_IsRefused()
    {
        using var fixture = new FilesFixture { Access = FileAccess.Read };
        File.WriteAllText(Path.Combine(fixture.Folder, "a"), "a");
        var there = FilePath.Of("/mnt/reports/a");

        Assert.Equal(ErrorCode.PermissionDenied, FilesFixture.Error(fixture.Write("/mnt/reports/a", "b")).Code);
        Assert.Equal(ErrorCode.PermissionDenied, FilesFixture.Error(fixture.Write("/mnt/reports/a", "b", append: true)).Code);
        Assert.Equal(ErrorCode.PermissionDenied, FilesFixture.Error(fixture.Write("/mnt/reports/new/b", "b")).Code);
        Assert.Equal(ErrorCode.PermissionDenied, FilesFixture.Error(fixture.Files.Delete(there)).Code);
        Assert.Equal(ErrorCode.PermissionDenied, FilesFixture.Error(fixture.Files.Rename(there, FilePath.Of("/mnt/reports/b"))).Code);

        Assert.Equal("a", fixture.Read("/mnt/reports/a"));
        Assert.Equal(["a File"], fixture.List("/mnt/reports"));
        using var writable = new FilesFixture();
        FilesFixture.Ok(writable.Write("/mnt/reports/new/b", "b"));
    }

    [Theory]
    [InlineData("../outside", "out/secret")]
    [InlineData("absolute", "out/secret")]
    [InlineData("../outside/secret", "out")]
    public void Read_LinkThatLeadsOut_IsRefusedWhereAnOpenByNameWouldFollow(string target, string path)
    {
        using var fixture = new FilesFixture();
        File.CreateSymbolicLink(Path.Combine(fixture.Folder, "out"), target == "absolute" ? fixture.Outside : target);

        Assert.Equal(ErrorCode.PermissionDenied, fixture.Read($"/mnt/reports/{path}"));
        Assert.Equal(ErrorCode.PermissionDenied, FilesFixture.Error(fixture.Write($"/mnt/reports/{path}", "overwritten")).Code);
        // The control: without the walk, the host itself follows it.
        Assert.Equal("secret", File.ReadAllText(Path.Combine(fixture.Folder, path)));
    }

    [Fact]
    public void Delete_LinkThatLeadsOut_TakesTheLinkOnly()
    {
        using var fixture = new FilesFixture();
        File.CreateSymbolicLink(Path.Combine(fixture.Folder, "out"), Path.Combine(fixture.Outside, "secret"));

        Assert.Equal(["out Link"], fixture.List("/mnt/reports"));
        FilesFixture.Ok(fixture.Files.Delete(FilePath.Of("/mnt/reports/out")));

        Assert.Equal("secret", File.ReadAllText(Path.Combine(fixture.Outside, "secret")));
    }

    [Fact]
    public void Read_LinkWithinTheMount_IsFollowed()
    {
        using var fixture = new FilesFixture();
        FilesFixture.Ok(fixture.Write("/mnt/reports/a/x", "x"));
        File.CreateSymbolicLink(Path.Combine(fixture.Folder, "latest"), "a/x");

        Assert.Equal("x", fixture.Read("/mnt/reports/latest"));
        FilesFixture.Ok(fixture.Write("/mnt/reports/latest", "y"));
        Assert.Equal("y", fixture.Read("/mnt/reports/a/x"));
    }

    [Fact]
    public void Read_CircleOfLinks_IsAnError()
    {
        using var fixture = new FilesFixture();
        File.CreateSymbolicLink(Path.Combine(fixture.Folder, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(fixture.Folder, "b"), "a");

        Assert.Equal(ErrorCode.Invalid, fixture.Read("/mnt/reports/a"));
        Assert.Equal(ErrorCode.Invalid, FilesFixture.Error(fixture.Write("/mnt/reports/a", "x")).Code);
    }

    [Fact]
    public void ReadAndWrite_Pipe_IsRefusedWithoutWaiting()
    {
        using var fixture = new FilesFixture();
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(fixture.Folder, "pipe"))) made.WaitForExit();

        Assert.Equal(["pipe Other"], fixture.List("/mnt/reports"));
        Assert.Equal(ErrorCode.Invalid, fixture.Read("/mnt/reports/pipe"));
        Assert.Equal(ErrorCode.Invalid, FilesFixture.Error(fixture.Write("/mnt/reports/pipe", "x")).Code);
        Assert.Equal(ErrorCode.Invalid, FilesFixture.Error(fixture.Write("/mnt/reports/pipe", "x", append: true)).Code);
    }

    [Theory]
    [InlineData("/PLUGIN/data/table.csv")]
    [InlineData("/Tmp/x")]
    [InlineData("/mnt/Reports/a")]
    [InlineData("/mnt/other/a")]
    [InlineData("/etc/passwd")]
    public void Read_NameOfNoTree_IsNotFound(string path)
    {
        using var fixture = new FilesFixture();
        FilesFixture.Ok(fixture.Write("/tmp/x", "x"));
        FilesFixture.Ok(fixture.Write("/mnt/reports/a", "a"));

        Assert.Equal(ErrorCode.NotFound, fixture.Read(path));
        Assert.Equal(("x", "a"), (fixture.Read("/tmp/x"), fixture.Read("/mnt/reports/a")));
    }

    [Fact]
    public void Write_MoreThanTmpHolds_ChangesNothing()
    {
        using var fixture = new FilesFixture { Limits = new FileLimits { TemporaryBytes = 1_000 } };
        FilesFixture.Ok(fixture.Write("/tmp/x", new string('x', 400)));

        var error = FilesFixture.Error(fixture.Write("/tmp/x", new string('y', 700)));
        Assert.Equal(ErrorCode.QuotaExceeded, error.Code);
        Assert.Contains("/tmp", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.QuotaExceeded, FilesFixture.Error(fixture.Write("/tmp/y", new string('y', 700))).Code);

        Assert.Equal(new string('x', 400), fixture.Read("/tmp/x"));
        Assert.Equal(["x File"], fixture.List("/tmp"));
        // What was refused takes no room.
        FilesFixture.Ok(fixture.Write("/tmp/z", new string('z', 600)));
    }

    [Fact]
    public void Write_MoreNamesThanTmpHolds_IsRefused()
    {
        using var fixture = new FilesFixture { Limits = new FileLimits { TemporaryEntries = 3 } };

        FilesFixture.Ok(fixture.Write("/tmp/a", ""));
        FilesFixture.Ok(fixture.Write("/tmp/b", ""));
        FilesFixture.Ok(fixture.Write("/tmp/c", ""));
        Assert.Equal(ErrorCode.QuotaExceeded, FilesFixture.Error(fixture.Write("/tmp/d", "")).Code);
    }

    [Fact]
    public void List_MoreThanAnAnswerHolds_SaysSo()
    {
        using var fixture = new FilesFixture { Limits = new FileLimits { ListedEntries = 3 } };
        for (var i = 0; i < 5; i++) File.WriteAllText(Path.Combine(fixture.Folder, $"{i}"), "");

        var listed = Assert.IsType<CallOutcome<FilesListAnswer>.Done>(fixture.Files.List(FilePath.Of("/mnt/reports"))).Answer;

        Assert.Equal(3, listed.Entries.Length);
        Assert.True(listed.More);
    }

    [Fact]
    public void Read_MoreThanAnAnswerHolds_GivesThatMuch()
    {
        using var fixture = new FilesFixture { Limits = new FileLimits { ReadBytes = 10 } };
        FilesFixture.Ok(fixture.Write("/tmp/x", new string('x', 25)));

        var read = Assert.IsType<CallOutcome<FilesReadAnswer>.Done>(fixture.Files.Read(FilePath.Of("/tmp/x"), 0, null)).Answer;

        Assert.Equal((10, 25), (read.Data.Base64.Length, (int)read.Size));
    }

    [Fact]
    public void Read_PackageFileThatWasChanged_IsUnavailableAndOthersAreNot()
    {
        using var fixture = new FilesFixture { Package = [new("bad", 3, () => null), new("good", 4, () => "good"u8.ToArray())] };

        Assert.Equal(ErrorCode.Unavailable, fixture.Read("/plugin/bad"));
        Assert.Equal("good", fixture.Read("/plugin/good"));
    }

    [Fact]
    public void Package_FileThatNobodyReads_IsNotFetched()
    {
        var fetched = 0;
        using var fixture = new FilesFixture { Package = [new("a", 1, () => { fetched++; return "a"u8.ToArray(); })] };

        Assert.Equal(["a File"], fixture.List("/plugin"));
        Assert.Equal(0, fetched);
        Assert.Equal(("a", "a", 1), (fixture.Read("/plugin/a"), fixture.Read("/plugin/a"), fetched));
    }

    [Fact]
    public void Dispose_LaterCalls_EndCancelled()
    {
        using var fixture = new FilesFixture();
        FilesFixture.Ok(fixture.Write("/tmp/x", "x"));

        fixture.Files.Dispose();

        Assert.Equal(ErrorCode.Cancelled, fixture.Read("/tmp/x"));
    }
}
