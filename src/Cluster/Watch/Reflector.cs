using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Transport;

namespace LazyOC.Cluster.Watch;

/// <summary>
/// Keeps a store like the cluster's collection: lists, then watches from where the list ended, and again after every end,
/// error and gap (the protocol of Kubernetes "efficient detection of changes" and of client-go's reflector).
/// </summary>
internal sealed class Reflector : IAsyncDisposable
{
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    private readonly ClusterConnection _connection;
    private readonly WatchTarget _target;
    private readonly Random _random;
    private readonly ReflectorAudience _audience;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stop = new();
    private RowDecoder _decoder;
    private string? _resourceVersion;
    private string? _listFrom = "0";
    private bool _listed;
    private Task _run = Task.CompletedTask;

    public Reflector(ClusterConnection connection, WatchTarget target, ReflectorAudience audience, Random random)
    {
        _connection = connection;
        _target = target;
        _audience = audience;
        _random = random;
        _backoff = new Backoff(connection.Limits, random);
        _decoder = new RowDecoder([], connection.Limits);
    }

    private ClusterLimits Limits => _connection.Limits;

    private ResourceStore Store => _audience.Store;

    public void Start() => _run = Task.Run(RunAsync, CancellationToken.None);

    /// <summary>Stops and waits for the end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var columns = _audience.BeginTurn(turn);
            try
            {
                if (_resourceVersion is null || !columns.SequenceEqual(_decoder.Columns))
                    await ListAsync(columns, turn.Token);
                await WatchAsync(_resourceVersion!, turn.Token);
            }
            catch (Exception) when (turn.IsCancellationRequested)
            {
                // Stopped, or new columns are wanted: then the next turn lists again, no older than what is shown.
                _listFrom = _resourceVersion ?? _listFrom;
            }
            catch (ExpiredException e)
            {
                // Too old to continue from: ask for the newest, which a memory that lags may not have.
                _resourceVersion = null;
                _listFrom = null;
                await WaitAsync(e, stop);
            }
            catch (ClusterException e)
            {
                _audience.Become(new ConnectionState(ConnectionPhase.Reconnecting, _connection.Time.GetUtcNow(), e));
                await WaitAsync(e, stop);
            }
            finally
            {
                _audience.EndTurn();
            }
        }
    }

    private async Task WaitAsync(ClusterException? cause, CancellationToken stop) =>
        await Task.Delay(_backoff.Next(cause), _connection.Time, stop).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private async Task ListAsync(ImmutableArray<ColumnSpec> columns, CancellationToken cancellationToken)
    {
        var list = new ListRun(new RowDecoder(columns, Limits), Limits, Store, keepJson: _listed && _audience.WantsJson);
        try
        {
            await ListPagesAsync(list, Limits.ListPageSize, cancellationToken);
        }
        catch (ExpiredException) when (list.Pages > 0)
        {
            // The token of a page ran out while the pages before it were read: once more, all in one answer.
            list = new ListRun(new RowDecoder(columns, Limits), Limits, Store, keepJson: _listed && _audience.WantsJson);
            _listFrom = null;
            await ListPagesAsync(list, limit: null, cancellationToken);
        }

        _decoder = list.Decoder;
        _resourceVersion = list.ResourceVersion;
        var before = Store.Replace(columns, list.Rows);
        _backoff.Reset();
        // The first list is the state of things, not a change of them.
        if (_listed)
            PublishDifference(before, list);
        _listed = true;
        _audience.Become(new ConnectionState(ConnectionPhase.Connected, _connection.Time.GetUtcNow()));
        _audience.CompleteList(columns);
    }

    private async Task ListPagesAsync(ListRun list, int? limit, CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var request = _target.List(_listFrom, limit, token);
            var page = new ListDecoder(Limits, list.Add);
            using var response = await _connection.OpenAsync(request, cancellationToken);
            using var stall = new CancellationTokenSource(Limits.RequestTimeout, _connection.Time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
            try
            {
                await page.ReadAsync(await response.Content.ReadAsStreamAsync(linked.Token), () => stall.CancelAfter(Limits.RequestTimeout), linked.Token);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw _connection.Garbled(request, e);
            }
            catch (Exception e) when (e is not ClusterException && !cancellationToken.IsCancellationRequested)
            {
                throw _connection.Report(_connection.Explain(request, e));
            }

            list.EndPage(page.ResourceVersion);
            token = page.Continue;
        }
        while (token is not null);
    }

    private async Task WatchAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        // Random, so that watches opened together do not all end together.
        var lifetime = Limits.WatchTimeout * (1 + _random.NextDouble());
        var request = _target.Watch(resourceVersion, lifetime);
        var started = _connection.Time.GetTimestamp();
        var events = 0;
        using var response = await _connection.OpenAsync(request, cancellationToken);
        _audience.Become(new ConnectionState(ConnectionPhase.Connected, _connection.Time.GetUtcNow()));

        var silence = lifetime + Limits.RequestTimeout;
        using var stall = new CancellationTokenSource(silence, _connection.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
        try
        {
            await using var lines = await LineReader.OpenAsync(response, Limits.MaxEventBytes, splitLongLines: false, linked.Token);
            while (await lines.ReadAsync(linked.Token) is { } line)
            {
                if (line.IsEmpty)
                    continue;
                events++;
                // A server that sends bookmarks is never silent for long, so silence from it is a dead connection.
                if (Apply(request, line))
                    silence = Limits.StallTimeout;
                stall.CancelAfter(silence);
                _backoff.Reset();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw _connection.Garbled(request, e);
        }
        catch (Exception e) when (e is not ClusterException && !cancellationToken.IsCancellationRequested)
        {
            throw _connection.Report(_connection.Explain(request, e));
        }

        if (events == 0 && _connection.Time.GetElapsedTime(started) < ShortWatch)
            await WaitAsync(null, cancellationToken);
    }

    /// <summary>Applies one event; answers whether it was a bookmark.</summary>
    private bool Apply(ClusterRequest request, ReadOnlySequence<byte> line)
    {
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = Limits.MaxJsonDepth });
        var type = document.RootElement.Text("type");
        if (document.RootElement.At("object") is not { } resource)
            throw new InvalidAnswerException($"cannot {request.Describe()}: the server sent an event without an object", "repeat; if it stays, something between here and the API server changes its answers");
        if (type == "ERROR")
            throw _connection.Refusals.From(request, (HttpStatusCode)(resource.Number("code") ?? 500), resource.Text("reason"), resource.Text("message") ?? "no message", retryAfter: null);

        if (type != "BOOKMARK")
            Apply(type, resource);
        _resourceVersion = resource.Text("metadata", "resourceVersion") ?? _resourceVersion;
        return type == "BOOKMARK";
    }

    private void Apply(string? type, JsonElement resource)
    {
        var row = _decoder.Decode(resource);
        if (type == "DELETED")
        {
            if (Store.Remove(row.Namespace, row.Name) is { } gone)
                Publish(ChangeType.Deleted, row, gone, resource);
            return;
        }

        if (Store.Count >= Limits.MaxObjects && Store.Find(row.Namespace, row.Name) is null)
            throw ListRun.TooMany(Limits);
        var before = Store.Put(row);
        // A re-watch may repeat what is already known.
        if (before is null || before.Revision != row.Revision)
            Publish(before is null ? ChangeType.Added : ChangeType.Modified, row, before, resource);
    }

    private void Publish(ChangeType type, ResourceRow row, ResourceRow? before, JsonElement resource)
    {
        ReadOnlyMemory<byte>? json = _audience.WantsJson ? JsonMarshal.GetRawUtf8Value(resource).ToArray() : default(ReadOnlyMemory<byte>?);
        _audience.Publish(new ResourceChange(type, row, before, json));
    }

    private void PublishDifference(IReadOnlyList<ResourceRow> before, ListRun list)
    {
        foreach (var row in before)
            if (Store.Find(row.Namespace, row.Name) is null)
                _audience.Publish(new ResourceChange(ChangeType.Deleted, row, row, null));

        var span = before as List<ResourceRow> ?? [.. before];
        foreach (var row in list.Rows)
        {
            var index = ResourceRow.Search(CollectionsMarshal.AsSpan(span), row.Namespace, row.Name);
            var old = index >= 0 ? span[index] : null;
            if (old?.Revision != row.Revision)
                _audience.Publish(new ResourceChange(old is null ? ChangeType.Added : ChangeType.Modified, row, old, list.JsonOf(row)));
        }
    }
}
