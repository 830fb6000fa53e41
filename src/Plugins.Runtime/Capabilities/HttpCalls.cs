using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Network;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The calls <c>http.fetch</c> and <c>http.listen</c>.</summary>
/// <param name="gateway">The way to servers.</param>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="limits">The sandbox's.</param>
internal sealed class HttpCalls(NetworkGateway gateway, Func<PluginPrincipal, PluginInstance?> instanceOf, SandboxLimits limits)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<HttpFetchRequest, HttpFetchAnswer>
        {
            Name = "http.fetch",
            Permission = "network.connect",
            Errors = [ErrorCode.Timeout, ErrorCode.Unavailable],
            Description = "Sends an HTTP request to a server and gives its answer, following redirects within the plugin's permissions.",
            Quota = QuotaClass.Network,
            IsAudited = true,
            Request = ContractJson.Default.HttpFetchRequest,
            Answer = ContractJson.Default.HttpFetchAnswer,
            Check = request => RequestRules.Check(request, limits),
            IsEscape = request => RequestRules.IsDisguised(request.Url),
            Demands = request => [Demand.Connect.To(new Uri(request.Url))],
            Target = request => NetworkGateway.TargetOf(new Uri(request.Url)),
            Handler = gateway.FetchAsync,
        },
        new HostCallRow<HttpListenRequest, Nothing>
        {
            Name = "http.listen",
            Permission = "network.listen",
            Errors = [ErrorCode.Conflict, ErrorCode.Unavailable],
            Description = "Takes HTTP requests on a port of the loopback interface, which arrive as `httpRequest` messages.",
            WhileStaged = StagedRule.Allowed,
            IsAudited = true,
            Request = ContractJson.Default.HttpListenRequest,
            Answer = ContractJson.Default.Nothing,
            Check = request => request.Port is > IPEndPoint.MinPort and <= IPEndPoint.MaxPort ? null : new Problem("port", $"is {request.Port}; it is from 1 to {IPEndPoint.MaxPort}"),
            Demands = request => [new Demand.Listen(request.Port)],
            Target = request => request.Port.ToString(CultureInfo.InvariantCulture),
            Handler = ListenAsync,
        },
    ];

    private async ValueTask<CallOutcome<Nothing>> ListenAsync(PluginPrincipal plugin, HttpListenRequest request, CancellationToken cancellationToken) =>
        instanceOf(plugin) is not { } instance ? new CallError(ErrorCode.Cancelled, "this plugin instance has ended")
        : await instance.Listens.AddAsync(request.Port, cancellationToken) is { } error ? error
        : new Nothing();
}
