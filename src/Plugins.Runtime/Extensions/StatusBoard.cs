using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>The status items of all plugins. Thread safe.</summary>
internal sealed class StatusBoard(RuntimeLimits limits, TimeProvider time, Action changed)
{
    private readonly Lock _gate = new();
    private ImmutableArray<StatusItem> _items = [];

    public ImmutableArray<StatusItem> Items
    {
        get { lock (_gate) return _items; }
    }

    /// <summary>Shows these items from now on; one that was there already keeps its state.</summary>
    public void Use(ContributionIndex contributions)
    {
        lock (_gate)
        {
            var before = _items;
            _items = [.. contributions.StatusItems.Select(item => new StatusItem(item, StateOf(item)))];

            StatusItemState StateOf(Contributed<StatusItemContribution> item) =>
                before.FirstOrDefault(i => i.Item.Plugin == item.Plugin && i.Item.Contribution.Id == item.Contribution.Id)?.State ?? new StatusItemState.Unset();
        }
    }

    /// <summary>Sets an item; false when the plugin has none of that id.</summary>
    public bool TrySet(PluginId plugin, string id, string text, TextStyle style) =>
        Change(item => item.Item.Plugin == plugin && item.Item.Contribution.Id == id, new StatusItemState.Set(OneLine(text), style));

    /// <summary>The plugin failed where nobody else would see it.</summary>
    public void Fail(PluginFailure failure) => Change(item => item.Item.Plugin == failure.Plugin, new StatusItemState.Faulted(failure));

    public void OnMoved(PluginActor actor, Transition moved)
    {
        switch (moved.To)
        {
            // It shows again what it showed before it went to rest.
            case PluginState.Activating when moved.From != PluginState.Hibernated:
                Change(item => item.Item.Plugin == actor.Id, new StatusItemState.Pending());
                break;
            case PluginState.Active:
                _ = GiveUpWaitingAsync(actor);
                break;
            case PluginState.Enabled:
                Change(item => item.Item.Plugin == actor.Id, new StatusItemState.Unset());
                break;
            default:
                if (moved.Failure is { } failure) Fail(failure);
                break;
        }
    }

    private async Task GiveUpWaitingAsync(PluginActor actor)
    {
        if (!Items.Any(item => item.Item.Plugin == actor.Id && item.State is StatusItemState.Pending)) return;
        await Task.Delay(limits.StatusItemDeadline, time);
        Change(item => item.Item.Plugin == actor.Id && item.State is StatusItemState.Pending, new StatusItemState.Unset());
    }

    private bool Change(Func<StatusItem, bool> which, StatusItemState state)
    {
        var found = false;
        lock (_gate)
        {
            for (var i = 0; i < _items.Length; i++)
            {
                if (!which(_items[i])) continue;
                found = true;
                _items = _items.SetItem(i, _items[i] with { State = state });
            }
        }
        if (found) changed();
        return found;
    }

    private string OneLine(string text)
    {
        var line = text.Length <= limits.StatusTextChars ? text : string.Concat(text.AsSpan(0, limits.StatusTextChars - 1), "…");
        return string.Create(line.Length, line, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }
}
