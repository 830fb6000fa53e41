using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The <c>ui.*</c> calls that reach the user: notices, questions, progress, and what is looked at.</summary>
/// <param name="screen">Has the way to the user.</param>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="limits">The runtime's.</param>
internal sealed class UserCalls(ExtensionPoints screen, Func<PluginPrincipal, PluginInstance?> instanceOf, RuntimeLimits limits)
{
    private readonly ProgressItems _progress = new(limits.ProgressItems);

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<UiNotifyRequest, Nothing>
        {
            Name = "ui.notify",
            WhileStaged = StagedRule.Recorded,
            Description = "Shows a short text that goes away by itself.",
            Quota = QuotaClass.Attention,
            Request = static () => ContractJson.Default.UiNotifyRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = request => CheckText("text", request.Text),
            Handler = Notify,
        },
        new HostCallRow<UiConfirmRequest, UiConfirmAnswer>
        {
            Name = "ui.confirm",
            Errors = [ErrorCode.Conflict, ErrorCode.Unavailable],
            Description = "Asks the user a question of yes or no.",
            Quota = QuotaClass.Attention,
            NeedsGesture = true,
            WaitsForUser = true,
            Request = static () => ContractJson.Default.UiConfirmRequest,
            Answer = static () => ContractJson.Default.UiConfirmAnswer,
            Check = request => CheckText("text", request.Text),
            Handler = ConfirmAsync,
        },
        new HostCallRow<UiPromptRequest, UiPromptAnswer>
        {
            Name = "ui.prompt",
            Errors = [ErrorCode.Conflict, ErrorCode.Unavailable],
            Description = "Asks the user to fill in fields.",
            Quota = QuotaClass.Attention,
            NeedsGesture = true,
            WaitsForUser = true,
            Request = static () => ContractJson.Default.UiPromptRequest,
            Answer = static () => ContractJson.Default.UiPromptAnswer,
            Check = request => CheckText("title", request.Title) ?? (request.Fields.IsEmpty ? new Problem("fields", "is empty") : FormRules.CheckFields(request.Fields, "fields")),
            Handler = PromptAsync,
        },
        new HostCallRow<UiOpenRequest, Nothing>
        {
            Name = "ui.open",
            Errors = [ErrorCode.NotFound, ErrorCode.Unavailable],
            Description = "Shows a tab or page that the plugin contributes.",
            Quota = QuotaClass.Attention,
            NeedsGesture = true,
            Request = static () => ContractJson.Default.UiOpenRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Target = request => request.View,
            Handler = OpenAsync,
        },
        new HostCallRow<UiProgressRequest, Nothing>
        {
            Name = "ui.progress",
            WhileStaged = StagedRule.Recorded,
            Description = "Shows how far something is that goes on in the background.",
            Request = static () => ContractJson.Default.UiProgressRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = request => CheckText("id", request.Id) ?? CheckText("text", request.Text)
                ?? (request.Value is < 0 or > 1 ? new Problem("value", $"is {request.Value}; expected 0 to 1") : null),
            Handler = Progress,
        },
    ];

    private static CallError Ended => new(ErrorCode.Cancelled, "this plugin instance has ended");

    private Problem? CheckText(string key, string text) =>
        text.Length == 0 ? new Problem(key, "is empty")
        : text.Length > limits.PromptChars ? new Problem(key, $"has {text.Length} characters; at most {limits.PromptChars} are taken")
        : null;

    private ValueTask<CallOutcome<Nothing>> Notify(PluginPrincipal plugin, UiNotifyRequest request, CancellationToken cancellationToken)
    {
        if (instanceOf(plugin) is not { } instance) return Answered<Nothing>(Ended);
        screen.UserPrompts?.Notify(plugin.Id, NameOf(instance), request.Text, request.Style);
        return Answered<Nothing>(new Nothing());
    }

    private ValueTask<CallOutcome<Nothing>> Progress(PluginPrincipal plugin, UiProgressRequest request, CancellationToken cancellationToken)
    {
        if (instanceOf(plugin) is not { } instance) return Answered<Nothing>(Ended);
        var refused = screen.UserPrompts is { } prompts ? _progress.Show(instance, NameOf(instance), prompts, request) : null;
        return Answered<Nothing>(refused is null ? new Nothing() : refused);
    }

    private ValueTask<CallOutcome<UiConfirmAnswer>> ConfirmAsync(PluginPrincipal plugin, UiConfirmRequest request, CancellationToken cancellationToken) =>
        AskAsync(
            plugin,
            async (prompts, name, ends) => new UiConfirmAnswer { Confirmed = await prompts.ConfirmAsync(plugin.Id, name, request.Text, request.Danger, ends) },
            cancellationToken);

    private ValueTask<CallOutcome<UiPromptAnswer>> PromptAsync(PluginPrincipal plugin, UiPromptRequest request, CancellationToken cancellationToken) =>
        AskAsync(
            plugin,
            async (prompts, name, ends) =>
            {
                var values = await prompts.PromptAsync(plugin.Id, name, request.Title, request.Fields, ends);
                if (values is not null && FormRules.CheckValues(request.Fields, values) is [var problem, ..])
                    throw new InvalidOperationException($"The screen took values that the prompt's fields do not: {problem}");
                return new UiPromptAnswer { Values = values };
            },
            cancellationToken);

    /// <summary>Asks the user; the question ends with the message and with the instance, whatever the screen does.</summary>
    private async ValueTask<CallOutcome<T>> AskAsync<T>(PluginPrincipal plugin, Func<IUserPrompts, string, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (instanceOf(plugin) is not { } instance) return Ended;
        if (screen.UserPrompts is not { } prompts) return new CallError(ErrorCode.Unavailable, "there is no screen to ask the user on");
        if (!instance.UserWait.TryBegin()) return new CallError(ErrorCode.Conflict, "another question of this plugin is open");
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, instance.Ended);
        try
        {
            return await ask(prompts, NameOf(instance), ends.Token).WaitAsync(ends.Token);
        }
        catch (OperationCanceledException) when (instance.Ended.IsCancellationRequested)
        {
            return Ended;
        }
        finally
        {
            instance.UserWait.End();
        }
    }

    private async ValueTask<CallOutcome<Nothing>> OpenAsync(PluginPrincipal plugin, UiOpenRequest request, CancellationToken cancellationToken)
    {
        if (instanceOf(plugin) is null) return Ended;
        if (screen.Contributions.Views.FirstOrDefault(v => v.Plugin == plugin.Id && v.Contribution.Id == request.View) is not { } view)
            return new CallError(ErrorCode.NotFound, $"this plugin contributes no view `{request.View}`");
        if (CheckOpen(view.Contribution, request.Object) is { } wrong) return new CallError(ErrorCode.Invalid, wrong.ToString());
        return screen.UserPrompts is { } prompts && await prompts.OpenAsync(view, request.Object, cancellationToken)
            ? new Nothing()
            : new CallError(ErrorCode.Unavailable, "the view cannot be shown now");
    }

    private static Problem? CheckOpen(ViewContribution view, ObjectReference? obj) => view switch
    {
        TabContribution tab when obj is null => new Problem("object", "is missing", $"name the {tab.Resource} whose tab is meant"),
        TabContribution tab => new GroupKind(obj.Group, obj.Kind) is var kind && tab.IsOf(kind) ? null : new Problem("object", $"is a {kind}; the tab is one of {tab.Resource}"),
        PageContribution => obj is null ? null : new Problem("object", "is there, but a page has none"),
        _ => new Problem("view", "is neither a tab nor a page"),
    };

    private static string NameOf(PluginInstance instance) => instance.Plugin.Manifest.DisplayName;

    private static ValueTask<CallOutcome<T>> Answered<T>(CallOutcome<T> outcome) => ValueTask.FromResult(outcome);
}
