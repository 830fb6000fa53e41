using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Quotas;
using Microsoft.AspNetCore.Http;
using FileAccess = LazyOC.Plugins.Contracts.Permissions.FileAccess;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

/// <summary><c>http.fetch</c> with <c>saveTo</c>, by a JavaScript plugin on the real engine from servers on loopback.</summary>
public sealed class SavedBodyTests : IDisposable
{
    private const string Id = "acme.saves";
    private const int LargeBytes = 3 << 20;
    private const int TooManyBytes = (16 << 20) + 1;

    /// <summary>The file is there before; whatever fails must leave it and nothing else.</summary>
    private const string SaveOverOld = """
        await call("files.write", { path: "/tmp/a/b", data: "old" });
        return await save("/tmp/a/b") + " | " + await list("/tmp/a");
        """;

    private const string OldOnly = " | b:3";

    private readonly string _home = RealPath.Of(Directory.CreateTempSubdirectory("lazyoc-saved-").FullName);

    private string Folder => Directory.CreateDirectory(Path.Combine(_home, "reports")).FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Fetch_LargerThanAnAnswer_IsSavedAndReplacesWhatWasThere()
    {
        await using var server = await BytesAsync(LargeBytes);
        await using var fixture = await StartAsync(server.Port, SaveOverOld);

        Assert.Equal($"200 saved {LargeBytes} body 0 | b:{LargeBytes}", await TextAsync(fixture));
    }

    [Fact]
    public async Task Fetch_ToAMount_IsThereAndAudited()
    {
        await using var server = await BytesAsync(LargeBytes);
        await using var fixture = await StartAsync(server.Port, """return await save("/mnt/reports/2026/x.bin") + " | " + await list("/mnt/reports/2026");""");

        Assert.Equal($"200 saved {LargeBytes} body 0 | x.bin:{LargeBytes}", await TextAsync(fixture));
        Assert.Equal(Bytes(LargeBytes), await File.ReadAllBytesAsync(Path.Combine(Folder, "2026", "x.bin")));
        Assert.All((await fixture.AuditedAsync(Id)).Where(line => line.Call == "http.fetch"), line => Assert.Equal($"http://127.0.0.1:{server.Port}/ to /mnt/reports/2026/x.bin", line.Target));
    }

    [Fact]
    public async Task Fetch_Compressed_IsSavedDecompressed()
    {
        await using var server = await GzipAsync(LargeBytes);
        await using var fixture = await StartAsync(server.Port, SaveOverOld);

        Assert.Equal($"200 saved {LargeBytes} body 0 | b:{LargeBytes}", await TextAsync(fixture));
    }

    [Fact]
    public async Task Fetch_StatusThatIsNoSuccess_IsAnsweredAndReplacesNothing()
    {
        await using var server = await TestServer.StartAsync(http =>
        {
            http.Response.StatusCode = 503;
            return http.Response.WriteAsync("later");
        });
        await using var fixture = await StartAsync(server.Port, SaveOverOld);

        Assert.Equal("503 saved undefined body 5" + OldOnly, await TextAsync(fixture));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_MoreThanIsSaved_LeavesNothing(bool saysSo)
    {
        await using var server = await BytesAsync(TooManyBytes, saysSo);

        await using (var fixture = await StartAsync(server.Port, SaveOverOld)) Assert.Equal("too-large: the answer has more than 16,777,216 bytes" + OldOnly, await TextAsync(fixture));
        await using var control = await StartAsync(server.Port, SaveOverOld, fixture => fixture.Sandbox = fixture.Sandbox with { NetworkSavedBytes = TooManyBytes });
        Assert.Equal($"200 saved {TooManyBytes} body 0 | b:{TooManyBytes}", await TextAsync(control));
    }

    [Fact]
    public async Task Fetch_Bomb_LeavesNothing()
    {
        await using var server = await GzipAsync(TooManyBytes);

        await using (var fixture = await StartAsync(server.Port, SaveOverOld)) Assert.Equal("too-large: the answer has more than 16,777,216 bytes" + OldOnly, await TextAsync(fixture));
        await using var control = await StartAsync(server.Port, SaveOverOld, fixture => fixture.Sandbox = fixture.Sandbox with { NetworkSavedBytes = TooManyBytes });
        Assert.Equal($"200 saved {TooManyBytes} body 0 | b:{TooManyBytes}", await TextAsync(control));
    }

    [Fact]
    public async Task Fetch_BodyShorterThanSaid_LeavesNothing()
    {
        await using var server = await TestServer.StartAsync(async http =>
        {
            http.Response.ContentLength = 2_000_000;
            await http.Response.Body.WriteAsync(Bytes(1_000_000));
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        await using var fixture = await StartAsync(server.Port, SaveOverOld);

        Assert.Matches(@"^unavailable: the server does not answer: .* \| b:3$", await TextAsync(fixture));
    }

    [Fact]
    public async Task Fetch_BodyLongerThanSaid_IsSavedAsSaid()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[16]);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and much more"u8.ToArray());
            client.Client.Shutdown(SocketShutdown.Send);
        });
        await using var fixture = await StartAsync(((IPEndPoint)listener.LocalEndpoint).Port, SaveOverOld);

