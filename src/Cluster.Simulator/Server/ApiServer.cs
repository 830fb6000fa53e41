using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.OpenApi;
using LazyOC.Cluster.Simulator.Resources;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Takes each request the way a Kubernetes API server does: authenticate, find the resource, authorize, serve; every refusal is a Status.</summary>
internal sealed class ApiServer
{
    private readonly ControlPlane _plane;
    private readonly TokenAuthenticator _authenticator;
    private readonly RoleAuthorizer _authorizer;
    private readonly Discovery _discovery;
    private readonly OpenApiDocuments _openApi;
    private readonly Reader _reader;
    private readonly Watcher _watcher;
    private readonly Writer _writer;
    private readonly Subresources _subresources;
    private readonly SelfReviews _reviews;
    private readonly LogStream _logs;
    private readonly ServiceProxy _services;
    private readonly ExecStream _exec;
    private readonly Faults? _faults;
    private readonly Outage _outage;
    private readonly CancellationToken _stopping;

    public ApiServer(ControlPlane plane, TokenAuthenticator authenticator, LogStream logs, Faults? faults, Outage outage, Func<string> authority, TimeSpan bookmarkInterval, CancellationToken stopping)
    {
        _plane = plane;
        _authenticator = authenticator;
        _logs = logs;
        _faults = faults;
        _outage = outage;
        _stopping = stopping;
        _authorizer = new RoleAuthorizer(plane);
        _discovery = new Discovery(plane.Catalog, authority);
        _openApi = new OpenApiDocuments(plane.Catalog);
        _reader = new Reader(plane, _authorizer);
        _watcher = new Watcher(plane, _reader, bookmarkInterval);
        _writer = new Writer(plane, _reader);
        _subresources = new Subresources(plane, _reader, _writer);
        _reviews = new SelfReviews(plane, _authorizer);
        _services = new ServiceProxy(plane);
        _exec = new ExecStream(plane.Limits);
    }

    public async Task HandleAsync(HttpContext http)
    {
        using CancellationTokenRegistration cut = _outage.Cut(http);
        try
        {
            http.RequestAborted.ThrowIfCancellationRequested();
            await RouteAsync(http);
        }
        catch (ApiException error) when (!http.Response.HasStarted)
        {
            await Responses.WriteStatusAsync(http, error);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || _stopping.IsCancellationRequested)
        {
            // The client went away or the cluster stops: nobody is left to answer.
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            await Responses.WriteStatusAsync(http, new ApiException(error.StatusCode, "BadRequest", error.Message));
        }
        catch (ConnectionResetException)
        {
            // As above.
        }
    }

    private async Task RouteAsync(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "/";
        if (await TryAnswerPublicAsync(http, path))
            return;
        Identity user = _authenticator.Authenticate(http.Request.Headers.Authorization) ?? throw ApiException.Unauthorized();
        if (HttpMethods.IsGet(http.Request.Method) && (await _discovery.TryAnswerAsync(http, path) || await _openApi.TryAnswerAsync(http, path)))
            return;
        RequestTarget target = RequestTarget.Parse(path) ?? throw ApiException.UnknownPath();
        ResourceDefinition resource = _plane.Catalog.Find(target.Group, target.Version, target.Plural) ?? throw ApiException.UnknownPath();
        if (!resource.Namespaced && target.Namespace.Length > 0)
            throw ApiException.UnknownPath();
        string verb = VerbOf(http, target);
        Authorize(user, resource, target, verb);
        if (_faults is not null && !await _faults.PassAsync(http, verb))
            return;
        await ServeAsync(new ApiRequest(http, user, resource, target, verb));
    }

