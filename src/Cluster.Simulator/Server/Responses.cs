using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Writes the bodies of responses.</summary>
internal static class Responses
{
    public const string Json = "application/json";

    public static async Task WriteAsync(HttpContext http, int code, ReadOnlyMemory<byte> body, string contentType = Json)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    public static Task WriteAsync(HttpContext http, int code, JsonNode body, string contentType = Json) => WriteAsync(http, code, body.ToUtf8(), contentType);

    public static Task WriteStatusAsync(HttpContext http, ApiException error)
    {
        if (error.RetryAfterSeconds is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(http, error.Code, error.ToStatus());
    }

    /// <summary>One line of a watch stream: <c>{"type":…,"object":…}</c>.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        output.Write("{\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"object\":"u8);
        output.Write(body);
        output.Write("}\n"u8);
    }

    /// <summary>A list envelope around objects that are serialised already.</summary>
    public static byte[] List(string apiVersion, string kind, long version, string? continueToken, long? remaining, IEnumerable<ReadOnlyMemory<byte>> items)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind);
            writer.WriteString("apiVersion", apiVersion);
            WriteListMetadata(writer, version, continueToken, remaining);
            writer.WriteStartArray("items");
            foreach (ReadOnlyMemory<byte> item in items)
                writer.WriteRawValue(item.Span, skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteListMetadata(Utf8JsonWriter writer, long version, string? continueToken, long? remaining)
    {
        writer.WriteStartObject("metadata");
        writer.WriteString("resourceVersion", version.ToString(CultureInfo.InvariantCulture));
        if (continueToken is not null)
            writer.WriteString("continue", continueToken);
        if (remaining is { } count)
            writer.WriteNumber("remainingItemCount", count);
        writer.WriteEndObject();
    }
}
