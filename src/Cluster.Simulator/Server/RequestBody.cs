using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Reads request bodies as hostile input: bounded, of a known media type, well formed, without duplicate names.</summary>
internal static class RequestBody
{
    public static string MediaType(HttpContext http) => http.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";

    /// <exception cref="ApiException">The body is too large, of another media type, or no JSON object.</exception>
    public static async Task<JsonObject> ReadObjectAsync(HttpContext http, SimulatorLimits limits)
    {
        if (MediaType(http) is not ("application/json" or ProtobufBody.MediaType or "" or "*/*"))
            throw ApiException.UnsupportedMediaType(MediaType(http), "application/json, " + ProtobufBody.MediaType);
        return await ReadNodeAsync(http, limits) as JsonObject ?? throw ApiException.BadRequest("the body must be a JSON object");
    }

    public static async Task<JsonNode?> ReadNodeAsync(HttpContext http, SimulatorLimits limits)
    {
        byte[] body = await ReadBytesAsync(http, limits);
        if (body.Length == 0)
            return null;
        if (MediaType(http) is ProtobufBody.MediaType)
            return ProtobufBody.Read(body);
        try
        {
            CheckTexts(body, limits);
            return JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { MaxDepth = limits.BodyDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw ApiException.BadRequest($"the body could not be read as JSON: {error.Message}");
        }
    }

    /// <summary>JSON may escape half a surrogate pair, which is no text: reading such a string would fail much later.</summary>
    private static void CheckTexts(byte[] body, SimulatorLimits limits)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = limits.BodyDepth });
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped)
                continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException error)
            {
                throw ApiException.BadRequest($"the body could not be read as JSON: the text at byte {reader.TokenStartIndex} is no Unicode: {error.Message}");
            }
        }
    }

    /// <summary>Checks that an object says it is of the kind its URL names, filling in what it leaves out.</summary>
    public static void CheckKind(JsonObject tree, ResourceDefinition resource, RequestTarget target)
    {
        if ((tree.Text("apiVersion") ?? resource.ApiVersion) is var version && !string.Equals(version, resource.ApiVersion, StringComparison.Ordinal))
            throw ApiException.BadRequest($"the API version in the data ({version}) does not match the expected API version ({resource.ApiVersion})");
        if ((tree.Text("kind") ?? resource.Kind) is var kind && !string.Equals(kind, resource.Kind, StringComparison.Ordinal))
            throw ApiException.BadRequest($"the kind in the data ({kind}) does not match the kind of the resource ({resource.Kind})");
        if (tree["metadata"] is not (null or JsonObject))
            throw ApiException.BadRequest("`metadata` must be an object");
        JsonObject metadata = tree.Ensure("metadata");
        string ns = metadata.Text("namespace") ?? "";
        if (resource.Namespaced && ns.Length > 0 && !string.Equals(ns, target.Namespace, StringComparison.Ordinal))
            throw ApiException.BadRequest($"the namespace of the provided object does not match the namespace sent on the request (`{ns}`, `{target.Namespace}`)");
        if (resource.Namespaced)
            metadata["namespace"] = target.Namespace;
        if (target.Name.Length > 0 && metadata.Text("name") is { } name && !string.Equals(name, target.Name, StringComparison.Ordinal))
            throw ApiException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({target.Name})");
        if (target.Name.Length > 0)
            metadata["name"] = target.Name;
    }

    public static async Task<byte[]> ReadBytesAsync(HttpContext http, SimulatorLimits limits)
    {
        if (http.Request.ContentLength > limits.RequestBodyBytes)
            throw TooLong(limits);
        var buffer = new ArrayBufferWriter<byte>((int)Math.Max(256, http.Request.ContentLength ?? 4096));
        while (true)
        {
            int read = await http.Request.Body.ReadAsync(buffer.GetMemory(4096), http.RequestAborted);
            if (read == 0)
                return buffer.WrittenSpan.ToArray();
            buffer.Advance(read);
            if (buffer.WrittenCount > limits.RequestBodyBytes)
                throw TooLong(limits);
        }
    }

    private static ApiException TooLong(SimulatorLimits limits) => ApiException.TooLarge($"the request body is longer than the limit of {limits.RequestBodyBytes} bytes");
}
