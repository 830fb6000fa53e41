using LazyOC.Plugins.Sandbox.Files;

namespace LazyOC.Plugins.Sandbox.Tests.Files;

public sealed class FilePathTests
{
    [Theory]
    [InlineData("/plugin/a/b", "/plugin", "a/b", null)]
    [InlineData("/tmp", "/tmp", "", null)]
    [InlineData("/tmp/", "/tmp", "", null)]
    [InlineData("/tmp//x/", "/tmp", "x", null)]
    [InlineData("/mnt/reports/a", "/mnt/reports", "a", "reports")]
    [InlineData("/mnt/reports", "/mnt/reports", "", "reports")]
    [InlineData("/mnt", "/mnt", "", null)]
    [InlineData("/", "/", "", null)]
    [InlineData("/mnt-x/reports", "/mnt-x", "reports", null)]
    public void Read_Path_IsATreeAndAPlaceInIt(string text, string root, string rest, string? mount)
    {
        var path = FilePath.Read("path", text, new FileLimits(), out var problem);

        Assert.Null(problem);
        Assert.Equal((root, rest, mount), (path!.Value.Root, path.Value.Rest, path.Value.Mount));
    }

    [Theory]
    [InlineData("", "is not absolute")]
    [InlineData("tmp/x", "is not absolute")]
    [InlineData("/mnt/reports/../secrets/x", "part `..`")]
    [InlineData("/tmp/..", "part `..`")]
    [InlineData("/../etc/passwd", "part `..`")]
    [InlineData("/tmp/./x", "part `.`")]
    [InlineData("/tmp/a\0b", "NUL")]
    [InlineData("/tmp/a\\..\\b", "backslash")]
    [InlineData("/tmp/\uFFFD", "not valid Unicode")]
    public void Read_Trick_IsRefusedAndSaysWhy(string text, string reason)
    {
        Assert.Null(FilePath.Read("path", text, new FileLimits(), out var problem));
        Assert.Contains(reason, problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mnt/reports/../../etc/passwd")]
    [InlineData("/mnt/reports/../secret.txt")]
    [InlineData("/mnt/reports/a/b/../../../../home/ada/.ssh/id_ed25519")]
    [InlineData("/mnt/reports/../other/x")]
    [InlineData("/tmp/../../etc/passwd")]
    [InlineData("/plugin/../../../../proc/self/environ")]
    [InlineData("/mnt/reports/mine.txt\0/../../etc/passwd")]
    [InlineData("/mnt/reports/a\0.txt")]
    [InlineData("/mnt/reports/\\\\.\\PhysicalDrive0")]
    [InlineData("\\\\?\\C:\\Users\\ada")]
    public void LeadsOut_WhatNobodyWritesByMistake_Is(string path) => Assert.True(FilePath.LeadsOut(path));

    [Theory]
    [InlineData("/mnt/reports/a/../b")]
    [InlineData("/mnt/reports/..")]
    [InlineData("/mnt/reports/../reports/a")]
    [InlineData("/mnt/reports/../../tmp/x")]
    [InlineData("/../tmp/x")]
    [InlineData("/..")]
    [InlineData("/plugin/../share/x")]
    [InlineData("/etc/passwd")]
    [InlineData("/mnt/other/x")]
    [InlineData("/tmp/x\0")]
    [InlineData("/tmp/con")]
    [InlineData("/mnt/reports/aux.txt")]
    [InlineData("C:\\Users\\ada")]
    [InlineData("reports/x")]
    [InlineData("")]
    public void LeadsOut_WhatMayBeAMistake_IsNot(string path) => Assert.False(FilePath.LeadsOut(path));

    [Fact]
    public void Read_AtAndAboveEachLimit_IsTakenAndRefused()
    {
        var limits = new FileLimits { PathBytes = 40, NameBytes = 10, PathDepth = 4 };

        Assert.NotNull(FilePath.Read("path", "/tmp/0123456789", limits, out _));
        Assert.Null(FilePath.Read("path", "/tmp/0123456789a", limits, out var name));
        Assert.NotNull(FilePath.Read("path", "/tmp/a/b/c", limits, out _));
        Assert.Null(FilePath.Read("path", "/tmp/a/b/c/d", limits, out var depth));
        Assert.Null(FilePath.Read("path", "/tmp/€€€/" + new string('x', 40), limits, out var length));
        Assert.Contains("longer than 10 bytes", name!.Message, StringComparison.Ordinal);
        Assert.Contains("at most 4", depth!.Message, StringComparison.Ordinal);
        Assert.Contains("longer than 40 bytes", length!.Message, StringComparison.Ordinal);
    }
}
