using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Details;

/// <summary>
/// Tells plugins what the user does in their views: what is dangerous is confirmed in the host's own frame first, and what
/// fails becomes a notice. Thread safe.
/// </summary>
internal sealed class ViewInputs(ScreenSession session, Dialogs dialogs)
{
    /// <summary>Returns at once; the answer is the view's next content.</summary>
    /// <param name="view">Whose view it is.</param>
    /// <param name="step">What the user did.</param>
    public void Send(ViewSession view, ViewStep.Input step) => _ = SendAsync(view, step);

    private async Task SendAsync(ViewSession view, ViewStep.Input step)
    {
        var plugin = new PluginMark(view.View.Plugin, view.View.PluginName);
        if (step.Danger != DangerLevel.None && !await dialogs.AskAsync(Question(view, step, plugin)))
            return;
        if (await view.InputAsync(step.Value) is InvocationResult.Faulted { Failure: var failure })
            dialogs.Notify(new Notice($"{step.What}: {failure.Code}: {failure.Message}", TextStyle.Error) { Hint = FaultView.Hint(failure), Plugin = plugin });
    }

    private Confirmation Question(ViewSession view, ViewStep.Input step, PluginMark plugin) => new()
    {
        Verb = "Run",
        What = view.Object is { } about ? $"what its view of {about.Kind} {about.Name} offers" : "what its view offers",
        Objects = view.Object is { } obj ? [obj.Name] : ImmutableArray<string>.Empty,
        Namespace = view.Object?.Namespace,
        Context = session.Cluster.Context,
        User = session.Cluster.User,
        Danger = step.Danger,
        Plugin = plugin,
        PluginText = step.What,
    };
}
