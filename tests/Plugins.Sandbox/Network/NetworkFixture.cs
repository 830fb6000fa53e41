using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Network;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

/// <summary>A gateway whose names lead to loopback servers, over a clock that stands still.</summary>
internal sealed class NetworkFixture : IAsyncDisposable
{
    private readonly AuditMemory _auditFiles = new();
    private readonly AuditLog _audit;

    public NetworkFixture(SandboxLimits? limits = null, Func<NetworkOptions, NetworkOptions>? configure = null, Uri? apiServer = null)
    {
        _audit = AuditLog.Begin(_auditFiles, new AuditLimits(), Time, span => span.Clear());
        var network = new NetworkOptions { Resolve = ResolveAsync, Secret = (_, name) => Secrets.GetValueOrDefault(name) };
        limits ??= new SandboxLimits();
        Violations = new ViolationMonitor(limits, Time, _ => { });
        Gateway = new NetworkGateway(new NetworkGatewayOptions
        {
            Network = configure?.Invoke(network) ?? network,
            Cluster = new NetworkCluster { ApiServer = () => apiServer, Token = (_, _) => ValueTask.FromResult<string?>("cluster-token") },
            Limits = limits,
            Quotas = new QuotaLedger(limits, Time),
            Violations = Violations,
            Audit = _audit,
            Time = Time,
        });
    }

    public ManualTime Time { get; } = new();
    public NetworkGateway Gateway { get; }
    public ViolationMonitor Violations { get; }
    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>Where names lead; those that are not here lead to 127.0.0.1.</summary>
    public Dictionary<string, Func<IPAddress[]>> Names { get; } = [];

    public List<string> Resolved { get; } = [];

    /// <summary>Takes the check of addresses away.</summary>
    public static NetworkOptions WithoutAddressCheck(NetworkOptions options) => options with { Permits = (_, _) => true };

    public static PluginPrincipal Plugin(params ConnectRule[] rules) => Plugin("acme.test", rules);

    public static PluginPrincipal Plugin(string id, params ConnectRule[] rules) => new()
    {
        Id = PluginId.Parse(id),
        Version = "1.0.0",
        Digest = "sha256-00",
        Session = new PluginSession("prod", "ada", 1),
        ReadOnly = false,
        Granted = new PermissionSet { Network = new() { Connect = [.. rules] } },
    };

    public static ConnectRule To(string origin, string? credentials = null) => new() { Origin = OriginPattern.Parse(origin), Credentials = credentials };

    /// <summary>A plugin whose user has set <c>url</c>.</summary>
    public static PluginPrincipal PluginWithSetting(string url, string id = "acme.test", string? credentials = null) =>
        Plugin(id, new ConnectRule { FromSetting = "url", Credentials = credentials }) with { Setting = name => name == "url" ? url : null };

    public async Task<CallOutcome<HttpFetchAnswer>> FetchAsync(PluginPrincipal plugin, HttpFetchRequest request, CancellationToken cancellationToken = default)
    {
        Assert.Null(RequestRules.Check(request, new SandboxLimits()));
        return await Gateway.FetchAsync(plugin, request, null, cancellationToken);
    }

    /// <summary>The text of an answer, or the code of a refusal and its message.</summary>
    public async Task<string> GetAsync(PluginPrincipal plugin, string url) => Show(await FetchAsync(plugin, new HttpFetchRequest { Url = url }));

    public static string Show(CallOutcome<HttpFetchAnswer> outcome) => outcome switch
    {
        CallOutcome<HttpFetchAnswer>.Done done => done.Answer.Body is { } body ? Encoding.UTF8.GetString(body.Bytes.Span) : "",
        CallOutcome<HttpFetchAnswer>.Failed failed => $"{failed.Error.Code}: {failed.Error.Message}",
        _ => throw new InvalidOperationException(),
    };

    public static void AssertRefused(string expected, string shown) => Assert.StartsWith(expected, shown, StringComparison.Ordinal);

    public async Task<ImmutableArray<AuditEntry>> AuditedAsync()
    {
        await _audit.FlushAsync();
        return [.. AuditReader.Read(_auditFiles, new AuditFilter(), new AuditLimits())];
    }

    public async ValueTask DisposeAsync()
    {
        Gateway.Dispose();
        await _audit.DisposeAsync();
    }

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        lock (Resolved) Resolved.Add(host);
        return host == "nowhere.test" ? throw new SocketException((int)SocketError.HostNotFound)
            : Task.FromResult(Names.TryGetValue(host.TrimEnd('.'), out var addresses) ? addresses() : [IPAddress.Loopback]);
    }
}
