using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Tests.Control;

public sealed class ControlServerTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lazyoc-control-");
    private readonly ConcurrentQueue<ControlRequest> _handled = [];
    private readonly ConcurrentQueue<Exception> _bugs = [];
    private readonly ControlLimits _limits = new() { Idle = TimeSpan.FromSeconds(2), RequestBytes = 4096, Connections = 2 };

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Ask_GoodRequests_AreAnsweredOnOneConnection()
    {
        await using var server = Start();
        await using var client = Assert.Single(await ControlClient.ConnectAllAsync(Sockets(), _limits, CancellationToken.None));

        var first = await client.AskAsync(new ControlRequest { Verb = ControlVerb.Reload }, CancellationToken.None);
        var second = await client.AskAsync(new ControlRequest { Verb = ControlVerb.DevError, Plugin = PluginId.Parse("acme.test"), Message = "broken" }, CancellationToken.None);

        Assert.Equal(Environment.ProcessId, first!.Pid);
        Assert.Null(second!.Error);
        Assert.Equal([ControlVerb.Reload, ControlVerb.DevError], _handled.Select(request => request.Verb));
        Assert.Equal("broken", _handled.Last().Message);
    }

    [Theory]
    [InlineData("garbage", "\u0001\u0002 not json")]
    [InlineData("nothing", "")]
    [InlineData("array", "[]")]
    [InlineData("unknown verb", """{"verb":"format"}""")]
    [InlineData("unknown key", """{"verb":"reload","path":"/etc/passwd"}""")]
    [InlineData("verb twice", """{"verb":"reload","verb":"dev"}""")]
    [InlineData("wrong type", """{"verb":"dev","file":7}""")]
    [InlineData("no plugin id", """{"verb":"logs","plugin":"../../etc"}""")]
    [InlineData("deep", """{"verb":"dev","file":[[[[[[[[1]]]]]]]]}""")]
    public async Task Request_ThatIsNone_GetsAnErrorAndNothingElse(string _, string line)
    {
        await using var server = Start();
        using var socket = await ConnectAsync();

        await socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"));
        Assert.Contains("\"error\"", await ReadLineAsync(socket));

        // The connection, and the server, go on.
        await socket.SendAsync("""{"verb":"status"}"""u8.ToArray().Append((byte)'\n').ToArray());
        Assert.DoesNotContain("\"error\"", await ReadLineAsync(socket));
        Assert.Equal([ControlVerb.Status], _handled.Select(request => request.Verb));
        Assert.Empty(_bugs);
    }

    [Fact]
    public async Task Request_LongerThanALineMayBe_GetsAnErrorAndIsHungUpOn()
    {
        await using var server = Start();
        using var socket = await ConnectAsync();

        await socket.SendAsync(new byte[_limits.RequestBytes + 1]);

        Assert.Contains("more than", await ReadLineAsync(socket));
        Assert.Equal("", await ReadLineAsync(socket));
        Assert.Empty(_handled);
    }

    [Fact]
    public async Task Connection_ThatIsSilent_IsHungUpOn()
    {
        await using var server = Start();
        using var socket = await ConnectAsync();
        await socket.SendAsync("""{"verb":"""u8.ToArray());

        Assert.Equal("", await ReadLineAsync(socket));
        Assert.Empty(_handled);
        Assert.Empty(_bugs);
    }

    [Fact]
    public async Task Connections_MoreThanMayBe_AreHungUpOn()
    {
        await using var server = Start();
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        await AskStatusAsync(first);
        await AskStatusAsync(second);

        using var third = await ConnectAsync();
        Assert.Equal("", await ReadLineAsync(third));

        first.Dispose();
        await WaitUntilAsync(async () =>
        {
            using var fourth = await ConnectAsync();
            await fourth.SendAsync("{\"verb\":\"status\"}\n"u8.ToArray());
            return (await ReadLineAsync(fourth)).Contains("pid", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Handler_ThatFails_IsABugOfItsOwnAndTheServerGoesOn()
    {
        await using var server = ControlServer.Start(Sockets(), (_, _, _) => throw new InvalidOperationException("broken"), (_, bug) => _bugs.Enqueue(bug), _limits);
        using var socket = await ConnectAsync();
        await socket.SendAsync("{\"verb\":\"status\"}\n"u8.ToArray());

        Assert.Equal("", await ReadLineAsync(socket));
        Assert.Equal("broken", Assert.Single(_bugs).Message);
        using var again = await ConnectAsync();
        Assert.True(again.Connected);
    }

    [Fact]
    public async Task Connection_WithSomethingThatLivesAsLong_IsToldWhenItEnds()
    {
        var ended = new TaskCompletionSource();
        await using var server = ControlServer.Start(
            Sockets(),
            (_, connection, _) =>
            {
                connection.WhenClosed(() =>
                {
                    ended.SetResult();
                    return Task.CompletedTask;
                });
                return Task.FromResult(new ControlAnswer());
            },
            (_, bug) => _bugs.Enqueue(bug),
            _limits);
        using (var socket = await ConnectAsync())
        {
            await AskStatusAsync(socket);
            // Silent for longer than others may be.
            await Task.Delay(_limits.Idle + TimeSpan.FromSeconds(1));
            Assert.False(ended.Task.IsCompleted);
        }
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Socket_AndItsDirectory_AreTheUsersOnly()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var server = Start();
        var directory = Sockets();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(directory.SocketOf(Environment.ProcessId)));
    }

    [Fact]
    public void Start_InADirectoryOthersMayEnter_ClosesItFirst()
    {
        if (OperatingSystem.IsWindows()) return;
        var directory = Sockets();
        Directory.CreateDirectory(directory.Path);
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_111_111);

        directory.Create();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path));
    }

    [Fact]
    public void Start_WhereTheDirectoryIsALink_IsRefused()
    {
        var directory = Sockets();
        var elsewhere = _root.CreateSubdirectory("elsewhere");
        Directory.CreateDirectory(Path.GetDirectoryName(directory.Path)!);
        Directory.CreateSymbolicLink(directory.Path, elsewhere.FullName);

        Assert.Contains("link", Assert.Throws<IOException>(directory.Create).Message);
    }

    [Fact]
    public async Task Connect_SocketThatNobodyListensOn_RemovesIt()
    {
        var directory = Sockets();
        directory.Create();
        var path = directory.SocketOf(999_999_999);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            Assert.Empty(await ControlClient.ConnectAllAsync(directory, _limits, CancellationToken.None));
        }
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Dispose_RemovesTheSocketAndHangsUp()
    {
        var server = Start();
        using var socket = await ConnectAsync();
        await AskStatusAsync(socket);

        await server.DisposeAsync();

        Assert.Empty(Sockets().Sockets());
        Assert.Equal("", await ReadLineAsync(socket));
    }

    [Fact]
    public void Directory_OfAnotherHome_HasOtherSockets()
    {
        var own = Of(_root.CreateSubdirectory("a").FullName);
        var other = Of(_root.CreateSubdirectory("b").FullName);
        Assert.Equal(own.Path, other.Path);
        Assert.NotEqual(own.SocketOf(1), other.SocketOf(1));
    }

    [Fact]
    public void Directory_WhoseSocketsWouldHaveTooLongAPath_IsElsewhere()
    {
        var deep = Path.Combine(_root.FullName, new string('d', 60), new string('e', 60));
        var directory = ControlDirectory.Of(Home.Locate(name => name == "LAZYOC_HOME" ? deep : null, demo: false), _ => null, _limits);
        Assert.DoesNotContain("eeee", directory.Path);
        Assert.True(Encoding.UTF8.GetByteCount(directory.SocketOf(int.MaxValue)) < _limits.PathBytes);
    }

    private ControlServer Start() => ControlServer.Start(
        Sockets(),
        (request, _, _) =>
        {
            _handled.Enqueue(request);
            return Task.FromResult(new ControlAnswer());
        },
        (_, bug) => _bugs.Enqueue(bug),
        _limits);

    private ControlDirectory Sockets() => Of(_root.FullName);

    private ControlDirectory Of(string home) => ControlDirectory.Of(
        Home.Locate(name => name == "LAZYOC_HOME" ? home : null, demo: false),
        name => name == "XDG_RUNTIME_DIR" ? _root.FullName : null,
        _limits);

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Sockets().SocketOf(Environment.ProcessId)));
        return socket;
    }

    private static async Task AskStatusAsync(Socket socket)
    {
        await socket.SendAsync("{\"verb\":\"status\"}\n"u8.ToArray());
        Assert.Contains("pid", await ReadLineAsync(socket));
    }

    /// <summary>The next line; empty when the server has hung up.</summary>
    private static async Task<string> ReadLineAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var line = new List<byte>();
        var next = new byte[1];
        try
        {
            while (await socket.ReceiveAsync(next, patience.Token) > 0 && next[0] != '\n') line.Add(next[0]);
        }
        catch (SocketException)
        {
            // Hung up with something unread.
        }
        return Encoding.UTF8.GetString([.. line]);
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await condition()) return;
            await Task.Delay(50);
        }
        Assert.Fail("not reached");
    }
}