    private void Authorize(Identity user, ResourceDefinition resource, RequestTarget target, string verb)
    {
        string name = target.Subresource.Length == 0 ? resource.Plural : $"{resource.Plural}/{target.SubresourceName}";

        // A namespace is authorized within itself, so that a role binding in it can give `get namespace`.
        string ns = resource == ResourceCatalog.Namespaces ? target.Name : target.Namespace;
        if (_authorizer.IsAllowed(user, new AccessQuestion(verb, resource.Group, name, ns, target.Name)))
            return;
        string where = ns.Length > 0 && resource.Namespaced ? $" in the namespace \"{ns}\"" : " at the cluster scope";
        throw ApiException.Forbidden(resource, target.Name, $"User \"{user.Name}\" cannot {verb} resource \"{name}\" in API group \"{resource.Group}\"{where}");
    }

    private Task ServeAsync(ApiRequest request) => request.Target.SubresourceName switch
    {
        "" when SelfReviews.Answers(request.Resource) => request.Verb is "create" ? _reviews.AnswerAsync(request) : throw ApiException.MethodNotAllowed(),
        "" or "status" => ServeObjectAsync(request),
        var name when !request.Resource.Subresources.Any(s => string.Equals(s.Name, name, StringComparison.Ordinal)) => throw ApiException.UnknownPath(),
        "scale" => _subresources.ScaleAsync(request),
        "eviction" when request.Verb is "create" => _subresources.EvictAsync(request),
        "instantiate" when request.Verb is "create" => _subresources.InstantiateAsync(request),
        "finalize" when request.Verb is "update" => _writer.UpdateAsync(request),
        "proxy" => _services.PassOnAsync(request),
        "exec" when request.Verb is "get" or "create" => _exec.RunAsync(request, _reader.Find(request), _stopping),
        "log" when request.Verb is "get" => _logs.WriteAsync(request, _reader.Find(request), _stopping),
        _ => throw ApiException.MethodNotAllowed(),
    };

    private Task ServeObjectAsync(ApiRequest request)
    {
        if (request.Target.Subresource is "status" && !request.Resource.HasStatus)
            throw ApiException.UnknownPath();
        if (!request.Resource.Can(request.Verb))
            throw ApiException.MethodNotAllowed();
        if (request.Verb is "create" && request.Resource.Namespaced && request.Namespace.Length == 0)
            throw ApiException.MethodNotAllowed();
        return request.Verb switch
        {
            "get" => _reader.GetAsync(request),
            "list" => _reader.ListAsync(request),
            "watch" => _watcher.WatchAsync(request, _stopping),
            "create" => _writer.CreateAsync(request),
            "update" => _writer.UpdateAsync(request),
            "patch" => _writer.PatchAsync(request),
            "delete" => _writer.DeleteAsync(request),
            _ => _writer.DeleteCollectionAsync(request),
        };
    }

    private static string VerbOf(HttpContext http, RequestTarget target)
    {
        bool named = target.Name.Length > 0;
        return http.Request.Method switch
        {
            "GET" or "HEAD" when named => "get",
            "GET" when http.Request.Query["watch"].ToString() is "true" or "1" => "watch",
            "GET" or "HEAD" => "list",
            "POST" when !named || target.Subresource.Length > 0 => "create",
            "PUT" when named => "update",
            "PATCH" when named => "patch",
            "DELETE" => named ? "delete" : "deletecollection",
            _ => throw ApiException.MethodNotAllowed(),
        };
    }

    private static async Task<bool> TryAnswerPublicAsync(HttpContext http, string path)
    {
        switch (path)
        {
            case "/version":
                await Responses.WriteAsync(http, 200, new JsonObject
                {
                    ["major"] = "1",
                    ["minor"] = "32",
                    ["gitVersion"] = "v1.32.4+simulated",
                    ["gitCommit"] = "",
                    ["gitTreeState"] = "clean",
                    ["buildDate"] = "2026-01-01T00:00:00Z",
                    ["goVersion"] = "",
                    ["compiler"] = "",
                    ["platform"] = "linux/amd64",
                });
                return true;
            case "/healthz" or "/livez" or "/readyz":
                await Responses.WriteAsync(http, 200, "ok"u8.ToArray(), "text/plain; charset=utf-8");
                return true;
            default:
                return false;
        }
    }
}
