using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Patching;

/// <summary>
/// Server-side apply: who owns which field (<c>metadata.managedFields</c>), conflicts between owners, and removal of the
/// fields a manager no longer applies. Field sets are written as FieldsV1; a path is its steps joined by <see cref="Separator"/>.
/// </summary>
internal static class FieldOwnership
{
    // Half a surrogate pair: no field's name can hold it, because request bodies are well-formed Unicode.
    private const char Separator = '\uD800';

    private static readonly HashSet<string> Unowned = new(
        ["f:apiVersion", "f:kind", .. new[] { "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "generateName" }.Select(f => $"f:metadata{Separator}f:{f}")],
        StringComparer.Ordinal);

    /// <summary>Merges an applied configuration into the live object.</summary>
    /// <exception cref="ApiException">Another manager owns a field with another value, and <paramref name="force"/> is false.</exception>
    public static JsonObject Apply(JsonObject? live, JsonObject applied, string manager, bool force, string now)
    {
        applied = applied.Clone();
        applied.Ensure("metadata").Remove("managedFields");
        SortedDictionary<string, JsonNode?> wanted = Leaves(applied);
        if (live is null)
        {
            SetManaged(applied, [new FieldOwner(manager, "Apply", [.. wanted.Keys])], now);
            return applied;
        }

        List<FieldOwner> managers = ReadManaged(live);
        SortedDictionary<string, JsonNode?> current = Leaves(live);
        var conflicts = new List<(string, string)>();
        foreach ((string path, JsonNode? value) in wanted)
        {
            if (!current.TryGetValue(path, out JsonNode? held) || JsonNode.DeepEquals(held, value))
                continue;
            foreach (FieldOwner other in managers.Where(m => !(m.Operation is "Apply" && Same(m.Name, manager)) && m.Fields.Contains(path)))
            {
                conflicts.Add((Describe(path), other.Name));
                if (force)
                    other.Fields.Remove(path);
            }
        }

        if (conflicts.Count > 0 && !force)
            throw ApiException.ApplyConflict(conflicts);
        FieldOwner? previous = managers.Find(m => m.Operation is "Apply" && Same(m.Name, manager));
        JsonObject result = StrategicMerge.Apply(live, applied);
        foreach (string path in previous?.Fields.Where(p => !wanted.ContainsKey(p)).ToList() ?? [])
        {
            if (!managers.Exists(m => m != previous && m.Fields.Contains(path)))
                Prune(result, path.Split(Separator));
        }

        if (previous is not null)
            managers.Remove(previous);
        managers.Add(new FieldOwner(manager, "Apply", [.. wanted.Keys]));
        SetManaged(result, managers, now);
        return result;
    }

    /// <summary>Records that an update or patch by <paramref name="manager"/> turned one object into another.</summary>
    public static void Record(JsonObject? before, JsonObject after, string manager, string now)
    {
        SortedDictionary<string, JsonNode?> old = before is null ? new(StringComparer.Ordinal) : Leaves(before);
        SortedDictionary<string, JsonNode?> next = Leaves(after);
        HashSet<string> changed = [.. next.Where(f => !old.TryGetValue(f.Key, out JsonNode? value) || !JsonNode.DeepEquals(value, f.Value)).Select(f => f.Key)];
        List<FieldOwner> managers = before is null ? [] : ReadManaged(before);
        foreach (FieldOwner other in managers)
            other.Fields.RemoveWhere(f => changed.Contains(f) || !next.ContainsKey(f));
        if (changed.Count > 0)
        {
            FieldOwner? own = managers.Find(m => m.Operation is "Update" && Same(m.Name, manager));
            if (own is null)
                managers.Add(own = new FieldOwner(manager, "Update", []));
            own.Fields.UnionWith(changed);
        }

        SetManaged(after, managers, now);
    }

    private sealed record FieldOwner(string Name, string Operation, SortedSet<string> Fields)
    {
        public FieldOwner(string name, string operation, IEnumerable<string> fields)
            : this(name, operation, new SortedSet<string>(fields, StringComparer.Ordinal))
        {
        }

        public string? Time { get; init; }
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static SortedDictionary<string, JsonNode?> Leaves(JsonObject tree)
    {
        var leaves = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in tree)
        {
            if (key is not "status")
                Walk("f:" + key, key, value);
        }

        return leaves;

        void Walk(string path, string field, JsonNode? node)
        {
            if (Unowned.Contains(path))
                return;
            if (node is JsonObject { Count: > 0 } fields)
            {
                foreach ((string key, JsonNode? value) in fields)
                    Walk($"{path}{Separator}f:{key}", key, value);
            }
            else if (node is JsonArray { Count: > 0 } list && MergeKeys.Of(field, list) is { } mergeKey && list.All(e => e.At(mergeKey) is not null))
            {
                foreach (JsonObject element in list.OfType<JsonObject>())
                {
                    string step = $"{path}{Separator}k:{new JsonObject { [mergeKey] = element[mergeKey]!.DeepClone() }.ToJsonString()}";
                    foreach ((string key, JsonNode? value) in element)
                        Walk($"{step}{Separator}f:{key}", key, value);
                }
            }
            else
            {
                leaves[path] = node;
            }
        }
    }

    private static void Prune(JsonObject root, ReadOnlySpan<string> steps)
    {
        string step = steps[0];
        string field = step[2..];
        if (steps.Length == 1)
        {
            root.Remove(field);
            return;
        }

        if (root[field] is JsonObject child)
        {
            Prune(child, steps[1..]);
            if (child.Count == 0)
                root.Remove(field);
        }
        else if (root[field] is JsonArray list && steps.Length > 2 && steps[1].StartsWith("k:", StringComparison.Ordinal))
        {
            JsonObject key = JsonTree.Parse(steps[1][2..]);
            (string name, JsonNode? value) = key.First();
            if (list.OfType<JsonObject>().FirstOrDefault(e => JsonNode.DeepEquals(e[name], value)) is not { } element)
                return;
            Prune(element, steps[2..]);
            if (element.Count == 0)
                list.Remove(element);
        }
    }

    private static List<FieldOwner> ReadManaged(JsonObject tree)
    {
        var managers = new List<FieldOwner>();
        foreach (JsonObject entry in tree.Objects("metadata", "managedFields"))
        {
            var fields = new SortedSet<string>(StringComparer.Ordinal);
            Collect("", entry.At("fieldsV1") as JsonObject ?? [], fields);
            managers.Add(new FieldOwner(entry.Text("manager") ?? "", entry.Text("operation") ?? "Update", fields) { Time = entry.Text("time") });
        }

        return managers;

        static void Collect(string prefix, JsonObject node, SortedSet<string> fields)
        {
            foreach ((string key, JsonNode? value) in node)
            {
                string path = prefix.Length == 0 ? key : prefix + Separator + key;
                if (value is JsonObject { Count: > 0 } inner)
                    Collect(path, inner, fields);
                else
                    fields.Add(path);
            }
        }
    }

    private static void SetManaged(JsonObject tree, List<FieldOwner> managers, string now)
    {
        var entries = new JsonArray();
        foreach (FieldOwner manager in managers.Where(m => m.Fields.Count > 0))
        {
            var fields = new JsonObject();
            foreach (string path in manager.Fields)
                fields.Ensure(path.Split(Separator));
            entries.Add(new JsonObject
            {
                ["manager"] = manager.Name,
                ["operation"] = manager.Operation,
                ["apiVersion"] = tree.Text("apiVersion"),
                ["time"] = manager.Time ?? now,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = fields,
            });
        }

        if (entries.Count > 0)
            tree.Ensure("metadata")["managedFields"] = entries;
        else
            tree.Ensure("metadata").Remove("managedFields");
    }

    private static string Describe(string path) =>
        string.Concat(path.Split(Separator).Select(step => step[0] == 'f' ? "." + step[2..] : $"[{step[3..^1].Replace("\"", "", StringComparison.Ordinal).Replace(':', '=')}]"));
}
