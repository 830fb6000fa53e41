using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>
/// Asks plugins before a change of the user's, all at once, and tells them after it. Nothing they do holds a change up for
/// longer than <see cref="RuntimeLimits.HookWait"/>.
/// </summary>
/// <param name="scope">The session.</param>
/// <param name="broker">Decides what an answer may bring about.</param>
/// <param name="limits">The runtime's.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Told of a hook that failed with nobody waiting for it.</param>
internal sealed class Hooks(Func<SessionScope> scope, Func<CapabilityBroker> broker, RuntimeLimits limits, TimeProvider time, Action<PluginFailure> failed)
{
    private const string Act = "hook";

    /// <summary>The envelope around a payload.</summary>
    private const int EnvelopeBytes = 1024;

    /// <summary>What the hooks before a change make of it.</summary>
    public async Task<HookVerdict> AskAsync(IEnumerable<(Contributed<HookContribution> Hook, PluginActor Actor)> hooks, UserChange change, CancellationToken cancellationToken)
    {
        ImmutableArray<(Contributed<HookContribution> Hook, PluginActor Actor)> asked = [.. hooks.Where(h => h.Hook.Contribution.Phase == HookPhase.Before && MayTakePart(h.Actor, change))];
        if (asked.IsEmpty) return HookVerdict.Free;
        var objects = await ChangedObjects.ReadAsync(scope(), change, asked.Any(h => MayRead(h.Actor, change)), cancellationToken);
        return Combine(change, objects, await Task.WhenAll(asked.Select(h => AskAsync(h.Hook, h.Actor, change, objects, cancellationToken))));
    }

    /// <summary>Tells the hooks after a change; returns at once.</summary>
    public void Tell(IEnumerable<(Contributed<HookContribution> Hook, PluginActor Actor)> hooks, UserChange change)
    {
        ImmutableArray<(Contributed<HookContribution> Hook, PluginActor Actor)> told = [.. hooks.Where(h => h.Hook.Contribution.Phase == HookPhase.After && MayTakePart(h.Actor, change))];
        if (!told.IsEmpty) _ = TellAsync(told, change);
    }

    private async Task TellAsync(ImmutableArray<(Contributed<HookContribution> Hook, PluginActor Actor)> told, UserChange change)
    {
        // What was deleted cannot be read any more.
        var objects = await ChangedObjects.ReadAsync(scope(), change, change.Verb != "delete" && told.Any(h => MayRead(h.Actor, change)), CancellationToken.None);
        await Task.WhenAll(told.Select(async h =>
        {
            if (await SendAsync(h.Hook.Contribution, h.Actor, change, objects, CancellationToken.None) is Reply.Failed { Failure: var failure }) failed(failure);
        }));
    }

    private static bool MayTakePart(PluginActor actor, UserChange change) => actor.May(new Demand.Hook(change.GroupKind.ToString(), change.Verb, null));

    private static bool MayRead(PluginActor actor, UserChange change) => actor.MayGet(change.Kind, change.Reference.Namespace);

    private async Task<Opinion> AskAsync(Contributed<HookContribution> hook, PluginActor actor, UserChange change, ChangedObjects objects, CancellationToken cancellationToken)
    {
        switch (await SendAsync(hook.Contribution, actor, change, objects, cancellationToken))
        {
            case Reply.Answered answered:
                return Read(hook, answered, actor, change, objects);
            case Reply.Failed failed:
                return new Opinion(hook, actor, null, failed.Failure);
            case var other:
                throw new InvalidOperationException($"A request ended in {other}.");
        }
    }

