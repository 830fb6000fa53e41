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
/// <param name="limits">What a view may hold.</param>
internal sealed class ScreenCalls(ExtensionPoints screen, Func<PluginPrincipal, bool> isCurrent, ViewLimits limits)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<UiStatusRequest, Nothing>
        {
            Name = "ui.status",
            AnswersAtOnce = true,
            Errors = [ErrorCode.NotFound],
            WhileStaged = StagedRule.Recorded,
            Description = "Sets the text of a status item that the plugin contributes.",
            Request = static () => ContractJson.Default.UiStatusRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Target = request => request.Item,
            Handler = (plugin, request, _) => Answer(plugin, () => screen.Status.TrySet(plugin.Id, request.Item, request.Text, request.Style)
                ? null
                : new CallError(ErrorCode.NotFound, $"this plugin contributes no status item `{request.Item}`")),
        },
        new HostCallRow<UiUpdateRequest, Nothing>
        {
            Name = "ui.update",
            AnswersAtOnce = true,
            Errors = [ErrorCode.NotFound],
            WhileStaged = StagedRule.Recorded,
            Description = "Gives one open view that the plugin contributes new content, whole or by patches.",
            Request = static () => ContractJson.Default.UiUpdateRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = CheckUpdate,
            Target = request => request.Instance,
            Handler = (plugin, request, _) => Answer(plugin, () => screen.Update(plugin.Id, request)),
        },
    ];

    private Problem? CheckUpdate(UiUpdateRequest request)
    {
        if (request.Content is null == request.Patches.IsEmpty)
            return new Problem("content", request.Content is null ? "is missing, and there are no `patches`" : "and `patches` are both there", "send one of them");
        if (request.Content is { } content) return ViewReader.Check(content, limits) is [var problem, ..] ? problem : null;
        if (request.Patches.Length > limits.MaxPatches) return new Problem("patches", $"has {request.Patches.Length} entries; at most {limits.MaxPatches} are taken");
        for (var i = 0; i < request.Patches.Length; i++)
            if (ViewReader.Check(request.Patches[i].Placed, limits) is [var wrong, ..]) return wrong with { Where = $"patches[{i}].node{(wrong.Where.Length == 0 ? "" : "." + wrong.Where)}" };
        return null;
    }

    // What an instance that was stopped still says must not be shown.
    private ValueTask<CallOutcome<Nothing>> Answer(PluginPrincipal plugin, Func<CallError?> show) =>
        ValueTask.FromResult<CallOutcome<Nothing>>(
            !isCurrent(plugin) ? new CallError(ErrorCode.Cancelled, "this plugin instance has ended")
            : show() is { } error ? error
            : new Nothing());
}
