using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi.Tests;

public sealed class WasiContextTests
{
    private const int Create = 1;
    private const int OpenDirectory = 2;

    public static TheoryData<string, string> FunctionsOnTrees
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var function in GuestCalls.Functions)
            {
                foreach (var kind in TreeUnderTest.Kinds)
                    rows.Add(function, kind);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(FunctionsOnTrees))]
    public void Call_WithHostileArguments_ReturnsAnErrorAndThrowsNothing(string function, string kind)
    {
        using var tree = new TreeUnderTest(kind);
        using var guest = new GuestCalls(tree.Options);
        // Room that is asked for is taken from the disk of the host: not gigabytes of it.
        var much = function is "fd_allocate" ? 1_000_000 : int.MaxValue;
        int[] hostile = [0, 1, 3, -1, int.MinValue, much, GuestCalls.End - 1, GuestCalls.End];
        var types = GuestCalls.TypeOf(function).Parameters;
        var random = new Random(7);
        if (function is "proc_exit")
        {
            Assert.Equal(unchecked((uint)-1), Assert.Throws<WasiExitException>(() => guest.Instance.GetFunction(function)!.Invoke(-1)).ExitCode);
            return;
        }

        // Something to point at: paths, and descriptors of a file, of a link's target and of a directory.
        const int firstPath = 1024;
        string[] paths = ["seed/one.txt", "seed", "seed/../seed/sub/", "link", "new", "..", "/", "a\0b", ".", ""];
        for (var i = 0; i < paths.Length; i++)
            guest.Put((uint)(firstPath + (i * 64)), paths[i]);
        guest.Call("path_symlink", firstPath, paths[0].Length, 3, firstPath + (3 * 64), 4);
        guest.Open(paths[0]);
        guest.Open("seed", OpenDirectory);
        guest.PutBuffer(512, 600, 32);

        for (var i = 0; i < 2_000; i++)
        {
            // Mostly descriptors that exist, and addresses where there is something, so that what is behind them is looked at.
            var arguments = types.Select((type, at) => random.Next(4) switch
            {
                0 when at == 0 => random.Next(7),
                0 => firstPath + (random.Next(paths.Length) * 64),
                1 => random.Next(13),
                2 => random.Next(2) == 0 ? 512 : 8_192,
                _ => hostile[random.Next(hostile.Length)],
            });
            var errno = guest.Call(function, [.. arguments.Cast<object>()]);
            Assert.True(Enum.IsDefined(errno), $"{function} returned {errno}");
        }
    }

    [Theory]
    [InlineData("args_sizes_get", GuestCalls.End - 3, 0)]
    [InlineData("environ_sizes_get", 0, GuestCalls.End)]
    [InlineData("random_get", GuestCalls.End - 3, 4)]
    [InlineData("clock_res_get", 0, GuestCalls.End - 7)]
    [InlineData("fd_fdstat_get", 1, GuestCalls.End - 23)]
    [InlineData("fd_filestat_get", 1, GuestCalls.End - 63)]
    [InlineData("fd_prestat_get", 3, -1)]
    [InlineData("fd_prestat_dir_name", 3, GuestCalls.End, 4)]
    [InlineData("fd_write", 1, GuestCalls.End - 7, 1, 0)]
    [InlineData("fd_write", 1, -1, 2, 0)]
    [InlineData("fd_read", 0, GuestCalls.End - 15, 2, 0)]
    [InlineData("fd_readdir", 3, GuestCalls.End, 1, 0, 0)]
    [InlineData("path_create_directory", 3, GuestCalls.End, 1)]
    [InlineData("poll_oneoff", GuestCalls.End - 47, 0, 1, 0)]
    [InlineData("poll_oneoff", 0, GuestCalls.End - 31, 1, 0)]
    public void Call_WithAddressOutsideTheMemory_IsFault(string function, params object[] arguments)
    {
        using var guest = new GuestCalls(WithScratch(new MemoryFileSystem()));

        Assert.Equal(Errno.Fault, guest.Call(function, arguments));
    }

    [Fact]
    public void FdWrite_SeveralBuffers_WritesThemInOrder()
    {
        using var output = new MemoryStream();
        using var guest = new GuestCalls(new WasiOptions { StandardOutput = output });
        guest.Put(100, "hello world");
        guest.PutBuffer(0, 106, 5);
        guest.PutBuffer(8, 100, 5);

        Assert.Equal(Errno.Success, guest.Call("fd_write", 1, 0, 2, 16));

        Assert.Equal("worldhello", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal(10, guest.Memory.Read<int>(16));
    }

    [Fact]
    public void FdWrite_BeyondTheOutputLimit_WritesWhatFitsThenNoSpace()
    {
        using var output = new MemoryStream();
        using var guest = new GuestCalls(new WasiOptions { StandardOutput = output, Limits = new WasiLimits { OutputBytes = 6 } });
        guest.PutBuffer(0, 100, 5);

        Assert.Equal(Errno.Success, guest.Call("fd_write", 1, 0, 1, 16));
        Assert.Equal(Errno.Success, guest.Call("fd_write", 2, 0, 1, 16));
        Assert.Equal(1, guest.Memory.Read<int>(16));
        Assert.Equal(Errno.NoSpace, guest.Call("fd_write", 1, 0, 1, 16));
        Assert.Equal(5, output.Length);
    }

    [Fact]
    public void FdWrite_ToAStreamThatFails_IsInputOutputError()
    {
        using var guest = new GuestCalls(new WasiOptions { StandardOutput = new FailingStream() });
        guest.PutBuffer(0, 100, 5);

        Assert.Equal(Errno.InputOutput, guest.Call("fd_write", 1, 0, 1, 16));
    }

    [Fact]
    public void FdWrite_TooManyBuffers_IsInvalid()
    {
        using var guest = new GuestCalls();

        Assert.Equal(Errno.Invalid, guest.Call("fd_write", 1, 0, 1_025, 16));
    }

    [Fact]
    public void RandomGet_TakesBytesFromTheSuppliedSource()
    {
        using var guest = new GuestCalls(new WasiOptions { Random = bytes => bytes.Fill(0xAB) });

        Assert.Equal(Errno.Success, guest.Call("random_get", 8, 4));

        Assert.Equal([0, 0xAB, 0xAB, 0xAB, 0xAB, 0], guest.Memory.GetSpan(7, 6).ToArray());
    }

    [Fact]
    public void RandomGet_MoreThanTheLimit_IsInvalid()
    {
        using var guest = new GuestCalls(new WasiOptions { Limits = new WasiLimits { RandomBytes = 16 } });

        Assert.Equal(Errno.Success, guest.Call("random_get", 0, 16));
        Assert.Equal(Errno.Invalid, guest.Call("random_get", 0, 17));
    }

    [Fact]
    public void ClockTimeGet_FineTime_IsCoarsenedToMilliseconds()
    {
        var time = new SteppingTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(5));
        using var guest = new GuestCalls(new WasiOptions { TimeProvider = time });
        time.Advance(TimeSpan.FromTicks(29_999));

        Assert.Equal(Errno.Success, guest.Call("clock_time_get", 0, 1L, 0));
        Assert.Equal(Errno.Success, guest.Call("clock_time_get", 1, 1L, 8));
        Assert.Equal(Errno.Invalid, guest.Call("clock_time_get", 4, 1L, 8));

        Assert.Equal(7_000_000L, guest.Memory.Read<long>(0));
        Assert.Equal(2_000_000L, guest.Memory.Read<long>(8));
    }

    [Fact]
    public void ClockTimeGet_FullResolution_IsAllThatTheSystemOffers()
    {
        var time = new SteppingTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(5));
        using var guest = new GuestCalls(new WasiOptions { TimeProvider = time, ClockResolutionNs = 1 });
        time.Advance(TimeSpan.FromTicks(29_999));

        Assert.Equal(Errno.Success, guest.Call("clock_time_get", 0, 0L, 0));
        Assert.Equal(Errno.Success, guest.Call("clock_time_get", 1, 0L, 8));
        Assert.Equal(Errno.Success, guest.Call("clock_res_get", 0, 16));

        Assert.Equal([7_999_900L, 2_999_900L, 100L], new[] { 0u, 8u, 16u }.Select(guest.Memory.Read<long>));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void ClockTimeGet_OfCpuTime_GrowsWithWork(int clock)
    {
        using var guest = new GuestCalls(new WasiOptions { TimeProvider = new SteppingTimeProvider(DateTimeOffset.UnixEpoch), ClockResolutionNs = 1, MeasuresCpuTime = true });
        Assert.Equal(Errno.Success, guest.Call("clock_time_get", clock, 0L, 0));
        var before = guest.Memory.Read<long>(0);

        for (var i = 0; i < 10_000_000 && guest.Memory.Read<long>(0) == before; i++)
            Assert.Equal(Errno.Success, guest.Call("clock_time_get", clock, 0L, 0));

        Assert.True(guest.Memory.Read<long>(0) > before);
    }

    [Fact]
    public void FdRead_OfAnInputThatWouldWait_IsAgainWhenTheGuestWillNotWait()
    {
        using var input = new LateInput(readyAfter: 3);
        using var guest = new GuestCalls(new WasiOptions { StandardInput = input });
        guest.PutBuffer(16, 100, 8);
        const int nonBlocking = 4;
        Assert.Equal(Errno.Success, guest.Call("fd_fdstat_set_flags", 0, nonBlocking));

        Assert.Equal(
            [Errno.Again, Errno.Again, Errno.Again, Errno.Success],
            Enumerable.Range(0, 4).Select(_ => guest.Call("fd_read", 0, 16, 1, 32)));
        Assert.Equal(5, guest.Memory.Read<int>(32));
    }

    [Fact]
    public void PollOneoff_OfAnInputThatWouldWait_WaitsForIt()
    {
        var time = new SteppingTimeProvider(DateTimeOffset.UnixEpoch);
        using var input = new LateInput(readyAfter: 3);
        using var guest = new GuestCalls(new WasiOptions { TimeProvider = time, StandardInput = input });
        guest.Memory.Write(8u, (byte)1);

        Assert.Equal(Errno.Success, guest.Call("poll_oneoff", 0, 200, 1, 400));

        Assert.Equal(3, time.Timers);
        Assert.Equal(5L, guest.Memory.Read<long>(200 + 16));
    }

    [LinuxFact]
    public void FdWrite_ToAPipeThatNobodyReads_IsBrokenPipe()
    {
        using var guest = new GuestCalls(new WasiOptions { StandardOutput = new FailingStream(errorCode: 32) });
        guest.PutBuffer(0, 100, 5);

        Assert.Equal(Errno.BrokenPipe, guest.Call("fd_write", 1, 0, 1, 16));
    }

    [Fact]
    public void PollOneoff_ClockAndDescriptor_ReturnsTheDescriptorAtOnce()
    {
        var time = new SteppingTimeProvider(DateTimeOffset.UnixEpoch);
        using var guest = new GuestCalls(new WasiOptions { TimeProvider = time });
        PutClock(guest, 0, userData: 1, timeoutNs: 5_000_000_000);
        guest.Memory.Write(48u, 2L);
        guest.Memory.Write(56u, (byte)2);
        guest.Memory.Write(64u, 1);

        Assert.Equal(Errno.Success, guest.Call("poll_oneoff", 0, 200, 2, 400));

        Assert.Equal(1, guest.Memory.Read<int>(400));
        Assert.Equal(2L, guest.Memory.Read<long>(200));
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public void PollOneoff_InterruptedGuest_Traps()
    {
        using var guest = new GuestCalls();
        PutClock(guest, 0, userData: 1, timeoutNs: long.MaxValue);
        using var timer = new Timer(_ => guest.Instance.Interrupt(), null, 20, Timeout.Infinite);

        var trap = Assert.Throws<TrapException>(() => guest.Call("poll_oneoff", 0, 200, 1, 400));

        Assert.Equal(TrapCode.Interrupted, trap.Code);
    }

    [Fact]
    public void PathOpen_OutsideTheMount_IsNotCapable()
    {
        using var guest = new GuestCalls(WithScratch(Tree()));

        Assert.Equal(Errno.NotCapable, guest.Open("/a/one"));
        Assert.Equal(Errno.NotCapable, guest.Open("../x"));
        Assert.Equal(Errno.NotCapable, guest.Open("a/../../x"));
        Assert.Equal(Errno.Success, guest.Open("a/../a/one"));
        Assert.Equal(Errno.Success, guest.Open("a", OpenDirectory));
        Assert.Equal(Errno.NotCapable, guest.Open("../a/one", directory: guest.Memory.Read<int>(0)));
    }

    [Theory]
    [InlineData("", Errno.NoEntry)]
    [InlineData("a\0b", Errno.IllegalByteSequence)]
    [InlineData("missing/one", Errno.NoEntry)]
    [InlineData("a/one/two", Errno.NotDirectory)]
    [InlineData("a/one/", Errno.NotDirectory)]
    [InlineData("a/.//one", Errno.Success)]
    public void PathOpen_OddPath_IsAnsweredAsPosixDoes(string path, object expected)
    {
        using var guest = new GuestCalls(WithScratch(Tree()));

        Assert.Equal((Errno)expected, guest.Open(path));
    }

    [Fact]
    public void PathOpen_InvalidUtf8OrLongName_IsRefused()
    {
        using var guest = new GuestCalls(WithScratch(Tree()));
        guest.Memory.Write(1024u, (byte)0xFF);

        Assert.Equal(Errno.IllegalByteSequence, guest.Call("path_open", 3, 0, 1024, 1, Create, -1L, -1L, 0, 0));
        Assert.Equal(Errno.NameTooLong, guest.Open(new string('n', 256), Create));
        Assert.Equal(Errno.NameTooLong, guest.Open(string.Concat(Enumerable.Repeat("a/", 2_049)), Create));
    }

    [Fact]
    public void PathOpen_MoreThanTheLimitOfDescriptors_IsTooManyDescriptors()
    {
        using var guest = new GuestCalls(WithScratch(Tree()) with { Limits = new WasiLimits { OpenDescriptors = 6 } });

        Assert.Equal([Errno.Success, Errno.Success, Errno.TooManyDescriptors], Enumerable.Range(0, 3).Select(_ => guest.Open("a/one")));
        Assert.Equal(Errno.Success, guest.Call("fd_close", 4));
        Assert.Equal(Errno.Success, guest.Open("a/one"));
        Assert.Equal(4, guest.Memory.Read<int>(0));
    }

    [Fact]
    public void FdFdstatSetRights_WideningThem_IsNotCapable()
    {
        using var guest = new GuestCalls(WithScratch(Tree()));
        guest.PutBuffer(16, 100, 4);
        guest.Open("a/one");

        Assert.Equal(Errno.Success, guest.Call("fd_read", 4, 16, 1, 32));
        Assert.Equal(Errno.Success, guest.Call("fd_fdstat_set_rights", 4, 0L, 0L));
        Assert.Equal(Errno.NotCapable, guest.Call("fd_read", 4, 16, 1, 32));
        Assert.Equal(Errno.NotCapable, guest.Call("fd_fdstat_set_rights", 4, 2L, 0L));
    }

    [Fact]
    public void Unlink_OpenFile_KeepsItsBytesChargedUntilItIsClosed()
    {
        var scratch = new MemoryFileSystem(new VirtualFileSystemLimits { TotalBytes = 10 });
        using var guest = new GuestCalls(WithScratch(scratch));
        Assert.Equal(Errno.Success, guest.Open("big", Create));
        Assert.Equal(Errno.Success, guest.Call("fd_filestat_set_size", 4, 10L));
        Assert.Equal(Errno.Success, guest.Call("path_unlink_file", 3, 1024, guest.Put(1024, "big")));

        Assert.Equal(10, scratch.UsedBytes);
        Assert.Equal(Errno.Success, guest.Open("other", Create));
        Assert.Equal(Errno.NoSpace, guest.Call("fd_filestat_set_size", 5, 1L));
        Assert.Equal(Errno.Success, guest.Call("fd_close", 4));
        Assert.Equal(0, scratch.UsedBytes);
        Assert.Equal(Errno.Success, guest.Call("fd_filestat_set_size", 5, 1L));
    }

    [Fact]
    public void PathCreateDirectory_BeyondTheLimitOfEntries_IsNoSpace()
    {
        using var guest = new GuestCalls(WithScratch(new MemoryFileSystem(new VirtualFileSystemLimits { Entries = 2 })));

        Assert.Equal(
            [Errno.Success, Errno.Success, Errno.NoSpace],
            new[] { "a", "b", "c" }.Select(name => guest.Call("path_create_directory", 3, 1024, guest.Put(1024, name))));
    }

    [Fact]
    public void Sockets_AreNotGiven()
    {
        using var guest = new GuestCalls();

        Assert.Equal(Errno.NotSocket, guest.Call("sock_shutdown", 1, 0));
        Assert.Equal(Errno.BadDescriptor, guest.Call("sock_shutdown", 9, 0));
    }

    private static WasiOptions WithScratch(VirtualFileSystem system) => new() { Mounts = [new WasiMount("/tmp", system)] };

    private static MemoryFileSystem Tree()
    {
        var system = new MemoryFileSystem();
        system.WriteFile("a/one", "1234"u8.ToArray());
        return system;
    }

    private static void PutClock(GuestCalls guest, uint address, long userData, long timeoutNs)
    {
        const int monotonic = 1;
        guest.Memory.GetSpan(address, 48).Clear();
        guest.Memory.Write(address, userData);
        guest.Memory.Write(address + 16, monotonic);
        guest.Memory.Write(address + 24, timeoutNs);
    }

    private sealed class FailingStream(int errorCode = 5) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("the pipe is broken", errorCode);
    }

    /// <summary>Five bytes that are there when it was asked so many times.</summary>
    private sealed class LateInput(int readyAfter) : MemoryStream("input"u8.ToArray()), IPolledInput
    {
        private int _asked;

        public long? ReadableBytes => _asked++ < readyAfter ? null : Length - Position;
    }
}
