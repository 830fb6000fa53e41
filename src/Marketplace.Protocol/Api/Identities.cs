using System.Collections.Immutable;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>The accounts elsewhere by which somebody signs in, by provider.</summary>
public sealed record IdentityList(ImmutableArray<LinkedIdentity> Identities);

/// <summary>An account elsewhere.</summary>
/// <param name="Provider">As the marketplace calls it.</param>
/// <param name="Name">There.</param>
/// <param name="Linked">When.</param>
public sealed record LinkedIdentity(string Provider, string Name, DateTimeOffset Linked);
