using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Patching;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Serves create, update, patch, apply, delete and deletecollection, on objects and on their <c>/status</c>.</summary>
internal sealed class Writer(ControlPlane plane, Reader reader)
{
    private const string PatchTypes = "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml";

    public async Task CreateAsync(ApiRequest request)
    {
        JsonObject tree = await RequestBody.ReadObjectAsync(request.Http, plane.Limits);
        RequestBody.CheckKind(tree, request.Resource, request.Target);
        if (tree.Text("metadata", "resourceVersion") is { Length: > 0 })
            throw ApiException.BadRequest("resourceVersion should not be set on objects to be created");
        StoredObject created = plane.Write(() => Create(request, tree));
        await Responses.WriteAsync(request.Http, 201, reader.Format(request, created));
    }

    public async Task UpdateAsync(ApiRequest request)
    {
        JsonObject tree = await RequestBody.ReadObjectAsync(request.Http, plane.Limits);
        RequestBody.CheckKind(tree, request.Resource, request.Target);
        StoredObject updated = plane.Write(() =>
        {
            StoredObject current = reader.Find(request);
            FieldOwnership.Record(current.Parse(), tree, request.FieldManager, plane.Timestamp);
            return plane.Update(current, tree, request.Target.Subresource is "status", request.DryRun);
        });
        await Responses.WriteAsync(request.Http, 200, reader.Format(request, updated));
    }

    public async Task PatchAsync(ApiRequest request)
    {
        string type = RequestBody.MediaType(request.Http);
        if (!PatchTypes.Contains(type, StringComparison.Ordinal) || type.Length == 0)
            throw ApiException.UnsupportedMediaType(type, PatchTypes);
        JsonNode patch = await RequestBody.ReadNodeAsync(request.Http, plane.Limits) ?? throw ApiException.BadRequest("the patch is empty");
        bool created = false;
        StoredObject patched = plane.Write(() =>
        {
            if (type is "application/apply-patch+yaml")
                return Apply(request, AsObject(patch), out created);
            StoredObject current = reader.Find(request);
            JsonObject before = current.Parse();
            JsonObject next = Patched(request, type, before, patch);
            RequestBody.CheckKind(next, request.Resource, request.Target);
            FieldOwnership.Record(before, next, request.FieldManager, plane.Timestamp);
            return plane.Update(current, next, request.Target.Subresource is "status", request.DryRun);
        });
        await Responses.WriteAsync(request.Http, created ? 201 : 200, reader.Format(request, patched));
    }

    public async Task DeleteAsync(ApiRequest request)
    {
        DeletionOptions options = await ReadDeletionAsync(request);
        StoredObject target = reader.Find(request);
        StoredObject? left = plane.Write(() => plane.Delete(reader.Find(request), options));
        await Responses.WriteAsync(request.Http, 200, left is null ? Success(target).ToUtf8() : reader.Format(request, plane.Store.Find(left.Resource, left.Namespace, left.Name) ?? left));
    }

    public async Task DeleteCollectionAsync(ApiRequest request)
    {
        DeletionOptions options = await ReadDeletionAsync(request);
        Func<StoredObject, bool> filter = reader.Filter(request);
        List<StoredObject> deleted = [];
        plane.Write(() =>
        {
            deleted.AddRange(plane.List(request.Resource, request.Namespace).Where(filter));
            foreach (StoredObject item in deleted)
            {
                if (plane.Store.Find(item.Resource, item.Namespace, item.Name) is { } current)
                    plane.Delete(current, options);
            }
        });
        await Responses.WriteAsync(request.Http, 200, Responses.List(request.Resource.ApiVersion, request.Resource.Kind + "List", plane.Store.Version, null, null, deleted.Select(d => d.Json)));
    }

    /// <summary>Applies a JSON, merge or strategic merge patch.</summary>
    public JsonObject Patched(ApiRequest request, string type, JsonObject before, JsonNode patch) => type switch
    {
        "application/json-patch+json" => JsonPatch.Apply(before, patch as JsonArray ?? throw ApiException.BadRequest("a JSON patch must be an array"), plane.Limits),
        "application/merge-patch+json" => MergePatch.Apply(before, AsObject(patch)),
        "application/strategic-merge-patch+json" when request.Resource.Schema is null => StrategicMerge.Apply(before, AsObject(patch)),
        _ => throw ApiException.UnsupportedMediaType(type, request.Resource.Schema is null ? PatchTypes : PatchTypes.Replace("application/strategic-merge-patch+json, ", "", StringComparison.Ordinal)),
    };

    private StoredObject Create(ApiRequest request, JsonObject tree)
    {
        if (request.Resource.HasStatus)
            tree.Remove("status");
        FieldOwnership.Record(null, tree, request.FieldManager, plane.Timestamp);
        return plane.Create(request.Resource, tree, request.DryRun);
    }

    private StoredObject Apply(ApiRequest request, JsonObject applied, out bool created)
    {
        if (request.Query("fieldManager") is not { Length: > 0 } manager)
            throw ApiException.BadRequest("PatchOptions.meta.k8s.io is invalid: fieldManager: Required value: is required for apply patch");
        RequestBody.CheckKind(applied, request.Resource, request.Target);
        StoredObject? current = plane.Store.Find(request.Resource, request.Namespace, request.Name);
        created = current is null;
        JsonObject next = FieldOwnership.Apply(current?.Parse(), applied, manager, request.QueryFlag("force"), plane.Timestamp);
        return current is null
            ? plane.Create(request.Resource, next, request.DryRun)
            : plane.Update(current, next, request.Target.Subresource is "status", request.DryRun);
    }

    private async Task<DeletionOptions> ReadDeletionAsync(ApiRequest request)
    {
        JsonObject body = await RequestBody.ReadNodeAsync(request.Http, plane.Limits) as JsonObject ?? [];
        string propagation = body.Text("propagationPolicy") ?? request.Query("propagationPolicy") ?? "Background";
        if (propagation is not ("Background" or "Foreground" or "Orphan"))
            throw ApiException.BadRequest($"propagationPolicy is `{propagation}`, expected Background, Foreground or Orphan");
        return new DeletionOptions
        {
            GracePeriodSeconds = body.Integer("gracePeriodSeconds") ?? request.QueryNumber("gracePeriodSeconds"),
            Propagation = propagation,
            Uid = body.Text("preconditions", "uid"),
            ResourceVersion = body.Text("preconditions", "resourceVersion"),
            DryRun = request.DryRun || body.Texts("dryRun").Contains("All", StringComparer.Ordinal),
        };
    }

    private static JsonObject AsObject(JsonNode patch) => patch as JsonObject ?? throw ApiException.BadRequest("the patch must be a JSON object");

    private static JsonObject Success(StoredObject deleted) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject { ["resourceVersion"] = deleted.Version.ToString(CultureInfo.InvariantCulture) },
        ["status"] = "Success",
        ["details"] = new JsonObject { ["name"] = deleted.Name, ["group"] = deleted.Resource.Group, ["kind"] = deleted.Resource.Plural, ["uid"] = deleted.Uid },
    };
}