        Assert.Equal("200 saved 5 body 0 | b:5", await TextAsync(fixture));
        await serving;
    }

    [Fact]
    public async Task Fetch_MoreThanTmpHolds_LeavesNothingAndGivesTheRoomBack()
    {
        const string thenFill = """
            await call("files.write", { path: "/tmp/a/b", data: "old" });
            const first = await save("/tmp/a/b");
            await call("files.write", { path: "/tmp/a/c", data: "x".repeat(500000) });
            await call("files.write", { path: "/tmp/a/d", data: "x".repeat(500000) });
            return first + " | " + await list("/tmp/a");
            """;
        await using var server = await BytesAsync(LargeBytes);

        await using (var fixture = await StartAsync(server.Port, thenFill, fixture => fixture.Files = fixture.Files with { TemporaryBytes = 1 << 20 }))
            Assert.Equal("quota-exceeded: there is no room left in `/tmp` | b:3,c:500000,d:500000", await TextAsync(fixture));
        await using var control = await StartAsync(server.Port, SaveOverOld);
        Assert.Equal($"200 saved {LargeBytes} body 0 | b:{LargeBytes}", await TextAsync(control));
    }

    [Fact]
    public async Task Fetch_MoreThanTheHoursQuota_LeavesNothing()
    {
        await using var server = await BytesAsync(LargeBytes);
        await using var fixture = await StartAsync(server.Port, SaveOverOld, fixture => fixture.Sandbox = fixture.Sandbox with { NetworkBytes = new QuotaRate(PerSecond: 1, Burst: 1 << 20) });

        Assert.Matches(@"^quota-exceeded: the quota of network bytes is used up: .* \| b:3$", await TextAsync(fixture));
    }

    [Theory]
    [InlineData("/plugin/x", "permission-denied: `/plugin` is read-only")]
    [InlineData("/etc/x", "not-found: there is no `/etc`")]
    [InlineData("/tmp", "invalid: `/tmp` is a folder")]
    [InlineData("/tmp/folder", "invalid: `/tmp/folder` is a folder")]
    [InlineData("/mnt/other/x", "permission-denied: this plugin has no permission to")]
    [InlineData("/tmp/../mnt/reports/x", "invalid: the arguments of `http.fetch` are not valid: `saveTo` has a part `..`")]
    [InlineData("/mnt/reports/out/x", "permission-denied:")]
    [InlineData("/mnt/reports/file/x", "invalid:")]
    public async Task Fetch_ToWhereNothingMayBeWritten_IsRefusedBeforeTheServerIsAsked(string path, string expected)
    {
        var outside = Directory.CreateDirectory(Path.Combine(_home, "outside")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(Folder, "out"), outside);
        await File.WriteAllTextAsync(Path.Combine(Folder, "file"), "file");
        await using var server = await BytesAsync(10);
        await using var fixture = await StartAsync(server.Port, $$"""
            await call("files.write", { path: "/tmp/folder/x", data: "" });
            return await save("{{path}}");
            """);

        Assert.StartsWith(expected, await TextAsync(fixture), StringComparison.Ordinal);
        Assert.Empty(server.Reached);
        Assert.Empty(Directory.GetFiles(outside));
        // Who opens by name follows the link.
        await File.WriteAllTextAsync(Path.Combine(Folder, "out", "control"), "");
        Assert.Single(Directory.GetFiles(outside));
    }

    [Theory]
    [InlineData(FileAccess.Read, "permission-denied: this plugin has no permission to")]
    [InlineData(FileAccess.ReadWrite, "200 saved 10")]
    public async Task Fetch_ToAMount_NeedsWriteAccess(FileAccess access, string expected)
    {
        await using var server = await BytesAsync(10);
        await using var fixture = await StartAsync(server.Port, """return await save("/mnt/reports/x");""", access: access);

        Assert.StartsWith(expected, await TextAsync(fixture), StringComparison.Ordinal);
        Assert.Equal(access == FileAccess.ReadWrite, File.Exists(Path.Combine(Folder, "x")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_Redirected_SavesOnlyFromAServerItMayAsk(bool isGranted)
    {
        await using var inner = await BytesAsync(LargeBytes);
        await using var outer = await TestServer.StartAsync(TestServer.RedirectTo($"http://127.0.0.1:{inner.Port}/"));
        await using var fixture = await StartAsync(outer.Port, SaveOverOld, other: isGranted ? inner.Port : null);

        var text = await TextAsync(fixture);

        if (isGranted) Assert.Equal($"200 saved {LargeBytes} body 0 | b:{LargeBytes}", text);
        else Assert.Matches(@"^permission-denied: .* \| b:3$", text);
        Assert.Equal(isGranted ? 1 : 0, inner.Reached.Count);
    }

    [Fact]
    public async Task Fetch_WhosePluginEndsMeanwhile_LeavesNothing()
    {
        var begun = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async http =>
        {
            await http.Response.Body.WriteAsync(Bytes(1_000_000));
            await http.Response.Body.FlushAsync();
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using (var fixture = await StartAsync(server.Port, """return await save("/mnt/reports/x");"""))
        {
            using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
            await begun.Task;
            Assert.Matches(@"^\.lazyoc-[0-9-]+$", Path.GetFileName(Assert.Single(Directory.GetFiles(Folder))));
        }

        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Fetch_WithoutSaveTo_SaysThatThereIsOne()
    {
        await using var server = await BytesAsync(LargeBytes);
        await using var fixture = await StartAsync(server.Port, "return await save(undefined);");

        Assert.Equal("too-large: the answer has more than 1,048,576 bytes\nhint: `saveTo` takes up to 16,777,216 bytes into a file", await TextAsync(fixture));
    }

    private async Task<HostFixture> StartAsync(int port, string code, Action<HostFixture>? configure = null, FileAccess access = FileAccess.ReadWrite, int? other = null)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Limits = fixture.Limits with { RenderDeadline = TimeSpan.FromMinutes(1) };
        configure?.Invoke(fixture);
        string[] origins = other is { } second ? [$"http://127.0.0.1:{port}", $"http://127.0.0.1:{second}"] : [$"http://127.0.0.1:{port}"];
        var rules = string.Join(", ", origins.Select(origin => $"\"{origin}\""));
        fixture.WithCode(Id, $$"""{ "network": { "connect": [{{rules}}] } }""", Encoding.UTF8.GetBytes($$"""
            const call = (name, args) => lazyoc.call(name, args);
            const list = async (path) => (await call("files.list", { path })).entries.map((entry) => entry.name + ":" + entry.size).sort().join(",");
            async function save(saveTo) {
              try {
                const response = await fetch("http://127.0.0.1:{{port}}/", { saveTo });
                return `${response.status} saved ${response.savedBytes} body ${(await response.text()).length}`;
              } catch (error) {
                return `${error.code}: ${error.message}`;
              }
            }
            lazyoc.on("render", async () => ({ type: "empty", message: await (async () => { {{code}} })() }));
            """), grant: asked => asked with { Files = [new FileRule { Mount = "reports", Access = access, Host = Folder }] });
        return await fixture.StartAsync();
    }

    private static async Task<string> TextAsync(HostFixture fixture) =>
        Assert.IsType<ViewNode.Empty>(Assert.IsType<ViewState.Ready>(await fixture.OpenTabAsync(Id)).Content).Message;

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static Task<TestServer> BytesAsync(int count, bool saysSo = true) => TestServer.StartAsync(async http =>
    {
        if (saysSo) http.Response.ContentLength = count;
        try
        {
            await http.Response.Body.WriteAsync(Bytes(count));
        }
        catch (OperationCanceledException)
        {
            // The client has read enough.
        }
    });

    private static Task<TestServer> GzipAsync(int count) => TestServer.StartAsync(async http =>
    {
        http.Response.Headers.ContentEncoding = "gzip";
        await using var packer = new GZipStream(http.Response.Body, CompressionLevel.Optimal);
        await packer.WriteAsync(new byte[count]);
    });
}
