using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Scenarios;
using LazyOC.Cluster.Simulator.Storage;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Serves <c>services/[SCHEME:]NAME[:PORT]/proxy/PATH</c>: passes the request on to the service, without the caller's credentials.</summary>
internal sealed class ServiceProxy(ControlPlane plane)
{
    private const string Subresource = "proxy";

    public async Task PassOnAsync(ApiRequest request)
    {
        (string scheme, string name, string port) = Parse(request.Name);
        StoredObject service = plane.Get(ResourceCatalog.Services, request.Namespace, name);
        if (!HasPort(service.Parse(), port))
            throw new ApiException(503, "ServiceUnavailable", $"no endpoints available for service \"{request.Name}\"");
        HttpContext http = request.Http;

        // As authentication does it on a real server: a service must not see its callers' tokens.
        http.Request.Headers.Remove("Authorization");
        string path = request.Target.Subresource[Subresource.Length..];
        if (path.Length == 0)
            path = "/";
        if (request.Namespace == PrometheusResponder.Namespace && name == PrometheusResponder.Service)
            await new PrometheusResponder(plane).AnswerAsync(http, path);
        else
            await new ServiceResponder(request.Namespace, name, scheme, port, plane.Limits).AnswerAsync(http, path);
    }

    private static (string Scheme, string Name, string Port) Parse(string text) => text.Split(':') switch
    {
        [var name] => ("http", name, ""),
        [var name, var port] => ("http", name, port),
        [var scheme and ("http" or "https"), var name, var port] => (scheme, name, port),
        _ => throw ApiException.BadRequest($"invalid service request \"{text}\""),
    };

    private static bool HasPort(JsonObject service, string port) =>
        port.Length == 0 || service.Objects("spec", "ports").Any(p => string.Equals(p.Text("name"), port, StringComparison.Ordinal) || string.Equals(p.Integer("port")?.ToString(CultureInfo.InvariantCulture), port, StringComparison.Ordinal));
}
