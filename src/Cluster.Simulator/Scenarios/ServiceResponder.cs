using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Server;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>
/// What answers behind every service: it tells the request that reached it, as JSON. <c>/status/CODE</c> answers with a status,
/// <c>/redirect</c> sends to the path in the parameter <c>to</c>, <c>/bytes/COUNT</c> gives so many bytes that are no text.
/// </summary>
internal sealed class ServiceResponder(string ns, string service, string scheme, string port, SimulatorLimits limits)
{
    public async Task AnswerAsync(HttpContext http, string path)
    {
        switch (path.Split('/'))
        {
            case ["", "status", var code] when int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 200 and <= 599:
                await Responses.WriteAsync(http, status, Encoding.UTF8.GetBytes($"status {status}\n"), "text/plain");
                break;
            case ["", "redirect"]:
                http.Response.Headers.Location = http.Request.Query["to"].ToString();
                await Responses.WriteAsync(http, 302, ReadOnlyMemory<byte>.Empty, "text/plain");
                break;
            case ["", "bytes", var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= limits.ServiceAnswerBytes:
                var bytes = new byte[length];
                Array.Fill(bytes, (byte)0xFF);
                await Responses.WriteAsync(http, 200, bytes, "application/octet-stream");
                break;
            default:
                await Responses.WriteAsync(http, 200, await DescribeAsync(http, path));
                break;
        }
    }

    private async Task<JsonObject> DescribeAsync(HttpContext http, string path)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http, limits);
        return new JsonObject
        {
            ["namespace"] = ns,
            ["service"] = service,
            ["scheme"] = scheme,
            ["port"] = port,
            ["method"] = http.Request.Method,
            ["path"] = path,
            ["query"] = new JsonObject(http.Request.Query.Select(q => KeyValuePair.Create(q.Key, (JsonNode?)q.Value.ToString()))),
            ["headers"] = new JsonObject(http.Request.Headers.Select(h => KeyValuePair.Create(h.Key.ToLowerInvariant(), (JsonNode?)h.Value.ToString()))),
            ["body"] = Encoding.UTF8.GetString(body),
        };
    }
}
