namespace LazyOC.Cluster.Simulator.Server;

/// <summary>The parts of a resource path: <c>/apis/GROUP/VERSION[/namespaces/NS]/PLURAL[/NAME[/SUBRESOURCE…]]</c>.</summary>
internal sealed record RequestTarget(string Group, string Version, string Namespace, string Plural, string Name, string Subresource)
{
    private const int MaxSegments = 32;

    /// <summary>The subresource as RBAC names it: what follows <c>proxy</c> is the other server's path.</summary>
    public string SubresourceName => IsProxy ? "proxy" : Subresource;

    public bool IsProxy => Subresource is "proxy" || Subresource.StartsWith("proxy/", StringComparison.Ordinal);

    /// <summary>Null when the path is not below a group version.</summary>
    public static RequestTarget? Parse(string path)
    {
        string[] parts = path.Split('/', MaxSegments, StringSplitOptions.RemoveEmptyEntries);
        (string group, string version, int at) = parts switch
        {
            ["api", var core, _, ..] => ("", core, 2),
            ["apis", var named, var v, _, ..] => (named, v, 3),
            _ => ("", "", -1),
        };
        if (at < 0)
            return null;
        ReadOnlySpan<string> rest = parts.AsSpan(at);
        string ns = "";

        // `namespaces/x` alone, or with one of its own subresources, is the Namespace object itself.
        if (rest is ["namespaces", var name, _, ..] && !(group.Length == 0 && rest is ["namespaces", _, "status" or "finalize"]))
        {
            ns = name;
            rest = rest[2..];
        }

        return new RequestTarget(group, version, ns, rest[0], rest.Length > 1 ? rest[1] : "", rest.Length > 2 ? string.Join('/', rest[2..].ToArray()) : "");
    }
}
