using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Panels;
using LazyOC.Tui.PluginViews;

namespace LazyOC.Tui.Operations;

/// <summary>Plugins take part in the user's changes: they are asked before, and told after.</summary>
internal sealed partial class ObjectOperations
{
    /// <summary>
    /// Asks the hooks about changes, and the user about what they say. The changes that may be made, with what hooks changed
    /// in them; empty when none may.
    /// </summary>
    /// <param name="verb">What the user does, an imperative: <c>Delete</c>.</param>
    /// <param name="what">To what, in words.</param>
    /// <param name="changes">The changes, each of another object.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<ImmutableArray<UserChange>> ClearAsync(string verb, string what, ImmutableArray<UserChange> changes, CancellationToken cancellationToken)
    {
        if (_session.Extensions is not { } extensions || changes.IsEmpty)
            return changes;
        var verdicts = await AskHooksAsync(extensions, what, changes, cancellationToken);
        foreach (var silent in verdicts.SelectMany(v => v.Unanswered).DistinctBy(failure => failure.Plugin))
            _dialogs.Notify(new Notice($"its hook did not answer; {verb.ToLowerInvariant()} goes on without it: {silent.Code}: {silent.Message}", TextStyle.Warn) { Plugin = new PluginMark(silent.Plugin, silent.PluginName), Hint = FaultView.Hint(silent) });
        var hooked = changes.Zip(verdicts).Where(pair => !pair.Second.IsFree).Select(pair => Said(pair.First, pair.Second)).ToImmutableArray();
        if (hooked.IsEmpty)
            return changes;
        var going = changes.Zip(verdicts).Where(pair => pair.Second.Denials.IsEmpty).ToList();
        var dialog = new HookDialog { Verb = verb, What = what, Objects = hooked, Going = going.Count, Unsolicited = true };
        return await _dialogs.AskAsync(dialog, cancellationToken) ? [.. going.Select(pair => Patched(pair.First, pair.Second))] : [];
    }

    /// <summary>As above, for what is done to objects as they are; the objects that it may be done to.</summary>
    private async Task<Targets> ClearAsync(Operation operation, Targets targets, string verb, CancellationToken cancellationToken)
    {
        var cleared = await ClearAsync(operation.Word(), targets.ToString(), [.. targets.Rows.Select(row => targets.ChangeOf(row, verb))], cancellationToken);
        return cleared.Length == targets.Rows.Length ? targets : targets with { Rows = [.. targets.Rows.Where(row => cleared.Any(change => change.Reference.Uid == row.Uid))] };
    }

    /// <summary>Asks about some changes at a time: a plugin takes only so many messages at once.</summary>
    private async Task<ImmutableArray<HookVerdict>> AskHooksAsync(ExtensionPoints extensions, string what, ImmutableArray<UserChange> changes, CancellationToken cancellationToken)
    {
        var asking = new Notice($"asking plugins about {what} …") { Id = $"hooks-{Guid.NewGuid():N}", Lasts = true };
        if (changes.Any(extensions.HasHooks))
            _dialogs.Notify(asking);
        var verdicts = ImmutableArray.CreateBuilder<HookVerdict>(changes.Length);
        try
        {
            foreach (var some in changes.Chunk(_limits.HookedAtOnce))
                verdicts.AddRange(await Task.WhenAll(some.Select(change => extensions.AskHooksAsync(change, cancellationToken))));
            return verdicts.DrainToImmutable();
        }
        finally
        {
            _dialogs.Board.Remove(asking.IsSame);
        }
    }

    /// <summary>Tells the hooks what has been done.</summary>
    private void Tell(UserChange change, JsonElement? made = null) => _session.Extensions?.TellHooks(made is null ? change : change with { Object = made });

    private static HookedObject Said(UserChange change, HookVerdict verdict) => new(
        change.Reference.Namespace is { } ns ? $"{ns}/{change.Reference.Name}" : change.Reference.Name,
        verdict.Denials,
        verdict.Warnings,
        verdict.PatchedBy,
        verdict is { Unpatched: { } before, Patched: { } after } ? LineDiff.Of(Yaml(before), Yaml(after)) : []);

    private static UserChange Patched(UserChange change, HookVerdict verdict) =>
        verdict.Patched is not { } patched ? change
        : change.Replicas is null ? change with { Object = patched }
        : change with { Replicas = patched.At("spec", "replicas") is { } replicas && replicas.TryGetInt32(out var number) ? number : change.Replicas };

    private static string Yaml(JsonElement root) => YamlText.Of(root, new YamlOptions(TuiLimits.Default.EditedCharacters));
}
