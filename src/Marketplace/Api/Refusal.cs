using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Web;
using LazyOC.Plugins.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace LazyOC.Marketplace.Api;

/// <summary>Why a request is refused, as it is answered: RFC 9457.</summary>
/// <param name="Kind">One of <see cref="ProblemTypes"/>.</param>
/// <param name="Detail">A sentence about this request, without a final period.</param>
internal sealed record Refusal(string Kind, string Detail) : IResult
{
    /// <summary>Status and title of each kind.</summary>
    private static readonly ImmutableDictionary<string, (int Status, string Title)> Kinds = ImmutableDictionary.CreateRange(
    [
        Row(ProblemTypes.InvalidRequest, 400, "The request does not have the expected form"),
        Row(ProblemTypes.Unauthenticated, 401, "It takes a token"),
        Row(ProblemTypes.SecondFactor, 401, "It takes a code of your second factor"),
        Row(ProblemTypes.Forbidden, 403, "Your account may not do that"),
        Row(ProblemTypes.TokenScope, 403, "Your token is not for that"),
        Row(ProblemTypes.QuotaExceeded, 403, "There is more than the server keeps"),
        Row(ProblemTypes.NotFound, 404, "There is no such thing"),
        Row(ProblemTypes.MethodNotAllowed, 405, "The method does not fit the address"),
        Row(ProblemTypes.NameTaken, 409, "The name is taken"),
        Row(ProblemTypes.VersionExists, 409, "The version exists"),
        Row(ProblemTypes.WrongState, 409, "That cannot be done in this state"),
        Row(ProblemTypes.Gone, 410, "It was taken down"),
        Row(ProblemTypes.TooLarge, 413, "The body is too large"),
        Row(ProblemTypes.UnsupportedMediaType, 415, "The body is of another media type"),
        Row(ProblemTypes.InvalidPackage, 422, "The package is refused"),
        Row(ProblemTypes.UntrustedSignature, 422, "The package is not signed by its publisher"),
        Row(ProblemTypes.RateLimited, 429, "Too many requests"),
        Row(ProblemTypes.Internal, 500, "The server has a bug"),
        Row(ProblemTypes.Unavailable, 503, "Not now"),
    ]);

    /// <summary>The member, part or parameter that is meant.</summary>
    public string? Field { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>All problems, when there is more than one.</summary>
    public ImmutableArray<FieldProblem>? Problems { get; init; }

    /// <summary>When to come back.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public int Status => Kinds[Kind].Status;

    /// <summary>A body that was read and found bad.</summary>
    public static Refusal Of(string kind, ImmutableArray<Problem> problems) => new(kind, (problems[0].Where.Length == 0 ? "" : $"`{problems[0].Where}` ") + problems[0].Message)
    {
        Field = problems[0].Where.Length == 0 ? null : problems[0].Where,
        Hint = problems[0].Hint,
        Problems = problems.Length > 1 ? [.. problems.Select(problem => new FieldProblem(problem.Where, problem.Message, problem.Hint))] : null,
    };

    public static Refusal Invalid(string field, string detail, string? hint = null) => new(ProblemTypes.InvalidRequest, detail) { Field = field, Hint = hint };

    /// <summary>There is none, or it is not for who asks: which of the two is not told.</summary>
    public static Refusal NotFound(string what) => new(ProblemTypes.NotFound, $"there is no {what}");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (status, title) = Kinds[Kind];
        var response = httpContext.Response;
        if (RetryAfter is { } wait) response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (status == StatusCodes.Status413PayloadTooLarge) TakeNoMore(httpContext);
        response.Headers.CacheControl = "no-store";
        httpContext.RequestServices.GetRequiredService<MarketMetrics>().Refused(Kind);
        if (httpContext.Features.Get<ProblemPage>() is { } page) return page(httpContext, this, title);
        var problem = new ApiProblem { Type = ApiProblem.TypePrefix + Kind, Title = title, Status = status, Detail = Detail, Field = Field, Hint = Hint, Problems = Problems };
        return Results.Json(problem, ApiJson.Default.ApiProblem, ApiProblem.MediaType, status).ExecuteAsync(httpContext);
    }

    /// <summary>
    /// Says that the connection ends with this answer, and lets the server throw away for its few seconds what is still being
    /// sent: who sends into a closed connection never reads why.
    /// </summary>
    private static void TakeNoMore(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
    }

    private static KeyValuePair<string, (int, string)> Row(string kind, int status, string title) => new(kind, (status, title));
}

/// <summary>What is answered: a value, or why there is none.</summary>
internal readonly struct Answer<T>
    where T : class
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Answer(T? value, Refusal? refusal) => (_value, _refusal) = (value, refusal);

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (_value, _refusal);
        return refusal is null && value is not null;
    }

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(Refusal refusal) => new(null, refusal);
}
