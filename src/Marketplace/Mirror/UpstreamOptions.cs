using System.Collections.Immutable;
using System.Net;

namespace LazyOC.Marketplace.Mirror;

/// <summary>The registry whose plugins this one passes on, and which of them.</summary>
internal sealed record UpstreamOptions
{
    /// <summary>Its address: <c>https://…</c>, or <c>http://</c> on this machine.</summary>
    public required Uri Url { get; init; }

    /// <summary>The fingerprints of its keys, from those who keep it; as many keys have to sign.</summary>
    public required ImmutableArray<string> Fingerprints { get; init; }

    /// <summary>For an upstream that is private; null for none.</summary>
    public string? Token { get; init; }

    public UpstreamRules Rules { get; init; } = UpstreamRules.Everything;

    /// <summary>Whether it is not asked any more: what is stored is served, and nothing else.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Networks that are not public and that the upstream may send this server to; the upstream's own address need not be among them.</summary>
    public ImmutableArray<IPNetwork> Networks { get; init; } = [];
}
