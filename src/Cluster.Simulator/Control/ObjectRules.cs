using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>What every stored object obeys: names, defaults, preconditions, and what a write may not change.</summary>
internal static class ObjectRules
{
    private const int NameCharacters = 253;

    private static readonly string[] ServerOwnedMetadata = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion", "selfLink"];

    public static void CheckName(ResourceDefinition resource, string name)
    {
        // RBAC and OpenShift user names may hold colons; all other names are DNS subdomains (RFC 1123).
        bool free = resource.Group is "rbac.authorization.k8s.io" or "user.openshift.io";
        bool valid = name.Length is > 0 and <= NameCharacters && (free
            ? !name.Contains('/', StringComparison.Ordinal) && !name.Contains('%', StringComparison.Ordinal)
            : name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]));
        if (!valid)
            throw ApiException.Invalid(resource, name, ("metadata.name", $"Invalid value: \"{name}\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"));
    }

    public static void CheckPreconditions(StoredObject current, string? uid, string? resourceVersion)
    {
        if (uid is { Length: > 0 } && !string.Equals(uid, current.Uid, StringComparison.Ordinal))
            throw ApiException.Conflict(current.Resource, current.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        if (resourceVersion is { Length: > 0 } && !string.Equals(resourceVersion, current.Version.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            throw ApiException.Conflict(current.Resource, current.Name, "the object has been modified; please apply your changes to the latest version and try again");
    }

    /// <summary>The next state of an object: what the client sent, with what it may not touch carried over.</summary>
    public static JsonObject Carry(ResourceDefinition resource, JsonObject before, JsonObject next, bool statusOnly)
    {
        JsonObject tree = statusOnly ? before.Clone() : next.Clone();
        if (statusOnly)
        {
            Copy(next, tree, "status");
            if (next.At("metadata", "managedFields") is not null)
                Copy((JsonObject)next["metadata"]!, tree.Ensure("metadata"), "managedFields");
        }
        else
        {
            if (resource.HasStatus)
                Copy(before, tree, "status");
            JsonObject metadata = tree.Ensure("metadata");
            JsonObject old = before.Ensure("metadata");
            foreach (string field in ServerOwnedMetadata)
                Copy(old, metadata, field);
            metadata["name"] = old.Text("name");
            if (resource.Namespaced)
                metadata["namespace"] = old.Text("namespace");
        }

        tree["apiVersion"] = resource.ApiVersion;
        tree["kind"] = resource.Kind;
        return tree;
    }

    public static bool SpecChanged(JsonObject before, JsonObject after)
    {
        foreach (string field in before.Select(f => f.Key).Union(after.Select(f => f.Key), StringComparer.Ordinal))
        {
            if (field is not ("metadata" or "status") && !JsonNode.DeepEquals(before[field], after[field]))
                return true;
        }

        return false;
    }

    public static void CheckImmutable(ResourceDefinition resource, JsonObject before, JsonObject after)
    {
        string[]? path = resource switch
        {
            _ when resource == ResourceCatalog.Deployments || resource == ResourceCatalog.ReplicaSets || resource == ResourceCatalog.StatefulSets || resource == ResourceCatalog.DaemonSets || resource == ResourceCatalog.Jobs => ["spec", "selector"],
            _ when resource == ResourceCatalog.Pods => ["spec", "nodeName"],
            _ when resource.Plural is "secrets" => ["type"],
            _ => null,
        };
        if (path is not null && before.At(path) is { } old && !JsonNode.DeepEquals(old, after.At(path)))
            throw ApiException.Invalid(resource, before.Text("metadata", "name") ?? "", (string.Join('.', path), "Invalid value: field is immutable"));
    }

    public static void Validate(ResourceDefinition resource, JsonObject tree, SimulatorLimits limits)
    {
        string name = tree.Text("metadata", "name") ?? "";
        foreach (string map in new[] { "labels", "annotations" })
        {
            if (tree.At("metadata", map) is not (null or JsonObject))
                throw ApiException.BadRequest($"{resource.Kind} in version \"{resource.Version}\" cannot be handled: metadata.{map} must be a map of strings");
            if (tree.At("metadata", map) is JsonObject fields && fields.FirstOrDefault(f => f.Value.Text() is null) is { Key: { } key })
                throw ApiException.BadRequest($"{resource.Kind} in version \"{resource.Version}\" cannot be handled: metadata.{map}.{key} must be a string");
        }

        if (resource.Schema is { } schema)
            StructuralSchema.Enforce(resource, schema, tree);
        JsonNode? podSpec = resource == ResourceCatalog.Pods ? tree["spec"] : Workload(resource) ? tree.At("spec", "template", "spec") : null;
        if (Workload(resource) && podSpec is null)
            throw ApiException.Invalid(resource, name, ("spec.template.spec", "Required value"));
        if (podSpec is null)
            return;
        string prefix = resource == ResourceCatalog.Pods ? "spec" : "spec.template.spec";
        if (!podSpec.Objects("containers").Any())
            throw ApiException.Invalid(resource, name, (prefix + ".containers", "Required value"));
        foreach (JsonObject container in podSpec.Objects("containers"))
        {
            if (container.Text("name") is not { Length: > 0 })
                throw ApiException.Invalid(resource, name, (prefix + ".containers[].name", "Required value"));
        }

        if (Workload(resource) && LabelSelector.FromObject(tree.At("spec", "selector")) is { } selector && resource != ResourceCatalog.Jobs && !selector.Matches(tree.StringMap("spec", "template", "metadata", "labels")))
            throw ApiException.Invalid(resource, name, ("spec.template.metadata.labels", "Invalid value: `selector` does not match template `labels`"));
        foreach (string count in new[] { "replicas", "parallelism", "completions" })
        {
            long? asked = tree.Integer("spec", count);
            if (asked < 0)
                throw ApiException.Invalid(resource, name, ($"spec.{count}", "Invalid value: must be greater than or equal to 0"));
            if (asked > limits.Replicas)
                throw ApiException.Invalid(resource, name, ($"spec.{count}", $"Invalid value: {asked}: this cluster runs at most {limits.Replicas} pods of one workload"));
        }
    }

    public static void Default(ResourceDefinition resource, JsonObject tree, NameSource names)
    {
        if (resource == ResourceCatalog.Pods)
            DefaultPod(tree.Ensure("spec"), "Always");
        else if (Workload(resource) && tree.At("spec", "template") is JsonObject template)
            DefaultPod(template.Ensure("spec"), resource == ResourceCatalog.Jobs ? "Never" : "Always");
        if (resource.Scale is not null && tree["spec"] is JsonObject scalable)
            scalable["replicas"] ??= 1;
        switch (resource.Plural)
        {
            case "pods" when resource.Group.Length == 0:
                tree.Ensure("status")["phase"] ??= "Pending";
                break;
            case "deployments":
                JsonObject spec = tree.Ensure("spec");
                spec["strategy"] ??= JsonTree.Parse("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}}""");
                spec["revisionHistoryLimit"] ??= 10;
                spec["progressDeadlineSeconds"] ??= 600;
                break;
            case "jobs":
                tree.Ensure("spec")["completions"] ??= 1;
                tree.Ensure("spec")["parallelism"] ??= 1;
                tree.Ensure("spec")["backoffLimit"] ??= 6;
                break;
            case "services":
                DefaultService(tree.Ensure("spec"), names);
                break;
            case "secrets":
                tree["type"] ??= "Opaque";
                EncodeStringData(tree);
                break;
            case "namespaces":
                tree.Ensure("spec")["finalizers"] ??= new JsonArray("kubernetes");
                tree.Ensure("status")["phase"] ??= "Active";
                tree.Ensure("metadata").Ensure("labels")["kubernetes.io/metadata.name"] = tree.Text("metadata", "name");
                break;
        }
    }

    public static bool Workload(ResourceDefinition resource) =>
        resource == ResourceCatalog.Deployments || resource == ResourceCatalog.ReplicaSets || resource == ResourceCatalog.StatefulSets
        || resource == ResourceCatalog.DaemonSets || resource == ResourceCatalog.Jobs || resource == ResourceCatalog.DeploymentConfigs;

    private static void DefaultPod(JsonObject spec, string restartPolicy)
    {
        spec["restartPolicy"] ??= restartPolicy;
        spec["terminationGracePeriodSeconds"] ??= 30;
        spec["dnsPolicy"] ??= "ClusterFirst";
        spec["securityContext"] ??= new JsonObject();
        spec["schedulerName"] ??= "default-scheduler";
        foreach (JsonObject container in spec.Objects("containers"))
        {
            container["imagePullPolicy"] ??= container.Text("image") is { } image && image.EndsWith(":latest", StringComparison.Ordinal) ? "Always" : "IfNotPresent";
            container["resources"] ??= new JsonObject();
            container["terminationMessagePath"] ??= "/dev/termination-log";
            container["terminationMessagePolicy"] ??= "File";
            foreach (JsonObject port in container.Objects("ports"))
                port["protocol"] ??= "TCP";
        }
    }

    private static void DefaultService(JsonObject spec, NameSource names)
    {
        spec["type"] ??= "ClusterIP";
        spec["sessionAffinity"] ??= "None";
        if (spec.Text("type") is not "ExternalName" && spec["clusterIP"] is null)
        {
            spec["clusterIP"] = string.Create(CultureInfo.InvariantCulture, $"172.30.{names.Next(255)}.{1 + names.Next(254)}");
            spec["clusterIPs"] = new JsonArray(spec["clusterIP"]!.DeepClone());
        }

        foreach (JsonObject port in spec.Objects("ports"))
        {
            port["protocol"] ??= "TCP";
            port["targetPort"] ??= port["port"]?.DeepClone();
            if (spec.Text("type") is "NodePort" or "LoadBalancer")
                port["nodePort"] ??= 30000 + names.Next(2768);
        }
    }

    private static void EncodeStringData(JsonObject secret)
    {
        foreach ((string key, string value) in secret.StringMap("stringData"))
            secret.Ensure("data")[key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value));
        secret.Remove("stringData");
    }

    private static void Copy(JsonObject from, JsonObject to, string field)
    {
        if (from[field] is { } value)
            to[field] = value.DeepClone();
        else
            to.Remove(field);
    }
}
