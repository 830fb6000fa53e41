using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Cli.Commands.Agent;

/// <summary>The user of a LazyOC without a screen: what is shown goes to the log, and no question is answered with yes.</summary>
internal sealed class NobodyThere(AgentLog log) : IUserPrompts
{
    public Task<bool> ConfirmAsync(PluginId plugin, string pluginName, string text, DangerLevel danger, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<JsonElement?> PromptAsync(PluginId plugin, string pluginName, string title, ImmutableArray<FormField> fields, CancellationToken cancellationToken) => Task.FromResult<JsonElement?>(null);

    public void Notify(PluginId plugin, string pluginName, string text, TextStyle style) => log.Write(plugin, LevelOf(style), text);

    public void Tell(PluginId plugin, string pluginName, string what, string hint, TextStyle style) => log.Write(plugin, LevelOf(style), $"{what}; {hint}");

    public void Progress(PluginId plugin, string pluginName, string id, string text, double? value, bool done)
    {
        if (done) log.Write(plugin, PluginLogLevel.Info, $"{text}: done");
    }

    public bool Copy(PluginId plugin, string text) => false;

    public bool Browse(PluginId plugin, string pluginName, Uri url) => false;

    public Task<bool> OpenAsync(Contributed<ViewContribution> view, ObjectReference? obj, CancellationToken cancellationToken) => Task.FromResult(false);

    private static PluginLogLevel LevelOf(TextStyle style) => style switch
    {
        TextStyle.Error => PluginLogLevel.Error,
        TextStyle.Warn => PluginLogLevel.Warn,
        _ => PluginLogLevel.Info,
    };
}
