using System.Text.Json.Serialization.Metadata;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Api;

/// <summary>What all endpoints of the API say about themselves, for the OpenAPI document.</summary>
internal static class Endpoints
{
    public static IResult Json<T>(this Answer<T> answer, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
        where T : class => answer.TryGet(out var value, out var refusal) ? Results.Json(value, type, statusCode: status) : refusal;

    /// <summary>Nothing, or the refusal.</summary>
    public static IResult NoContent<T>(this Answer<T> answer)
        where T : class => answer.TryGet(out _, out var refusal) ? Results.NoContent() : refusal;

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint)
        where T : notnull => endpoint.Accepts<T>("application/json");

    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.Produces<T>(status).Produces<ApiProblem>(StatusCodes.Status400BadRequest, ApiProblem.MediaType);

    public static RouteHandlerBuilder GivesNothing(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status204NoContent).Produces<ApiProblem>(StatusCodes.Status400BadRequest, ApiProblem.MediaType);

    /// <summary>It is counted with what guesses passwords.</summary>
    public static RouteHandlerBuilder RequireSignInLimit(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (invocation, next) =>
    {
        var http = invocation.HttpContext;
        return http.RequestServices.GetRequiredService<SignInLimits>().Take(RequestLimits.AddressOf(http)) ?? await next(invocation);
    });
}
