using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Network;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The calls <c>http.fetch</c>, <c>http.listen</c> and <c>ui.browse</c>.</summary>
/// <param name="gateway">The way to servers.</param>
/// <param name="screen">Has the way to the user's browser.</param>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="limits">The sandbox's.</param>
/// <param name="files">Bounds of paths.</param>
/// <param name="work">Where the disk is waited for.</param>
internal sealed class HttpCalls(NetworkGateway gateway, ExtensionPoints screen, Func<PluginPrincipal, PluginInstance?> instanceOf, SandboxLimits limits, FileLimits files, TaskScheduler work)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<HttpFetchRequest, HttpFetchAnswer>
        {
            Name = "http.fetch",
            Permission = "network.connect; with saveTo, files below /mnt too",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Timeout, ErrorCode.Unavailable],
            Description = "Sends an HTTP request to a server and gives its answer, following redirects within the plugin's permissions.",
            Quota = QuotaClass.Network,
            IsAudited = true,
            Request = static () => ContractJson.Default.HttpFetchRequest,
            Answer = static () => ContractJson.Default.HttpFetchAnswer,
            Check = request => RequestRules.Check(request, limits) ?? CheckSaveTo(request),
            IsEscape = request => RequestRules.IsDisguised(request.Url) || (request.SaveTo is { } path && FilePath.LeadsOut(path)),
            Demands = request => request.SaveTo is { } path && FilePath.Of(path).Mount is { } mount
                ? [Demand.Connect.To(new Uri(request.Url)), new Demand.MountedFile(mount, IsWrite: true)]
                : [Demand.Connect.To(new Uri(request.Url))],
            Target = request => $"{NetworkGateway.TargetOf(new Uri(request.Url))}{(request.SaveTo is { } path ? $" to {path}" : "")}",
            Handler = FetchAsync,
        },
        new HostCallRow<HttpListenRequest, HttpListenAnswer>
        {
            Name = "http.listen",
            Permission = "network.listen",
            Errors = [ErrorCode.Conflict, ErrorCode.Unavailable],
            Description = "Takes HTTP requests on a port of the loopback interface, which arrive as `httpRequest` messages.",
            WhileStaged = StagedRule.Allowed,
            IsAudited = true,
            Request = static () => ContractJson.Default.HttpListenRequest,
            Answer = static () => ContractJson.Default.HttpListenAnswer,
            Check = request => request.Port is > IPEndPoint.MinPort and <= IPEndPoint.MaxPort ? null : new Problem("port", $"is {request.Port}; it is from 1 to {IPEndPoint.MaxPort}"),
            Demands = request => [new Demand.Listen(request.Port)],
            Target = request => request.Port.ToString(CultureInfo.InvariantCulture),
            Handler = ListenAsync,
        },
        new HostCallRow<UiBrowseRequest, Nothing>
        {
            Name = "ui.browse",
            Permission = "network.connect",
            Errors = [ErrorCode.Unavailable],
            Description = "Opens an address in the user's browser, of a server that the plugin may connect to; `unavailable` where there is no browser, as over SSH.",
            Quota = QuotaClass.Attention,
            NeedsGesture = true,
            IsAudited = true,
            Request = static () => ContractJson.Default.UiBrowseRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = request => RequestRules.CheckUrl(request.Url, limits) is { } wrong ? new Problem("url", wrong) : null,
            IsEscape = request => RequestRules.IsDisguised(request.Url),
            Demands = request => [Demand.Connect.To(new Uri(request.Url))],
            Target = request => NetworkGateway.TargetOf(new Uri(request.Url)),
            Handler = (plugin, request, _) => ValueTask.FromResult(Browse(plugin, new Uri(request.Url))),
        },
    ];

    private CallOutcome<Nothing> Browse(PluginPrincipal plugin, Uri url) =>
        instanceOf(plugin) is not { } instance ? new CallError(ErrorCode.Cancelled, "this plugin instance has ended")
        : gateway.WhyNotBrowse(plugin, url) is { } refused ? refused
        : screen.UserPrompts?.Browse(plugin.Id, instance.Plugin.Manifest.DisplayName, url) == true ? new Nothing()
        : new CallError(ErrorCode.Unavailable, "there is no browser to open it with");

    private Problem? CheckSaveTo(HttpFetchRequest request)
    {
        if (request.SaveTo is not { } path) return null;
        FilePath.Read("saveTo", path, files, out var problem);
        return problem;
    }

    private async ValueTask<CallOutcome<HttpFetchAnswer>> FetchAsync(PluginPrincipal plugin, HttpFetchRequest request, CancellationToken cancellationToken)
    {
        if (request.SaveTo is not { } path) return await gateway.FetchAsync(plugin, request, null, cancellationToken);
        if (instanceOf(plugin) is not { } instance) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
        // Before the request: one that changes something at its server is not sent for an answer that cannot be kept.
        var begun = await OnDiskAsync(() => instance.Files.Receive(FilePath.Of(path)), CancellationToken.None);
        if (begun is not CallOutcome<PluginFiles.IncomingFile>.Done { Answer: var incoming }) return ((CallOutcome<PluginFiles.IncomingFile>.Failed)begun).Error;
        try
        {
            var outcome = await gateway.FetchAsync(plugin, request, async (bytes, ends) => await OnDiskAsync(() => incoming.Write(bytes.Span), ends), cancellationToken);
            var isSaved = outcome is CallOutcome<HttpFetchAnswer>.Done { Answer.SavedBytes: not null };
            return isSaved && await OnDiskAsync(incoming.Commit, cancellationToken) is { } error ? error : outcome;
        }
        finally
        {
            await OnDiskAsync(() =>
            {
                incoming.Dispose();
                return true;
            }, CancellationToken.None);
        }
    }

    private Task<T> OnDiskAsync<T>(Func<T> run, CancellationToken cancellationToken) => Task.Factory.StartNew(run, cancellationToken, TaskCreationOptions.DenyChildAttach, work);

    private async ValueTask<CallOutcome<HttpListenAnswer>> ListenAsync(PluginPrincipal plugin, HttpListenRequest request, CancellationToken cancellationToken) =>
        instanceOf(plugin) is { } instance ? await instance.Listens.AddAsync(request.Port, cancellationToken) : new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
}
