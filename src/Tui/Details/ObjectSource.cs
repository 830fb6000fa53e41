using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Watch;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Details;

/// <summary>What is known of an object.</summary>
internal sealed record ObjectState
{
    /// <summary>The whole object as it was read last; null before that.</summary>
    public JsonElement? Root { get; init; }

    /// <summary>Grows with each reading.</summary>
    public int Generation { get; init; }

    /// <summary>Why the last reading failed; null when it did not.</summary>
    public ClusterException? Failure { get; init; }

    /// <summary>Since when readings fail.</summary>
    public DateTimeOffset FailedSince { get; init; }

    /// <summary>When the object was found to be gone; null while it is there.</summary>
    public DateTimeOffset? GoneSince { get; init; }
}

/// <summary>
/// The whole object behind a row: read again whenever the row has changed and somebody looks, one reading at a time and not
/// more often than <see cref="TuiLimits.RefreshInterval"/>. What was read last stays whatever happens. Thread safe.
/// </summary>
internal sealed class ObjectSource : IDisposable
{
    private readonly ScreenSession _session;
    private readonly ResourceKind _kind;
    private readonly ChangeSignal _changed;
    private readonly TuiLimits _limits;
    private readonly CancellationTokenSource _closes = new();
    private readonly CancellationToken _closing;
    private readonly Lock _gate = new();
    private ResourceRow _row;
    private ResourceRow? _read;
    private ObjectState _state = new();
    private bool _reading;

    public ObjectSource(ScreenSession session, ResourceKind kind, ResourceRow row, ChangeSignal changed, TuiLimits limits) =>
        (_session, _kind, _row, _changed, _limits, _closing) = (session, kind, row, changed, limits, _closes.Token);

    public ObjectState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>The list's row changed, or the object left the list (null).</summary>
    public void Update(ResourceRow? row)
    {
        lock (_gate)
        {
            if (row is not null)
                (_row, _state) = (row, _state with { GoneSince = null });
            else if (_state.GoneSince is null)
                _state = _state with { GoneSince = _session.Cluster.Client.Time.GetUtcNow(), Failure = null };
        }
        _changed.Raise();
    }

    /// <summary>Somebody looks: reads the object if the row it belongs to has not been read. Returns at once.</summary>
    public void Advance()
    {
        lock (_gate)
        {
            if (_reading || !IsDue)
                return;
            _reading = true;
        }
        _ = Task.Run(ReadAsync, CancellationToken.None);
    }

    public void Dispose()
    {
        _closes.Cancel();
        _closes.Dispose();
    }

    private bool IsDue => _state.GoneSince is null && (!ReferenceEquals(_row, _read) || _state.Failure is not null);

    private async Task ReadAsync()
    {
        using var pause = new RetryPause(_session.Cluster.Client, _session.Cluster.Client.Time, _limits);
        try
        {
            while (Take() is { } row)
            {
                if (await TryReadAsync(row))
                {
                    pause.Reset();
                    await Task.Delay(_limits.RefreshInterval, _session.Cluster.Client.Time, _closing);
                }
                else
                {
                    await pause.WaitAsync(_closing);
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The details were closed.
        }
    }

    /// <summary>The row to read now; null, and the reading ends, when there is nothing new.</summary>
    private ResourceRow? Take()
    {
        lock (_gate)
        {
            _reading = IsDue;
            return _reading ? _row : null;
        }
    }

    private async Task<bool> TryReadAsync(ResourceRow row)
    {
        try
        {
            using var document = await _session.Cluster.Client.Resources.GetAsync(_kind, row.Namespace, row.Name, cancellationToken: _closing);
            var root = document.RootElement.Clone();
            Show(state => state with { Root = root, Generation = state.Generation + 1, Failure = null }, row);
            return true;
        }
        catch (NotFoundException)
        {
            Show(state => state with { GoneSince = state.GoneSince ?? _session.Cluster.Client.Time.GetUtcNow(), Failure = null }, row);
            return false;
        }
        catch (ClusterException e)
        {
            Show(state => state with { Failure = e, FailedSince = state.Failure is null ? _session.Cluster.Client.Time.GetUtcNow() : state.FailedSince }, row);
            return false;
        }
    }

    private void Show(Func<ObjectState, ObjectState> change, ResourceRow row)
    {
        lock (_gate)
        {
            _state = change(_state);
            _read = row;
        }
        _changed.Raise();
    }
}
