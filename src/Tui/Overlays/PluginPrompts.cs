using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.Overlays;

/// <summary>
/// Lets plugins ask over the screen: in the host's words and frame, each marked with its plugin, one question of a plugin
/// at a time. Thread safe.
/// </summary>
/// <param name="dialogs">Where the questions stand.</param>
/// <param name="open">Shows a plugin's tab or page; false when it cannot now.</param>
internal sealed class PluginPrompts(Dialogs dialogs, Func<Contributed<ViewContribution>, ObjectReference?, CancellationToken, Task<bool>> open) : IUserPrompts
{
    private readonly ConcurrentDictionary<PluginId, bool> _asking = new();

    /// <summary>Puts text on the clipboard; false when it cannot. Without it there is none.</summary>
    public Func<string, bool>? Clipboard { get; init; }

    /// <summary>Opens an address in the user's browser; false when it cannot. Without it there is none.</summary>
    public Func<Uri, bool>? Browser { get; init; }

    public Task<bool> ConfirmAsync(PluginId plugin, string pluginName, string text, DangerLevel danger, CancellationToken cancellationToken) =>
        AskAsync(
            plugin,
            new Confirmation
            {
                Verb = "Yes",
                Refusal = "No",
                Plugin = new PluginMark(plugin, pluginName),
                PluginText = text,
                Danger = danger,
                Consequence = danger == DangerLevel.Destructive ? "It says that this cannot be undone" : null,
                Unsolicited = true,
            },
            cancellationToken);

    public Task<JsonElement?> PromptAsync(PluginId plugin, string pluginName, string title, ImmutableArray<FormField> fields, CancellationToken cancellationToken) =>
        AskAsync(
            plugin,
            new Prompt("A plugin asks for input", fields, "Give it to the plugin")
            {
                Plugin = new PluginMark(plugin, pluginName),
                PluginText = title,
                Unsolicited = true,
            },
            cancellationToken);

    public void Notify(PluginId plugin, string pluginName, string text, TextStyle style) =>
        dialogs.Notify(new Notice(text, style) { Plugin = new PluginMark(plugin, pluginName) });

    public void Tell(PluginId plugin, string pluginName, string what, string hint, TextStyle style)
    {
        var mark = new PluginMark(plugin, pluginName).ToString();
        dialogs.Notify(new Notice($"{char.ToUpperInvariant(mark[0])}{mark[1..]} {what}", style) { Hint = hint, Id = $"{plugin} {what}" });
    }

    public void Progress(PluginId plugin, string pluginName, string id, string text, double? value, bool done)
    {
        var notice = new Notice(text) { Plugin = new PluginMark(plugin, pluginName), Id = id, Lasts = true, Progress = value };
        if (done)
            dialogs.Board.Remove(notice.IsSame);
        else
            dialogs.Notify(notice);
    }

    public bool Copy(PluginId plugin, string text) => Clipboard?.Invoke(text) == true;

    public bool Browse(PluginId plugin, string pluginName, Uri url)
    {
        if (Browser?.Invoke(url) != true)
            return false;
        dialogs.Notify(new Notice($"opened {url.AbsoluteUri} in your browser") { Plugin = new PluginMark(plugin, pluginName) });
        return true;
    }

    public Task<bool> OpenAsync(Contributed<ViewContribution> view, ObjectReference? obj, CancellationToken cancellationToken) => open(view, obj, cancellationToken);

    /// <summary>Asks; a second question of the same plugin, and one too many of all, is dismissed at once.</summary>
    private async Task<T?> AskAsync<T>(PluginId plugin, Overlay<T> question, CancellationToken cancellationToken)
    {
        if (_asking.Count >= OverlayLimits.Default.PluginQuestions || !_asking.TryAdd(plugin, true))
            return default;
        try
        {
            return await dialogs.AskAsync(question, cancellationToken);
        }
        finally
        {
            _asking.TryRemove(plugin, out _);
        }
    }
}
