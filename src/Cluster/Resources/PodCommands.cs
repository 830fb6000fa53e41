using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Transport;

namespace LazyOC.Cluster.Resources;

/// <summary>A command to run in a container.</summary>
public sealed record PodCommand
{
    /// <summary>Container; null when the pod has one only.</summary>
    public string? Container { get; init; }

    /// <summary>The program and its arguments; no shell reads them.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>Its whole standard input; null for none.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Bytes of output and of errors, together, that are kept; later ones are counted as missing.</summary>
    public required int MaxOutputBytes { get; init; }
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Of the program.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
/// <param name="IsTruncated">Something of either is missing at the end.</param>
public sealed record PodCommandResult(int ExitCode, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Errors, bool IsTruncated);

/// <summary>Runs commands in containers, over a WebSocket. Thread-safe.</summary>
/// <remarks>
/// The subprotocols <c>v5.channel.k8s.io</c> and, without input, <c>v4.channel.k8s.io</c>: the first byte of each message
/// names a channel, which is 0 input, 1 output, 2 errors, 3 the final status, 255 the end of a channel (v5).
/// </remarks>
public sealed class PodCommands
{
    private const string V5 = "v5.channel.k8s.io";
    private const string V4 = "v4.channel.k8s.io";
    private const byte InputChannel = 0;
    private const byte OutputChannel = 1;
    private const byte ErrorsChannel = 2;
    private const byte StatusChannel = 3;
    private const byte CloseChannel = 255;
    private const int ChunkBytes = 16 * 1024;

    private static readonly byte[] EndOfInput = [CloseChannel, InputChannel];

    private readonly ClusterConnection _connection;

    internal PodCommands(ClusterConnection connection) => _connection = connection;

    /// <summary>Runs a command and waits for its end.</summary>
    /// <exception cref="ClusterException">It cannot be run, or the connection broke before its end was known.</exception>
    public async Task<PodCommandResult> RunAsync(string @namespace, string pod, PodCommand command, CancellationToken cancellationToken = default)
    {
        var request = RequestFor(@namespace, pod, command);
        // Only v5 can say that the input has ended.
        string[] protocols = command.Input is null ? [V5, V4] : [V5];
        using var socket = await _connection.UpgradeAsync(request, protocols, cancellationToken);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = command.Input is { } input ? SendInputAsync(socket, input, ends.Token) : Task.CompletedTask;
        try
        {
            return await ReceiveAsync(socket, request, command.MaxOutputBytes, ends.Token);
        }
        catch (Exception e) when (e is WebSocketException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw _connection.Report(_connection.Explain(request, e));
        }
        finally
        {
            await ends.CancelAsync();
            // A program may end without reading its input; what it says of its end is the answer.
            await sending.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static ClusterRequest RequestFor(string @namespace, string pod, PodCommand command)
    {
        var query = new List<(string, string)> { ("stdout", "true"), ("stderr", "true") };
        if (command.Container is { } container)
            query.Add(("container", container));
        if (command.Input is not null)
            query.Add(("stdin", "true"));
        query.AddRange(command.Arguments.Select(argument => ("command", argument)));
        return new ClusterRequest
        {
            Path = $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/pods/{Uri.EscapeDataString(pod)}/exec",
            Query = query,
            Verb = "create",
            Resource = "pods/exec",
            Namespace = @namespace,
            Name = pod,
        };
    }

    private static async Task SendInputAsync(WebSocket socket, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < input.Length; sent += ChunkBytes)
        {
            byte[] message = [InputChannel, .. input.Span.Slice(sent, Math.Min(ChunkBytes, input.Length - sent))];
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }

        await socket.SendAsync(EndOfInput.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
    }

    private async Task<PodCommandResult> ReceiveAsync(WebSocket socket, ClusterRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        var errors = new ArrayBufferWriter<byte>();
        var status = new ArrayBufferWriter<byte>();
        var isTruncated = false;
        var buffer = new byte[ChunkBytes];
        var channel = -1;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
                break;
            var bytes = buffer.AsMemory(0, received.Count);
            if (channel < 0 && bytes.Length > 0)
            {
                channel = bytes.Span[0];
                bytes = bytes[1..];
            }

            var target = channel switch
            {
                OutputChannel => output,
                ErrorsChannel => errors,
                StatusChannel => status,
                _ => null,
            };
            var room = target == status ? _connection.Limits.MaxErrorBytes - status.WrittenCount : maxBytes - output.WrittenCount - errors.WrittenCount;
            target?.Write(bytes.Span[..Math.Min(room, bytes.Length)]);
            isTruncated |= target is not null && bytes.Length > room;
            if (received.EndOfMessage)
                channel = -1;
        }

        return new PodCommandResult(ExitCodeOf(request, status.WrittenMemory), output.WrittenMemory, errors.WrittenMemory, isTruncated);
    }

    private int ExitCodeOf(ClusterRequest request, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
            throw new InvalidAnswerException($"cannot {request.Describe()}: the connection ended before the command did", "repeat; the pod may have gone");
        using var document = _connection.ParseJson(request, json);
        var status = document.RootElement;
        if (status.Text("status") == "Success")
            return 0;
        foreach (var cause in status.Items("details", "causes"))
            if (cause.Text("reason") == "ExitCode" && int.TryParse(cause.Text("message"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code))
                return code;
        throw new InvalidRequestException($"cannot {request.Describe()}: {status.Text("message") ?? "the command could not be started"}", "correct what the message names")
        {
            Status = (HttpStatusCode)(status.Number("code") ?? 500),
            Reason = status.Text("reason"),
        };
    }
}
