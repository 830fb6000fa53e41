using System.Text.Json.Serialization.Metadata;
using LazyOC.Marketplace.Protocol.Api;
using Microsoft.OpenApi;

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

    /// <summary>Says that an endpoint reads a parameter of the query, which it checks itself.</summary>
    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder endpoint, string name, string description) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters ??= [];
        // What the handler names itself is there already.
        if (operation.Parameters.All(parameter => parameter.Name != name))
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        return Task.CompletedTask;
    });

    /// <summary>Says that an endpoint takes files as parts of a form.</summary>
    public static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder endpoint, params string[] parts) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["multipart/form-data"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string>(parts, StringComparer.Ordinal),
                        Properties = parts.ToDictionary(part => part, _ => (IOpenApiSchema)new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }, StringComparer.Ordinal),
                    },
                },
            },
        };
        return Task.CompletedTask;
    });

    /// <summary>It is counted with what guesses passwords.</summary>
    public static RouteHandlerBuilder RequireSignInLimit(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (invocation, next) =>
    {
        var http = invocation.HttpContext;
        return http.RequestServices.GetRequiredService<SignInLimits>().Take(RequestLimits.AddressOf(http)) ?? await next(invocation);
    });
}
