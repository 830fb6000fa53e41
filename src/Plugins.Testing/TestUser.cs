using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Testing;

/// <summary>A user who answers as the options say, at once, and notes what is shown.</summary>
internal sealed class TestUser(HarnessOptions options) : IUserPrompts
{
    private readonly Lock _gate = new();
    private ImmutableArray<ShownText> _shown = [];

    public ImmutableArray<ShownText> Shown
    {
        get { lock (_gate) return _shown; }
    }

    public Task<bool> ConfirmAsync(PluginId plugin, string pluginName, string text, DangerLevel danger, CancellationToken cancellationToken)
    {
        Note(new ShownText("confirm", text));
        return Task.FromResult(options.Confirms);
    }

    public Task<JsonElement?> PromptAsync(PluginId plugin, string pluginName, string title, ImmutableArray<FormField> fields, CancellationToken cancellationToken)
    {
        Note(new ShownText("prompt", title));
        return Task.FromResult(options.Filled);
    }

    public void Notify(PluginId plugin, string pluginName, string text, TextStyle style) => Note(new ShownText("notify", text, style));

    public void Tell(PluginId plugin, string pluginName, string what, string hint, TextStyle style) => Note(new ShownText("tell", what, style));

    public void Progress(PluginId plugin, string pluginName, string id, string text, double? value, bool done) => Note(new ShownText("progress", text));

    public bool Copy(PluginId plugin, string text)
    {
        Note(new ShownText("copy", text));
        return true;
    }

    public bool Browse(PluginId plugin, string pluginName, Uri url)
    {
        Note(new ShownText("browse", url.AbsoluteUri));
        return true;
    }

    public Task<bool> OpenAsync(Contributed<ViewContribution> view, ObjectReference? obj, CancellationToken cancellationToken)
    {
        Note(new ShownText("open", view.Contribution.Id));
        return Task.FromResult(true);
    }

    private void Note(ShownText shown)
    {
        lock (_gate) _shown = _shown.Add(shown);
    }
}
