using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Transport;

namespace LazyOC.Cluster.Resources;

/// <summary>
/// Reads and writes single objects and pages of any kind. Thread-safe. Every call throws a
/// <see cref="ClusterException"/> when the cluster refuses or cannot be reached; documents belong to the caller.
/// </summary>
public sealed class ResourceClient
{
    private readonly ClusterConnection _connection;

    internal ResourceClient(ClusterConnection connection) => _connection = connection;

    /// <summary>One page of a collection.</summary>
    /// <param name="kind">What to list.</param>
    /// <param name="namespace">Namespace; null for all.</param>
    /// <param name="options">Selector and paging.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ResourcePage> ListAsync(ResourceKind kind, string? @namespace, ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ListOptions();
        var query = new List<(string, string)>();
        Append(query, options.Selector);
        if (options.Limit is { } limit)
            query.Add(("limit", Invariant(limit)));
        if (options.Continue is { } token)
            query.Add(("continue", token));
        return new ResourcePage(await _connection.ReadJsonAsync(ClusterRequest.For("list", kind, @namespace) with { Query = query }, cancellationToken));
    }

    /// <summary>One object, or one of its subresources.</summary>
    public Task<JsonDocument> GetAsync(ResourceKind kind, string? @namespace, string name, string? subresource = null, CancellationToken cancellationToken = default) =>
        _connection.ReadJsonAsync(ClusterRequest.For("get", kind, @namespace, name, subresource), cancellationToken);

    /// <summary>Creates an object from JSON.</summary>
    public Task<JsonDocument> CreateAsync(ResourceKind kind, string? @namespace, ReadOnlyMemory<byte> body, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _connection.ReadJsonAsync(ClusterRequest.For("create", kind, @namespace) with { Method = HttpMethod.Post, Body = body, Query = WriteQuery(options) }, cancellationToken);

    /// <summary>Replaces an object; its <c>resourceVersion</c>, when present, must be the current one.</summary>
    public Task<JsonDocument> ReplaceAsync(ResourceKind kind, string? @namespace, string name, ReadOnlyMemory<byte> body, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _connection.ReadJsonAsync(ClusterRequest.For("update", kind, @namespace, name) with { Method = HttpMethod.Put, Body = body, Query = WriteQuery(options) }, cancellationToken);

    /// <summary>Patches an object, or one of its subresources.</summary>
    public Task<JsonDocument> PatchAsync(ResourceKind kind, string? @namespace, string name, PatchType type, ReadOnlyMemory<byte> body, WriteOptions? options = null, string? subresource = null, CancellationToken cancellationToken = default)
    {
        options ??= WriteOptions.Default;
        var query = WriteQuery(options);
        // The API refuses `force` on every other type of patch.
        if (type is PatchType.Apply)
            query.Add(("force", options.Force ? "true" : "false"));
        var contentType = type switch
        {
            PatchType.Merge => "application/merge-patch+json",
            PatchType.Json => "application/json-patch+json",
            PatchType.Strategic => "application/strategic-merge-patch+json",
            // JSON is YAML; servers before 1.32 know no apply-patch+json.
            _ => "application/apply-patch+yaml",
        };
        return _connection.ReadJsonAsync(
            ClusterRequest.For("patch", kind, @namespace, name, subresource) with { Method = HttpMethod.Patch, Body = body, ContentType = contentType, Query = query },
            cancellationToken);
    }

    /// <summary>Deletes an object; answers the object being deleted or a <c>Status</c>.</summary>
    public Task<JsonDocument> DeleteAsync(ResourceKind kind, string? @namespace, string name, DeleteOptions? options = null, CancellationToken cancellationToken = default) =>
        _connection.ReadJsonAsync(
            ClusterRequest.For("delete", kind, @namespace, name) with { Method = HttpMethod.Delete, Body = DeleteBody(options ?? DeleteOptions.Default) },
            cancellationToken);

    /// <summary>Sets the replicas through the <c>scale</c> subresource and answers the replicas now asked for.</summary>
    public async Task<int> ScaleAsync(ResourceKind kind, string? @namespace, string name, int replicas, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        var body = Encoding.UTF8.GetBytes($$$"""{"spec":{"replicas":{{{replicas}}}}}""");
        using var answer = await PatchAsync(kind, @namespace, name, PatchType.Merge, body, options, "scale", cancellationToken);
        // A scale to zero may omit the field: the API drops zero values.
        return (int)(answer.RootElement.Number("spec", "replicas") ?? 0);
    }

    /// <summary>Restarts a workload's pods the way <c>kubectl rollout restart</c> does: by an annotation on its template.</summary>
    public Task<JsonDocument> RestartAsync(ResourceKind kind, string? @namespace, string name, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        var now = _connection.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var body = """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"NOW"}}}}}""".Replace("NOW", now, StringComparison.Ordinal);
        return PatchAsync(kind, @namespace, name, PatchType.Merge, Encoding.UTF8.GetBytes(body), options, cancellationToken: cancellationToken);
    }

    /// <summary>
    /// Starts a build from an OpenShift BuildConfig, or rolls a DeploymentConfig out once more; answers the new build, or
    /// the config.
    /// </summary>
    public Task<JsonDocument> InstantiateAsync(ResourceKind kind, string? @namespace, string name, CancellationToken cancellationToken = default) =>
        _connection.ReadJsonAsync(
            ClusterRequest.For("create", kind, @namespace, name, "instantiate") with { Method = HttpMethod.Post, Body = InstantiateBody(kind, name) },
            cancellationToken);

    /// <summary>A pod's log, line by line, without line ends. Lines are valid text but may hold control characters.</summary>
    public async IAsyncEnumerable<string> LogsAsync(string @namespace, string pod, LogOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = LogRequest(@namespace, pod, options ?? new LogOptions());
        using var response = await _connection.OpenAsync(request, cancellationToken);
        await using var lines = await LineReader.OpenAsync(response, _connection.Limits.MaxLogLineBytes, splitLongLines: true, cancellationToken);
        while (true)
        {
            string line;
            try
            {
                if (await lines.ReadAsync(cancellationToken) is not { } bytes)
                    yield break;
                line = Encoding.UTF8.GetString(bytes).TrimEnd('\r');
            }
            catch (Exception e) when (e is not ClusterException && !cancellationToken.IsCancellationRequested)
            {
                throw _connection.Report(_connection.Explain(request, e));
            }

            yield return line;
        }
    }

    /// <summary>The events about one object, in the server's order.</summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="namespace">Its namespace; null for a cluster-wide kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uid">Its uid; null takes events about earlier objects of that name too.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ResourcePage> EventsForAsync(ResourceKind kind, string? @namespace, string name, string? uid = null, CancellationToken cancellationToken = default) =>
        ListAsync(EventKind, kind.Namespaced ? @namespace : "default", new ListOptions { Selector = EventSelector(kind, name, uid), Limit = _connection.Limits.ListPageSize }, cancellationToken);

    /// <summary>The bytes any path of the server answers a GET with, such as <c>openapi/v3</c> or <c>version</c>.</summary>
    public Task<byte[]> GetRawAsync(string path, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(new ClusterRequest { Path = path.TrimStart('/'), Accept = "application/json, */*", WantsText = true }, cancellationToken);

    /// <summary>Selects the events about one object; for watching them.</summary>
    public static Selector EventSelector(ResourceKind kind, string name, string? uid = null)
    {
        var fields = $"involvedObject.kind={kind.Kind},involvedObject.name={name}";
        return new Selector(Fields: uid is null ? fields : $"{fields},involvedObject.uid={uid}");
    }

    /// <summary>Core events, which every cluster serves.</summary>
    public static ResourceKind EventKind { get; } = new() { Group = "", Version = "v1", Plural = "events", Kind = "Event", Namespaced = true, Verbs = ["get", "list", "watch"] };

    internal static void Append(List<(string, string)> query, Selector selector)
    {
        if (selector.Labels is { Length: > 0 } labels)
            query.Add(("labelSelector", labels));
        if (selector.Fields is { Length: > 0 } fields)
            query.Add(("fieldSelector", fields));
    }

    private static ClusterRequest LogRequest(string @namespace, string pod, LogOptions options)
    {
        var query = new List<(string, string)>();
        if (options.Container is { } container)
            query.Add(("container", container));
        if (options.Follow)
            query.Add(("follow", "true"));
        if (options.Previous)
            query.Add(("previous", "true"));
        if (options.Timestamps)
            query.Add(("timestamps", "true"));
        if (options.TailLines is { } tail)
            query.Add(("tailLines", Invariant(tail)));
        if (options.SinceTime is { } time)
            query.Add(("sinceTime", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        else if (options.Since is { } since)
            query.Add(("sinceSeconds", Invariant((long)Math.Max(1, Math.Ceiling(since.TotalSeconds)))));
        return new ClusterRequest
        {
            Path = $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/pods/{Uri.EscapeDataString(pod)}/log",
            Query = query,
            Accept = "text/plain, */*",
            WantsText = true,
            Resource = "pods/log",
            Namespace = @namespace,
            Name = pod,
        };
    }

    private static List<(string, string)> WriteQuery(WriteOptions? options)
    {
        options ??= WriteOptions.Default;
        var query = new List<(string, string)> { ("fieldManager", options.FieldManager) };
        if (options.DryRun)
            query.Add(("dryRun", "All"));
        return query;
    }

    /// <summary>A <c>BuildRequest</c> or <c>DeploymentRequest</c> (OpenShift API reference, workloads).</summary>
    private static byte[] InstantiateBody(ResourceKind kind, string name)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", kind.ApiVersion);
            if (kind.Kind == "DeploymentConfig")
            {
                json.WriteString("kind", "DeploymentRequest");
                json.WriteString("name", name);
                json.WriteBoolean("latest", true);
                json.WriteBoolean("force", true);
            }
            else
            {
                json.WriteString("kind", "BuildRequest");
                json.WriteStartObject("metadata");
                json.WriteString("name", name);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static byte[] DeleteBody(DeleteOptions options)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", "v1");
            json.WriteString("kind", "DeleteOptions");
            if (options.Propagation is { } propagation)
                json.WriteString("propagationPolicy", propagation.ToString());
            if (options.GracePeriodSeconds is { } seconds)
                json.WriteNumber("gracePeriodSeconds", seconds);
            if (options.Uid is { } uid)
            {
                json.WriteStartObject("preconditions");
                json.WriteString("uid", uid);
                json.WriteEndObject();
            }

            if (options.DryRun)
            {
                json.WriteStartArray("dryRun");
                json.WriteStringValue("All");
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);
}
