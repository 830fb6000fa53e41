using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Keys;

/// <summary>A key, as the commands print it.</summary>
internal sealed record KeyRow
{
    public required string Name { get; init; }
    public required KeyId Id { get; init; }

    /// <summary>What people compare.</summary>
    public required string Fingerprint { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary><c>active</c>, <c>rotated</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }

    /// <summary>The id of the key whose place it took; absent when it took none.</summary>
    public KeyId? Replaces { get; init; }

    /// <summary>The name of the key that took its place; absent when none did.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>When and why it was revoked; absent when it was not.</summary>
    public KeyRevocation? Revoked { get; init; }

    public static KeyRow Of(StoredKey key) => new()
    {
        Name = key.Name,
        Id = key.PublicKey.Id,
        Fingerprint = key.PublicKey.Id.Fingerprint,
        Created = key.Created,
        State = key.Revoked is not null ? "revoked" : key.ReplacedBy is not null ? "rotated" : "active",
        Replaces = key.Replaces?.Old.Id,
        ReplacedBy = key.ReplacedBy,
        Revoked = key.Revoked,
    };
}

/// <summary>What <c>keys export</c> gives.</summary>
internal sealed record ExportedKey(string Name, KeyId Id, bool Private, string Pem);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(KeyRow))]
[JsonSerializable(typeof(ImmutableArray<KeyRow>))]
[JsonSerializable(typeof(ExportedKey))]
internal sealed partial class KeysJson : JsonSerializerContext;
