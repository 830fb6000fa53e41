using System.Text.Json;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Tui.Panels;

namespace LazyOC.Tui.Screen;

/// <summary>What the header says of the server.</summary>
/// <param name="Version">Version of the API server, such as <c>v1.31.4</c>; null when it does not tell.</param>
/// <param name="Latency">Time of one small answer.</param>
internal sealed record ServerInfo(string? Version, TimeSpan? Latency)
{
    public static ServerInfo Unknown { get; } = new(null, null);

    /// <summary>Asks for <c>/version</c>; a server that refuses is <see cref="Unknown"/>.</summary>
    public static async Task<ServerInfo> ReadAsync(ResourceClient resources, CancellationToken cancellationToken)
    {
        try
        {
            var start = TimeProvider.System.GetTimestamp();
            var answer = await resources.GetRawAsync("version", cancellationToken);
            var latency = TimeProvider.System.GetElapsedTime(start);
            using var document = JsonDocument.Parse(answer);
            return new ServerInfo(document.RootElement.Text("gitVersion"), latency);
        }
        catch (Exception e) when (e is ClusterException or JsonException)
        {
            return Unknown;
        }
    }
}
