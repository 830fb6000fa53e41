using System.Collections.Immutable;
using System.Text;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Config;

/// <summary>
/// Merged kubeconfig files. Immutable. Sources: the kubeconfig v1 reference and client-go's merging rules
/// (the first file that defines a name wins; relative paths are relative to their own file).
/// </summary>
public sealed class Kubeconfig
{
    private readonly ClusterLimits _limits;

    private Kubeconfig(IReadOnlyList<KubeconfigReader> readers, ImmutableArray<string> files, ClusterLimits limits)
    {
        _limits = limits;
        Files = files;
        CurrentContext = readers.Select(r => r.CurrentContext).FirstOrDefault(c => c is not null);
        Contexts = [.. readers.SelectMany(r => r.Contexts()).DistinctBy(c => c.Name, StringComparer.Ordinal)];
        Clusters = [.. readers.SelectMany(r => r.Clusters()).DistinctBy(c => c.Name, StringComparer.Ordinal)];
        Users = [.. readers.SelectMany(r => r.Users()).DistinctBy(u => u.Name, StringComparer.Ordinal)];
    }

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
    public static ImmutableArray<string> DefaultPaths(string? kubeconfigVariable, string homeDirectory)
    {
        var listed = (kubeconfigVariable ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return listed.Length > 0 ? [.. listed.Distinct(StringComparer.Ordinal)] : [Path.Combine(homeDirectory, ".kube", "config")];
    }

    /// <summary>Reads and merges files; missing ones are skipped as long as one exists.</summary>
    /// <exception cref="KubeconfigException">No file exists, or one cannot be used.</exception>
    public static Kubeconfig Load(IEnumerable<string> paths, ClusterLimits? limits = null)
    {
        limits ??= ClusterLimits.Default;
        var asked = paths.ToImmutableArray();
        if (asked.Length > limits.MaxKubeconfigFiles)
            throw new KubeconfigException($"{asked.Length} kubeconfig files are listed, more than {limits.MaxKubeconfigFiles}", "shorten `KUBECONFIG`");

        var files = asked.Where(File.Exists).ToImmutableArray();
        if (files.Length == 0)
            throw new KubeconfigException($"no kubeconfig at {string.Join(", ", asked.Select(p => $"`{p}`"))}", "log in with `oc login …`, name a file with `--kubeconfig`, or try `lazyoc --demo`");

        var readers = new List<KubeconfigReader>();
        foreach (var file in files)
        {
            switch (YamlTree.Parse(file, ReadText(file, limits.MaxKubeconfigBytes, "a kubeconfig"), limits))
            {
                case null or YamlScalar { IsNull: true }:
                    break;
                case YamlMapping root:
                    readers.Add(new KubeconfigReader(file, root));
                    break;
                default:
                    throw new KubeconfigException($"`{file}` is not a kubeconfig: its top level is not a mapping", "name a kubeconfig with `--kubeconfig` or `KUBECONFIG`");
            }
        }

        return new Kubeconfig(readers, files, limits);
    }

    /// <summary>Everything needed to talk to a context's cluster; reads the certificate files it names.</summary>
    /// <param name="context">Name of a context; null takes <see cref="CurrentContext"/>.</param>
    /// <exception cref="KubeconfigException">No such context, or it points at nothing usable.</exception>
    public ClusterOptions Resolve(string? context = null)
    {
        var name = context ?? CurrentContext;
        var chosen = Contexts.FirstOrDefault(c => c.Name == name) ?? throw NoContext(name);
        var cluster = Clusters.FirstOrDefault(c => c.Name == chosen.Cluster)
            ?? throw new KubeconfigException($"`{chosen.Origin}`: context `{chosen.Name}` names the cluster `{chosen.Cluster}`, which is not defined", "add it under `clusters`, or choose another context with `--context`");
        var user = chosen.User.Length == 0
            ? new KubeconfigUser { Name = "", Origin = chosen.Origin }
            : Users.FirstOrDefault(u => u.Name == chosen.User)
                ?? throw new KubeconfigException($"`{chosen.Origin}`: context `{chosen.Name}` names the user `{chosen.User}`, which is not defined", "log in again with `oc login …`, or choose another context with `--context`");

        return new ClusterOptions
        {
            Server = cluster.Server,
            Context = chosen.Name,
            ClusterName = cluster.Name,
            UserName = user.Name,
            Namespace = chosen.Namespace ?? "default",
            CertificateAuthorityPem = cluster.CertificateAuthorityData ?? Pem(cluster.CertificateAuthority, cluster.Origin, "certificate-authority"),
            TlsServerName = cluster.TlsServerName,
            InsecureSkipTlsVerify = cluster.InsecureSkipTlsVerify,
            ProxyUrl = cluster.ProxyUrl,
            ClientCertificatePem = user.ClientCertificateData ?? Pem(user.ClientCertificate, user.Origin, "client-certificate"),
            ClientKeyPem = user.ClientKeyData ?? Pem(user.ClientKey, user.Origin, "client-key"),
            Token = user.Token,
            TokenFile = user.TokenFile,
            BasicUser = user.BasicUser,
            BasicPassword = user.BasicPassword,
            Exec = user.Exec,
            Impersonate = user.Impersonate,
        };
    }

    private KubeconfigException NoContext(string? name)
    {
        var known = Contexts.Length == 0 ? "no context is defined; log in with `oc login …`" : $"choose one with `--context`: {string.Join(", ", Contexts.Take(20).Select(c => $"`{c.Name}`"))}";
        var files = string.Join(", ", Files.Select(f => $"`{f}`"));
        return new KubeconfigException(name is null ? $"{files} selects no context" : $"there is no context `{name}` in {files}", known);
    }

    private string? Pem(string? file, string origin, string key)
    {
        if (file is null)
            return null;
        return File.Exists(file)
            ? ReadText(file, _limits.MaxCredentialBytes, "a certificate or key")
            : throw new KubeconfigException($"`{origin}`: `{key}` names `{file}`, which does not exist", "log in again, or correct the path (it is relative to the kubeconfig)");
    }

    internal static string ReadText(string file, int maxBytes, string what)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var buffer = new byte[maxBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length > maxBytes)
                throw new KubeconfigException($"`{file}` is larger than {maxBytes} bytes", $"this does not look like {what}");
            var text = buffer.AsSpan(0, length);
            return Encoding.UTF8.GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException($"`{file}` cannot be read: {e.Message}", "check the file's permissions", e);
        }
    }
}
