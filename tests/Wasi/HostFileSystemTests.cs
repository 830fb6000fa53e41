using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace LazyOC.Wasi.Tests;

/// <summary>A guest stays in the folder it was given, whatever is in it and whatever happens there meanwhile.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class HostFileSystemTests : IDisposable
{
    private const int Create = 1;
    private const int Directory = 2;
    private const string Secret = "not for guests";

    private readonly TemporaryFolder _folder = new();
    private readonly HostFileSystem _system;
    private readonly GuestCalls _guest;

    public HostFileSystemTests()
    {
        // The mount, and a secret beside it.
        _folder.Write("secret", Secret);
        _folder.Write("mount/file", "inside");
        _folder.Write("mount/dir/file", "deeper");
        _system = new HostFileSystem(_folder.PathOf("mount"));
        _guest = new GuestCalls(new WasiOptions { Mounts = [new WasiMount("/mount", _system)] });
    }

    public void Dispose()
    {
        _guest.Dispose();
        _system.Dispose();
        _folder.Dispose();
    }

    [LinuxTheory]
    [InlineData("../secret")]
    [InlineData("dir/../../secret")]
    [InlineData("up/secret")]
    [InlineData("absolute")]
    [InlineData("chain")]
    [InlineData("dir/climb")]
    [InlineData("root/etc/passwd")]
    [InlineData("process/root/etc/passwd")]
    public void PathOpen_ThatLeadsOut_IsNotCapable(string path)
    {
        File.CreateSymbolicLink(_folder.PathOf("mount/up"), "..");
        File.CreateSymbolicLink(_folder.PathOf("mount/absolute"), _folder.PathOf("secret"));
        File.CreateSymbolicLink(_folder.PathOf("mount/chain"), "absolute");
        File.CreateSymbolicLink(_folder.PathOf("mount/dir/climb"), "../../secret");
        File.CreateSymbolicLink(_folder.PathOf("mount/root"), "/");
        File.CreateSymbolicLink(_folder.PathOf("mount/process"), "/proc/self");

        Assert.Equal(Errno.NotCapable, Follow(path));
        if (!path.Contains("process", StringComparison.Ordinal) && !path.Contains("root", StringComparison.Ordinal))
            Assert.Equal(Secret, ReadAsTheHostWould(path));
    }

    /// <summary>
    /// A name is a folder and a link to the outside in turn, as fast as another thread can swap them. The control opens the
    /// same path as any program of the host does, and gets out.
    /// </summary>
    [LinuxFact]
    public void PathOpen_WhileALinkIsSwappedIn_NeverLeavesTheFolder()
    {
        const int wanted = 200;
        const int atMost = 2_000_000;
        _folder.Write("mount/swap/secret", "harmless");
        _folder.Write("outside/secret", Secret);
        File.CreateSymbolicLink(_folder.PathOf("mount/other"), "../outside");
        using var stop = new CancellationTokenSource();
        var swaps = 0L;
        var swapper = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (Exchange(_folder.PathOf("mount/swap"), _folder.PathOf("mount/other")))
                    Interlocked.Increment(ref swaps);
            }
        });
        swapper.Start();
        try
        {
            int escapes = 0, refusals = 0, inside = 0;
            for (var i = 0; i < atMost && (escapes < wanted || refusals < wanted || inside < wanted); i++)
            {
                if (ReadAsTheHostWould("swap/secret") == Secret)
                    escapes++;
                var errno = Follow("swap/secret");
                if (errno == Errno.Success)
                {
                    Assert.Equal("harmless", ReadOpened());
                    inside++;
                }
                else
                {
                    // A link that leads out, or one that was gone when it was read.
                    Assert.Contains(errno, new[] { Errno.NotCapable, Errno.NotDirectory, Errno.Invalid, Errno.NoEntry });
                    refusals += errno == Errno.NotCapable ? 1 : 0;
                }
            }

            Assert.True(escapes >= wanted, $"the control never got out in {swaps} swaps: the test shows nothing");
            Assert.True(refusals >= wanted && inside >= wanted, $"{refusals} refusals, {inside} times inside");
        }
        finally
        {
            stop.Cancel();
            swapper.Join();
        }
    }

    /// <summary>The last component is swapped between a file and a link to the secret: neither read nor written.</summary>
    [LinuxFact]
    public void PathOpen_WhileTheFileItselfIsSwapped_NeverTouchesTheSecret()
    {
        _folder.Write("mount/target", "harmless");
        File.CreateSymbolicLink(_folder.PathOf("mount/trap"), "../secret");
        using var stop = new CancellationTokenSource();
        var swapper = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                Exchange(_folder.PathOf("mount/target"), _folder.PathOf("mount/trap"));
        });
        swapper.Start();
        try
        {
            int opened = 0, refused = 0;
            for (var i = 0; i < 1_000_000 && (opened < 200 || refused < 200); i++)
            {
                var errno = i % 2 == 0 ? Follow("target", Create) : _guest.Open("target", Create);
                if (errno == Errno.Success)
                {
                    _guest.PutBuffer(16, 100, 4);
                    _guest.Put(100, "oops");
                    Assert.Equal(Errno.Success, _guest.Call("fd_write", _guest.Memory.Read<int>(0), 16, 1, 32));
                    Assert.Equal(Errno.Success, _guest.Call("fd_close", _guest.Memory.Read<int>(0)));
                    opened++;
                }
                else
                {
                    Assert.Contains(errno, new[] { Errno.NotCapable, Errno.Loop, Errno.Invalid, Errno.NoEntry, Errno.Exists });
                    refused++;
                }
            }
            Assert.True(opened >= 200 && refused >= 200, $"opened {opened}, refused {refused}");
        }
        finally
        {
            stop.Cancel();
            swapper.Join();
        }
        Assert.Equal(Secret, File.ReadAllText(_folder.PathOf("secret")));
    }

    [LinuxFact]
    public void PathOpen_OfASpecialFile_IsNotSupportedAndDoesNotWait()
    {
        Assert.Equal(0, MakePipe(_folder.PathOf("mount/pipe"), 0x1B6));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder.PathOf("mount/socket")));
        File.CreateSymbolicLink(_folder.PathOf("mount/null"), "/dev/null");

        Assert.Equal([Errno.NotSupported, Errno.NotSupported, Errno.NotCapable], new[] { "pipe", "socket", "null" }.Select(name => Follow(name)));
        Assert.Equal(Errno.NotSupported, Follow("pipe", Create));
        Assert.Equal(Errno.Success, _guest.Call("path_filestat_get", 3, 0, 1024, _guest.Put(1024, "pipe"), 512));
        Assert.Equal(0, _guest.Memory.Read<byte>(512 + 16));
        Assert.Equal(Errno.Success, _guest.Call("path_unlink_file", 3, 1024, _guest.Put(1024, "pipe")));
    }

    [LinuxFact]
    public void PathSymlink_WhereLinksAreNotAllowed_IsNotPermitted()
    {
        Assert.Equal(Errno.NotPermitted, _guest.Call("path_symlink", 1024, _guest.Put(1024, "file"), 3, 2048, _guest.Put(2048, "link")));
        Assert.False(Path.Exists(_folder.PathOf("mount/link")));
    }

    [LinuxFact]
    public void Descriptor_OfADirectoryThatIsMovedOut_StillHasNoWayUp()
    {
        Assert.Equal(Errno.Success, _guest.Open("dir", Directory));
        var fd = _guest.Memory.Read<int>(0);
        System.IO.Directory.Move(_folder.PathOf("mount/dir"), _folder.PathOf("moved"));

        Assert.Equal(Errno.NotCapable, _guest.Open("../secret", directory: fd));
        Assert.Equal(Errno.Success, _guest.Open("file", directory: fd));
    }

    [LinuxFact]
    public void FdReaddir_OfTheRoot_TellsNothingOfWhatIsAbove()
    {
        // A name that is not UTF-8 cannot be told.
        byte[] nameless = [.. Encoding.UTF8.GetBytes(_folder.PathOf("mount/")), 0xFF, 0];
        Assert.Equal(0, MakeDirectory(nameless, 0x1C0));
        Assert.Equal(Errno.Success, _guest.Call("fd_filestat_get", 3, 512));
        var own = _guest.Memory.Read<long>(512 + 8);

        var entries = ReadDirectory(3);
        Assert.Equal(0, RemoveDirectory(nameless));

        Assert.Equal([".", "..", "dir", "file"], entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(own, entries[".."]);
    }

    [LinuxFact]
    public void Offsets_BeyondFourGigabytes_AreKept()
    {
        const long far = 5L << 30;
        Assert.Equal(Errno.Success, _guest.Open("sparse", Create));
        var fd = _guest.Memory.Read<int>(0);
        _guest.PutBuffer(16, 100, 4);
        _guest.Put(100, "far!");

        Assert.Equal(Errno.Success, _guest.Call("fd_pwrite", fd, 16, 1, far, 32));
        Assert.Equal(Errno.Success, _guest.Call("fd_seek", fd, far + 1, 0, 32));
        Assert.Equal(Errno.Success, _guest.Call("fd_read", fd, 16, 1, 32));
        Assert.Equal(3, _guest.Memory.Read<int>(32));
        Assert.Equal(Errno.Success, _guest.Call("fd_filestat_get", fd, 512));
        Assert.Equal(far + 4, _guest.Memory.Read<long>(512 + 32));
    }

    [LinuxFact]
    public void Guest_ThatEnds_LeavesNoHandleBehind()
    {
        for (var round = 0; round < 3; round++)
        {
            using var guest = new GuestCalls(new WasiOptions { Mounts = [new WasiMount("/mount", _system)] });
            for (var i = 0; i < 50; i++)
                Assert.Equal(Errno.Success, guest.Open(i % 2 == 0 ? "dir/file" : "dir", i % 2 == 0 ? 0 : Directory));
            Assert.Equal(Errno.NoEntry, guest.Open("dir/none"));
            Assert.Equal(Errno.NotCapable, guest.Open("dir/../../x"));
        }

        var open = System.IO.Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(Target).Where(target => target.StartsWith(_folder.Path, StringComparison.Ordinal));
        // The mount's own, and the one that this test's guest holds.
        Assert.Equal(2, open.Count());
    }

    [LinuxFact]
    public void AppendedBytes_OfTwoDescriptors_DoNotOverwriteEachOther()
    {
        for (var i = 0; i < 2; i++)
        {
            var length = _guest.Put(1024, "log");
            Assert.Equal(Errno.Success, _guest.Call("path_open", 3, 0, 1024, length, Create, -1L, 0L, 1, 0));
        }
        _guest.PutBuffer(16, 100, 4);
        _guest.Put(100, "text");
        for (var i = 0; i < 6; i++)
            Assert.Equal(Errno.Success, _guest.Call("fd_write", 4 + (i % 2), 16, 1, 32));

        Assert.Equal(string.Concat(Enumerable.Repeat("text", 6)), File.ReadAllText(_folder.PathOf("mount/log")));
    }

    [Fact]
    public void HostFileSystem_OfNoFolder_SaysSo()
    {
        Assert.Contains("none", Assert.Throws<DirectoryNotFoundException>(() => new HostFileSystem(_folder.PathOf("none"))).Message);
        Assert.Throws<DirectoryNotFoundException>(() => new HostFileSystem(_folder.PathOf("secret")));
    }

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private Errno Follow(string path, int flags = 0)
    {
        var length = _guest.Put(1024, path);
        return _guest.Call("path_open", 3, 1, 1024, length, flags, -1L, -1L, 0, 0);
    }

    private string ReadOpened()
    {
        var fd = _guest.Memory.Read<int>(0);
        _guest.PutBuffer(16, 100, 64);
        Assert.Equal(Errno.Success, _guest.Call("fd_read", fd, 16, 1, 32));
        Assert.Equal(Errno.Success, _guest.Call("fd_close", fd));
        return _guest.Memory.ReadUtf8(100, _guest.Memory.Read<int>(32));
    }

    private string? ReadAsTheHostWould(string path)
    {
        try
        {
            return File.ReadAllText(_folder.PathOf($"mount/{path}"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private Dictionary<string, long> ReadDirectory(int fd)
    {
        Assert.Equal(Errno.Success, _guest.Call("fd_readdir", fd, 4096, 8192, 0L, 32));
        var entries = new Dictionary<string, long>(StringComparer.Ordinal);
        var end = 4096u + _guest.Memory.Read<uint>(32);
        for (var at = 4096u; at < end;)
        {
            var length = _guest.Memory.Read<int>(at + 16);
            entries.Add(_guest.Memory.ReadUtf8(at + 24, length), _guest.Memory.Read<long>(at + 8));
            at += 24 + (uint)length;
        }
        return entries;
    }

    private static bool Exchange(string first, string second)
    {
        const int here = -100;
        const uint exchange = 2;
        return RenameAt2(here, first, here, second, exchange) == 0;
    }

    [DllImport("libc", EntryPoint = "renameat2", CharSet = CharSet.Ansi)]
    private static extern int RenameAt2(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [DllImport("libc", EntryPoint = "mkdir")]
    private static extern int MakeDirectory(byte[] path, uint mode);

    [DllImport("libc", EntryPoint = "rmdir")]
    private static extern int RemoveDirectory(byte[] path);

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi)]
    private static extern int MakePipe(string path, uint mode);
}

/// <summary>A test of what only Linux has; reported as skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs Linux";
}

/// <summary>As <see cref="LinuxFactAttribute"/>, with arguments.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs Linux";
}
