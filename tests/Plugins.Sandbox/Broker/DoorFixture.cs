using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Tests.Broker;

/// <summary>A broker with three calls whose handlers count what reaches them, over a clock that stands still.</summary>
internal sealed class DoorFixture : IAsyncDisposable
{
    public static readonly PluginSession Session = new("prod", "ada", 1);

    private DoorFixture(SandboxLimits limits, IAuditFiles files, AuditReads reads)
    {
        Files = files;
        Limits = limits;
        Quotas = new QuotaLedger(limits, Time);
        Gestures = new GestureRegistry(limits, Time);
        Violations = new ViolationMonitor(limits, Time, Reports.Add);
        Audit = AuditLog.Begin(files, AuditLimits, Time, span => span.Fill(7), reads: reads);
        Broker = new CapabilityBroker(
            new BrokerOptions
            {
                Calls = Rows,
                Limits = limits,
                Quotas = Quotas,
                Gestures = Gestures,
                Violations = Violations,
                Audit = Audit,
                Time = Time,
                Bug = (_, bug) => Bugs.Add(bug),
                Deprecated = (_, warning) => Warnings.Add(warning),
            },
            Session);
    }

    public ManualTime Time { get; } = new();
    public AuditLimits AuditLimits { get; } = new();
    public SandboxLimits Limits { get; }
    public IAuditFiles Files { get; }
    public QuotaLedger Quotas { get; }
    public GestureRegistry Gestures { get; }
    public ViolationMonitor Violations { get; }
    public AuditLog Audit { get; }
    public CapabilityBroker Broker { get; }
    public List<ViolationReport> Reports { get; } = [];
    public List<Consequence> Consequences => [.. Reports.Select(report => report.Consequence).OfType<Consequence>()];
    public List<Exception> Bugs { get; } = [];
    public List<string> Warnings { get; } = [];
    public List<string> Reached { get; } = [];
    public Func<CancellationToken, Task<string>>? ReadHandler { get; set; }

    public static DoorFixture Open(SandboxLimits? limits = null, IAuditFiles? files = null, AuditReads reads = AuditReads.Counts) => new(limits ?? new SandboxLimits(), files ?? new AuditMemory(), reads);

    public static PluginPrincipal Plugin(string id = "acme.test", bool readOnly = false, bool unattended = false, params string[] verbs) => new()
    {
        Id = PluginId.Parse(id),
        Version = "1.0.0",
        Digest = "sha256-00",
        Session = Session,
        ReadOnly = readOnly,
        Granted = verbs.Length == 0 ? PermissionSet.None : new PermissionSet
        {
            Kubernetes = [new KubernetesRule { ApiGroups = [""], Resources = ["pods"], Verbs = [.. verbs], Unattended = unattended }],
        },
    };

    public Task<Answer> CallAsync(PluginPrincipal plugin, string name, string arguments, string? gesture = null, CancellationToken cancellationToken = default) =>
        Broker.InvokeAsync(plugin, new HostCall(name, Encoding.UTF8.GetBytes(arguments), gesture), cancellationToken).AsTask();

    public Task<Answer> GetPodAsync(PluginPrincipal plugin, string? gesture = null) => CallAsync(plugin, "pods.get", """{"resource":"pods","namespace":"shop","name":"cart"}""", gesture);

    public Task<Answer> DeletePodAsync(PluginPrincipal plugin, string? gesture = null) => CallAsync(plugin, "pods.delete", """{"resource":"pods","namespace":"shop","name":"cart"}""", gesture);

    public async Task<ImmutableArray<AuditEntry>> AuditedAsync()
    {
        await Audit.FlushAsync();
        return [.. AuditReader.Read(Files, new AuditFilter(), AuditLimits)];
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await Audit.DisposeAsync();
    }

    private ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<KubernetesGetRequest, LogWriteRequest>
        {
            Name = "pods.get",
            Description = "Reads.",
            Quota = QuotaClass.Kubernetes,
            Request = static () => ContractJson.Default.KubernetesGetRequest,
            Answer = static () => ContractJson.Default.LogWriteRequest,
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "get", r.Namespace)],
            Target = r => r.Name,
            Handler = async (_, r, cancellationToken) =>
            {
                Reached.Add($"get {r.Name}");
                return new LogWriteRequest { Message = ReadHandler is null ? "here" : await ReadHandler(cancellationToken) };
            },
        },
        new HostCallRow<KubernetesDeleteRequest, Nothing>
        {
            Name = "pods.delete",
            Description = "Writes.",
            IsWrite = true,
            Request = static () => ContractJson.Default.KubernetesDeleteRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "delete", r.Namespace)],
            Target = r => r.Name,
            Handler = (_, r, _) =>
            {
                Reached.Add($"delete {r.Name}");
                return ValueTask.FromResult<CallOutcome<Nothing>>(new Nothing());
            },
        },
        new HostCallRow<HostInfoRequest, Nothing>
        {
            Name = "old.full",
            Description = "Has no room, and will not for long.",
            Deprecated = new DeprecatedCall("1.1", "2.0", "use `pods.get`"),
            Request = static () => ContractJson.Default.HostInfoRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Handler = (_, _, _) => ValueTask.FromResult<CallOutcome<Nothing>>(new CallError(ErrorCode.QuotaExceeded, "3 things are kept already")),
        },
    ];
}
