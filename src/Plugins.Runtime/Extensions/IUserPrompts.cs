using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>How plugins reach the user: the screen's part of <see cref="ExtensionPoints"/>.</summary>
/// <remarks>
/// Called on any thread. Whatever is shown names the plugin, in the host's own frame, for the text is the plugin's. When a
/// token is cancelled the plugin's instance or message has ended: the question goes away unanswered. A plugin has at most one
/// question open.
/// </remarks>
public interface IUserPrompts
{
    /// <summary>Asks a question of yes or no; false when it is dismissed.</summary>
    Task<bool> ConfirmAsync(PluginId plugin, string pluginName, string text, DangerLevel danger, CancellationToken cancellationToken);

    /// <summary>Asks to fill in fields, by <see cref="FormRules"/>.</summary>
    /// <returns>An object from field name to value, which the fields accept; null when it is dismissed.</returns>
    Task<JsonElement?> PromptAsync(PluginId plugin, string pluginName, string title, ImmutableArray<FormField> fields, CancellationToken cancellationToken);

    /// <summary>Shows a short text that goes away by itself.</summary>
    void Notify(PluginId plugin, string pluginName, string text, TextStyle style);

    /// <summary>Shows, in the host's own words, what became of a plugin by its own doing. No notice of a plugin pushes it out.</summary>
    /// <param name="plugin">Which.</param>
    /// <param name="pluginName">Its display name, which is its own text.</param>
    /// <param name="what">Goes on after its name, such as <c>is suspended: …</c>.</param>
    /// <param name="hint">What to do next.</param>
    /// <param name="style">How bad it is.</param>
    void Tell(PluginId plugin, string pluginName, string what, string hint, TextStyle style);

    /// <summary>Shows how far something is.</summary>
    /// <param name="plugin">Whose.</param>
    /// <param name="pluginName">Its display name.</param>
    /// <param name="id">Names it among the plugin's own.</param>
    /// <param name="text">What it is.</param>
    /// <param name="value">From 0 to 1; null when there is no measure.</param>
    /// <param name="done">It has ended and goes away, because the plugin says so or has ended itself.</param>
    void Progress(PluginId plugin, string pluginName, string id, string text, double? value, bool done);

    /// <summary>Puts text, which has no control characters but tab and line feed, on the user's clipboard; false when there is none.</summary>
    bool Copy(PluginId plugin, string text);

    /// <summary>Has the user's browser open an address, and says so; false when there is none.</summary>
    /// <param name="plugin">Which asks for it.</param>
    /// <param name="pluginName">Its display name.</param>
    /// <param name="url"><c>http</c> or <c>https</c>, without a user name or password.</param>
    bool Browse(PluginId plugin, string pluginName, Uri url);

    /// <summary>Shows a tab of an object, or a page; false when it cannot be shown now.</summary>
    Task<bool> OpenAsync(Contributed<ViewContribution> view, ObjectReference? obj, CancellationToken cancellationToken);
}
