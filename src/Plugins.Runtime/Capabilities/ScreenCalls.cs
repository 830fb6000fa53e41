using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The <c>ui.*</c> calls: a plugin changes what it contributes, and nothing else on the screen.</summary>
/// <param name="screen">What the plugins contribute.</param>
/// <param name="isCurrent">Whether a principal's instance is the one that runs.</param>
internal sealed class ScreenCalls(ExtensionPoints screen, Func<PluginPrincipal, bool> isCurrent)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<UiStatusRequest, Nothing>
        {
            Name = "ui.status",
            Description = "Sets the text of a status item that the plugin contributes.",
            Request = ContractJson.Default.UiStatusRequest,
            Answer = ContractJson.Default.Nothing,
            Target = request => request.Item,
            Handler = (plugin, request, _) => Answer(plugin, () => screen.Status.TrySet(plugin.Id, request.Item, request.Text, request.Style), $"this plugin contributes no status item `{request.Item}`"),
        },
        new HostCallRow<UiUpdateRequest, Nothing>
        {
            Name = "ui.update",
            Description = "Replaces the content of one open view that the plugin contributes.",
            Request = ContractJson.Default.UiUpdateRequest,
            Answer = ContractJson.Default.Nothing,
            Check = request => ViewReader.Check(request.Content) is [var problem, ..] ? problem : null,
            Target = request => request.Instance,
            Handler = (plugin, request, _) => Answer(plugin, () => screen.TryUpdate(plugin.Id, request.Instance, request.Content), "no view of this plugin is open under that instance"),
        },
    ];

    // What an instance that was stopped still says must not be shown.
    private ValueTask<CallOutcome<Nothing>> Answer(PluginPrincipal plugin, Func<bool> tryShow, string otherwise) =>
        ValueTask.FromResult<CallOutcome<Nothing>>(
            !isCurrent(plugin) ? new CallError(ErrorCode.Cancelled, "this plugin instance has ended")
            : tryShow() ? new Nothing()
            : new CallError(ErrorCode.NotFound, otherwise));
}
