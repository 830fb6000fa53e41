using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests;

/// <summary>A user who notes what is shown and answers when a test says so.</summary>
internal sealed class ScriptedUser : IUserPrompts
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with what the user answers; not before a test sets it.</summary>
    public TaskCompletionSource<JsonElement?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the user answers to a question at once; without it <see cref="Answer"/> counts.</summary>
    public Func<string, JsonElement?>? Reply { get; set; }

    public ConcurrentQueue<string> Shown { get; } = [];

    /// <summary>The first question is on the screen.</summary>
    public Task Asked => _asked.Task;

    /// <summary>The token of the latest question.</summary>
    public CancellationToken Ends { get; private set; }

    public async Task<bool> ConfirmAsync(PluginId plugin, string pluginName, string text, DangerLevel danger, CancellationToken cancellationToken) =>
        (await AskAsync($"{pluginName}: {text} ({danger})", cancellationToken))?.GetBoolean() ?? false;

    public Task<JsonElement?> PromptAsync(PluginId plugin, string pluginName, string title, ImmutableArray<FormField> fields, CancellationToken cancellationToken) =>
        AskAsync($"{pluginName}: {title} [{string.Join(", ", fields.Select(f => f.Name))}]", cancellationToken);

    public void Notify(PluginId plugin, string pluginName, string text, TextStyle style) => Shown.Enqueue($"{pluginName}: {text} ({style})");

    public void Tell(PluginId plugin, string pluginName, string what, string hint, TextStyle style) => Shown.Enqueue($"{plugin} ({pluginName}) {what} ({style})");

    public void Progress(PluginId plugin, string pluginName, string id, string text, double? value, bool done) => Shown.Enqueue($"{id} {text}{(done ? " done" : "")}");

    public bool Copy(PluginId plugin, string text)
    {
        Shown.Enqueue($"copied {text}");
        return true;
    }

    /// <summary>Whether there is a browser.</summary>
    public bool HasBrowser { get; set; } = true;

    public bool Browse(PluginId plugin, string pluginName, Uri url)
    {
        if (HasBrowser) Shown.Enqueue($"{pluginName} opened {url.AbsoluteUri}");
        return HasBrowser;
    }

    public Task<bool> OpenAsync(Contributed<ViewContribution> view, ObjectReference? obj, CancellationToken cancellationToken)
    {
        Shown.Enqueue($"{view.Contribution.Id} of {obj?.Name ?? "nothing"}");
        return Task.FromResult(true);
    }

    private Task<JsonElement?> AskAsync(string question, CancellationToken cancellationToken)
    {
        Shown.Enqueue(question);
        Ends = cancellationToken;
        _asked.TrySetResult();
        // A screen that forgets about the token must not keep the plugin waiting.
        return Reply is { } reply ? Task.FromResult(reply(question)) : Answer.Task;
    }
}
