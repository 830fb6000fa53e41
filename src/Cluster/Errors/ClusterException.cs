using System.Net;

namespace LazyOC.Cluster.Errors;

/// <summary>
/// A call to the cluster that could not be done, with its cause in <see cref="Exception.Message"/> and what to do
/// next in <see cref="Hint"/>. Every failure this room reports on purpose is one of its subclasses.
/// </summary>
public abstract class ClusterException : Exception
{
    private protected ClusterException(string message, string hint, Exception? inner = null)
        : base(message, inner) => Hint = hint;

    /// <summary>The next step for the user: one sentence without a final period.</summary>
    public string Hint { get; }

    /// <summary>The HTTP status, when a server answered.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The <c>reason</c> of the Kubernetes <c>Status</c> answer, such as <c>AlreadyExists</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the same call may succeed later without anybody changing anything.</summary>
    public virtual bool IsTransient => false;
}

/// <summary>No kubeconfig, or one that cannot be used; the message names file, line and key.</summary>
public sealed class KubeconfigException(string message, string hint, Exception? inner = null)
    : ClusterException(message, hint, inner);

/// <summary>A credential could not be read, or a credential plugin failed.</summary>
public sealed class CredentialException(string message, string hint, Exception? inner = null)
    : ClusterException(message, hint, inner);

/// <summary>The server could not be reached or the connection broke.</summary>
public sealed class UnreachableException(string message, string hint, Exception? inner = null)
    : ClusterException(message, hint, inner)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>The TLS handshake failed: unknown authority, wrong name, expired or missing certificate.</summary>
public sealed class CertificateException(string message, string hint, Exception? inner = null)
    : ClusterException(message, hint, inner);

/// <summary>What answered is not a Kubernetes API server (a login page, a proxy, another service).</summary>
public sealed class NotAClusterException(string message, string hint, Exception? inner = null)
    : ClusterException(message, hint, inner);

/// <summary>An answer that breaks the API's own format or one of the <see cref="ClusterLimits"/>.</summary>
public sealed class InvalidAnswerException(string message, string hint, Exception? inner = null)
    : ClusterException(message, hint, inner);

/// <summary>401: the credentials are missing, wrong or expired.</summary>
public sealed class UnauthorizedException(string message, string hint)
    : ClusterException(message, hint);

/// <summary>403: the user may not do this.</summary>
public sealed class ForbiddenException(string message, string hint)
    : ClusterException(message, hint)
{
    /// <summary>The refused verb, such as <c>delete</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>The refused resource, such as <c>deployments.apps</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>The namespace it was refused in; null for the whole cluster.</summary>
    public string? Namespace { get; init; }
}

/// <summary>404: the object or the resource does not exist.</summary>
public sealed class NotFoundException(string message, string hint)
    : ClusterException(message, hint);

/// <summary>409: changed or created by somebody else meanwhile, or owned by another field manager.</summary>
public sealed class ConflictException(string message, string hint)
    : ClusterException(message, hint);

/// <summary>410: the resource version or the continue token is too old; list again.</summary>
public sealed class ExpiredException(string message, string hint)
    : ClusterException(message, hint)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>400 or 422: the server understood the request and rejects its content.</summary>
public sealed class InvalidRequestException(string message, string hint)
    : ClusterException(message, hint);

/// <summary>429: the server asks to slow down.</summary>
public sealed class TooManyRequestsException(string message, string hint)
    : ClusterException(message, hint)
{
    /// <summary>How long the server asks to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>5xx, or an answer with another unexpected status.</summary>
public sealed class ServerFailureException(string message, string hint)
    : ClusterException(message, hint)
{
    /// <summary>How long the server asks to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>No answer in time.</summary>
public sealed class ClusterTimeoutException(string message, string hint, Exception? inner = null)
    : ClusterException(message, hint, inner)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
