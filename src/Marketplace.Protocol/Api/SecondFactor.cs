using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>Whether it takes a code to sign in to the account of who asks.</summary>
public sealed record SecondFactorInfo
{
    /// <summary>When it was turned on; null when it is off.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many recovery codes are left.</summary>
    public required int RecoveryCodes { get; init; }
}

/// <summary>What an authenticator app is given; shown once.</summary>
public sealed record SecondFactorEnrolment
{
    /// <summary>In base 32, to be typed.</summary>
    public required string Secret { get; init; }

    /// <summary>With all an app has to know: <c>otpauth://totp/…</c>, mostly as a QR code.</summary>
    public required string Uri { get; init; }
}

/// <summary>A code of the app, or a recovery code.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SecondFactorCode
{
    public required string Code { get; init; }
}

/// <summary>Codes for when the app is lost, each good once; shown once.</summary>
public sealed record RecoveryCodes(ImmutableArray<string> Codes);
