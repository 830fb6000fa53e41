using System.Text.Json.Serialization.Metadata;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Marketplace.Api;

/// <summary>Reads JSON that was sent: bounded, and strict about what is in it.</summary>
internal static class RequestBody
{
    private const int MaxDepth = 16;

    /// <summary>Reads a body. Members that the type does not have are refused, so nobody sets what is not his to set.</summary>
    public static async Task<Answer<T>> ReadAsync<T>(this HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var limits = context.RequestServices.GetRequiredService<MarketLimits>();
        if (!context.Request.HasJsonContentType()) return new Refusal(ProblemTypes.UnsupportedMediaType, "the body is not `application/json`");
        if (context.Request.ContentLength > limits.MaxJsonBytes) return TooLarge(limits);
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
        {
            body.Write(buffer, 0, read);
            if (body.Length > limits.MaxJsonBytes) return TooLarge(limits);
        }
        return StrictJson.Read(body.GetBuffer().AsSpan(0, (int)body.Length), type, new JsonLimits(limits.MaxJsonBytes, MaxDepth)).TryGet(out var value, out var problems)
            ? value
            : Refusal.Of(ProblemTypes.InvalidRequest, problems);
    }

    private static Refusal TooLarge(MarketLimits limits) => new(ProblemTypes.TooLarge, $"the body has more than the {limits.MaxJsonBytes:N0} bytes that it may have");
}
