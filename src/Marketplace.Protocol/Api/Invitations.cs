using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>Invites an account to work for a publisher, or offers it the publisher.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewInvitation
{
    public required string Account { get; init; }

    public required PublisherRole Role { get; init; }

    /// <summary>Whether who invites leaves the publisher when it is accepted; the role is <see cref="PublisherRole.Owner"/> then.</summary>
    public bool IsTransfer { get; init; }
}

/// <summary>An invitation that nobody has accepted, declined or taken back.</summary>
public sealed record Invitation
{
    public required string Id { get; init; }

    public required string Publisher { get; init; }

    /// <summary>Who is invited; there need not be one of this name.</summary>
    public required string Account { get; init; }

    public required PublisherRole Role { get; init; }

    public required bool IsTransfer { get; init; }

    public required string InvitedBy { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }
}

/// <summary>Invitations, the oldest first.</summary>
public sealed record InvitationList(ImmutableArray<Invitation> Invitations);

/// <summary>Says that a domain is the publisher's.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewDomain
{
    /// <summary>Such as <c>acme.example</c>.</summary>
    public required string Domain { get; init; }
}

/// <summary>A domain that a publisher says is its own.</summary>
public sealed record PublisherDomain
{
    public required string Domain { get; init; }

    /// <summary>When the proof was found last; null for never.</summary>
    public DateTimeOffset? Verified { get; init; }

    /// <summary>Whether it was found lately enough.</summary>
    public required bool IsVerified { get; init; }

    /// <summary>The line that the file at <see cref="ProofUrl"/> has to have; for members.</summary>
    public string? Proof { get; init; }

    public required Uri ProofUrl { get; init; }
}

/// <summary>Domains of a publisher, by name.</summary>
public sealed record DomainList(ImmutableArray<PublisherDomain> Domains);
