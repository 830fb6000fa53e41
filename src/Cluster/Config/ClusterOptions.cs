using System.Collections.Immutable;

namespace LazyOC.Cluster.Config;

/// <summary>How to reach one cluster as one user: a resolved kubeconfig context, or the service account of a pod.</summary>
public sealed record ClusterOptions
{
    /// <summary>The API server's address; may have a path (a proxy in front of it).</summary>
    public required Uri Server { get; init; }

    /// <summary>A Unix domain socket that the server is reached over, wherever <see cref="Server"/> says it is; null goes over the network.</summary>
    public string? Socket { get; init; }

    /// <summary>The context this came from; a name for the user, not sent.</summary>
    public string Context { get; init; } = "";

    /// <summary>The kubeconfig name of the cluster.</summary>
    public string ClusterName { get; init; } = "";

    /// <summary>The kubeconfig name of the user.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The namespace used when none is asked for.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>PEM certificates that may sign the server's; null trusts the system's authorities.</summary>
    public string? CertificateAuthorityPem { get; init; }

    /// <summary>The name the server's certificate must carry, when it is not the address's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Accept any server certificate.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>An <c>http</c>, <c>https</c> or <c>socks5</c> proxy; null goes direct or by the environment's proxy variables.</summary>
    public Uri? ProxyUrl { get; init; }

    /// <summary>PEM client certificate; needs <see cref="ClientKeyPem"/>.</summary>
    public string? ClientCertificatePem { get; init; }

    /// <summary>PEM private key of the client certificate.</summary>
    public string? ClientKeyPem { get; init; }

    /// <summary>A bearer token.</summary>
    public string? Token { get; init; }

    /// <summary>A file that holds a bearer token which may be rotated; wins over <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Basic authentication's user name.</summary>
    public string? BasicUser { get; init; }

    /// <summary>Basic authentication's password.</summary>
    public string? BasicPassword { get; init; }

    /// <summary>A credential plugin.</summary>
    public ExecCredentialOptions? Exec { get; init; }

    /// <summary>Whom to impersonate.</summary>
    public ImpersonationOptions? Impersonate { get; init; }

    // Secrets must not reach a log through a record's generated text.
    /// <inheritdoc/>
    public override string ToString() => $"{Context} ({UserName} at {Server})";
}

/// <summary>Impersonation headers; needs the <c>impersonate</c> verb.</summary>
public sealed record ImpersonationOptions
{
    /// <summary>User to act as.</summary>
    public required string User { get; init; }

    /// <summary>UID to act as.</summary>
    public string? Uid { get; init; }

    /// <summary>Groups to act in.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Extra attributes.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Extra { get; init; } = [];
}

/// <summary>A program that prints an <c>ExecCredential</c> (client.authentication.k8s.io v1 or v1beta1).</summary>
public sealed record ExecCredentialOptions
{
    /// <summary>The program: a name on PATH, or a path (relative ones are already resolved against the kubeconfig).</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Variables added to its environment.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary><c>client.authentication.k8s.io/v1</c> or <c>…/v1beta1</c>.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>What to tell the user when the program is not installed.</summary>
    public string? InstallHint { get; init; }

    /// <summary>Whether the cluster's address and authority are handed to the program.</summary>
    public bool ProvideClusterInfo { get; init; }

    /// <summary>Whether it may use the terminal.</summary>
    public ExecInteractiveMode InteractiveMode { get; init; } = ExecInteractiveMode.IfAvailable;
}

/// <summary>Whether a credential plugin reads from the terminal.</summary>
public enum ExecInteractiveMode
{
    /// <summary>Never uses standard input.</summary>
    Never,

    /// <summary>Uses it when there is a terminal.</summary>
    IfAvailable,

    /// <summary>Cannot work without a terminal.</summary>
    Always,
}
