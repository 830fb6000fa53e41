using System.Collections.Immutable;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.HotSwap;

/// <summary>Why another package could not take over.</summary>
/// <param name="Reason">For the user.</param>
/// <param name="Stack">The guest's stack, when it has one.</param>
internal sealed record SwapFailure(string Reason, string? Stack = null);

/// <summary>
/// Replaces the active instance of a plugin by one of another package and keeps its state: the new one is made ready beside
/// the old one, which rests meanwhile, and takes over in one step. Whatever fails before that step leaves the old one as it
/// was. Views for which it would have had to ask a server show what they did until it has taken over, and are asked for again
/// then.
/// </summary>
/// <param name="actor">Whose instance.</param>
/// <param name="old">The active instance.</param>
/// <param name="next">The other package.</param>
/// <param name="screen">Where its views are open.</param>
/// <param name="commit">Offers what the package contributes, in the step in which it takes over; given what its open views show then.</param>
internal sealed class Swap(
    PluginActor actor, PluginInstance old, InstalledPlugin next, ExtensionPoints screen, Action<ImmutableArray<RenderedView>> commit)
{
    /// <summary>The activation event of an instance that takes over.</summary>
    public const string ActivationReason = "swap";

    private bool _hasTakenOver;
    private StoreCopy? _store;

    /// <summary>Null when the other package has taken over.</summary>
    public async Task<SwapFailure?> RunAsync()
    {
        var candidate = actor.NewCandidate(next, old);
        try
        {
            var failure = await PrepareAsync(candidate);
            if (_hasTakenOver)
            {
                actor.Step("committed");
                await candidate.CommitCallsAsync();
            }
            return failure;
        }
        catch (OperationCanceledException) when (old.Ended.IsCancellationRequested)
        {
            return StoppedMeanwhile;
        }
        finally
        {
            // Thrown away unless it was taken over.
            _store?.Dispose();
            if (_hasTakenOver)
            {
                actor.Step("deliver");
                candidate.StartDelivery();
                if (candidate.WasHeldBack) screen.RefreshViewsOf(actor.Id);
                actor.Retire(old);
            }
            else
            {
                actor.GiveUpCandidate();
                await candidate.DisposeAsync();
                old.Resume();
            }
        }
    }

    private SwapFailure StoppedMeanwhile => new(actor.StoppedBy is { } failure ? $"its present version stopped meanwhile: {failure.Message}" : "its present version stopped meanwhile");

    // Each step may end it.
    private async Task<SwapFailure?> PrepareAsync(PluginInstance candidate)
    {
        actor.Step("load");
        if (await candidate.LoadAsync() is { } notLoaded) return Failed("it cannot be loaded", notLoaded);
        actor.Step("pause");
        await old.DrainAsync();
        actor.Step("dehydrate");
        var (state, notDehydrated) = await old.DehydrateAsync();
        if (notDehydrated is not null) return notDehydrated;
        (_store, var notMigrated) = await actor.PrepareStoreAsync(candidate);
        if (notMigrated is not null) return new SwapFailure(notMigrated.Message, notMigrated.Stack);
        if (_store is not null) candidate.UseStore(_store.File);
        actor.Step("activate");
        if (await candidate.ActivateAsync(ActivationReason) is { } notActivated) return Failed("it cannot be activated", notActivated);
        actor.Step("hydrate");
        if (state is { } kept && await candidate.HydrateAsync(kept) is { } notHydrated) return Failed("it does not take over the state", notHydrated);
        actor.Step("render");
        var views = await screen.RenderAsync(candidate);
        foreach (var (view, shown, isHeldBack) in views)
            if (shown is ViewState.Faulted { Failure: var broken } && !isHeldBack) return new SwapFailure($"its view `{view.View.Contribution.Title}` fails: {broken.Code}: {broken.Message}", broken.Stack);
        try
        {
            return TryTakeOver(candidate, views, hasState: state is not null) ? null : StoppedMeanwhile;
        }
        catch (Exception error) when (!_hasTakenOver && error is IOException or UnauthorizedAccessException)
        {
            return new SwapFailure($"its migrated data cannot be put in place: {error.Message}");
        }
    }

    private bool TryTakeOver(PluginInstance candidate, ImmutableArray<RenderedView> views, bool hasState)
    {
        actor.Step("commit");
        _store?.Publish();
        if (!actor.TryCommit(old, candidate)) return false;
        _hasTakenOver = true;
        _store?.HandOver();
        candidate.TakeOver(old, hasState);
        commit(candidate.WasHeldBack ? [] : views);
        return true;
    }

    private static SwapFailure Failed(string what, GuestFault fault) => new($"{what}: {fault.Message}", fault.Stack);
}
