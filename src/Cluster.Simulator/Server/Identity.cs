using System.Security.Cryptography;
using System.Text;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Who makes a request.</summary>
internal sealed record Identity(string Name, string Uid, IReadOnlyList<string> Groups)
{
    public const string Masters = "system:masters";

    public bool IsAdmin => Groups.Contains(Masters, StringComparer.Ordinal);
}

/// <summary>Bearer tokens and whom they name. Tokens are fresh for each cluster and never derived from its seed.</summary>
internal sealed class TokenAuthenticator
{
    private readonly (byte[] Token, Identity Identity)[] _tokens;

    public TokenAuthenticator()
    {
        AdminToken = NewToken();
        DeveloperToken = NewToken();
        _tokens =
        [
            (Encoding.ASCII.GetBytes(AdminToken), new Identity("kubeadmin", "7c1d8a50-2f6e-4b8e-9f34-1d0c5a3b9e01", [Identity.Masters, "system:authenticated", "system:cluster-admins"])),
            (Encoding.ASCII.GetBytes(DeveloperToken), new Identity("developer", "7c1d8a50-2f6e-4b8e-9f34-1d0c5a3b9e02", ["system:authenticated", "system:authenticated:oauth"])),
        ];
    }

    public string AdminToken { get; }

    public string DeveloperToken { get; }

    public Identity? Authenticate(string? authorization)
    {
        const string Scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        byte[] given = Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim());
        Identity? found = null;
        foreach ((byte[] token, Identity identity) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(token, given))
                found = identity;
        }

        return found;
    }

    private static string NewToken() => "sha256~" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
