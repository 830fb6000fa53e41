using LazyOC.Cluster;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>The log that a plugin follows.</summary>
/// <param name="Namespace">Of the pod.</param>
/// <param name="Pod">Its name.</param>
/// <param name="Options">Container, and where to begin.</param>
internal sealed record LogSubject(string Namespace, string Pod, LogOptions Options);

/// <summary>
/// A followed log: its latest lines, then each that is written. A stream that breaks or ends is opened again where it stopped,
/// as long as the pod has not come to its end.
/// </summary>
internal sealed class LogWatch(string id, LogSubject subject, PluginInstance instance, ActorContext context, Action arrived) : OpenWatch(id, instance.Ended)
{
    private static readonly Demand.Kubernetes PodsLog = new("", "pods", "log", "get", null);

    private readonly ClusterClient _client = instance.Scope.Cluster.Client;
    private readonly LogPosition _position = new();
    private readonly LogQueue _queue = new(context.Limits.FollowedLines, context.Limits.WatchBytes, context.Limits.WatchMessageBytes, arrived);

    public override WatchPayload? Take()
    {
        if (_queue.Take() is not { } batch) return null;
        // Decided when it is told, not when it was followed.
        var mayRead = context.Broker.MayReceive(instance.Principal, PodsLog with { Namespace = subject.Namespace });
        var lost = mayRead ? batch.Lost : batch.Lost + batch.Lines.Length;
        return new WatchPayload
        {
            Watch = Id,
            Events = [],
            Lines = mayRead ? batch.Lines : [],
            Gap = batch.Gap ? true : null,
            Ended = batch.Ended ? true : null,
            Reset = batch.Reset ? true : null,
            Lost = lost > 0 ? lost : null,
        };
    }

    public override async Task RunAsync(bool resets, CancellationToken stops)
    {
        if (resets) _queue.PostReset();
        var backoff = _client.NewBackoff();
        var isTold = false;
        var isLast = false;
        try
        {
            while (true)
            {
                var (hasLines, trouble) = await FollowAsync(stops);
                if (hasLines)
                {
                    backoff.Reset();
                    isTold = false;
                }
                if (trouble is null or NotFoundException)
                {
                    if (isLast) break;
                    // What it wrote last may have come after the stream had ended.
                    isLast = await HasEndedAsync(stops);
                    if (isLast) continue;
                }
                if (trouble is not null && !isTold)
                {
                    isTold = true;
                    context.Log(instance.Principal.Id, PluginLogLevel.Warn, $"watch {Id}, the log of {subject.Namespace}/{subject.Pod}, is not readable now: {trouble.Message}");
                }
                await Task.Delay(backoff.Next(trouble), context.Time, stops);
            }
            _queue.PostEnded();
        }
        catch (OperationCanceledException) when (stops.IsCancellationRequested)
        {
            // The watch ends, or its instance.
        }
    }

    /// <summary>Posts new lines until the stream ends; whether there were any, and what broke it.</summary>
    private async Task<(bool HasLines, ClusterException? Trouble)> FollowAsync(CancellationToken stops)
    {
        _position.Resume();
        var options = subject.Options with { Follow = true, Timestamps = true };
        if (_position.Last is { } last) options = options with { SinceTime = last, Since = null, TailLines = context.Limits.FollowedLines };
        var hasLines = false;
        try
        {
            await foreach (var text in _client.Resources.LogsAsync(subject.Namespace, subject.Pod, options, stops))
            {
                var (time, line) = LogPosition.Split(text);
                if (!_position.TryAdvance(time, out var isGap)) continue;
                _queue.Post(line, isGap);
                hasLines = true;
            }
            return (hasLines, null);
        }
        catch (ClusterException trouble)
        {
            return (hasLines, trouble);
        }
    }

    /// <summary>Whether the pod has run to its end or is gone; no, when its user may not look.</summary>
    private async Task<bool> HasEndedAsync(CancellationToken stops)
    {
        try
        {
            if ((await _client.Discovery.GetAsync(stops)).FindPlural("", "pods") is not { } pods) return true;
            using var pod = await _client.Resources.GetAsync(pods, subject.Namespace, subject.Pod, cancellationToken: stops);
            return pod.RootElement.TryGetProperty("status", out var status) && status.TryGetProperty("phase", out var phase) && phase.GetString() is "Succeeded" or "Failed";
        }
        catch (NotFoundException)
        {
            return true;
        }
        catch (ClusterException)
        {
            return false;
        }
    }
}
