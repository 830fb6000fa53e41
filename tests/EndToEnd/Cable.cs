using System.Net;
using System.Net.Sockets;

namespace LazyOC.EndToEnd.Tests;

/// <summary>What connects the screen to its cluster, and can be pulled: then connections end, and new ones are refused.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly int _cluster;
    private readonly List<Socket> _open = [];
    private TcpListener? _listener;

    /// <param name="cluster">The cluster's port on the loopback interface.</param>
    public Cable(int cluster)
    {
        _cluster = cluster;
        Plug();
        Port = ((IPEndPoint)_listener!.LocalEndpoint).Port;
    }

    /// <summary>Where it is reached; the same after it was pulled and plugged in again.</summary>
    public int Port { get; }

    /// <summary>Connects.</summary>
    public void Plug()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    /// <summary>Cuts what goes on and refuses what comes.</summary>
    public void Pull()
    {
        _listener?.Dispose();
        lock (_open)
        {
            foreach (var socket in _open)
                socket.Dispose();
            _open.Clear();
        }
    }

    public ValueTask DisposeAsync()
    {
        Pull();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_open)
                    _open.AddRange([near, far]);
                _ = CarryAsync(near, far);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Pulled.
        }
    }

    private async Task CarryAsync(Socket near, Socket far)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _cluster);
            await using var here = new NetworkStream(near, ownsSocket: true);
            await using var there = new NetworkStream(far, ownsSocket: true);
            await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // Pulled.
        }
    }
}
