using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Config;

/// <summary>The service account a pod runs as.</summary>
public static class InCluster
{
    /// <summary>Where Kubernetes mounts the account's token, authority and namespace.</summary>
    public const string DefaultDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The options for the cluster this process runs in; null when it does not run in one.</summary>
    /// <param name="host">Value of <c>KUBERNETES_SERVICE_HOST</c>.</param>
    /// <param name="port">Value of <c>KUBERNETES_SERVICE_PORT</c>.</param>
    /// <param name="directory">The account's directory.</param>
    /// <param name="limits">Limits on its files.</param>
    /// <exception cref="KubeconfigException">The account's files cannot be read.</exception>
    public static ClusterOptions? Resolve(string? host, string? port, string directory = DefaultDirectory, ClusterLimits? limits = null)
    {
        var token = Path.Combine(directory, "token");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
            return null;

        var bytes = (limits ?? ClusterLimits.Default).MaxCredentialBytes;
        var authority = Path.Combine(directory, "ca.crt");
        var @namespace = Path.Combine(directory, "namespace");
        var address = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return new ClusterOptions
        {
            Server = Uri.TryCreate($"https://{address}:{port}", UriKind.Absolute, out var server)
                ? server
                : throw new KubeconfigException($"`KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT` give no address: `{host}`, `{port}`", "correct the variables, or name a kubeconfig"),
            Context = "in-cluster",
            ClusterName = "in-cluster",
            UserName = "service account",
            Namespace = File.Exists(@namespace) ? Kubeconfig.ReadText(@namespace, bytes, "a namespace").Trim() : "default",
            CertificateAuthorityPem = File.Exists(authority) ? Kubeconfig.ReadText(authority, bytes, "a certificate") : null,
            TokenFile = token,
        };
    }
}
