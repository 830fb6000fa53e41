using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <content>How the instance learns that the user has changed a setting.</content>
internal sealed partial class PluginActor
{
    // Under the gate.
    private ImmutableSortedSet<string> _changedSettings = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
    private bool _isTellingSettings;

    /// <summary>
    /// Tells the running instance that settings are different, one message after the other; changes that come meanwhile are
    /// told together. One that does not run reads them when it starts.
    /// </summary>
    public void TellSettings(ImmutableArray<string> names)
    {
        lock (_gate)
        {
            _changedSettings = _changedSettings.Union(names);
            if (_isTellingSettings) return;
            _isTellingSettings = true;
        }
        _ = Task.Run(TellSettingsAsync);
    }

    private async Task TellSettingsAsync()
    {
        while (true)
        {
            var instance = await ActiveInstanceAsync();
            ImmutableArray<string> names;
            lock (_gate)
            {
                names = [.. _changedSettings];
                _changedSettings = _changedSettings.Clear();
                if (instance is null || names.IsEmpty)
                {
                    _isTellingSettings = false;
                    return;
                }
            }
            // Null: another instance has taken over, which may have read the settings before.
            if (!await TellAsync(instance, names)) TellLater(names);
        }
    }

    private async Task<bool> TellAsync(PluginInstance instance, ImmutableArray<string> names)
    {
        var payload = new SettingsChangedPayload { Values = instance.Settings.Values, Changed = names };
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.SettingsChangedPayload);
        switch (await instance.AskAsync(new Request(MessageType.SettingsChanged, json, _context.Limits.MessageDeadline), CancellationToken.None))
        {
            case null:
                return false;
            case Reply.Failed { Failure: { Code: not "cancelled" } failure }:
                _context.EventFailed(failure);
                return true;
            default:
                return true;
        }
    }

    private void TellLater(ImmutableArray<string> names)
    {
        lock (_gate) _changedSettings = _changedSettings.Union(names);
    }
}
