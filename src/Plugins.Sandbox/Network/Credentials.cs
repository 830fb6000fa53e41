using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>A rule that permits a request, and the servers that it stands for now.</summary>
internal readonly record struct MatchingRule(ConnectRule Rule, OriginPattern Origin);

/// <summary>What the host adds to requests for a plugin that never sees it.</summary>
internal sealed class Credentials(NetworkOptions options, NetworkCluster cluster)
{
    /// <summary>The <c>Authorization</c> of a request; null when its rules name none, or when it has left the server that the plugin asked.</summary>
    /// <exception cref="NetworkRefusalException">They are not there, or must not go there.</exception>
    public async ValueTask<string?> ForAsync(PluginPrincipal plugin, Hop hop, ImmutableArray<MatchingRule> rules, CancellationToken cancellationToken)
    {
        if (!hop.IsAtHome || rules.FirstOrDefault(match => match.Rule.Credentials is not null) is not { Rule: { } rule, Origin: { } origin }) return null;
        if (hop.Headers.Keys.Any(name => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)))
            throw new NetworkRefusalException(ErrorCode.Invalid, "`headers.Authorization` is set by the host for this server, by the permission's `credentials`");
        var token = rule.UsesClusterToken ? await ClusterTokenAsync(plugin, hop, origin, cancellationToken) : Secret(plugin, rule.SecretSetting!);
        // A line break in a token would begin another header.
        return token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? throw new NetworkRefusalException(ErrorCode.Unavailable, "the credentials for this server have characters that no header may have")
            : $"Bearer {token}";
    }

    private async ValueTask<string> ClusterTokenAsync(PluginPrincipal plugin, Hop hop, OriginPattern origin, CancellationToken cancellationToken)
    {
        if (origin.IsGlob) throw new NetworkRefusalException(ErrorCode.PermissionDenied, $"the cluster's token goes only to a server that a permission names exactly, not to all of {origin}");
        if (hop.Url.Scheme != "https") throw new NetworkRefusalException(ErrorCode.PermissionDenied, "the cluster's token goes only over https");
        return await cluster.Token(plugin, cancellationToken) ?? throw new NetworkRefusalException(ErrorCode.Unavailable, "the user has no token for the cluster in this session");
    }

    private string Secret(PluginPrincipal plugin, string name) =>
        options.Secret(plugin, name) is { Length: > 0 } secret ? secret : throw new NetworkRefusalException(ErrorCode.Unavailable, $"the secret setting `{name}` is not set");
}
