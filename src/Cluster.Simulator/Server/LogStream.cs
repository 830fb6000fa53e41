using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Scenarios;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Serves container and build logs. A log is a function of the object and the time, so it needs no storage.</summary>
internal sealed class LogStream(ControlPlane plane)
{
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(250);

    public async Task WriteAsync(ApiRequest request, StoredObject subject, CancellationToken stopping)
    {
        LogScript script = Open(request, subject);
        bool follow = request.QueryFlag("follow");
        bool timestamps = request.QueryFlag("timestamps");
        long limitBytes = request.QueryNumber("limitBytes") ?? long.MaxValue;
        (long next, long end) = Range(request, script);
        request.Http.Response.ContentType = "text/plain";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, stopping);
        while (true)
        {
            for (; next < end && limitBytes > 0; next++)
            {
                byte[] line = Line(script, next, timestamps);
                int length = (int)Math.Min(limitBytes, line.Length);
                limitBytes -= length;
                await request.Http.Response.BodyWriter.WriteAsync(line.AsMemory(0, length), stop.Token);
            }

            await request.Http.Response.BodyWriter.FlushAsync(stop.Token);
            if (!follow || limitBytes <= 0 || script.EndedAt is not null)
                return;
            await Task.Delay(FollowInterval, stop.Token);
            if (plane.Store.Find(subject.Resource, subject.Namespace, subject.Name) is not { } current)
                return;
            LogScript latest = Open(request, current);

            // A restarted container begins a new log; this stream ends with the old one, as the kubelet's does.
            if (latest.StartedAt != script.StartedAt)
                return;
            script = latest;
            end = script.Length(plane.Now);
        }
    }

    private (long From, long End) Range(ApiRequest request, LogScript script)
    {
        long end = script.Length(plane.Now);
        long from = Math.Max(0, end - plane.Limits.LogLines);
        if (request.QueryNumber("tailLines") is { } tail)
        {
            if (tail < 0)
                throw ApiException.BadRequest($"tailLines is {tail}, expected zero or more");
            from = Math.Max(from, end - tail);
        }

        DateTimeOffset? since = request.QueryNumber("sinceSeconds") is { } seconds ? plane.Now.AddSeconds(-Math.Clamp(seconds, 0, int.MaxValue)) : null;
        if (request.Query("sinceTime") is { Length: > 0 } text)
            since = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : throw ApiException.BadRequest($"sinceTime is `{text}`, expected an RFC 3339 time");
        while (since is { } start && from < end && script.TimeOf(from) < start)
            from++;
        return (from, end);
    }

    private static LogScript Open(ApiRequest request, StoredObject subject)
    {
        JsonObject tree = subject.Parse();
        if (subject.Resource == ResourceCatalog.Builds)
            return LogScript.OfBuild(subject, tree);
        string[] containers = [.. tree.Objects("spec", "containers").Select(c => c.Text("name")).OfType<string>()];
        string? asked = request.Query("container");
        if (asked is null && containers.Length > 1)
            throw ApiException.BadRequest($"a container name must be specified for pod {subject.Name}, choose one of: [{string.Join(' ', containers)}]");
        string container = asked ?? containers.FirstOrDefault() ?? "";
        if (!containers.Contains(container, StringComparer.Ordinal))
            throw ApiException.BadRequest($"container {container} is not valid for pod {subject.Name}");
        JsonObject? status = tree.Objects("status", "containerStatuses").FirstOrDefault(c => string.Equals(c.Text("name"), container, StringComparison.Ordinal));
        bool previous = request.QueryFlag("previous");
        JsonNode? ended = status.At("lastState", "terminated");
        if (previous && ended is null)
            throw ApiException.BadRequest($"previous terminated container \"{container}\" in pod \"{subject.Name}\" not found");
        JsonNode? run = previous ? ended : status.At("state", "running") ?? status.At("state", "terminated") ?? ended;
        if (run is null)
            throw ApiException.BadRequest($"container \"{container}\" in pod \"{subject.Name}\" is waiting to start: {status.Text("state", "waiting", "reason") ?? "ContainerCreating"}");
        return LogScript.OfContainer(subject, tree, container, run);
    }

    private static byte[] Line(LogScript script, long index, bool timestamps)
    {
        string text = script.Line(index);
        return Encoding.UTF8.GetBytes(timestamps ? $"{script.TimeOf(index).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture)} {text}\n" : text + "\n");
    }
}
