using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>Asks for a publisher's name; who asks is its owner.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewPublisher
{
    /// <summary>The part of plugin ids before the dot.</summary>
    public required string Name { get; init; }

    /// <summary>What people see; the name when null.</summary>
    public string? DisplayName { get; init; }
}

/// <summary>A publisher.</summary>
public sealed record PublisherInfo
{
    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether what passes its checks waits for a second owner.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Owners first.</summary>
    public required ImmutableArray<Member> Members { get; init; }

    public required ImmutableArray<AuthorKey> Keys { get; init; }

    /// <summary>The plugins of it that are live, by id.</summary>
    public required ImmutableArray<PluginSummary> Plugins { get; init; }
}

/// <summary>A member of a publisher.</summary>
public sealed record Member(string Account, PublisherRole Role, DateTimeOffset Since);

/// <summary>Gives a member another role.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MemberRole
{
    public required PublisherRole Role { get; init; }
}

/// <summary>Adds a key that the publisher's packages may be signed with.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewAuthorKey
{
    /// <summary>SubjectPublicKeyInfo in base64.</summary>
    public required PublicKey Key { get; init; }

    /// <summary>What its owners call it.</summary>
    public string Comment { get; init => field = value ?? ""; } = "";
}

/// <summary>A key of a publisher.</summary>
public sealed record AuthorKey
{
    public required PublicKey Key { get; init; }

    public required KeyId Id { get; init; }

    public required string Fingerprint { get; init; }

    public required string Comment { get; init; }

    public required DateTimeOffset Added { get; init; }

    /// <summary>The key that has taken its place.</summary>
    public KeyId? ReplacedBy { get; init; }

    /// <summary>Why it is not to be trusted any more; null when it is.</summary>
    public string? Revoked { get; init; }
}

/// <summary>Puts one key in the place of another; both have signed that.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewRotation
{
    public required PublicKey Old { get; init; }

    /// <summary>Of type <see cref="SignedRotation.PayloadType"/>.</summary>
    public required DsseEnvelope Envelope { get; init; }
}

/// <summary>Why something is done; shown to everybody whom it concerns.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Reason
{
    /// <summary>A sentence on one line.</summary>
    [JsonPropertyName("reason")] public required string Text { get; init; }
}
