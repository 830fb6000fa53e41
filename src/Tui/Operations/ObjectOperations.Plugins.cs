using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.PluginViews;

namespace LazyOC.Tui.Operations;

/// <summary>Actions and commands of plugins: the host asks in its own words and frame, and the plugin is named.</summary>
internal sealed partial class ObjectOperations
{
    /// <summary>As <see cref="WhyNot(Operation, ResourceKind, string?)"/>, for an action that a plugin contributes.</summary>
    public string? WhyNot(ActionContribution action, ResourceKind kind, string? @namespace, int objects) =>
        objects > 1 && !action.Multiple ? "it works on one object at a time"
        : action.Verb is { } verb ? WhyNot(verb, kind, @namespace, null)
        : null;

    /// <summary>Runs a plugin's action on objects, after the user filled in its inputs and confirmed what is dangerous.</summary>
    public async Task RunPluginActionAsync(Contributed<ActionContribution> action, ResourceKind kind, ImmutableArray<ResourceRow> rows, CancellationToken cancellationToken = default)
    {
        var (targets, contribution, plugin) = (new Targets(kind, rows), action.Contribution, new PluginMark(action.Plugin, action.PluginName));
        if (_session.Extensions is not { } extensions || rows.IsEmpty || IsRefused($"cannot run `{contribution.Title}`", WhyNot(contribution, kind, targets.Namespace, rows.Length)))
            return;
        JsonElement? inputs = null;
        if (!contribution.Inputs.IsEmpty)
        {
            var prompt = new Prompt($"Run an action on {targets}", contribution.Inputs, "Run", contribution.Danger) { Plugin = plugin, PluginText = contribution.Title, Note = Where(targets) };
            inputs = await _dialogs.AskAsync(prompt, cancellationToken);
            if (inputs is null)
                return;
        }
        if (contribution.Danger != DangerLevel.None
            && !await _dialogs.AskAsync(Ask("Run", targets, contribution.Danger) with { What = $"an action on {targets}", Plugin = plugin, PluginText = contribution.Title }, cancellationToken))
            return;
        await TellAsync(plugin, contribution.Title, () => extensions.RunActionAsync(contribution.Id, targets.References, inputs, cancellationToken));
    }

    /// <summary>Runs a plugin's command, after the user filled in its inputs.</summary>
    public async Task RunPluginCommandAsync(Contributed<CommandContribution> command, CancellationToken cancellationToken = default)
    {
        var (contribution, plugin) = (command.Contribution, new PluginMark(command.Plugin, command.PluginName));
        if (_session.Extensions is not { } extensions)
            return;
        JsonElement? inputs = null;
        if (!contribution.Inputs.IsEmpty)
        {
            inputs = await _dialogs.AskAsync(new Prompt("Run a command", contribution.Inputs, "Run") { Plugin = plugin, PluginText = contribution.Title }, cancellationToken);
            if (inputs is null)
                return;
        }
        await TellAsync(plugin, contribution.Title, () => extensions.RunCommandAsync(contribution.Id, inputs, cancellationToken));
    }

    /// <summary>Tells that a plugin is at work, and what came of it.</summary>
    private async Task TellAsync(PluginMark plugin, string title, Func<Task<InvocationResult>> run)
    {
        var id = $"run-{Guid.NewGuid():N}";
        _dialogs.Notify(new Notice($"{title} …") { Plugin = plugin, Id = id, Lasts = true });
        var last = new Notice($"{title}: cancelled", TextStyle.Warn);
        try
        {
            last = await run() is InvocationResult.Faulted { Failure: var failure }
                ? new Notice($"{title}: {failure.Code}: {failure.Message}", TextStyle.Error) { Hint = FaultView.Hint(failure) }
                : new Notice($"{title}: done", TextStyle.Ok);
        }
        catch (ArgumentException)
        {
            last = new Notice($"{title}: its plugin is not there any more", TextStyle.Warn) { Hint = "it was removed or disabled meanwhile" };
        }
        finally
        {
            _dialogs.Notify(last with { Plugin = plugin, Id = id });
        }
    }
}
