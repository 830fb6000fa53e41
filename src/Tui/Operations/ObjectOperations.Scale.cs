using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Panels;

namespace LazyOC.Tui.Operations;

/// <summary>Scaling: to a number, by a step, and back.</summary>
internal sealed partial class ObjectOperations
{
    /// <summary>Scales workloads to the number the user gives; to 0 only after a confirmation.</summary>
    public async Task ScaleAsync(ResourceKind kind, ImmutableArray<ResourceRow> rows, CancellationToken cancellationToken = default)
    {
        var targets = new Targets(kind, rows);
        if (IsRefused(Operation.Scale, targets) || await CurrentAsync(targets, cancellationToken) is not { } current)
            return;
        var common = current.Values.Distinct().ToList() is [var same] ? JsonElement.Parse(same.ToString(CultureInfo.InvariantCulture)) : (JsonElement?)null;
        var now = string.Join(", ", current.Values.Distinct().Order());
        var field = new FormField { Name = "replicas", Label = "Replicas", Kind = FieldKind.Number, Required = true, Min = 0, Max = _limits.Replicas, Value = common, Help = $"now {now}" };
        var prompt = new Prompt($"Scale {targets}", [field], "Scale") { Note = Where(targets) };
        if (await _dialogs.AskAsync(prompt, cancellationToken) is { } values && values.At("replicas") is { ValueKind: JsonValueKind.Number } given && given.TryGetDouble(out var replicas))
            await ScaleAsync(targets, current, _ => (int)replicas, cancellationToken);
    }

    /// <summary>Scales each workload by a step, such as 1 or -1; to 0 only after a confirmation, and never below.</summary>
    public async Task ScaleByAsync(ResourceKind kind, ImmutableArray<ResourceRow> rows, int step, CancellationToken cancellationToken = default)
    {
        var targets = new Targets(kind, rows);
        if (IsRefused(Operation.Scale, targets) || await CurrentAsync(targets, cancellationToken) is not { } current)
            return;
        await ScaleAsync(targets, current, before => Math.Clamp(before + step, 0, _limits.Replicas), cancellationToken);
    }

    /// <summary>Takes the last scaling back, whatever the replicas are now.</summary>
    public async Task UndoAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _undo, null) is not { } undo || IsRefused(Operation.Scale, undo.Targets))
            return;
        await SetAsync(undo.Targets, row => undo.Before[row.Uid], cancellationToken);
    }

    private async Task ScaleAsync(Targets targets, Dictionary<string, int> current, Func<int, int> next, CancellationToken cancellationToken)
    {
        var changing = targets with { Rows = [.. targets.Rows.Where(row => next(current[row.Uid]) != current[row.Uid])] };
        if (changing.Rows.IsEmpty)
        {
            _dialogs.Notify(new Notice($"{targets} {(targets.Rows.Length == 1 ? "has" : "have")} as many replicas already"));
            return;
        }
        var stopping = changing with { Rows = [.. changing.Rows.Where(row => next(current[row.Uid]) == 0)] };
        if (!stopping.Rows.IsEmpty && !await _dialogs.AskAsync(Ask("Scale to 0", stopping, DangerLevel.Caution) with { Consequence = "Nothing of it runs then." }, cancellationToken))
            return;
        var done = await SetAsync(changing, row => next(current[row.Uid]), cancellationToken);
        if (done.Count > 0)
            OfferUndo(changing with { Rows = [.. done] }, current);
    }

    /// <summary>Scales those that the hooks leave in, to what they leave of it; answers which were scaled.</summary>
    private async Task<List<ResourceRow>> SetAsync(Targets targets, Func<ResourceRow, int> replicas, CancellationToken cancellationToken)
    {
        var cleared = await ClearAsync(Operation.Scale.Word(), targets.ToString(), [.. targets.Rows.Select(row => targets.ChangeOf(row, "scale") with { Replicas = replicas(row), CanBePatched = true })], cancellationToken);
        if (cleared.IsEmpty)
            return [];
        var changes = cleared.ToDictionary(change => change.Reference.Uid!, StringComparer.Ordinal);
        var scaled = targets with { Rows = [.. targets.Rows.Where(row => changes.ContainsKey(row.Uid))] };
        return await new Batch(Operation.Scale, scaled, _dialogs, _limits).RunAsync(async row =>
        {
            var said = await SetAsync(scaled, row, changes[row.Uid].Replicas!.Value, cancellationToken);
            Tell(changes[row.Uid]);
            return said;
        }, cancellationToken);
    }

    private async Task<string?> SetAsync(Targets targets, ResourceRow row, int replicas, CancellationToken cancellationToken)
    {
        var now = await Resources.ScaleAsync(targets.Kind, row.Namespace, row.Name, replicas, cancellationToken: cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"Scaled {targets.Kind.Kind.ToLowerInvariant()} {targets.NameOf(row)} to {now}");
    }

    private void OfferUndo(Targets targets, Dictionary<string, int> before)
    {
        var words = targets.Rows.Length == 1 ? string.Create(CultureInfo.InvariantCulture, $"scale {targets.Names[0]} back to {before[targets.Rows[0].Uid]}") : $"scale {targets} back";
        Volatile.Write(ref _undo, new Undo(targets, before, words));
        _dialogs.Notify(new Notice($"u: {words}") { Id = "undo" });
    }

    /// <summary>The replicas asked for now, by uid; null, and told why, when they cannot be read.</summary>
    private async Task<Dictionary<string, int>?> CurrentAsync(Targets targets, CancellationToken cancellationToken)
    {
        var current = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            foreach (var row in targets.Rows)
            {
                using var scale = await Resources.GetAsync(targets.Kind, row.Namespace, row.Name, "scale", cancellationToken);
                // The API leaves zero values out.
                current[row.Uid] = scale.RootElement.At("spec", "replicas") is { } replicas && replicas.TryGetInt32(out var number) ? number : 0;
            }
            return current;
        }
        catch (ClusterException e)
        {
            _dialogs.Notify(new Notice($"cannot scale {targets}: {e.Message}", TextStyle.Error) { Hint = e.Hint });
            return null;
        }
    }

    /// <summary>A scaling that can be taken back.</summary>
    private sealed record Undo(Targets Targets, Dictionary<string, int> Before, string Words);
}
