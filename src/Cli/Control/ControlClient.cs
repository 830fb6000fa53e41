using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text.Json;

namespace LazyOC.Cli.Control;

/// <summary>A connection to one running LazyOC.</summary>
internal sealed class ControlClient : IAsyncDisposable
{
    private readonly ControlConnection _connection;
    private readonly ControlLimits _limits;

    private ControlClient(string socket, ControlConnection connection, ControlLimits limits) => (Socket, _connection, _limits) = (socket, connection, limits);

    /// <summary>Its path.</summary>
    public string Socket { get; }

    /// <summary>Connects to every LazyOC that runs in a home; sockets that nobody listens on any more are removed.</summary>
    public static async Task<ImmutableArray<ControlClient>> ConnectAllAsync(ControlDirectory directory, ControlLimits limits, CancellationToken cancellationToken)
    {
        var clients = ImmutableArray.CreateBuilder<ControlClient>();
        foreach (var path in directory.Sockets())
            if (await TryConnectAsync(path, limits, cancellationToken) is { } client) clients.Add(client);
        return clients.DrainToImmutable();
    }

    /// <summary>Connects to one; null when nobody listens there.</summary>
    public static async Task<ControlClient?> TryConnectAsync(string path, ControlLimits limits, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new ControlClient(path, new ControlConnection(socket, limits), limits);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            // Left by a process that was killed.
            if (error.SocketErrorCode == SocketError.ConnectionRefused) File.Delete(path);
            return null;
        }
    }

    /// <summary>Asks and waits for the answer; null when it hung up or does not answer.</summary>
    public Task<ControlAnswer?> AskAsync(ControlRequest request, CancellationToken cancellationToken) => AskAsync(request, TimeSpan.Zero, cancellationToken);

    /// <summary>Asks for what takes its time and waits for the answer; null when it hung up or does not answer.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="takes">How long it takes by its nature, on top of what an answer may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ControlAnswer?> AskAsync(ControlRequest request, TimeSpan takes, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_limits.Answer + takes);
        try
        {
            await _connection.WriteLineAsync(request, ControlJson.Default.ControlRequest, patience.Token);
            return await _connection.ReadLineAsync(_limits.LineBytes, patience.Token) is { } line
                ? JsonSerializer.Deserialize(line.Span, ControlJson.Default.ControlAnswer)
                : null;
        }
        catch (Exception gone) when (gone is IOException or SocketException or JsonException || (gone is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
