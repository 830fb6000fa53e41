namespace LazyOC.Wasi.Tests;

/// <summary>The way a folder of the host is opened where there are no calls relative to an open one.</summary>
public sealed class NamedDirectoryTests : IDisposable
{
    private const int Create = 1;

    private readonly TemporaryFolder _folder = new();
    private readonly HostFileSystem _system;
    private readonly GuestCalls _guest;

    public NamedDirectoryTests()
    {
        _folder.Write("secret", "not for guests");
        _folder.Write("mount/seed/one.txt", "one\n");
        _folder.Write("mount/seed/two.txt", "two\n");
        _folder.Write("mount/seed/sub/three.txt", "three\n");
        _system = new HostFileSystem(_folder.PathOf("mount"), new HostFileSystemOptions(), isByName: true);
        _guest = new GuestCalls(new WasiOptions { Mounts = [new WasiMount("/data", _system)] });
    }

    public void Dispose()
    {
        _guest.Dispose();
        _system.Dispose();
        _folder.Dispose();
    }

    [ClangTheory]
    [InlineData("files")]
    [InlineData("poll")]
    [InlineData("process")]
    public void Run_CheckingProgram_FindsWhatItNeeds(string program)
    {
        using var tree = new TreeUnderTest(TreeUnderTest.Memory);
        var writable = string.Equals(program, "files", StringComparison.Ordinal) ? "/tmp" : "/data";
        var other = new WasiMount(writable is "/tmp" ? "/plugin" : "/ro", MemoryFileSystem.ReadOnly([new("data/numbers.txt", "1 2 3\n"u8.ToArray())]));

        var run = CProgram.Run(program, tree.Options with { Mounts = [new WasiMount(writable, _system), other] });

        // There are no links here, and `files` makes one at its end.
        Assert.True(run.Output is "ok\n" || run.Output.Contains("symlink", StringComparison.Ordinal), run.ToString());
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("up/secret")]
    [InlineData("file-link")]
    [InlineData("inner/one.txt")]
    public void PathOpen_ThroughALink_IsNotCapable(string path)
    {
        File.CreateSymbolicLink(_folder.PathOf("mount/up"), "..");
        File.CreateSymbolicLink(_folder.PathOf("mount/file-link"), "../secret");
        File.CreateSymbolicLink(_folder.PathOf("mount/inner"), "seed");
        var length = _guest.Put(1024, path);

        Assert.Equal(Errno.NotCapable, _guest.Call("path_open", 3, 1, 1024, length, 0, -1L, -1L, 0, 0));
    }

    [Fact]
    public void Directory_ThatBecameALink_IsRefusedToAnOpenDescriptor()
    {
        Assert.Equal(Errno.Success, _guest.Open("seed", 2));
        var fd = _guest.Memory.Read<int>(0);
        Directory.Move(_folder.PathOf("mount/seed"), _folder.PathOf("mount/moved"));
        Directory.CreateSymbolicLink(_folder.PathOf("mount/seed"), "..");

        Assert.Equal(Errno.NotCapable, _guest.Open("secret", directory: fd));
        Assert.Equal(Errno.NotCapable, _guest.Open("new", Create, fd));
    }

    [Fact]
    public void Entries_AreMadeRenamedAndRemoved()
    {
        Assert.Equal(Errno.Success, Call("path_create_directory", "dir"));
        Assert.Equal(Errno.Exists, Call("path_create_directory", "dir"));
        Assert.Equal(Errno.NotEmpty, Call("path_remove_directory", "seed"));
        Assert.Equal(Errno.IsDirectory, Call("path_unlink_file", "seed"));
        Assert.Equal(Errno.NotEmpty, Rename("dir", "seed"));
        Assert.Equal(Errno.Invalid, Rename("seed", "seed/sub/x"));
        Assert.Equal(Errno.IsDirectory, Rename("seed/one.txt", "dir"));
        Assert.Equal(Errno.Success, Rename("seed/sub", "dir"));
        Assert.Equal(Errno.Success, Rename("seed/one.txt", "seed/two.txt"));
        Assert.Equal("one\n", File.ReadAllText(_folder.PathOf("mount/seed/two.txt")));
        Assert.Equal(Errno.Success, Call("path_unlink_file", "dir/three.txt"));
        Assert.Equal(Errno.Success, Call("path_remove_directory", "dir"));
        Assert.Equal(Errno.NoEntry, Call("path_remove_directory", "dir"));
    }

    [Theory]
    [InlineData("plain.txt", true)]
    [InlineData("COM", true)]
    [InlineData("console", true)]
    [InlineData("CON", false)]
    [InlineData("nul.txt", false)]
    [InlineData("Com1", false)]
    [InlineData("LPT¹.log", false)]
    [InlineData("aux .x", false)]
    [InlineData("file:stream", false)]
    [InlineData("a\\b", false)]
    [InlineData("dot.", false)]
    [InlineData("space ", false)]
    [InlineData("bell\a", false)]
    public void IsPlainWindowsName_TellsNamesFromDevicesAndStreams(string name, bool expected) =>
        Assert.Equal(expected, HostErrors.IsPlainWindowsName(name));

    private Errno Call(string function, string path) => _guest.Call(function, 3, 1024, _guest.Put(1024, path));

    private Errno Rename(string from, string to) => _guest.Call("path_rename", 3, 1024, _guest.Put(1024, from), 3, 2048, _guest.Put(2048, to));
}
