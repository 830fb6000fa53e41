using System.Collections.Immutable;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>Why a request was refused: a problem document of RFC 9457.</summary>
public sealed record ApiProblem
{
    /// <summary>The media type of the document.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Begins every <see cref="Type"/>.</summary>
    public const string TypePrefix = "https://lazyoc.dev/problems/";

    /// <summary>Stable; one of <see cref="ProblemTypes"/> behind <see cref="TypePrefix"/>.</summary>
    public required string Type { get; init; }

    /// <summary>What kind of problem it is, always the same for a type.</summary>
    public required string Title { get; init; }

    /// <summary>Of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>A sentence about this very request, without a final period.</summary>
    public required string Detail { get; init; }

    /// <summary>The member, part or parameter that is meant.</summary>
    public string? Field { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>All problems, when there is more than one.</summary>
    public ImmutableArray<FieldProblem>? Problems { get; init; }

    /// <summary><see cref="Type"/> without its prefix.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public string Kind => Type.StartsWith(TypePrefix, StringComparison.Ordinal) ? Type[TypePrefix.Length..] : Type;
}

/// <summary>One of several problems of a request.</summary>
/// <param name="Field">What it is about; empty when the whole is meant.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record FieldProblem(string Field, string Message, string? Hint = null);

/// <summary>The kinds of problems, as the ends of <see cref="ApiProblem.Type"/>.</summary>
public static class ProblemTypes
{
    /// <summary>400: the request does not have the expected form.</summary>
    public const string InvalidRequest = "invalid-request";

    /// <summary>401: it takes a token, and none that is good was sent.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>401: it takes a code of the account's second factor, and none that is good was sent.</summary>
    public const string SecondFactor = "second-factor";

    /// <summary>403: who asks may not do that.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>403: the token is not for that, though its account may do it.</summary>
    public const string TokenScope = "token-scope";

    /// <summary>404: there is no such thing, or it is not shown to who asks.</summary>
    public const string NotFound = "not-found";

    /// <summary>405: the resource knows no such method.</summary>
    public const string MethodNotAllowed = "method-not-allowed";

    /// <summary>409: a name is somebody's already.</summary>
    public const string NameTaken = "name-taken";

    /// <summary>409: other bytes are there under this version.</summary>
    public const string VersionExists = "version-exists";

    /// <summary>409: the thing is in a state in which that cannot be done.</summary>
    public const string WrongState = "wrong-state";

    /// <summary>410: it was taken down.</summary>
    public const string Gone = "gone";

    /// <summary>413: the body is too large.</summary>
    public const string TooLarge = "too-large";

    /// <summary>415: the body is of another media type than the one expected.</summary>
    public const string UnsupportedMediaType = "unsupported-media-type";

    /// <summary>422: the package or its signatures are refused.</summary>
    public const string InvalidPackage = "invalid-package";

    /// <summary>422: the package is not signed by a key of its publisher.</summary>
    public const string UntrustedSignature = "untrusted-signature";

    /// <summary>429: too many requests; <c>Retry-After</c> says when to come back.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>403: there is more of something than the server keeps.</summary>
    public const string QuotaExceeded = "quota-exceeded";

    /// <summary>500: a bug in the server, which has logged it.</summary>
    public const string Internal = "internal";

    /// <summary>503: not now.</summary>
    public const string Unavailable = "unavailable";
}
