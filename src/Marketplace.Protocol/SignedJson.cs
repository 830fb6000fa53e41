using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary>Documents of a registry that are one envelope with JSON in it.</summary>
internal static class SignedJson
{
    /// <summary>Reads what is within an envelope, if the registry's keys have signed it.</summary>
    public static Outcome<T> Read<T>(ReadOnlySpan<byte> utf8, string payloadType, KeySet roots, JsonTypeInfo<T> type, int maxBytes, string name)
        where T : class
    {
        if (utf8.Length > maxBytes) return new Problem(name, $"has {utf8.Length:N0} bytes; at most {maxBytes:N0} are allowed");
        if (!DsseEnvelope.Read(utf8).TryGet(out var envelope, out var problems) || !envelope.Verify(payloadType, roots).TryGet(out var payload, out problems)) return In(name, problems);
        return RegistryDocument.Read(payload.Bytes.Span, type, maxBytes).TryGet(out var document, out problems) ? document : In(name, problems);
    }

    public static byte[] Write<T>(string payloadType, T document, JsonTypeInfo<T> type, ReadOnlySpan<SigningKey> keys) =>
        [.. DsseEnvelope.Sign(payloadType, JsonSerializer.SerializeToUtf8Bytes(document, type), keys).ToUtf8(), (byte)'\n'];

    private static ImmutableArray<Problem> In(string name, ImmutableArray<Problem> problems) => [.. problems.Select(problem => problem.In(name))];
}
