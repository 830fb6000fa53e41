using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>The real broker, with one capability that does nothing and quotas out of the way.</summary>
internal sealed class BenchDoor : IAsyncDisposable
{
    private static readonly PluginSession Session = new("bench", "bench", 1);

    private readonly AuditLog _audit;
    private readonly CapabilityBroker _broker;
    private readonly PluginPrincipal _plugin = new()
    {
        Id = PluginId.Parse("lazyoc.bench"),
        Version = "1.0.0",
        Digest = "",
        Session = Session,
        Granted = PermissionSet.None,
        ReadOnly = false,
    };

    public BenchDoor()
    {
        var time = TimeProvider.System;
        var limits = new SandboxLimits { HostCalls = new QuotaRate(1e9, 1e9) };
        _audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), time, RandomNumberGenerator.Fill);
        _broker = new CapabilityBroker(
            new BrokerOptions
            {
                Calls = [new HostCallRow<UiStatusRequest, Nothing>
                {
                    Name = "ui.status",
                    Description = "Does nothing.",
                    Request = static () => ContractJson.Default.UiStatusRequest,
                    Answer = static () => ContractJson.Default.Nothing,
                    AnswersAtOnce = true,
                    Handler = (_, _, _) => ValueTask.FromResult<CallOutcome<Nothing>>(new Nothing()),
                }],
                Limits = limits,
                Quotas = new QuotaLedger(limits, time),
                Gestures = new GestureRegistry(limits, time),
                Violations = new ViolationMonitor(limits, time, _ => { }),
                Audit = _audit,
                Time = time,
                Bug = (call, error) => throw new InvalidOperationException(call, error),
            },
            Session);
    }

    public bool AnswersAtOnce(string call) => _broker.AnswersAtOnce(call);

    public ValueTask<Answer> InvokeAsync(HostCall call, CancellationToken cancellationToken) => _broker.InvokeAsync(_plugin, call, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _audit.DisposeAsync();
    }
}
