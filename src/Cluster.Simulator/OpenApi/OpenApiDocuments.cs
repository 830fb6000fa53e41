using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Server;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.OpenApi;

/// <summary>Serves <c>/openapi/v3</c>: an index and one document per group version, built when asked for.</summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog)
{
    private const string Root = "openapi/v3";

    public async Task<bool> TryAnswerAsync(HttpContext http, string path)
    {
        string trimmed = path.Trim('/');
        if (string.Equals(trimmed, Root, StringComparison.Ordinal))
        {
            await Responses.WriteAsync(http, 200, Index());
            return true;
        }

        JsonObject? document = trimmed.Split('/') switch
        {
            ["openapi", "v3", "api", var version] => Document("", version),
            ["openapi", "v3", "apis", var group, var version] => Document(group, version),
            _ => null,
        };
        if (document is null)
            return false;
        await Responses.WriteAsync(http, 200, document);
        return true;
    }

    private JsonObject Index()
    {
        var paths = new JsonObject();
        foreach ((string group, string version) in catalog.All.Select(r => (r.Group, r.Version)).Distinct())
        {
            string path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/{Root}/{path}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    private JsonObject? Document(string group, string version)
    {
        ResourceDefinition[] resources = [.. catalog.All.Where(r => string.Equals(r.Group, group, StringComparison.Ordinal) && string.Equals(r.Version, version, StringComparison.Ordinal))];
        if (resources.Length == 0)
            return null;
        var schemas = new JsonObject();
        var paths = new JsonObject();
        foreach (ResourceDefinition resource in resources)
        {
            AddPaths(paths, resource);
            SchemaCatalog.AddKind(schemas, resource);
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "LazyOC simulated cluster", ["version"] = "v1.32.4" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static void AddPaths(JsonObject paths, ResourceDefinition resource)
    {
        string root = resource.Group.Length == 0 ? $"/api/{resource.Version}" : $"/apis/{resource.Group}/{resource.Version}";
        string collection = resource.Namespaced ? $"{root}/namespaces/{{namespace}}/{resource.Plural}" : $"{root}/{resource.Plural}";
        var many = new JsonObject();
        AddOperation(many, "get", "list", resource);
        AddOperation(many, "post", "post", resource);
        paths[collection] = many;
        var one = new JsonObject();
        AddOperation(one, "get", "get", resource);
        AddOperation(one, "put", "put", resource);
        AddOperation(one, "patch", "patch", resource);
        AddOperation(one, "delete", "delete", resource);
        paths[collection + "/{name}"] = one;
    }

    private static void AddOperation(JsonObject path, string method, string action, ResourceDefinition resource)
    {
        var parameters = new JsonArray();
        if (method is "post" or "put" or "patch")
        {
            foreach (string name in new[] { "dryRun", "fieldManager", "fieldValidation" })
                parameters.Add(new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true } });
        }

        path[method] = new JsonObject
        {
            ["operationId"] = $"{action}{resource.Kind}",
            ["parameters"] = parameters,
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK", ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = SchemaCatalog.Reference(SchemaCatalog.NameOf(resource)) } } } } },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = resource.Group, ["version"] = resource.Version, ["kind"] = resource.Kind },
        };
    }
}
