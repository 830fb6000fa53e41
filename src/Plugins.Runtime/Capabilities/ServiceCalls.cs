using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Services;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary><c>services.call</c>: one plugin asks another, which answers by its own rights.</summary>
/// <remarks>The message carries no gesture: what the user started was the caller's, so the callee may write only unattended.</remarks>
/// <param name="actorOf">The actor of an enabled plugin; null for any other.</param>
/// <param name="audit">Where each call is written with both plugins.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">The runtime's.</param>
internal sealed class ServiceCalls(Func<PluginId, PluginActor?> actorOf, AuditLog audit, TimeProvider time, RuntimeLimits limits)
{
    private readonly OpenCalls _open = new(limits);

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<ServicesCallRequest, ServicesCallAnswer>
        {
            Name = "services.call",
            Permission = "services.call",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Timeout, ErrorCode.Unavailable],
            Description = "Asks another plugin's service, which is started for it when it does not run.",
            Request = static () => ContractJson.Default.ServicesCallRequest,
            Answer = static () => ContractJson.Default.ServicesCallAnswer,
            Check = Check,
            Demands = request => [new Demand.CallService(request.Service)],
            Target = request => request.Service,
            Handler = CallAsync,
        },
    ];

    private Problem? Check(ServicesCallRequest request)
    {
        if (!TrySplit(request.Service, out _, out _)) return new Problem("service", $"is `{(request.Service.Length <= 100 ? request.Service : request.Service[..100] + "…")}`; expected a plugin and its service", "write `acme.timeseries/downsample`");
        var most = (int)limits.ServiceDeadline.TotalMilliseconds;
        return request.TimeoutMs is < 1 || request.TimeoutMs > most ? new Problem("timeoutMs", $"is {request.TimeoutMs}; expected 1 to {most}") : null;
    }

    private static bool TrySplit(string service, out PluginId plugin, [NotNullWhen(true)] out string? name)
    {
        var slash = service.IndexOf('/', StringComparison.Ordinal);
        name = slash > 0 && slash < service.Length - 1 ? service[(slash + 1)..] : null;
        plugin = default;
        return name is not null && PluginId.TryParse(service[..slash], out plugin);
    }

    private async ValueTask<CallOutcome<ServicesCallAnswer>> CallAsync(PluginPrincipal caller, ServicesCallRequest request, CancellationToken cancellationToken)
    {
        if (!TrySplit(request.Service, out var id, out var name)) throw new InvalidOperationException($"`{request.Service}` was checked before.");
        if (actorOf(id) is not { } callee) return new CallError(ErrorCode.NotFound, $"{id} is not installed, or not enabled");
        var manifest = callee.Plugin.Manifest;
        if (!manifest.Exports.Services.TryGetValue(name, out var service)) return new CallError(ErrorCode.NotFound, NoSuchService(manifest, name));
        if (service.Input.Check(request.Input) is [var wrong, ..]) return new CallError(ErrorCode.Invalid, $"`{request.Service}` does not take this: {wrong.Under("input")}");
        using var open = _open.TryBegin(caller.Id, id, out var refusal);
        if (open is null) return refusal!;
        var outcome = await AskAsync(caller, callee, name, request, cancellationToken);
        audit.Record(new AuditEvent
        {
            Plugin = id,
            Version = manifest.Version.ToString(),
            Digest = callee.Plugin.Entry.Digest.ToString(),
            Call = "service",
            Target = $"{name} for {caller.Id} {caller.Version}",
            Decision = outcome is CallOutcome<ServicesCallAnswer>.Done ? AuditDecision.Done : AuditDecision.Failed,
            Reason = outcome is CallOutcome<ServicesCallAnswer>.Failed failed ? $"{failed.Error.Code}: {failed.Error.Message}" : null,
        });
        return outcome;
    }

    private static string NoSuchService(PluginManifest manifest, string name)
    {
        var near = NearestName.Of(name, manifest.Exports.Services.Keys);
        return $"{manifest.Id} {manifest.Version} has no service `{name}`{(near is null ? "" : $"\nhint: did you mean `{near}`?")}";
    }

    /// <remarks>How long the caller waits is its own affair: only the host's deadline, the same for every caller, makes a slow service a fault.</remarks>
    private async Task<CallOutcome<ServicesCallAnswer>> AskAsync(PluginPrincipal caller, PluginActor callee, string name, ServicesCallRequest request, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(new ServicePayload { Service = name, Caller = caller.Id, Input = request.Input }, ContractJson.Default.ServicePayload);
        var patience = request.TimeoutMs is { } asked ? TimeSpan.FromMilliseconds(asked) : limits.ServiceDeadline;
        using var late = new CancellationTokenSource(patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        Reply reply;
        try
        {
            reply = await callee.AskAsync($"onService:{name}", new Request(MessageType.Service, payload, limits.ServiceDeadline), ends.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Late();
        }
        cancellationToken.ThrowIfCancellationRequested();
        return reply switch
        {
            Reply.Failed when late.IsCancellationRequested => Late(),
            Reply.Failed { Failure: { } failure } => new CallError(
                failure.Code == "deadline" ? ErrorCode.Timeout : ErrorCode.Unavailable, $"`{request.Service}` failed: {failure.Code}: {failure.Message}"),
            Reply.Answered answered => Read(answered, name, request.Service),
            _ => throw new InvalidOperationException($"A message ended in {reply}."),
        };

        CallError Late() => new(ErrorCode.Timeout, $"`{request.Service}` did not answer within {patience.TotalMilliseconds:0} ms");
    }

    private static CallOutcome<ServicesCallAnswer> Read(Reply.Answered answered, string name, string service)
    {
        // Another version may have taken over while the call waited: what answered is held to its own schema.
        var schema = answered.Instance.Plugin.Manifest.Exports.Services.GetValueOrDefault(name)?.Output;
        var problem = !StrictJson.Read(answered.Json.Span, ContractJson.Default.JsonElement).TryGet(out var output, out var problems) ? problems[0]
            : schema?.Check(output) is [var wrong, ..] ? wrong
            : null;
        if (problem is null) return new ServicesCallAnswer { Output = output };
        answered.Instance.Reject($"the answer of the service `{name}` is not what its `output` says: {problem.Under("output")}");
        return new CallError(ErrorCode.Unavailable, $"`{service}` failed: its answer is not what it says it answers: {problem.Under("output")}");
    }
}
