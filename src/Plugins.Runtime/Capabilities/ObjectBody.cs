using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>
/// Compares what a body says of itself with what was permitted: the arguments were checked, so a body must not be of another
/// kind, namespace or name.
/// </summary>
internal static class ObjectBody
{
    private static readonly ImmutableArray<string> IdentityOfPatch = ["/apiVersion", "/kind", "/metadata", "/metadata/name", "/metadata/namespace", "/metadata/generateName", "/metadata/uid"];

    /// <summary>Null, or the first thing that a whole object says otherwise or leaves open.</summary>
    public static Problem? CheckWhole(JsonElement body, ResourceKind kind, string? @namespace, string name)
    {
        const string at = "object";
        if (body.ValueKind != JsonValueKind.Object) return new Problem(at, "is no JSON object");
        return Must(body, at, "apiVersion", kind.ApiVersion)
            ?? Must(body, at, "kind", kind.Kind)
            ?? (body.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object ? null : new Problem($"{at}.metadata", "is missing or no JSON object"))
            ?? CheckMetadata(metadata, $"{at}.metadata", @namespace)
            ?? Must(metadata, $"{at}.metadata", "name", name);
    }

    /// <summary>Null, or the first thing that a patch would make of the object that it must not.</summary>
    public static Problem? CheckPatch(KubernetesPatchType type, JsonElement patch, ResourceKind kind, bool isSubresource, string? @namespace, string name)
    {
        if (type == KubernetesPatchType.Json) return CheckOperations(patch);
        const string at = "patch";
        if (patch.ValueKind != JsonValueKind.Object) return new Problem(at, "is no JSON object");
        // A subresource such as `scale` is of a kind of its own, which the server compares.
        if (!isSubresource && (May(patch, at, "apiVersion", kind.ApiVersion) ?? May(patch, at, "kind", kind.Kind)) is { } other) return other;
        if (!patch.TryGetProperty("metadata", out var metadata)) return null;
        return metadata.ValueKind == JsonValueKind.Object
            ? CheckMetadata(metadata, $"{at}.metadata", @namespace) ?? May(metadata, $"{at}.metadata", "name", name)
            : new Problem($"{at}.metadata", "is no JSON object");
    }

    private static Problem? CheckOperations(JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Array) return new Problem("patch", "is no array of operations");
        var index = 0;
        foreach (var operation in patch.EnumerateArray())
        {
            var at = $"patch[{index++}]";
            if (operation.Text("op") is not { } op || operation.Text("path") is not { } path)
                return new Problem(at, "is no operation with `op` and `path`");
            var from = operation.Text("from") ?? "";
            // Servers pass over what stands before the first slash.
            if (!IsPointer(path)) return new Problem($"{at}.path", $"is `{path}`; expected a JSON pointer, which begins with `/`");
            if (!IsPointer(from)) return new Problem($"{at}.from", $"is `{from}`; expected a JSON pointer, which begins with `/`");
            if (op == "test") continue;
            if (IsIdentity(path)) return new Problem($"{at}.path", $"is `{path}`, which says what the object is");
            if (op == "move" && IsIdentity(from)) return new Problem($"{at}.from", "says what the object is");
        }
        return null;
    }

    private static bool IsPointer(string path) => path.Length == 0 || path[0] == '/';

    private static bool IsIdentity(string path) => path.Length == 0 || IdentityOfPatch.Contains(path.TrimEnd('/'));

    private static Problem? CheckMetadata(JsonElement metadata, string at, string? @namespace)
    {
        if (metadata.TryGetProperty("generateName", out _)) return new Problem($"{at}.generateName", "is not taken: what is written must be known", "choose a `name`");
        if (@namespace is not null) return May(metadata, at, "namespace", @namespace);
        return metadata.TryGetProperty("namespace", out _) ? new Problem($"{at}.namespace", "is there, but the call names none") : null;
    }

    private static Problem? Must(JsonElement owner, string at, string name, string expected) =>
        owner.TryGetProperty(name, out _) ? May(owner, at, name, expected) : new Problem($"{at}.{name}", $"is missing; expected `{expected}`");

    private static Problem? May(JsonElement owner, string at, string name, string expected) =>
        !owner.TryGetProperty(name, out _) || owner.Text(name) == expected ? null : new Problem($"{at}.{name}", $"is not `{expected}`, which the call is for");
}
