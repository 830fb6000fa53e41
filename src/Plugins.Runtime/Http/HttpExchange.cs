using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Network;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LazyOC.Plugins.Runtime.Http;

/// <summary>Puts HTTP requests of one port to whichever instance is asked there, and its answers back.</summary>
/// <param name="port">The port.</param>
/// <param name="route">The instance that is asked now.</param>
/// <param name="limits">Bounds.</param>
internal sealed class HttpExchange(int port, Func<PluginInstance> route, RuntimeLimits limits)
{
    /// <summary>503 when the plugin does not run or is being replaced, 504 when it takes too long, 502 when it fails or its answer is none.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        // The path as it was sent: once decoded, what it was cannot be told any more.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            await LoopbackServer.RefuseAsync(context, StatusCodes.Status400BadRequest, "the request's target is no path");
            return;
        }
        var payload = JsonSerializer.SerializeToUtf8Bytes(await ReadAsync(context.Request, target), ContractJson.Default.HttpRequestPayload);
        if (payload.Length > limits.HttpRequestBytes)
        {
            await LoopbackServer.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "the request is too large to be put to the plugin");
            return;
        }
        var request = new Request(MessageType.HttpRequest, payload, limits.HttpRequestDeadline, RunsOnce: true);
        while (true)
        {
            var instance = route();
            if (!instance.MayBeAsked(port))
            {
                await LoopbackServer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the plugin does not run");
                return;
            }
            switch (await instance.AskAsync(request, context.RequestAborted))
            {
                case null when !ReferenceEquals(route(), instance):
                    continue;
                case Reply.Answered answered:
                    await WriteAsync(context, answered);
                    return;
                case Reply.Failed failed:
                    await LoopbackServer.RefuseAsync(context, StatusOf(failed.Failure.Code), $"the plugin failed: {failed.Failure.Code}");
                    return;
                default:
                    await LoopbackServer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the plugin is being replaced");
                    return;
            }
        }
    }

    private async Task<HttpRequestPayload> ReadAsync(HttpRequest request, string target)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return new HttpRequestPayload
        {
            Port = port,
            Method = request.Method,
            Path = query < 0 ? target : target[..query],
            Query = query < 0 ? "" : target[(query + 1)..],
            Headers = request.Headers.Where(header => !RequestRules.IsFraming(header.Key)).ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value.ToArray())),
            Body = body.Length == 0 ? null : new TextOrBytes(body.ToArray()),
        };
    }

    private async Task WriteAsync(HttpContext context, Reply.Answered answered)
    {
        if (!Read(answered.Json).TryGet(out var answer, out var problems))
        {
            answered.Instance.Reject($"the answer to `httpRequest` is not one: {problems[0]}");
            await LoopbackServer.RefuseAsync(context, StatusCodes.Status502BadGateway, "the plugin's answer is not one");
            return;
        }
        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) response.Headers[name] = value;
        var body = answer.Body?.Bytes ?? ReadOnlyMemory<byte>.Empty;
        if (answer.Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified) return;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private Outcome<HttpRequestAnswer> Read(ReadOnlyMemory<byte> json)
    {
        if (!StrictJson.Read(json.Span, ContractJson.Default.HttpRequestAnswer).TryGet(out var answer, out var problems)) return problems;
        if (answer.Status is < 200 or > 599) return new Problem("status", $"is {answer.Status}; it is from 200 to 599");
        return RequestRules.CheckHeaders(answer.Headers, limits.ListenHeaders, limits.ListenHeaderBytes >> 10) is { } problem ? problem : answer;
    }

    private static int StatusOf(string failure) => failure switch
    {
        "deadline" => StatusCodes.Status504GatewayTimeout,
        ErrorCode.Cancelled or ErrorCode.QuotaExceeded => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status502BadGateway,
    };
}
