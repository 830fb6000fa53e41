using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The calls that reach what is on this computer: <c>clipboard.write</c> and <c>audit.read</c>.</summary>
/// <param name="screen">Has the way to the user's clipboard.</param>
/// <param name="audit">Of every plugin.</param>
/// <param name="isCurrent">Whether a principal's instance is the one that runs.</param>
/// <param name="limits">The runtime's.</param>
internal sealed class LocalCalls(ExtensionPoints screen, AuditLog audit, Func<PluginPrincipal, bool> isCurrent, RuntimeLimits limits)
{
    private const int DefaultEntries = 100;

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<ClipboardWriteRequest, Nothing>
        {
            Name = "clipboard.write",
            Permission = "clipboard",
            Errors = [ErrorCode.Unavailable],
            Description = "Puts text on the user's clipboard.",
            Quota = QuotaClass.Attention,
            NeedsGesture = true,
            Request = static () => ContractJson.Default.ClipboardWriteRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Demands = _ => [new Demand.WriteClipboard()],
            Check = request => CheckText(Encoding.UTF8.GetByteCount(request.Text)),
            Handler = CopyAsync,
        },
        new HostCallRow<AuditReadRequest, AuditReadAnswer>
        {
            Name = "audit.read",
            Permission = "audit",
            WhileStaged = StagedRule.Allowed,
            Description = "What plugins did and were refused in this LazyOC.",
            Request = static () => ContractJson.Default.AuditReadRequest,
            Answer = static () => ContractJson.Default.AuditReadAnswer,
            Demands = _ => [new Demand.ReadAudit()],
            Check = request => request.Limit is null || (request.Limit >= 1 && request.Limit <= limits.AuditEntries) ? null : new Problem("limit", $"is {request.Limit}; expected 1 to {limits.AuditEntries}"),
            Handler = (_, request, _) => ValueTask.FromResult<CallOutcome<AuditReadAnswer>>(Read(request)),
        },
    ];

    private ValueTask<CallOutcome<Nothing>> CopyAsync(PluginPrincipal plugin, ClipboardWriteRequest request, CancellationToken cancellationToken)
    {
        CallOutcome<Nothing> outcome =
            !isCurrent(plugin) ? new CallError(ErrorCode.Cancelled, "this plugin instance has ended")
            : screen.UserPrompts is not { } prompts ? new CallError(ErrorCode.Unavailable, "there is no screen with a clipboard")
            : prompts.Copy(plugin.Id, Printable(request.Text)) ? new Nothing()
            : new CallError(ErrorCode.Unavailable, "the clipboard cannot be reached now");
        return ValueTask.FromResult(outcome);
    }

    private Problem? CheckText(int bytes) =>
        bytes <= limits.ClipboardBytes ? null : new Problem("text", $"has {bytes:N0} bytes; at most {limits.ClipboardBytes:N0} are taken");

    // What is pasted into a shell must not be more than one sees.
    private static string Printable(string text) => string.Concat(text.Where(c => c is '\t' or '\n' || !char.IsControl(c)));

    private AuditReadAnswer Read(AuditReadRequest request)
    {
        var page = audit.ReadRecent(request.After ?? 0, request.Plugin, request.Limit ?? DefaultEntries);
        return new AuditReadAnswer
        {
            Entries = [.. page.Lines.Select(AuditEvents.EntryOf)],
            Cursor = page.Cursor,
            Lost = page.Lost,
        };
    }
}
