namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>What one host call, or one push to a guest, needs to be permitted.</summary>
public abstract record Demand
{
    private Demand() { }

    /// <summary>The demand of a call that any plugin may make.</summary>
    public static Demand None { get; } = new Nothing();

    /// <summary>Nothing needs to be permitted.</summary>
    public sealed record Nothing : Demand
    {
        public override string ToString() => "nothing";
    }

    /// <summary>A request to the API server, in the terms of RBAC.</summary>
    /// <param name="Group">API group, empty for core.</param>
    /// <param name="Resource">Plural resource name.</param>
    /// <param name="Subresource">Such as <c>log</c> or <c>scale</c>; null for the resource itself.</param>
    /// <param name="Verb">RBAC verb: get, list, watch, create, update, patch, delete, deletecollection.</param>
    /// <param name="Namespace">Null for cluster-scoped objects and requests over all namespaces.</param>
    public sealed record Kubernetes(string Group, string Resource, string? Subresource, string Verb, string? Namespace) : Demand
    {
        /// <summary>Whether it changes the cluster or enters it: <c>exec</c> and its like do so under any verb.</summary>
        public bool IsWrite => KubernetesRule.IsWriteVerb(Verb) || KubernetesRule.IsEntry(Subresource);

        public override string ToString() =>
            $"{Verb} {Resource}{(Subresource is null ? "" : "/" + Subresource)}{(Group.Length == 0 ? "" : "." + Group)}{(Namespace is null ? " in all namespaces" : $" in namespace {Namespace}")}";
    }

    /// <summary>To be told of events; the topic may be a pattern.</summary>
    public sealed record SubscribeEvents(string Topic) : Demand
    {
        public override string ToString() => $"subscribe to {Topic}";
    }

    /// <summary>To tell others of an event.</summary>
    public sealed record PublishEvents(string Topic) : Demand
    {
        public override string ToString() => $"publish {Topic}";
    }
}

/// <summary>The answer of <see cref="PermissionSet.Decide"/>.</summary>
public enum Decision
{
    /// <summary>No rule gives it.</summary>
    Denied,

    /// <summary>A rule gives it, but only within a gesture of the user.</summary>
    NeedsGesture,

    /// <summary>A rule gives it.</summary>
    Permitted,
}
