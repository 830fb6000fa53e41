using System.Collections.Frozen;
using System.Globalization;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LazyOC.Marketplace.Api;

/// <summary>The OpenAPI document of the API.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    public const string Path = "/v1/api/openapi.json";

    private const string Token = "token";

    /// <summary>Types that are written as text.</summary>
    private static readonly FrozenDictionary<Type, (string Description, string? Pattern)> TextTypes = new Dictionary<Type, (string, string?)>
    {
        [typeof(PluginId)] = ("A plugin's id, `publisher.name`", "^[a-z][a-z0-9-]{1,38}\\.[a-z][a-z0-9-]{1,62}$"),
        [typeof(Digest)] = ("A SHA-256 digest", "^sha256-[0-9a-f]{64}$"),
        [typeof(SemanticVersion)] = ("A version, Semantic Versioning 2.0.0", null),
        [typeof(VersionRange)] = ("A range of versions, npm syntax", null),
        [typeof(PublicKey)] = ("An ECDSA key on P-256, its SubjectPublicKeyInfo in base64", null),
        [typeof(KeyId)] = ("A key's id", "^sha256:[0-9a-f]{64}$"),
    }.ToFrozenDictionary();

    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "LazyOC marketplace", Version = "1", Description = "Errors are problem documents (RFC 9457). Many requests are answered with 429 and `Retry-After`." };
            // It is checked in, and must not say where it was made.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A session (`lzs_…`) or an API token (`lzt_…`)" };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] }, new OpenApiSecurityRequirement()];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var status in new[] { StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests })
            {
                operation.Responses ??= [];
                operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse { Description = $"Refused; see the schema of {nameof(ApiProblem)}" });
            }
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (!TextTypes.TryGetValue(type, out var text)) return Task.CompletedTask;
            (schema.Type, schema.Description, schema.Pattern) = (JsonSchemaType.String, text.Description, text.Pattern);
            return Task.CompletedTask;
        });
    }
}
