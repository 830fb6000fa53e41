using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Serves watch streams: events since a version, live ones, bookmarks, initial events (WatchList), Table rows.</summary>
internal sealed class Watcher(ControlPlane plane, Reader reader, TimeSpan bookmarkInterval)
{
    private const int DefaultTimeoutSeconds = 1800;

    public async Task WatchAsync(ApiRequest request, CancellationToken stopping)
    {
        Func<StoredObject, bool> filter = reader.Filter(request);
        long timeout = Math.Clamp(request.QueryNumber("timeoutSeconds") ?? DefaultTimeoutSeconds, 1, 24 * 3600);
        bool bookmarks = request.QueryFlag("allowWatchBookmarks");
        bool initial = request.QueryFlag("sendInitialEvents");
        if (initial && (!bookmarks || request.Query("resourceVersionMatch") is not "NotOlderThan"))
            throw ApiException.BadRequest("`sendInitialEvents` needs `resourceVersionMatch=NotOlderThan` and `allowWatchBookmarks=true`");
        long? since = request.QueryNumber("resourceVersion");
        IReadOnlyList<StoredObject> existing = [];
        long from = since ?? 0;
        if (initial || from == 0)
        {
            var snapshot = plane.Store.Snapshot(request.Resource);
            existing = [.. snapshot.Objects.Values.Where(filter)];
            from = snapshot.Version;
        }

        var stream = new EventStream(request, plane, TableFormat.IsAsked(request.Http.Request.Headers.Accept.ToString()));
        using WatchSubscription? watch = Open(request, from, out ApiException? expired);
        request.Http.Response.StatusCode = 200;
        request.Http.Response.ContentType = Responses.Json;
        if (watch is null)
        {
            stream.Error(expired!);
            await stream.FlushAsync(request.Aborted);
            return;
        }

        foreach (StoredObject item in existing)
            stream.Object("ADDED"u8, item);
        if (initial)
            stream.Bookmark(from, initialEventsEnd: true);
        foreach (WatchEvent change in watch.Backlog)
            stream.Change(change, filter);
        await stream.FlushAsync(request.Aborted);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, stopping);
        end.CancelAfter(TimeSpan.FromSeconds(timeout));
        await FollowAsync(watch, stream, filter, bookmarks, end.Token, request.Aborted);
    }

    private WatchSubscription? Open(ApiRequest request, long from, out ApiException? expired)
    {
        expired = null;
        try
        {
            return plane.Store.Watch(request.Resource, request.Namespace, from);
        }
        catch (ApiException error) when (error.Code == 410)
        {
            // As the API server does: an expired watch is an ERROR event in a stream that was accepted.
            expired = error;
            return null;
        }
    }

    private async Task FollowAsync(WatchSubscription watch, EventStream stream, Func<StoredObject, bool> filter, bool bookmarks, CancellationToken end, CancellationToken aborted)
    {
        while (!end.IsCancellationRequested)
        {
            bool open = true;
            bool idle = false;
            using (var wait = CancellationTokenSource.CreateLinkedTokenSource(end))
            {
                if (bookmarks)
                    wait.CancelAfter(bookmarkInterval);
                try
                {
                    open = await watch.Live.WaitToReadAsync(wait.Token);
                }
                catch (OperationCanceledException)
                {
                    idle = true;
                }
            }

            while (watch.Live.TryRead(out WatchEvent? change))
                stream.Change(change, filter);
            if (!open)
            {
                if (watch.Overflowed)
                    stream.Error(ApiException.Expired("too old resource version: the watcher was too slow and its events were dropped"));
                await stream.FlushAsync(aborted);
                return;
            }

            if (idle && bookmarks && plane.Store.VersionIfDrained(watch) is { } version)
                stream.Bookmark(version, initialEventsEnd: false);
            if (aborted.IsCancellationRequested)
                return;
            await stream.FlushAsync(aborted);
        }
    }

    /// <summary>Writes the events of one watch; a Table stream carries its columns in the first event only.</summary>
    private sealed class EventStream(ApiRequest request, ControlPlane plane, bool asTable)
    {
        private readonly PipeWriter _output = request.Http.Response.BodyWriter;
        private bool _columnsSent;

        public void Change(WatchEvent change, Func<StoredObject, bool> filter)
        {
            bool now = filter(change.Object);
            bool before = change.Previous is not null && filter(change.Previous);
            if (change.Type is WatchEventType.Deleted ? before : before && !now)
                Object("DELETED"u8, change.Object);
            else if (change.Type is not WatchEventType.Deleted && now)
                Object(before ? "MODIFIED"u8 : "ADDED"u8, change.Object);
        }

        public void Object(ReadOnlySpan<byte> type, StoredObject item)
        {
            if (!asTable)
            {
                Responses.WriteEvent(_output, type, item.Json.Span);
                return;
            }

            var table = new TableFormat(request.Resource, request.Query("includeObject") ?? "Metadata", plane.Now);
            Responses.WriteEvent(_output, type, table.Write([item], item.Version, withColumns: !_columnsSent));
            _columnsSent = true;
        }

        public void Bookmark(long version, bool initialEventsEnd)
        {
            var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
            if (initialEventsEnd)
                metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            var item = new JsonObject { ["kind"] = request.Resource.Kind, ["apiVersion"] = request.Resource.ApiVersion, ["metadata"] = metadata };
            byte[] body = item.ToUtf8();
            if (asTable)
            {
                var mark = new StoredObject(request.Resource, "", "", "", version, new Dictionary<string, string>(StringComparer.Ordinal), body);
                body = new TableFormat(request.Resource, "Metadata", plane.Now).Write([mark], version, withColumns: !_columnsSent);
                _columnsSent = true;
            }

            Responses.WriteEvent(_output, "BOOKMARK"u8, body);
        }

        public void Error(ApiException error) => Responses.WriteEvent(_output, "ERROR"u8, error.ToStatus().ToUtf8());

        public async Task FlushAsync(CancellationToken cancellationToken) => await _output.FlushAsync(cancellationToken);
    }
}
