using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>crypto.random</c>: random bytes that nobody can predict.</summary>
public sealed record CryptoRandomRequest
{
    /// <summary>How many, from 1 to 65,536.</summary>
    public required int Bytes { get; init; }
}

/// <summary>Answer of <c>crypto.random</c>.</summary>
public sealed record CryptoRandomAnswer
{
    /// <summary>The bytes.</summary>
    public required string Base64 { get; init; }
}

/// <summary>Ways to make a digest.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HashAlgorithm>))]
public enum HashAlgorithm
{
    [JsonStringEnumMemberName("sha-256")] Sha256,
    [JsonStringEnumMemberName("sha-384")] Sha384,
    [JsonStringEnumMemberName("sha-512")] Sha512,

    /// <summary>For what others have named by it, such as Git objects; never for security.</summary>
    [JsonStringEnumMemberName("sha-1")] Sha1,
}

/// <summary><c>crypto.hash</c>: a digest of text or bytes.</summary>
public sealed record CryptoHashRequest
{
    public required HashAlgorithm Algorithm { get; init; }

    /// <summary>Text, of which its UTF-8 is meant, or bytes as <c>{"base64": …}</c>.</summary>
    public required TextOrBytes Data { get; init; }
}

/// <summary>Answer of <c>crypto.hash</c>.</summary>
public sealed record CryptoHashAnswer
{
    /// <summary>The digest, two lower-case digits a byte.</summary>
    public required string Hex { get; init; }
}