    private async Task<Reply> SendAsync(HookContribution hook, PluginActor actor, UserChange change, ChangedObjects objects, CancellationToken cancellationToken)
    {
        var json = Serialize(hook, change, MayRead(actor, change) ? objects : ChangedObjects.Unknown);
        using var late = new CancellationTokenSource(limits.HookWait, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await actor.AskAsync($"onHook:{hook.Id}", new Request(MessageType.Hook, json, limits.HookDeadline), ends.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Reply.Failed(actor.Failure(ErrorCode.Timeout, $"it did not answer within {limits.HookWait.TotalSeconds:0.#} s"));
        }
    }

    /// <summary>The payload; an object that is too large for a message is left out.</summary>
    private byte[] Serialize(HookContribution hook, UserChange change, ChangedObjects objects)
    {
        byte[] Write(JsonElement? now, JsonElement? before) => JsonSerializer.SerializeToUtf8Bytes(
            new HookPayload
            {
                Hook = hook.Id,
                Phase = hook.Phase,
                Verb = change.Verb,
                Reference = change.Reference,
                Object = now,
                OldObject = before,
                User = scope().Cluster.User,
                Namespace = change.Reference.Namespace,
            },
            ContractJson.Default.HookPayload);

        var json = Write(objects.Now, objects.Before);
        if (json.Length > Envelope.MaxBytes - EnvelopeBytes) json = Write(objects.Now, null);
        return json.Length > Envelope.MaxBytes - EnvelopeBytes ? Write(null, null) : json;
    }

    private Opinion Read(Contributed<HookContribution> hook, Reply.Answered answered, PluginActor actor, UserChange change, ChangedObjects objects)
    {
        Opinion Rejected(string why) => new(hook, actor, null, answered.Instance.Reject(why));

        // A guest that answers nothing at all answers an empty object.
        if (NothingAnswer.Is(answered.Json.Span)) return new Opinion(hook, actor, new HookAnswer.Allow(), null);
        if (!StrictJson.Read(answered.Json.Span, ContractJson.Default.HookAnswer).TryGet(out var answer, out var problems)) return Rejected($"the answer to `hook` is not one: {problems[0]}");
        if (EffectOf(answer) is not { } effect) return new Opinion(hook, actor, answer, null);
        if (!broker().TryPermit(answered.Instance.Principal, Act, change.Target, new Demand.Hook(change.GroupKind.ToString(), change.Verb, effect)))
            return new Opinion(hook, actor, null, actor.Failure(ErrorCode.PermissionDenied, $"it may not {WordOf(effect)} on {change.Verb} of {change.GroupKind}"));
        if (!hook.Contribution.Effects.Contains(effect)) return Rejected($"the answer to `hook` asks to {WordOf(effect)}, which the hook does not declare");
        return Check(answer, actor, change, objects) is { } wrong ? Rejected($"the answer to `hook` {wrong}") : new Opinion(hook, actor, answer, null);
    }

    private string? Check(HookAnswer answer, PluginActor actor, UserChange change, ChangedObjects objects) => answer switch
    {
        HookAnswer.Warn warn => CheckText("text", warn.Text),
        HookAnswer.Deny deny => CheckText("reason", deny.Reason),
        HookAnswer.Change when !change.CanBePatched => $"has a patch, but a {change.Verb} like this cannot be changed",
        HookAnswer.Change when !HookRule.MayBePatched(change.GroupKind) => $"has a patch, but no hook changes a {change.GroupKind}",
        HookAnswer.Change when objects.Now is null || !MayRead(actor, change) => "has a patch of an object that it was not handed",
        HookAnswer.Change patch => CheckPatch(patch.Patch, objects.Now.Value, change),
        _ => null,
    };

    private string? CheckText(string key, string text) =>
        string.IsNullOrWhiteSpace(text) ? $"has an empty `{key}`"
        : text.Length > limits.PromptChars ? $"has a `{key}` of {text.Length} characters; at most {limits.PromptChars} are taken"
        : null;

    private string? CheckPatch(ImmutableArray<PatchOperation> patch, JsonElement document, UserChange change)
    {
        try
        {
            return ChangedObjects.WhyNotTheSame(document, JsonPatch.Apply(document, patch, limits), change);
        }
        catch (FormatException wrong)
        {
            return $"has a patch that {wrong.Message}";
        }
    }

    private HookVerdict Combine(UserChange change, ChangedObjects objects, IReadOnlyList<Opinion> opinions)
    {
        var denials = ImmutableArray.CreateBuilder<HookRemark>();
        denials.AddRange(opinions.Where(o => o.Answer is HookAnswer.Deny).Select(o => o.Say(((HookAnswer.Deny)o.Answer!).Reason)));
        denials.AddRange(opinions.Where(o => o.Failure is not null && o.DeniesOnFailure(change)).Select(o => o.Say($"it did not answer, and then refuses: {o.Failure!.Code}: {o.Failure.Message}", fromHost: true)));
        var patches = opinions.Where(o => o.Answer is HookAnswer.Change).ToList();
        JsonElement? patched = null;
        if (patches.Count > 0 && !TryPatch(change, objects.Now!.Value, patches, out patched, out var conflict)) denials.Add(conflict!);
        return new HookVerdict
        {
            Denials = denials.DrainToImmutable(),
            Warnings = [.. opinions.Where(o => o.Answer is HookAnswer.Warn).Select(o => o.Say(((HookAnswer.Warn)o.Answer!).Text))],
            Unanswered = [.. opinions.Where(o => o.Failure is not null && !o.DeniesOnFailure(change)).Select(o => o.Failure!)],
            PatchedBy = [.. patches.Select(o => o.Say(""))],
            Unpatched = patched is null ? null : objects.Now,
            Patched = patched,
        };
    }

    /// <summary>Applies the patches in the order of plugin ids; each is sound alone, so what fails is that they do not go together.</summary>
    private bool TryPatch(UserChange change, JsonElement document, List<Opinion> patches, out JsonElement? patched, out HookRemark? conflict)
    {
        (patched, conflict) = (null, null);
        var result = document;
        for (var i = 0; i < patches.Count; i++)
        {
            var mine = ((HookAnswer.Change)patches[i].Answer!).Patch;
            foreach (var before in patches.Take(i))
            {
                if (JsonPatch.Overlap(((HookAnswer.Change)before.Answer!).Patch, mine) is not { } place) continue;
                conflict = patches[i].Say($"its change and that of {before.Hook.PluginName} ({before.Hook.Plugin}) are of the same place, `{place}`", fromHost: true);
                return false;
            }
            try
            {
                result = JsonPatch.Apply(result, mine, limits);
            }
            catch (FormatException wrong)
            {
                conflict = patches[i].Say($"its change does not go with those before it: it {wrong.Message}", fromHost: true);
                return false;
            }
        }
        if (ChangedObjects.WhyNotTheSame(document, result, change) is { } other)
        {
            conflict = patches[^1].Say($"its change does not go with those before it: together it {other}", fromHost: true);
            return false;
        }
        patched = result;
        return true;
    }

    private static HookEffect? EffectOf(HookAnswer answer) => answer switch
    {
        HookAnswer.Warn => HookEffect.Warn,
        HookAnswer.Deny => HookEffect.Deny,
        HookAnswer.Change => HookEffect.Patch,
        _ => null,
    };

    private static string WordOf(HookEffect effect) => effect.ToString().ToLowerInvariant();

    /// <summary>What came of asking one hook: an answer, or a failure.</summary>
    private sealed record Opinion(Contributed<HookContribution> Hook, PluginActor Actor, HookAnswer? Answer, PluginFailure? Failure)
    {
        public HookRemark Say(string text, bool fromHost = false) => new(Hook.Plugin, Hook.PluginName, text, fromHost);

        /// <summary>Whoever may not deny cannot do it by failing either.</summary>
        public bool DeniesOnFailure(UserChange change) =>
            Hook.Contribution.OnFailure == HookFailure.Deny && Actor.May(new Demand.Hook(change.GroupKind.ToString(), change.Verb, HookEffect.Deny));
    }
}
