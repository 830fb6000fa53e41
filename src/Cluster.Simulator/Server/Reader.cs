using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Serves get and list: selectors, pages of one consistent snapshot, Table output.</summary>
internal sealed class Reader(ControlPlane plane, RoleAuthorizer authorizer)
{
    public StoredObject Find(ApiRequest request)
    {
        if (ComputedObjects(request.Resource) is { } computed)
            return computed.FirstOrDefault(o => string.Equals(o.Namespace, request.Namespace, StringComparison.Ordinal) && string.Equals(o.Name, request.Name, StringComparison.Ordinal)) ?? throw ApiException.NotFound(request.Resource, request.Name);
        string name = request.Resource == ResourceCatalog.Users && request.Name is "~" ? request.User.Name : request.Name;
        return plane.Get(request.Resource, request.Namespace, name);
    }

    public Task GetAsync(ApiRequest request)
    {
        StoredObject found = Find(request);
        return Responses.WriteAsync(request.Http, 200, Format(request, found));
    }

    public async Task ListAsync(ApiRequest request)
    {
        (IReadOnlyList<StoredObject> items, long version, string? next, long? remaining) = Page(request);
        byte[] body = TableFormat.IsAsked(request.Http.Request.Headers.Accept.ToString())
            ? new TableFormat(request.Resource, request.Query("includeObject") ?? "Metadata", plane.Now).Write(items, version, next, remaining)
            : Responses.List(request.Resource.ApiVersion, request.Resource.Kind + "List", version, next, remaining, items.Select(i => i.Json));
        await Responses.WriteAsync(request.Http, 200, body);
    }

    /// <summary>One object in the representation the client asked for.</summary>
    public ReadOnlyMemory<byte> Format(ApiRequest request, StoredObject item) =>
        TableFormat.IsAsked(request.Http.Request.Headers.Accept.ToString())
            ? new TableFormat(request.Resource, request.Query("includeObject") ?? "Metadata", plane.Now).Write([item], item.Version)
            : item.Json;

    /// <summary>Which objects a list or watch covers.</summary>
    public Func<StoredObject, bool> Filter(ApiRequest request)
    {
        LabelSelector labels = LabelSelector.Parse(request.Query("labelSelector"), plane.Limits);
        FieldSelector fields = FieldSelector.Parse(request.Query("fieldSelector"), plane.Limits);
        string ns = request.Namespace;
        bool ownOnly = request.Resource == ResourceCatalog.Projects && !request.User.IsAdmin;
        return item => (ns.Length == 0 || string.Equals(ns, item.Namespace, StringComparison.Ordinal))
            && labels.Matches(item.Labels)
            && fields.Matches(item)
            && (!ownOnly || authorizer.CanSeeProject(request.User, item.Name));
    }

    private (IReadOnlyList<StoredObject> Items, long Version, string? Continue, long? Remaining) Page(ApiRequest request)
    {
        long limit = request.QueryNumber("limit") ?? 0;
        if (limit < 0)
            throw ApiException.BadRequest($"query parameter `limit` is {limit}, expected zero or more");
        (IEnumerable<StoredObject> all, long version, string? after) = Source(request);
        List<StoredObject> matching = [.. all.Where(Filter(request)).Where(o => after is null || string.CompareOrdinal(o.Key, after) > 0)];
        if (limit == 0 || matching.Count <= limit)
            return (matching, version, null, null);
        List<StoredObject> page = matching.GetRange(0, (int)limit);
        plane.Store.Retain(request.Resource, version, plane.Store.TryGetSnapshot(request.Resource, version, out var kept) ? kept : Current(request.Resource, version));
        return (page, version, EncodeContinue(version, page[^1].Key), matching.Count - limit);
    }

    private (IEnumerable<StoredObject> Objects, long Version, string? After) Source(ApiRequest request)
    {
        if (request.Query("continue") is { Length: > 0 } token)
        {
            (long at, string after) = DecodeContinue(token);
            return plane.Store.TryGetSnapshot(request.Resource, at, out ImmutableSortedDictionary<string, StoredObject> snapshot)
                ? (snapshot.Values, at, after)
                : throw ApiException.Expired("The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.");
        }

        (ImmutableSortedDictionary<string, StoredObject> objects, long version) = plane.Store.Snapshot(request.Resource);
        if (request.QueryNumber("resourceVersion") > version)
            throw new ApiException(504, "Timeout", $"Too large resource version: {request.Query("resourceVersion")}, current: {version}", new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }) }, retryAfterSeconds: 1);
        return (ComputedObjects(request.Resource) ?? objects.Values, version, null);
    }

    private ImmutableSortedDictionary<string, StoredObject> Current(ResourceDefinition resource, long version)
    {
        (ImmutableSortedDictionary<string, StoredObject> objects, long now) = plane.Store.Snapshot(resource);

        // Something was written between reading and keeping the snapshot: objects newer than the page's version are left out.
        return now == version ? objects : objects.RemoveRange(objects.Values.Where(o => o.Version > version).Select(o => o.Key));
    }

    private IEnumerable<StoredObject>? ComputedObjects(ResourceDefinition resource) =>
        resource == ResourceCatalog.PodMetrics ? Metrics.OfPods(plane)
        : resource == ResourceCatalog.NodeMetrics ? Metrics.OfNodes(plane)
        : null;

    private static string EncodeContinue(long version, string key) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{version}:{key}"))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static (long Version, string Key) DecodeContinue(string token)
    {
        string base64 = token.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='), bytes, out int length))
        {
            string text = Encoding.UTF8.GetString(bytes, 0, length);
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out long version))
                return (version, text[(colon + 1)..]);
        }

        throw ApiException.BadRequest("continue key is not valid: it was not made by this server");
    }
}
