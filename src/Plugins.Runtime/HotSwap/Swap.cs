using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Messages;
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
/// was.
/// </summary>
/// <param name="actor">Whose instance.</param>
/// <param name="old">The active instance.</param>
/// <param name="next">The other package.</param>
/// <param name="limits">Bounds.</param>
/// <param name="screen">Where its views are open.</param>
/// <param name="commit">Offers what the package contributes, in the step in which it takes over; given what its open views show then.</param>
internal sealed class Swap(
    PluginActor actor, PluginInstance old, InstalledPlugin next, RuntimeLimits limits, ExtensionPoints screen, Action<ImmutableArray<RenderedView>> commit)
{
    /// <summary>The activation event of an instance that takes over.</summary>
    private const string ActivationReason = "swap";

    private bool _hasTakenOver;
    private StoreCopy? _store;

    /// <summary>Null when the other package has taken over.</summary>
    public async Task<SwapFailure?> RunAsync()
    {
        var candidate = actor.NewCandidate(next, old);
        try
        {
            var failure = await PrepareAsync(candidate);
            if (_hasTakenOver) await candidate.CommitCallsAsync();
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
                candidate.StartDelivery();
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
        if (await candidate.LoadAsync() is { } notLoaded) return Failed("it cannot be loaded", notLoaded);
        await old.DrainAsync();
        var (state, notDehydrated) = await DehydrateAsync();
        if (notDehydrated is not null) return notDehydrated;
        (_store, var notMigrated) = await actor.PrepareStoreAsync(candidate);
        if (notMigrated is not null) return new SwapFailure(notMigrated.Message, notMigrated.Stack);
        if (_store is not null) candidate.UseStore(_store.File);
        if (await candidate.ActivateAsync(ActivationReason) is { } notActivated) return Failed("it cannot be activated", notActivated);
        if (state is { } kept && await HydrateAsync(candidate, kept) is { } notHydrated) return Failed("it does not take over the state", notHydrated);
        var views = await screen.RenderAsync(candidate);
        foreach (var (view, shown) in views)
            if (shown is ViewState.Faulted { Failure: var broken }) return new SwapFailure($"its view `{view.View.Contribution.Title}` fails: {broken.Code}: {broken.Message}", broken.Stack);
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
        _store?.Publish();
        if (!actor.TryCommit(old, candidate)) return false;
        _hasTakenOver = true;
        _store?.HandOver();
        candidate.TakeOver(old, hasState);
        commit(views);
        return true;
    }

    private async Task<(JsonElement? State, SwapFailure? Failure)> DehydrateAsync()
    {
        switch (await old.TellAsync(new Request(MessageType.Dehydrate, "{}"u8.ToArray(), limits.StateDeadline)))
        {
            case GuestReply.Failed failed:
                return (null, Failed("its present version does not give its state", failed.Fault));
            case GuestReply.Answered { Json.Length: var length } when length > limits.StateBytes:
                return (null, new SwapFailure($"the state of its present version has {length:N0} bytes; at most {limits.StateBytes:N0} are handed on"));
            case GuestReply.Answered answered:
                return StrictJson.Read(answered.Json.Span, ContractJson.Default.DehydrateAnswer).TryGet(out var answer, out var problems)
                    ? (answer.State, null)
                    : (null, new SwapFailure($"the answer of its present version to `dehydrate` is not one: {problems[0]}"));
            case var other:
                throw new InvalidOperationException($"A guest ended a message in {other}.");
        }
    }

    private async Task<GuestFault?> HydrateAsync(PluginInstance candidate, JsonElement state)
    {
        var payload = new HydratePayload { State = state, FromVersion = old.Principal.Version };
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.HydratePayload);
        return (await candidate.TellAsync(new Request(MessageType.Hydrate, json, limits.StateDeadline)) as GuestReply.Failed)?.Fault;
    }

    private static SwapFailure Failed(string what, GuestFault fault) => new($"{what}: {fault.Message}", fault.Stack);
}
