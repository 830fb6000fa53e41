using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>Writes Event objects; one that repeats is counted up, as the recorder of client-go does.</summary>
internal static class EventLog
{
    public static void Record(ControlPlane plane, StoredObject subject, string type, string reason, string message, string component, string? fieldPath = null, int count = 1)
    {
        string ns = subject.Namespace.Length == 0 ? "default" : subject.Namespace;
        string identity = $"{subject.Uid}/{reason}/{message}/{fieldPath}";
        string name = $"{subject.Name}.{NameSource.HashName(System.Text.Encoding.UTF8.GetBytes(identity))}";
        string now = plane.Timestamp;
        if (plane.Store.Find(ResourceCatalog.Events, ns, name) is { } known)
        {
            plane.Mutate(known, tree =>
            {
                tree["count"] = (tree.Integer("count") ?? 1) + count;
                tree["lastTimestamp"] = now;
            });
            return;
        }

        // Events are told as far as there is room for them, as client-go's recorder does: they never stop what they tell of.
        if (plane.Store.IsFull || plane.Store.Find(ResourceCatalog.Namespaces, "", ns) is null)
            return;
        var involved = new JsonObject
        {
            ["kind"] = subject.Resource.Kind,
            ["namespace"] = subject.Namespace,
            ["name"] = subject.Name,
            ["uid"] = subject.Uid,
            ["apiVersion"] = subject.Resource.ApiVersion,
            ["resourceVersion"] = subject.Version.ToString(CultureInfo.InvariantCulture),
        };
        if (fieldPath is not null)
            involved["fieldPath"] = fieldPath;
        plane.Create(ResourceCatalog.Events, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
            ["involvedObject"] = involved,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = component },
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = count,
            ["type"] = type,
            ["eventTime"] = null,
            ["reportingComponent"] = component,
            ["reportingInstance"] = "",
        });
    }
}
