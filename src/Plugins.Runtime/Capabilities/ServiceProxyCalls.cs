using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using LazyOC.Cluster.Resources;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary><c>kubernetes.serviceProxy</c>: the API server's door to a service, and to nothing else behind it.</summary>
/// <param name="cluster">The way to the cluster.</param>
/// <param name="limits">Bounds of the call.</param>
internal sealed class ServiceProxyCalls(ClusterAccess cluster, RuntimeLimits limits)
{
    private const int MaxNameChars = 63;

    private static readonly SearchValues<char> NameChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> TokenChars = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly ImmutableArray<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Headers of a connection, of its ends, or of who asks.</summary>
    private static readonly FrozenSet<string> Kept = new[]
    {
        "authorization", "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "expect", "via",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly ImmutableArray<string> KeptPrefixes = ["impersonate-", "proxy-", "x-remote-", "sec-websocket-"];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<KubernetesServiceProxyRequest, KubernetesServiceProxyAnswer>
        {
            Name = "kubernetes.serviceProxy",
            Permission = "kubernetes: get of services/proxy for GET and HEAD, else create",
            Errors = [ErrorCode.NotFound, ErrorCode.Timeout, ErrorCode.Unavailable],
            Description = "Sends one HTTP request to a service, through the API server.",
            Quota = QuotaClass.Kubernetes,
            IsWrite = true,
            Request = static () => ContractJson.Default.KubernetesServiceProxyRequest,
            Answer = static () => ContractJson.Default.KubernetesServiceProxyAnswer,
            Check = Check,
            Demands = r => [new Demand.Kubernetes("", "services", "proxy", r.Method is "GET" or "HEAD" ? "get" : "create", r.Namespace)],
            // A query may hold a secret.
            Target = r => $"{r.Method} {ClusterAccess.Target("", "services/proxy", r.Namespace, $"{r.Service}:{r.Port}")}",
            Handler = (plugin, r, cancellationToken) => cluster.CallAsync<KubernetesServiceProxyAnswer>(plugin, async client => AnswerOf(await client.Services.SendAsync(RequestOf(r), cancellationToken))),
        },
    ];

    private Problem? Check(KubernetesServiceProxyRequest request) =>
        ObjectName.Check("", "services", request.Namespace, name: null)
        // A colon in a name would set another scheme or port.
        ?? CheckName("service", request.Service) ?? CheckName("port", request.Port)
        ?? (request.Scheme is null or "http" or "https" ? null : new Problem("scheme", $"is `{request.Scheme}`; expected `http` or `https`"))
        ?? (Methods.Contains(request.Method) ? null : new Problem("method", $"is `{request.Method}`; expected one of {string.Join(", ", Methods)}"))
        ?? (ServicePath.TryEscape(request.Path, out _, out var problem) ? null : new Problem("path", problem))
        ?? CheckQuery(request.Query) ?? CheckHeaders(request.Headers) ?? CheckBody(request);

    private static Problem? CheckName(string key, string name) =>
        name.Length is > 0 and <= MaxNameChars && !name.AsSpan().ContainsAnyExcept(NameChars) ? null : new Problem(key, "is not a name or number of lower-case letters, digits and dashes");

    private Problem? CheckQuery(ImmutableDictionary<string, string> query) =>
        query.Count > limits.ServiceHeaders ? new Problem("query", $"has {query.Count} parameters; at most {limits.ServiceHeaders} are taken")
        : query.Any(q => q.Key.Length == 0) ? new Problem("query", "has a parameter without a name")
        : null;

    private Problem? CheckHeaders(ImmutableDictionary<string, string> headers)
    {
        if (headers.Count > limits.ServiceHeaders) return new Problem("headers", $"has {headers.Count} entries; at most {limits.ServiceHeaders} are taken");
        foreach (var (name, value) in headers)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenChars)) return new Problem("headers", "has a name that is none of HTTP");
            if (Kept.Contains(name) || KeptPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                return new Problem($"headers.{name}", "is the host's to set", "leave it out");
            if (value.Any(c => c is not ('\t' or (>= ' ' and <= '~')))) return new Problem($"headers.{name}", "has a character that is not printable ASCII");
        }
        return null;
    }

    private Problem? CheckBody(KubernetesServiceProxyRequest request)
    {
        var length = request.Body?.Bytes.Length ?? 0;
        return length > limits.ServiceBodyBytes ? new Problem("body", $"has {length:N0} bytes; at most {limits.ServiceBodyBytes:N0} are sent")
            : length > 0 && (request.Method is "GET" or "HEAD") ? new Problem("body", $"cannot be sent with {request.Method}")
            : null;
    }

    private ServiceRequest RequestOf(KubernetesServiceProxyRequest request) => new()
    {
        Namespace = request.Namespace,
        Service = request.Service,
        Port = request.Port,
        IsHttps = request.Scheme == "https",
        Method = new HttpMethod(request.Method),
        Path = request.Path,
        Query = [.. request.Query.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => (q.Key, q.Value))],
        Headers = [.. request.Headers.Select(h => (h.Key, h.Value))],
        Body = request.Body?.Bytes,
        MaxAnswerBytes = limits.ServiceBodyBytes,
    };

    private CallOutcome<KubernetesServiceProxyAnswer> AnswerOf(ServiceAnswer answer)
    {
        if (answer.Body is not { } body) return new CallError(ErrorCode.TooLarge, $"the service's answer is more than {limits.ServiceBodyBytes:N0} bytes");
        var headers = answer.Headers.Where(h => !Kept.Contains(h.Name)).GroupBy(h => h.Name.ToLowerInvariant(), StringComparer.Ordinal)
            .ToImmutableDictionary(values => values.Key, values => string.Join(", ", values.Select(v => v.Value)), StringComparer.Ordinal);
        return new KubernetesServiceProxyAnswer { Status = answer.Status, Headers = headers, Body = new TextOrBytes(body) };
    }
}
