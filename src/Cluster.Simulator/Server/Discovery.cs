using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Serves <c>/api</c>, <c>/apis</c> and their group versions, plain and aggregated (apidiscovery.k8s.io v2 and v2beta1).</summary>
internal sealed class Discovery(ResourceCatalog catalog, Func<string> authority)
{
    /// <summary>Answers when the path is a discovery path.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext http, string path)
    {
        JsonObject? body = path.Trim('/').Split('/') switch
        {
            ["api"] => Aggregated(http, core: true) ?? new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = authority() }) },
            ["apis"] => Aggregated(http, core: false) ?? new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. Groups().Select(g => (JsonNode)Group(g))]) },
            ["api", var version] => Resources("", version),
            ["apis", var group] => Groups().Contains(group, StringComparer.Ordinal) ? WithKind(Group(group)) : null,
            ["apis", var group, var version] => Resources(group, version),
            _ => null,
        };
        if (body is null)
            return false;
        byte[] json = body.ToUtf8();
        string etag = $"\"{Control.NameSource.HashName(json)}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.Vary = "Accept";
        if (string.Equals(http.Request.Headers.IfNoneMatch.ToString(), etag, StringComparison.Ordinal))
        {
            http.Response.StatusCode = 304;
            return true;
        }

        string type = body.Text("kind") is "APIGroupDiscoveryList" ? $"application/json;g=apidiscovery.k8s.io;v={body.Text("apiVersion")!.Split('/')[1]};as=APIGroupDiscoveryList" : Responses.Json;
        await Responses.WriteAsync(http, 200, json, type);
        return true;
    }

    private IEnumerable<string> Groups() => catalog.All.Select(r => r.Group).Where(g => g.Length > 0).Distinct(StringComparer.Ordinal);

    private JsonObject Group(string group)
    {
        string[] versions = [.. catalog.All.Where(r => string.Equals(r.Group, group, StringComparison.Ordinal)).Select(r => r.Version).Distinct(StringComparer.Ordinal)];
        JsonObject Entry(string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };
        return new JsonObject { ["name"] = group, ["versions"] = new JsonArray([.. versions.Select(v => (JsonNode)Entry(v))]), ["preferredVersion"] = Entry(versions[0]) };
    }

    private static JsonObject WithKind(JsonObject group)
    {
        group["kind"] = "APIGroup";
        group["apiVersion"] = "v1";
        return group;
    }

    private JsonObject? Resources(string group, string version)
    {
        var resources = new JsonArray();
        foreach (ResourceDefinition resource in In(group, version))
        {
            var entry = new JsonObject
            {
                ["name"] = resource.Plural,
                ["singularName"] = resource.Singular,
                ["namespaced"] = resource.Namespaced,
                ["kind"] = resource.Kind,
                ["verbs"] = Texts(resource.Verbs),
            };
            if (!resource.ShortNames.IsEmpty)
                entry["shortNames"] = Texts(resource.ShortNames);
            if (!resource.Categories.IsEmpty)
                entry["categories"] = Texts(resource.Categories);
            resources.Add(entry);
            foreach (Subresource sub in resource.Subresources)
            {
                resources.Add(new JsonObject
                {
                    ["name"] = $"{resource.Plural}/{sub.Name}",
                    ["singularName"] = "",
                    ["namespaced"] = resource.Namespaced,
                    ["group"] = sub.Group,
                    ["version"] = sub.Version,
                    ["kind"] = sub.Kind,
                    ["verbs"] = Texts(sub.Verbs),
                });
            }
        }

        return resources.Count == 0 ? null : new JsonObject { ["kind"] = "APIResourceList", ["apiVersion"] = "v1", ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}", ["resources"] = resources };
    }

    private JsonObject? Aggregated(HttpContext http, bool core)
    {
        string accept = http.Request.Headers.Accept.ToString();
        string? version = accept.Split(',').Where(part => part.Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal))
            .Select(part => part.Contains("v=v2beta1", StringComparison.Ordinal) ? "v2beta1" : part.Contains("v=v2", StringComparison.Ordinal) ? "v2" : null).FirstOrDefault(v => v is not null);
        if (version is null)
            return null;
        var items = new JsonArray();
        foreach (string group in core ? [""] : Groups())
        {
            var versions = new JsonArray();
            foreach (string v in catalog.All.Where(r => string.Equals(r.Group, group, StringComparison.Ordinal)).Select(r => r.Version).Distinct(StringComparer.Ordinal))
                versions.Add(new JsonObject { ["version"] = v, ["freshness"] = "Current", ["resources"] = new JsonArray([.. In(group, v).Select(r => (JsonNode)AggregatedResource(r))]) });
            var metadata = new JsonObject { ["creationTimestamp"] = null };
            if (group.Length > 0)
                metadata["name"] = group;
            items.Add(new JsonObject { ["metadata"] = metadata, ["versions"] = versions });
        }

        return new JsonObject { ["kind"] = "APIGroupDiscoveryList", ["apiVersion"] = "apidiscovery.k8s.io/" + version, ["metadata"] = new JsonObject(), ["items"] = items };
    }

    private static JsonObject AggregatedResource(ResourceDefinition resource)
    {
        var entry = new JsonObject
        {
            ["resource"] = resource.Plural,
            ["responseKind"] = Kind(resource.Group, resource.Version, resource.Kind),
            ["scope"] = resource.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = resource.Singular,
            ["verbs"] = Texts(resource.Verbs),
        };
        if (!resource.ShortNames.IsEmpty)
            entry["shortNames"] = Texts(resource.ShortNames);
        if (!resource.Categories.IsEmpty)
            entry["categories"] = Texts(resource.Categories);
        if (!resource.Subresources.IsEmpty)
            entry["subresources"] = new JsonArray([.. resource.Subresources.Select(s => (JsonNode)new JsonObject { ["subresource"] = s.Name, ["responseKind"] = Kind(s.Group, s.Version, s.Kind), ["verbs"] = Texts(s.Verbs) })]);
        return entry;
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private IEnumerable<ResourceDefinition> In(string group, string version) =>
        catalog.All.Where(r => string.Equals(r.Group, group, StringComparison.Ordinal) && string.Equals(r.Version, version, StringComparison.Ordinal));

    private static JsonArray Texts(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);
}
