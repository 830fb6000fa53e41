using System.Security.Cryptography.X509Certificates;
using System.Text;
using LazyOC.Cluster.Config;

namespace LazyOC.Cluster.Auth;

/// <summary>Where a request's credential comes from. Thread-safe.</summary>
internal abstract class CredentialSource
{
    /// <summary>The credential to use now.</summary>
    public abstract ValueTask<Credential> GetAsync(CancellationToken cancellationToken);

    /// <summary>Called when the server answers 401: forgets it, and says whether asking again may give another one.</summary>
    public virtual bool Reject(Credential rejected) => false;

    /// <summary>The source for a user: client-go's order, a token before basic before a plugin.</summary>
    public static CredentialSource For(ClusterOptions options, ClusterLimits limits, TimeProvider time, BorrowTerminal? terminal)
    {
        var certificate = Credential.LoadCertificate(options.ClientCertificatePem, options.ClientKeyPem, $"the user `{options.UserName}`");
        if (options.TokenFile is { } file)
            return new TokenFileCredentials(file, certificate, limits, time);
        if (options.Token is { } token)
            return new FixedCredentials(new Credential($"Bearer {token}", certificate));
        if (options.BasicUser is { } user)
            return new FixedCredentials(new Credential("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.BasicPassword}")), certificate));
        if (options.Exec is { } exec)
            return new ExecCredentials(exec, options, certificate, limits, time, terminal);
        return new FixedCredentials(new Credential(null, certificate));
    }
}

internal sealed class FixedCredentials(Credential credential) : CredentialSource
{
    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credential);
}

/// <summary>A token that is rotated on disk: read again each <see cref="ClusterLimits.TokenFileLifetime"/> and after a 401.</summary>
internal sealed class TokenFileCredentials(string file, X509Certificate2? certificate, ClusterLimits limits, TimeProvider time) : CredentialSource
{
    private readonly Lock _gate = new();
    private Credential? _current;
    private long _readAt;

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is null || time.GetElapsedTime(_readAt) >= limits.TokenFileLifetime)
            {
                var token = Kubeconfig.ReadText(file, limits.MaxCredentialBytes, "a token").Trim();
                _current = new Credential($"Bearer {token}", certificate);
                _readAt = time.GetTimestamp();
            }

            return ValueTask.FromResult(_current);
        }
    }

    public override bool Reject(Credential rejected)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_current, rejected))
                _current = null;
            return true;
        }
    }
}
