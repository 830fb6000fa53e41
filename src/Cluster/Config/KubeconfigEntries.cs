namespace LazyOC.Cluster.Config;

/// <summary>A named (cluster, user, namespace).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="User">Name of the user; empty for anonymous.</param>
/// <param name="Namespace">Namespace to start in; null when none is set.</param>
/// <param name="Origin">The file and line that define it.</param>
public sealed record KubeconfigContext(string Name, string Cluster, string User, string? Namespace, string Origin);

/// <summary>A named cluster; paths are absolute.</summary>
public sealed record KubeconfigCluster
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The file and line that define it.</summary>
    public required string Origin { get; init; }

    /// <summary>The API server's address.</summary>
    public required Uri Server { get; init; }

    /// <summary>Name expected in the server's certificate.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Accept any certificate.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>Authority file.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Authority, inline PEM; wins over the file.</summary>
    public string? CertificateAuthorityData { get; init; }

    /// <summary>Proxy to reach the server through.</summary>
    public Uri? ProxyUrl { get; init; }
}

/// <summary>A named user; paths are absolute.</summary>
public sealed record KubeconfigUser
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The file and line that define it.</summary>
    public required string Origin { get; init; }

    /// <summary>Client certificate file.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Client certificate, inline PEM; wins over the file.</summary>
    public string? ClientCertificateData { get; init; }

    /// <summary>Private key file.</summary>
    public string? ClientKey { get; init; }

    /// <summary>Private key, inline PEM; wins over the file.</summary>
    public string? ClientKeyData { get; init; }

    /// <summary>Bearer token.</summary>
    public string? Token { get; init; }

    /// <summary>File with a bearer token; wins over <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Basic authentication's user.</summary>
    public string? BasicUser { get; init; }

    /// <summary>Basic authentication's password.</summary>
    public string? BasicPassword { get; init; }

    /// <summary>Credential plugin.</summary>
    public ExecCredentialOptions? Exec { get; init; }

    /// <summary>Impersonation.</summary>
    public ImpersonationOptions? Impersonate { get; init; }

    // Secrets must not reach a log through a record's generated text.
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Origin})";
}
