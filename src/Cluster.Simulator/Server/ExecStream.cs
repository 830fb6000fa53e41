using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Scenarios;
using LazyOC.Cluster.Simulator.Storage;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>
/// Serves <c>pods/NAME/exec</c> over a WebSocket, subprotocols <c>v5.channel.k8s.io</c> and <c>v4.channel.k8s.io</c>: the
/// first byte of a message names a channel.
/// </summary>
internal sealed class ExecStream(SimulatorLimits limits)
{
    private const byte InputChannel = 0;
    private const byte OutputChannel = 1;
    private const byte ErrorsChannel = 2;
    private const byte StatusChannel = 3;
    private const byte CloseChannel = 255;
    private const int ChunkBytes = 16 * 1024;

    private static readonly string[] Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    public async Task RunAsync(ApiRequest request, StoredObject pod, CancellationToken stopping)
    {
        HttpContext http = request.Http;
        string[] command = [.. http.Request.Query["command"].OfType<string>()];
        CheckContainer(request, pod);
        if (command.Length == 0)
            throw ApiException.BadRequest("you must specify at least 1 command for the container");
        if (!http.WebSockets.IsWebSocketRequest || Protocols.FirstOrDefault(p => http.WebSockets.WebSocketRequestedProtocols.Contains(p, StringComparer.Ordinal)) is not { } protocol)
            throw ApiException.BadRequest("unable to upgrade: a WebSocket with one of these subprotocols is expected: " + string.Join(", ", Protocols));
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync(protocol);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, stopping);
        try
        {
            byte[] input = request.QueryFlag("stdin") ? await ReadInputAsync(socket, stop.Token) : [];
            JsonObject status = await RunAsync(socket, pod, command, input, stop.Token);
            await SendAsync(socket, StatusChannel, status.ToUtf8(), stop.Token);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, stop.Token);
        }
        catch (WebSocketException)
        {
            // The client went away: nobody is left to answer.
        }
    }

    private static async Task<JsonObject> RunAsync(WebSocket socket, StoredObject pod, string[] command, byte[] input, CancellationToken cancellationToken)
    {
        int? code = await ContainerProgram.RunAsync(new ContainerProgram.Run(pod.Name, command, input, Output, Errors, cancellationToken));
        return code switch
        {
            null => Failure($"Internal error occurred: error executing command in container: exec: \"{command[0]}\": executable file not found in $PATH", "InternalError", []),
            0 => new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" },
            _ => Failure(string.Create(CultureInfo.InvariantCulture, $"command terminated with non-zero exit code: exit status {code}"), "NonZeroExitCode", [new JsonObject { ["reason"] = "ExitCode", ["message"] = code.Value.ToString(CultureInfo.InvariantCulture) }]),
        };

        Task Output(byte[] bytes) => SendAsync(socket, OutputChannel, bytes, cancellationToken);
        Task Errors(byte[] bytes) => SendAsync(socket, ErrorsChannel, bytes, cancellationToken);
    }

    private static JsonObject Failure(string message, string reason, JsonArray causes) => new()
    {
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["details"] = new JsonObject { ["causes"] = causes },
        ["code"] = 500,
    };

    /// <summary>Everything until the channel is closed; simulated programs begin when they have it all.</summary>
    private async Task<byte[]> ReadInputAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        using var input = new MemoryStream();
        var buffer = new byte[ChunkBytes + 1];
        while (true)
        {
            using var message = new MemoryStream();
            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                message.Write(buffer, 0, received.Count);
            }
            while (!received.EndOfMessage && message.Length <= limits.RequestBodyBytes);
            byte[] bytes = message.ToArray();
            if (received.MessageType == WebSocketMessageType.Close || bytes is [CloseChannel, InputChannel] || input.Length + bytes.Length > limits.RequestBodyBytes)
                return input.ToArray();
            if (bytes is [InputChannel, ..])
                input.Write(bytes, 1, bytes.Length - 1);
        }
    }

    private static async Task SendAsync(WebSocket socket, byte channel, byte[] bytes, CancellationToken cancellationToken)
    {
        for (int sent = 0; sent == 0 || sent < bytes.Length; sent += ChunkBytes)
        {
            byte[] message = [channel, .. bytes.AsSpan(sent, Math.Min(ChunkBytes, bytes.Length - sent))];
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
    }

    private static void CheckContainer(ApiRequest request, StoredObject pod)
    {
        string[] containers = [.. pod.Parse().Objects("spec", "containers").Select(c => c.Text("name")).OfType<string>()];
        string? asked = request.Query("container");
        if (asked is null && containers.Length > 1)
            throw ApiException.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', containers)}]");
        if (asked is not null && !containers.Contains(asked, StringComparer.Ordinal))
            throw ApiException.BadRequest($"container {asked} is not valid for pod {pod.Name}");
    }
}
