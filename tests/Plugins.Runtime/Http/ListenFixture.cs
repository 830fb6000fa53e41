using System.Net;
using System.Net.Sockets;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Tests.Http;

/// <summary>A plugin that listens on a port of its own, and a client that asks it.</summary>
internal sealed class ListenFixture : IAsyncDisposable
{
    public const string Id = "acme.test";

    private ListenFixture(HostFixture fixture, int port)
    {
        Fixture = fixture;
        Port = port;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    public HostFixture Fixture { get; }
    public int Port { get; }
    public HttpClient Client { get; }

    public string Permissions => $$"""{ "network": { "listen": [{{Port}}] } }""";

    /// <summary>Starts a plugin that listens when it is activated.</summary>
    /// <param name="answer">What it does with a request.</param>
    /// <param name="limits">The runtime's.</param>
    /// <param name="address">Where ports are opened.</param>
    public static async Task<ListenFixture> StartAsync(Script answer, RuntimeLimits? limits = null, IPAddress? address = null)
    {
        var listen = new ListenFixture(await HostFixture.CreateAsync(), FreePort());
        listen.Fixture.ListenAddress = address ?? IPAddress.Loopback;
        if (limits is not null) listen.Fixture.Limits = limits;
        listen.Fixture.With(Id, listen.Permissions, listen.Listening(answer), "onStartup");
        await listen.Fixture.StartAsync();
        await listen.Fixture.UntilAsync(() => listen.Fixture.Status(Id).State == PluginState.Active);
        return listen;
    }

    public static async Task<ListenFixture> CreateAsync() => new(await HostFixture.CreateAsync(), FreePort());

    /// <summary>A script that listens when it is activated.</summary>
    public Script Listening(Script answer) => async turn =>
    {
        if (turn.Message.Type == MessageType.Activate) await turn.CallAsync("http.listen", $$"""{"port":{{Port}}}""");
        return turn.Message.Type == MessageType.HttpRequest ? await answer(turn) : "{}";
    };

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Sends bytes as they are and gives the first line of the answer.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "";
    }

    /// <summary>Whether somebody listens on the port.</summary>
    public async Task<bool> IsOpenAsync()
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Fixture.DisposeAsync();
    }
}
