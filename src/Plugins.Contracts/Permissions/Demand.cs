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

    /// <summary>To send an HTTP request to a server.</summary>
    /// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
    /// <param name="Host">As in <see cref="OriginPattern.HostOf"/>.</param>
    /// <param name="Port">Always given.</param>
    public sealed record Connect(string Scheme, string Host, int Port) : Demand
    {
        public static Connect To(Uri uri) => new(uri.Scheme, OriginPattern.HostOf(uri), uri.Port);

        public override string ToString() => $"connect to {Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
    }

    /// <summary>To be asked by HTTP on a port of the loopback interface.</summary>
    public sealed record Listen(int Port) : Demand
    {
        public override string ToString() => $"listen on port {Port}";
    }

    /// <summary>To use a folder that the user has mounted.</summary>
    /// <param name="Mount">Its name below <c>/mnt</c>.</param>
    /// <param name="IsWrite">Whether anything in it is changed.</param>
    public sealed record MountedFile(string Mount, bool IsWrite) : Demand
    {
        public override string ToString() => $"{(IsWrite ? "write" : "read")} files in /mnt/{Mount}";
    }

    /// <summary>To call another plugin's service, <c>PLUGIN-ID/NAME</c>.</summary>
    public sealed record CallService(string Service) : Demand
    {
        public override string ToString() => $"call {Service}";
    }

    /// <summary>To keep data on disk.</summary>
    public sealed record Store : Demand
    {
        public override string ToString() => "keep data";
    }

    /// <summary>To put text on the clipboard.</summary>
    public sealed record WriteClipboard : Demand
    {
        public override string ToString() => "write the clipboard";
    }

    /// <summary>To read what every plugin did and was refused.</summary>
    public sealed record ReadAudit : Demand
    {
        public override string ToString() => "read the audit";
    }

    /// <summary>To be handed log lines of a kind, <c>Kind</c> or <c>group/Kind</c>.</summary>
    public sealed record TransformLogs(string Kind) : Demand
    {
        public override string ToString() => $"transform the logs of {Kind}";
    }

    /// <summary>To take part in a change of the user's.</summary>
    /// <param name="Kind"><c>Kind</c> or <c>group/Kind</c>.</param>
    /// <param name="Verb">One of <see cref="HookRule.AllVerbs"/>.</param>
    /// <param name="Effect">What is brought about; null for being told.</param>
    public sealed record Hook(string Kind, string Verb, HookEffect? Effect) : Demand
    {
        public override string ToString() => $"{(Effect is { } effect ? effect.ToString().ToLowerInvariant() : "be told")} on {Verb} of {Kind}";
    }
}

/// <summary>The answer of <see cref="PermissionSet.Decide"/>, from the least to the most.</summary>
public enum Decision
{
    /// <summary>No rule gives it.</summary>
    Denied,

    /// <summary>A rule gives it, but only within a gesture of the user.</summary>
    NeedsGesture,

    /// <summary>A rule gives it.</summary>
    Permitted,
}
