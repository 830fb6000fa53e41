using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Transport;

namespace LazyOC.Cluster.Resources;

/// <summary>One HTTP request to a service of the cluster.</summary>
public sealed record ServiceRequest
{
    /// <summary>The service's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>Number or name of one of its ports.</summary>
    public required string Port { get; init; }

    /// <summary>Whether the service speaks TLS.</summary>
    public bool IsHttps { get; init; }

    /// <summary>HTTP method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>As <see cref="ServicePath.TryEscape"/> takes it.</summary>
    public required string Path { get; init; }

    /// <summary>Parameters, not escaped.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>Sent as they are: who lets others choose them keeps back those that the API server would obey.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The body; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Bytes of the answer's body that are read at most, after decompression.</summary>
    public required int MaxAnswerBytes { get; init; }
}

/// <summary>What a service answered.</summary>
/// <param name="Status">HTTP status, whatever it is.</param>
/// <param name="Headers">Names as sent; one entry for each value.</param>
/// <param name="Body">The whole body; null when it is longer than was asked for.</param>
public sealed record ServiceAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, ReadOnlyMemory<byte>? Body);

/// <summary>
/// Reaches services through the API server, with the user's credentials towards the API server and none towards the service.
/// Thread-safe. Redirects are answers, not followed.
/// </summary>
public sealed class ServiceProxy
{
    private readonly ClusterConnection _connection;

    internal ServiceProxy(ClusterConnection connection) => _connection = connection;

    /// <summary>Sends a request and reads the answer.</summary>
    /// <exception cref="ClusterException">The API server refuses, does not find the service or cannot be reached.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public async Task<ServiceAnswer> SendAsync(ServiceRequest request, CancellationToken cancellationToken = default)
    {
        if (!ServicePath.TryEscape(request.Path, out var path, out var problem))
            throw new ArgumentException($"`{request.Path}` {problem}", nameof(request));
        var name = $"{(request.IsHttps ? "https:" : "")}{request.Service}:{request.Port}";
        var proxied = new ClusterRequest
        {
            Method = request.Method,
            // Names are escaped like the segments of the path: a slash in one is no separator.
            Path = $"api/v1/namespaces/{Uri.EscapeDataString(request.Namespace)}/services/{Uri.EscapeDataString(name).Replace("%3A", ":", StringComparison.Ordinal)}/proxy/{path}",
            Query = request.Query,
            Headers = request.Headers,
            Body = request.Body,
            Accept = "*/*",
            ContentType = "application/octet-stream",
            WantsText = true,
            IsForAnother = true,
            Verb = VerbOf(request.Method),
            Resource = "services/proxy",
            Namespace = request.Namespace,
            Name = request.Service,
        };
        return await _connection.ExchangeAsync(proxied, request.MaxAnswerBytes, cancellationToken);
    }

    private static string VerbOf(HttpMethod method) => method.Method switch
    {
        "GET" or "HEAD" => "get",
        "POST" => "create",
        "PUT" => "update",
        var other => other.ToLowerInvariant(),
    };
}
