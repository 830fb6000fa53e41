using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <content>Where plugins take part in what the user does with objects: changes, logs, ways to others.</content>
public sealed partial class ExtensionPoints
{
    /// <summary>Whether any plugin takes part in a change, be it before or after.</summary>
    public bool HasHooks(UserChange change) => _offer.Contributions.HooksOn(change.GroupKind, change.Verb).Any();

    /// <summary>
    /// Asks every plugin with a matching hook before the user's change is made, all at once; what does not answer in time
    /// counts as its hook's <c>onFailure</c> says. Throws only when cancelled.
    /// </summary>
    public async Task<HookVerdict> AskHooksAsync(UserChange change, CancellationToken cancellationToken = default)
    {
        if (!HasHooks(change)) return HookVerdict.Free;
        return await _hooks.AskAsync(await HooksAsync(change, cancellationToken), change, cancellationToken);
    }

    /// <summary>Tells plugins of a change that the user has made; returns at once.</summary>
    public void TellHooks(UserChange change)
    {
        if (_offer.Contributions.HooksOn(change.GroupKind, change.Verb).Any(hook => hook.Contribution.Phase == HookPhase.After)) _ = TellAsync(change);
    }

    /// <summary>
    /// Tells plugins where the user is; returns at once. The screen calls it whenever that may have changed, and need not know
    /// whether it has.
    /// </summary>
    /// <param name="session">The session that is shown: what is on the screen of one that plugins have left is not told.</param>
    /// <param name="place">Where he is.</param>
    public void TellPlace(ClusterSession session, UserPlace place) => _screen.Tell(session, place);

    /// <summary>Whether log lines of a kind pass through any plugin here and now.</summary>
    public bool TransformsLogs(GroupKind kind, WhenContext context) => _offer.Contributions.For(context).LogTransformsFor(kind).Any();

    /// <summary>Passes log lines through the plugins that transform those of a kind; what fails of them is left out, and told.</summary>
    /// <param name="kind">Kind of the object whose logs are looked at.</param>
    /// <param name="context">What contributions' <c>when</c> is decided on.</param>
    /// <param name="source">Whose lines they are; its transform is not looked at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ShownLines> TransformLogAsync(GroupKind kind, WhenContext context, LogLinesPayload source, CancellationToken cancellationToken = default)
    {
        var offer = _offer;
        return _logTransforms.TransformAsync(offer.Contributions.For(context).LogTransformsFor(kind).Select(transform => (transform, offer.Actors[transform.Plugin])), kind, source, source.Lines, cancellationToken);
    }

    /// <summary>Follows a relation from an object.</summary>
    public Task<RelatedObjects> FollowAsync(RelationContribution relation, ObjectReference from, CancellationToken cancellationToken = default) =>
        _relations.ResolveAsync(relation, from, cancellationToken);

    /// <summary>Opens a view of a kind's list or details, as <see cref="OpenTab"/> does a tab.</summary>
    /// <param name="viewId">Id of the contribution.</param>
    /// <param name="obj">What a view of details is about; null for a list.</param>
    /// <param name="workingNamespace">The namespace that a view of a list shows; null for all.</param>
    /// <param name="width">Of its area, in cells.</param>
    /// <param name="height">Of its area, in cells.</param>
    /// <exception cref="ArgumentException">No such view is contributed.</exception>
    public ViewSession OpenResourceView(string viewId, ObjectReference? obj, string? workingNamespace, int width, int height) =>
        Open<ResourceViewContribution>(viewId, obj, width, height, workingNamespace);

    private async Task TellAsync(UserChange change) => _hooks.Tell(await HooksAsync(change, CancellationToken.None), change);

    private async Task<ImmutableArray<(Contributed<HookContribution> Hook, PluginActor Actor)>> HooksAsync(UserChange change, CancellationToken cancellationToken)
    {
        var offer = _offer;
        var session = _scope();
        var context = session.Cluster.When(await session.CatalogAsync(cancellationToken), change.GroupKind, change.Reference.Namespace);
        return [.. offer.Contributions.For(context).HooksOn(change.GroupKind, change.Verb).Select(hook => (hook, offer.Actors[hook.Plugin]))];
    }
}
