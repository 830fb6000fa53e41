using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>A line of a log as plugins have it shown.</summary>
/// <param name="IsHidden">It is not shown.</param>
/// <param name="Spans">What is shown in its place; default shows it as it is.</param>
public readonly record struct ShownLine(bool IsHidden, ImmutableArray<Span> Spans);

/// <summary>What the transforms made of some lines.</summary>
/// <param name="Lines">One a line, in order.</param>
/// <param name="Failures">Transforms that were left out of it because they failed.</param>
public sealed record ShownLines(ImmutableArray<ShownLine> Lines, ImmutableArray<PluginFailure> Failures);

/// <summary>
/// Passes log lines through plugins, one after the other. One that fails is left out, and not asked again for
/// <see cref="RuntimeLimits.LogTransformPause"/>: a log must not stand still for it. Thread safe.
/// </summary>
internal sealed class LogTransforms(RuntimeLimits limits, TimeProvider time)
{
    /// <summary>The envelope around a payload.</summary>
    private const int EnvelopeBytes = 1024;

    private readonly ConcurrentDictionary<string, long> _failedAt = new(StringComparer.Ordinal);

    /// <param name="transforms">In the order in which the lines pass them.</param>
    /// <param name="kind">Kind of the object whose logs are looked at.</param>
    /// <param name="source">Whose lines they are; their own are added.</param>
    /// <param name="lines">Without line ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ShownLines> TransformAsync(
        IEnumerable<(Contributed<LogTransformContribution> Transform, PluginActor Actor)> transforms, GroupKind kind, LogLinesPayload source, ImmutableArray<string> lines, CancellationToken cancellationToken)
    {
        var failures = ImmutableArray.CreateBuilder<PluginFailure>();
        var shown = new ShownLine[lines.Length];
        foreach (var (transform, actor) in transforms)
        {
            if (IsPaused(transform.Contribution.Id) || !actor.May(new Demand.TransformLogs(kind.ToString()))) continue;
            // A transform takes effect as a whole: half a batch of another look would be told as a fault of the log's.
            var next = shown.ToArray();
            if (await ApplyAsync(transform.Contribution, actor, source, lines, next, cancellationToken) is { } failure)
            {
                _failedAt[transform.Contribution.Id] = time.GetTimestamp();
                failures.Add(failure);
            }
            else
            {
                shown = next;
            }
        }
        return new ShownLines([.. shown], failures.ToImmutable());
    }

    private bool IsPaused(string id) => _failedAt.TryGetValue(id, out var at) && time.GetElapsedTime(at) < limits.LogTransformPause;

    private async Task<PluginFailure?> ApplyAsync(LogTransformContribution transform, PluginActor actor, LogLinesPayload source, ImmutableArray<string> lines, ShownLine[] shown, CancellationToken cancellationToken)
    {
        int[] taken = [.. Enumerable.Range(0, lines.Length).Where(i => !shown[i].IsHidden && TextOf(lines[i], shown[i]).Length <= limits.LogLineChars)];
        for (var start = 0; start < taken.Length;)
        {
            var batch = taken.AsSpan(start, Math.Min(limits.LogBatchLines, taken.Length - start)).ToArray();
            var json = Serialize(batch);
            while (json.Length > Envelope.MaxBytes - EnvelopeBytes && batch.Length > 1)
            {
                batch = batch[..(batch.Length / 2)];
                json = Serialize(batch);
            }
            if (await AskAsync(transform, actor, json, batch, lines, shown, cancellationToken) is { } failure) return failure;
            start += batch.Length;
        }
        return null;

        byte[] Serialize(int[] batch) => JsonSerializer.SerializeToUtf8Bytes(
            source with { Transform = transform.Id, Lines = [.. batch.Select(i => TextOf(lines[i], shown[i]))] }, ContractJson.Default.LogLinesPayload);
    }

    private async Task<PluginFailure?> AskAsync(LogTransformContribution transform, PluginActor actor, byte[] json, int[] batch, ImmutableArray<string> lines, ShownLine[] shown, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limits.LogLinesWait, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            switch (await actor.AskAsync($"onLogTransform:{transform.Id}", new Request(MessageType.LogLines, json, limits.LogLinesDeadline), ends.Token))
            {
                case Reply.Failed failed:
                    return failed.Failure;
                case Reply.Answered answered:
                    return Read(answered, batch, lines, shown);
                case var other:
                    throw new InvalidOperationException($"A request ended in {other}.");
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return actor.Failure(ErrorCode.Timeout, $"it did not answer within {limits.LogLinesWait.TotalSeconds:0.#} s");
        }
    }

    private PluginFailure? Read(Reply.Answered answered, int[] batch, ImmutableArray<string> lines, ShownLine[] shown)
    {
        if (!StrictJson.Read(answered.Json.Span, ContractJson.Default.LogLinesAnswer).TryGet(out var answer, out var problems))
            return answered.Instance.Reject($"the answer to `logLines` is not one: {problems[0]}");
        if (answer.Lines.Length != batch.Length) return answered.Instance.Reject($"the answer to `logLines` has {answer.Lines.Length} lines for {batch.Length}");
        for (var i = 0; i < batch.Length; i++)
        {
            if (answer.Lines[i] is { } line && Check(line) is { } wrong) return answered.Instance.Reject($"the answer to `logLines` has at line {i} {wrong}");
        }
        for (var i = 0; i < batch.Length; i++)
        {
            var at = batch[i];
            if (answer.Lines[i] is not { } line) shown[at] = new ShownLine(IsHidden: true, default);
            // Who passes a line on as it is leaves it the look that it has.
            else if (line.Spans.Any(span => span.Style != TextStyle.Plain) || string.Concat(line.Spans.Select(span => span.Text)) != TextOf(lines[at], shown[at])) shown[at] = new ShownLine(IsHidden: false, line.Spans);
        }
        return null;
    }

    private string? Check(LogLineView line) =>
        line.Spans.IsDefault ? "no spans"
        : line.Spans.Length > limits.LogLineSpans ? $"{line.Spans.Length} spans; at most {limits.LogLineSpans} are taken"
        : line.Spans.Sum(span => (long)span.Text.Length) is var length && length > limits.LogLineChars ? $"{length} characters; at most {limits.LogLineChars} are taken"
        : null;

    private static string TextOf(string line, ShownLine shown) => shown.Spans.IsDefault ? line : string.Concat(shown.Spans.Select(span => span.Text));
}
