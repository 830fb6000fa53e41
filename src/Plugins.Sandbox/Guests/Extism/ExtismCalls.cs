using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests.Extism;

/// <summary>The JSON of host calls from WebAssembly: <c>{"call","args","gesture"?}</c> in, <c>{"ok"}</c> or <c>{"error":{"code","message"}}</c> out.</summary>
internal static class ExtismCalls
{
    private const int MaxJsonDepth = 64;

    private static ReadOnlySpan<byte> EmptyObject => "{}"u8;

    /// <summary>Reads a request; otherwise says what is wrong with it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out HostCall call, [NotNullWhen(false)] out RefusedCall? refused)
    {
        call = default;
        if (json.Length > Envelope.MaxBytes)
        {
            refused = new RefusedCall("", new CallError(ErrorCode.TooLarge, $"the call has {json.Length} bytes; a call has at most {Envelope.MaxBytes}"));
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("call"u8, out var name) || name.ValueKind != JsonValueKind.String)
            {
                refused = Broken("a host call is an object with a string `call`");
                return false;
            }
            var arguments = root.TryGetProperty("args"u8, out var args) ? JsonSerializer.SerializeToUtf8Bytes(args, ExtismJson.Default.JsonElement) : EmptyObject.ToArray();
            var gesture = root.TryGetProperty("gesture"u8, out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
            call = new HostCall(name.GetString()!, arguments, gesture);
            refused = null;
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with a lone surrogate.
            refused = Broken($"the call is not valid JSON: {exception.Message}");
            return false;
        }
    }

    private static RefusedCall Broken(string complaint) => new("", new CallError(ErrorCode.Invalid, complaint), IsBroken: true);

    /// <summary>Reads the request of Extism's own <c>http_request</c> as a call of <c>http.fetch</c>.</summary>
    public static bool TryReadHttp(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> body, out HostCall call, [NotNullWhen(false)] out string? complaint)
    {
        call = default;
        complaint = null;
        try
        {
            var request = JsonSerializer.Deserialize(json.Span, ExtismJson.Default.ExtismHttpRequest);
            if (request is not null && json.Length + body.Length <= Envelope.MaxBytes)
            {
                var fetch = new HttpFetchRequest { Url = request.Url, Method = request.Method ?? "GET", Headers = request.Headers ?? [], Body = body.IsEmpty ? null : new TextOrBytes(body) };
                call = new HostCall("http.fetch", JsonSerializer.SerializeToUtf8Bytes(fetch, ContractJson.Default.HttpFetchRequest), null);
                return true;
            }
            complaint = request is null ? "the request is null" : $"the request is larger than {Envelope.MaxBytes} bytes";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            complaint = $"the request is not valid: {exception.Message}";
        }
        return false;
    }

    /// <summary>Reads the answer to <c>http.fetch</c>; null, with a complaint, when it is none.</summary>
    public static HttpFetchAnswer? ReadHttp(Answer answer, out string complaint)
    {
        complaint = "the answer is null";
        if (answer.Error is { } error)
        {
            complaint = $"{error.Message} ({error.Code})";
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(answer.Ok.Span, ContractJson.Default.HttpFetchAnswer);
        }
        catch (JsonException exception)
        {
            complaint = $"the answer is not valid: {exception.Message}";
            return null;
        }
    }

    /// <summary>Writes the answer.</summary>
    public static ReadOnlySpan<byte> Write(Answer answer)
    {
        var buffer = new ArrayBufferWriter<byte>(answer.Ok.Length + 64);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        if (answer.Error is { } error)
        {
            writer.WriteStartObject("error"u8);
            writer.WriteString("code"u8, error.Code);
            writer.WriteString("message"u8, error.Message);
            writer.WriteEndObject();
        }
        else
        {
            writer.WritePropertyName("ok"u8);
            writer.WriteRawValue(answer.Ok.Span, skipInputValidation: true);
        }
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}

/// <summary>What an Extism guest asks <c>http_request</c> for.</summary>
internal sealed record ExtismHttpRequest(string Url, string? Method = null, Dictionary<string, string>? Headers = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 64)]
[JsonSerializable(typeof(ExtismHttpRequest))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ExtismJson : JsonSerializerContext;
