using System.Collections.Immutable;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Config;

/// <summary>
/// Merged kubeconfig files. Immutable. Sources: the kubeconfig v1 reference and client-go's merging rules
/// (the first file that defines a name wins; relative paths are relative to their own file).
/// </summary>
public sealed class Kubeconfig
{
    /// <summary>Name of the context the files select; null when none does.</summary>
    public string? CurrentContext { get; }

    /// <summary>Contexts by name, in the order of the files.</summary>
    public ImmutableArray<KubeconfigContext> Contexts { get; }

    /// <summary>Clusters, in the order of the files.</summary>
    public ImmutableArray<KubeconfigCluster> Clusters { get; }

    /// <summary>Users, in the order of the files.</summary>
    public ImmutableArray<KubeconfigUser> Users { get; }

    /// <summary>Files that were read.</summary>
    public ImmutableArray<string> Files { get; }

    /// <summary>
    /// Where kubeconfigs are looked for: the list in <c>KUBECONFIG</c>, else <c>~/.kube/config</c>.
    /// </summary>
    /// <param name="kubeconfigVariable">Value of <c>KUBECONFIG</c>, or null.</param>
    /// <param name="homeDirectory">The user's home.</param>
    public static ImmutableArray<string> DefaultPaths(string? kubeconfigVariable, string homeDirectory) => throw new NotImplementedException();

    /// <summary>Reads and merges files; missing ones are skipped as long as one exists.</summary>
    /// <exception cref="KubeconfigException">No file exists, or one cannot be used.</exception>
    public static Kubeconfig Load(IEnumerable<string> paths, ClusterLimits? limits = null) => throw new NotImplementedException();

    /// <summary>Everything needed to talk to a context's cluster; reads the certificate files it names.</summary>
    /// <param name="context">Name of a context; null takes <see cref="CurrentContext"/>.</param>
    /// <exception cref="KubeconfigException">No such context, or it points at nothing usable.</exception>
    public ClusterOptions Resolve(string? context = null) => throw new NotImplementedException();
}
