using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;

namespace LazyOC.Cluster.Resources;

/// <summary>Asks the cluster who the user is and what they may do. Thread-safe.</summary>
public sealed class AccessReviews
{
    /// <summary>
    /// Whether the user may use a verb, by SelfSubjectAccessReview; answers are reused for
    /// <see cref="ClusterLimits.AccessReviewLifetime"/>.
    /// </summary>
    /// <param name="verb">Verb, such as <c>delete</c>.</param>
    /// <param name="kind">What it is used on.</param>
    /// <param name="namespace">Where; null for all namespaces.</param>
    /// <param name="name">A single object; null for any.</param>
    /// <param name="subresource">Such as <c>log</c>, <c>exec</c> or <c>scale</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<AccessDecision> CanIAsync(string verb, ResourceKind kind, string? @namespace, string? name = null, string? subresource = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Who the cluster takes us for, by SelfSubjectReview, then OpenShift's <c>users/~</c>.</summary>
    public Task<UserIdentity> WhoAmIAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

/// <summary>Whether something is allowed.</summary>
/// <param name="Allowed">It is.</param>
/// <param name="Reason">The authorizer's reason; may be empty.</param>
public readonly record struct AccessDecision(bool Allowed, string Reason);

/// <summary>A user as the API server sees it.</summary>
/// <param name="Name">User name.</param>
/// <param name="Groups">Its groups.</param>
public sealed record UserIdentity(string Name, ImmutableArray<string> Groups);
