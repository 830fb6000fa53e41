using System.Buffers;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>
/// Names that become segments of a path, and words of the audit. An empty name, a dot or two would make the request one for a collection, or for
/// something else than what was permitted.
/// </summary>
/// <remarks>https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names</remarks>
internal static class ObjectName
{
    private const int MaxLength = 253;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:@~");

    /// <summary>Null, or the first that is no name.</summary>
    public static Problem? Check(string group, string resource, string? @namespace, string? name) =>
        (group.Length == 0 ? null : CheckWord("group", group)) ?? CheckWord("resource", resource) ?? (@namespace is null ? null : CheckWord("namespace", @namespace)) ?? (name is null ? null : CheckWord("name", name));

    /// <summary>Null, or why one word is no name.</summary>
    public static Problem? CheckWord(string key, string name) =>
        name.Length is > 0 and <= MaxLength && name is not ("." or "..") && !name.AsSpan().ContainsAnyExcept(Allowed)
            ? null
            : new Problem(key, "is not a name of the Kubernetes API");
}
